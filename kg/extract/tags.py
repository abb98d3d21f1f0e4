"""From label scores to mentions: the best BIO sequence that is well formed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Tagged = tuple[int, int, int]  # first word, word after the last, type number

_NEVER = -1e9


def encode_tags(words: int, spans: Sequence[Tagged]) -> np.ndarray:
    """BIO labels, int64 [words], of non-overlapping spans: 0 outside, 1 + 2 t begin of type t, 2 + 2 t inside it."""
    labels = np.zeros(words, dtype=np.int64)
    for start, end, kind in spans:
        labels[start:end] = 2 + 2 * kind
        labels[start] = 1 + 2 * kind
    return labels


def best_path(scores: np.ndarray) -> np.ndarray:
    """The best-scoring well-formed label sequence, int64 [words], for log-probabilities [words, labels].

    Well formed: inside of a type follows only begin or inside of the same type. The forbidden steps all lead into an
    inside label, so a step needs the best of all former labels and, for each type, the best of two.
    """
    words, labels = scores.shape
    if not words:
        return np.zeros(0, dtype=np.int64)
    inside = np.arange(2, labels, 2)
    back = np.zeros((words, labels), dtype=np.int64)
    best = scores[0].copy()
    best[inside] = _NEVER
    for word in range(1, words):
        top = int(best.argmax())
        back[word] = top
        begun, going = best[inside - 1], best[inside]
        following = scores[word] + best[top]
        following[inside] = scores[word][inside] + np.maximum(begun, going)
        back[word][inside] = np.where(begun >= going, inside - 1, inside)
        best = following
    path = np.empty(words, dtype=np.int64)
    path[-1] = best.argmax()
    for word in range(words - 1, 0, -1):
        path[word - 1] = back[word][path[word]]
    return path


def decode_tags(path: Sequence[int] | np.ndarray) -> list[Tagged]:
    """Spans of a well-formed label sequence."""
    spans: list[Tagged] = []
    start = -1
    for word, label in enumerate([*path, 0]):
        if start >= 0 and (label == 0 or label % 2 == 1):
            spans.append((start, word, (int(path[start]) - 1) // 2))
            start = -1
        if label % 2 == 1:
            start = word
    return spans
