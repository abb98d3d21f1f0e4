"""Every word is read and decided exactly once, wherever the seams fall."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.encode.windows import Window, plan_windows
from kg.encode.words import split_words


def pieces(sizes: list[int]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


@given(st.lists(st.integers(1, 7), max_size=300), st.integers(8, 40), st.integers(0, 7))
def test_windows_decide_every_word_once_and_stay_within_their_size(sizes: list[int], size: int, overlap: int) -> None:
    first = pieces(sizes)
    windows = plan_windows(first, size, overlap)
    decided = [word for window in windows for word in range(window.decides_from, window.decides_to)]
    assert decided == list(range(len(sizes)))
    for window in windows:
        assert window.start <= window.decides_from <= window.decides_to <= window.end
        assert first[window.end] - first[window.start] <= size


def test_a_seam_lies_in_the_middle_of_the_overlap() -> None:
    assert plan_windows(pieces([1] * 14), 10, 4) == (Window(0, 10, 0, 8), Window(6, 14, 8, 14))


def test_a_short_text_is_one_window_and_an_empty_text_none() -> None:
    assert plan_windows(pieces([2, 1]), 10, 4) == (Window(0, 2, 0, 2),)
    assert plan_windows(pieces([]), 10, 4) == ()


def test_a_word_longer_than_the_window_has_a_window_of_its_own() -> None:
    assert [(one.start, one.end) for one in plan_windows(pieces([1, 30, 1]), 10, 2)] == [(0, 1), (1, 2), (2, 3)]


def test_an_overlap_as_large_as_the_window_is_refused() -> None:
    with pytest.raises(ValueError, match="overlap 10"):
        plan_windows(pieces([1]), 10, 10)


def test_words_are_runs_of_letters_and_digits_and_single_marks() -> None:
    text = "IL-6 (5.2 µg/ml)\n n_1"
    assert [text[start:end] for start, end in split_words(text)] == [
        "IL", "-", "6", "(", "5", ".", "2", "µg", "/", "ml", ")", "n", "_", "1",
    ]  # fmt: skip
