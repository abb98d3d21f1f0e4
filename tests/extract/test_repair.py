"""A short form is what its long form is."""

from __future__ import annotations

from kg.extract.found import Found
from kg.extract.repair import repair
from kg.text.abbreviations import find_abbreviations

TEXT = "Congestive heart failure (CHF) was seen. CHF, but no CHF-2, and the CHF score."


def found(text: str, words: str, kind: str = "Disease", score: float = 0.9, occurrence: int = 0) -> Found:
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(words, start + 1)
    return Found(start, start + len(words), kind, score)


def test_all_occurrences_take_the_type_of_the_long_form() -> None:
    repaired = repair([found(TEXT, "Congestive heart failure")], TEXT, find_abbreviations(TEXT))
    assert [(TEXT[one.start : one.end], one.start, one.type) for one in repaired] == [
        ("Congestive heart failure", 0, "Disease"),
        ("CHF", 26, "Disease"),
        ("CHF", 41, "Disease"),
        ("CHF", 53, "Disease"),
        ("CHF", 68, "Disease"),
    ]


def test_a_wrong_type_is_replaced_and_a_longer_name_is_kept() -> None:
    names = [
        found(TEXT, "heart failure"), found(TEXT, "CHF", "Chemical", 0.4), found(TEXT, "CHF score", "Test", 0.8),
    ]  # fmt: skip
    repaired = repair(names, TEXT, find_abbreviations(TEXT))
    assert Found(26, 29, "Disease", 0.9) in repaired
    assert found(TEXT, "CHF score", "Test", 0.8) in repaired
    assert all(one.type != "Chemical" for one in repaired)


def test_short_forms_of_something_else_are_dropped() -> None:
    text = "The quality of life (QOL) fell. QOL rose."
    assert repair([found(text, "QOL", occurrence=1)], text, find_abbreviations(text)) == []


def test_without_abbreviations_nothing_changes() -> None:
    names = [found(TEXT, "CHF"), found(TEXT, "Congestive heart failure")]
    assert repair(names, TEXT, ()) == sorted(names)
