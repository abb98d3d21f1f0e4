"""Counting: strict and relaxed matches of mentions, confusion, calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.extract.found import Found

BINS = 10
MISSED, SPURIOUS = "(missed)", "(spurious)"


@dataclass(frozen=True, slots=True)
class Count:
    """Right answers, answers, and what was wanted. Relaxed matching counts answers and wanted ones separately."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    covered: int | None = None

    def __add__(self, other: Count) -> Count:
        covered = None if self.covered is None or other.covered is None else self.covered + other.covered
        return Count(self.right + other.right, self.found + other.found, self.wanted + other.wanted, covered)

    @property
    def precision(self) -> float:
        """Share of the answers that are right; 0 without answers."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what was wanted that was found; 0 where nothing was wanted."""
        return (self.right if self.covered is None else self.covered) / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def as_json(self) -> dict[str, float | int]:
        """precision, recall, f1 in [0, 1] and support."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "support": self.wanted,
        }


Name = tuple[int, int, str]  # start, end, type


def strict(found: Iterable[Name], gold: Iterable[Name]) -> Count:
    """Same start, same end, same type."""
    ours, theirs = set(found), set(gold)
    return Count(len(ours & theirs), len(ours), len(theirs))


def relaxed(found: Iterable[Name], gold: Iterable[Name]) -> Count:
    """A name is right when it overlaps a gold name of its type; a gold name is covered likewise."""
    ours, theirs = set(found), set(gold)

    def touched(one: Name, others: set[Name]) -> bool:
        return any(one[0] < other[1] and other[0] < one[1] and one[2] == other[2] for other in others)

    right = sum(touched(one, theirs) for one in ours)
    covered = sum(touched(one, ours) for one in theirs)
    return Count(right, len(ours), len(theirs), covered)


def confusion(found: Iterable[Name], gold: Iterable[Name]) -> Counter[tuple[str, str]]:
    """(gold type, found type) -> count over overlapping names, with MISSED and SPURIOUS."""
    ours, theirs = sorted(set(found)), sorted(set(gold))
    table: Counter[tuple[str, str]] = Counter()
    touched: set[Name] = set()
    for one in theirs:
        over = [other for other in ours if one[0] < other[1] and other[0] < one[1]]
        touched.update(over)
        best = max(over, key=lambda other: min(one[1], other[1]) - max(one[0], other[0]), default=None)
        table[one[2], best[2] if best else MISSED] += 1
    for other in ours:
        if other not in touched:
            table[SPURIOUS, other[2]] += 1
    return table


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose score lies in one tenth: how many, their mean score, the share that is right."""

    count: int
    score: float
    right: float


def reliability(answers: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Bins of (score, right) answers by score."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for score, right in answers:
        bins[min(int(score * BINS), BINS - 1)].append((score, right))
    return tuple(
        Bin(
            len(one),
            sum(score for score, _ in one) / max(len(one), 1),
            sum(right for _, right in one) / max(len(one), 1),
        )
        for one in bins
    )


def ece(answers: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error: mean distance of score and share right over the bins, weighted by their size."""
    if not answers:
        return 0.0
    return sum(one.count * abs(one.score - one.right) for one in reliability(answers)) / len(answers)


def as_names(found: Iterable[Found]) -> list[Name]:
    """Found names without their scores."""
    return [(one.start, one.end, one.type) for one in found]
