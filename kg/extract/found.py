"""A recognised name before it becomes a Mention: the same in every scheme and in the product's categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kg.extract.tags import best_path, decode_tags


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A name at [start, end) code points, of a type, with a probability."""

    start: int
    end: int
    type: str
    score: float


def decode(
    scores: np.ndarray, types: Sequence[str], words: Sequence[tuple[int, int]], heard: np.ndarray | None = None
) -> list[Found]:
    """Names from log-probabilities [words, 1 + 2 x types]; where they are, `heard` decides if it is given.

    The score of a name is the geometric mean of its words' probabilities, so that long names are not punished.
    """
    path = best_path(scores if heard is None else heard)
    chosen = scores[np.arange(len(path)), path]
    return [
        Found(words[start][0], words[end - 1][1], types[kind], float(np.exp(chosen[start:end].mean())))
        for start, end, kind in decode_tags(path)
    ]
