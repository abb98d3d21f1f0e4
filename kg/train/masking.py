"""Whole-word masking: which pieces a step hides, and what it shows instead."""

from __future__ import annotations

import numpy as np

IGNORED = -100


def mask_words(
    ids: np.ndarray, starts: np.ndarray, share: float, mask: int, vocabulary: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """(what is shown, what is wanted or -100) for ids [sequences, size] in which words begin at `starts`.

    A `share` of all words is chosen, each with all its pieces; of the chosen 80 % are masked, 10 % replaced by random
    pieces, 10 % left as they are (Devlin et al. 2019; whole words: Cui et al. 2021).
    """
    rows, size = ids.shape
    words = np.cumsum(starts, 1)  # a word cut by the left edge is word 0
    chosen = np.take_along_axis(random.random((rows, size + 1)) < share, words, 1)
    fate = np.take_along_axis(random.random((rows, size + 1)), words, 1)
    other = random.integers(0, vocabulary, ids.shape)
    shown = np.where(chosen & (fate < 0.8), mask, np.where(chosen & (fate >= 0.9), other, ids))
    return shown, np.where(chosen, ids, IGNORED)
