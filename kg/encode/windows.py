"""Overlapping windows over a long text: no word is lost at a seam, none is decided twice."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Window:
    """Words [start, end) are read together; the window decides those in [decides_from, decides_to)."""

    start: int
    end: int
    decides_from: int
    decides_to: int


def plan_windows(first: np.ndarray, size: int, overlap: int) -> tuple[Window, ...]:
    """Cover a text with windows of at most `size` word pieces that share about `overlap` pieces.

    `first` [words + 1] holds where each word's pieces begin. Every word is decided by exactly one window: the one in
    which it stands farthest from an inner edge. A single word longer than `size` pieces gets a window of its own,
    which the caller has to cut.
    """
    if not 0 <= overlap < size:
        raise ValueError(f"overlap {overlap} must be at least 0 and less than the window size {size}")
    words = len(first) - 1
    if words <= 0:
        return ()
    bounds: list[tuple[int, int]] = []
    start = 0
    while True:
        end = max(int(np.searchsorted(first, first[start] + size, side="right")) - 1, start + 1)
        bounds.append((start, end))
        if end >= words:
            break
        following = int(np.searchsorted(first, first[end] - overlap, side="left"))
        start = min(max(following, start + 1), end)
    seams = [0]
    for (_, end), (start, _) in itertools.pairwise(bounds):
        middle = (int(first[start]) + int(first[end])) / 2
        seams.append(min(max(int(np.searchsorted(first, middle, side="left")), start), end))
    seams.append(words)
    return tuple(Window(start, end, seams[number], seams[number + 1]) for number, (start, end) in enumerate(bounds))
