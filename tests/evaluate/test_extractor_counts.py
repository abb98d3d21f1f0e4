"""Counting mentions and calibration, with literal values."""

from __future__ import annotations

import pytest

from kg.evaluate.extractor_counts import MISSED, SPURIOUS, Count, confusion, ece, relaxed, strict

GOLD = [(0, 5, "Disease"), (10, 20, "Disease"), (30, 37, "Chemical")]
FOUND = [(0, 5, "Disease"), (12, 20, "Disease"), (30, 37, "Disease"), (50, 55, "Chemical")]


def test_strict_wants_start_end_and_type() -> None:
    assert strict(FOUND, GOLD) == Count(1, 4, 3)
    assert strict(FOUND, GOLD).as_json() == {"precision": 0.25, "recall": 0.3333, "f1": 0.2857, "support": 3}


def test_relaxed_wants_overlap_and_type() -> None:
    assert relaxed(FOUND, GOLD) == Count(2, 4, 3, covered=2)
    two_halves = [(10, 14, "Disease"), (15, 20, "Disease")]
    assert relaxed(two_halves, GOLD[1:2]) == Count(2, 2, 1, covered=1)
    assert relaxed(two_halves, GOLD[1:2]).f1 == 1.0


def test_nothing_found_and_nothing_wanted_is_zero() -> None:
    assert Count().as_json() == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0}


def test_confusion_counts_missed_and_spurious_names() -> None:
    assert confusion(FOUND, [*GOLD, (70, 75, "Chemical")]) == {
        ("Disease", "Disease"): 2,
        ("Chemical", "Disease"): 1,
        ("Chemical", MISSED): 1,
        (SPURIOUS, "Chemical"): 1,
    }


def test_calibration_error_is_the_distance_of_score_and_share_right() -> None:
    assert ece([(0.95, True)] * 19 + [(0.95, False)]) == pytest.approx(0.0)
    assert ece([(0.9, False), (0.9, True)]) == pytest.approx(0.4)
    assert ece([(0.8, True), (0.2, True)]) == pytest.approx((0.2 + 0.8) / 2)
    assert ece([]) == 0.0
