"""How often each finding was seen in each disease, with everything that a finding is a kind of: arrays to rank from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
Indices = npt.NDArray[np.integer[Any]]
_BLOCK = 5_000  # findings at once: with all that they are a kind of they are a hundred times as many


@dataclass(frozen=True, slots=True)
class Observed:
    """What one work says of one finding in one disease: ``present`` of ``total`` patients had it.

    Both may be fractions: a frequency without counts is worth a few patients (``kg.query.differential_frequency``).
    ``described``: the work describes its patients one by one, so that a finding which it does not name in a patient
    was not reported there; a table of frequencies says nothing of what it leaves out.
    """

    disease: str
    finding: str
    work: str
    present: float
    total: float
    described: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One finding over the diseases that have a figure for it, by ascending row: how many of how many patients."""

    rows: Indices
    present: Vector
    total: Vector


def ancestors(parents: Mapping[str, Sequence[str]], finding: str) -> frozenset[str]:
    """Return all that a finding is a kind of, itself included, whatever cycles ``parents`` has.

    >>> sorted(ancestors({"fever": ["temperature"], "temperature": ["sign"]}, "fever"))
    ['fever', 'sign', 'temperature']
    """
    found, waiting = {finding}, [finding]
    while waiting:
        fresh = set(parents.get(waiting.pop(), ())) - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found)


class FindingTable:
    """Diseases by findings. ``cap``: more patients than these count as these, at the same rate.

    A work that tells of one finding of a disease twice counts with its larger group. ``works`` and ``patients`` give
    for each disease how many works tell of it and how many of its patients are described; ``breadth`` the number of
    findings that a patient with it is expected to have.
    """

    def __init__(self, observed: Iterable[Observed], parents: Mapping[str, Sequence[str]], cap: float = 30.0) -> None:
        by_work: dict[tuple[str, str, str], Observed] = {}
        for one in observed:
            key = (one.disease, one.finding, one.work)
            if key not in by_work or (by_work[key].total, by_work[key].present) < (one.total, one.present):
                by_work[key] = one
        rows = [by_work[key] for key in sorted(by_work)]
        self.parents = parents
        self.diseases = sorted({one.disease for one in rows})
        self.row = {disease: number for number, disease in enumerate(self.diseases)}
        works: dict[str, set[str]] = defaultdict(set)
        groups: dict[tuple[str, str], float] = defaultdict(float)
        for one in rows:
            works[one.disease].add(one.work)
            if one.described:
                groups[one.disease, one.work] = max(groups[one.disease, one.work], one.total)
        described: dict[str, float] = defaultdict(float)
        for (disease, _), size in groups.items():
            described[disease] += size
        self.works = self._vector({disease: len(of) for disease, of in works.items()})
        self.patients = self._vector(described)
        pooled = _pool(rows, described)
        self.breadth = self._vector(_sum((d, present / total) for (d, _), (present, total, _) in pooled.items()))
        largest: dict[str, float] = defaultdict(float)
        for (disease, _), (_, total, _) in pooled.items():
            largest[disease] = max(largest[disease], total)
        self.known = np.minimum(self._vector(largest), np.float32(cap))
        self._present = self._closed(pooled, cap)
        self._excluded = self._direct(pooled, cap)

    def present(self, finding: str) -> Column | None:
        """Return the patients who had a finding or a kind of it; None where no disease has a figure."""
        return self._present.get(finding)

    def excluded(self, finding: str) -> Column | None:
        """Return the patients in whom a finding was looked for and not found (``present`` holds their number)."""
        return self._excluded.get(finding)

    def _vector(self, values: Mapping[str, float]) -> Vector:
        return np.array([values.get(disease, 0.0) for disease in self.diseases], np.float32)

    def _closed(self, pooled: Mapping[tuple[str, str], tuple[float, float, float]], cap: float) -> dict[str, Column]:
        """Give each ancestor of a finding the figure of its most frequent kind: at least as many have the general."""
        had = [(d, f, present, total) for (d, f), (present, total, _) in pooled.items() if present > 0]
        if not had:
            return {}
        closure = {finding: sorted(ancestors(self.parents, finding)) for finding in {one[1] for one in had}}
        terms = sorted({term for up in closure.values() for term in up})
        number = {term: at for at, term in enumerate(terms)}
        ups = {finding: np.array([number[term] for term in up]) for finding, up in closure.items()}
        blocks = []
        for start in range(0, len(had), _BLOCK):
            block = had[start : start + _BLOCK]
            times = [len(ups[finding]) for _, finding, _, _ in block]
            row = np.array([self.row[disease] for disease, _, _, _ in block], np.int32)
            figures = np.array([(present, total) for _, _, present, total in block], np.float32)
            term = np.concatenate([ups[finding] for _, finding, _, _ in block]).astype(np.int32)
            blocks.append(_highest(term, np.repeat(row, times), *np.repeat(figures, times, axis=0).T))
        term, row, present, total = _highest(*(np.concatenate(column) for column in zip(*blocks, strict=True)))
        less = np.minimum(1.0, cap / total).astype(np.float32)
        present, total = present * less, total * less
        bounds = np.searchsorted(term, np.arange(len(terms) + 1))
        return {
            name: Column(row[a:b], present[a:b], total[a:b])
            for name, a, b in zip(terms, bounds[:-1], bounds[1:], strict=True)
        }

    def _direct(self, pooled: Mapping[tuple[str, str], tuple[float, float, float]], cap: float) -> dict[str, Column]:
        found: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
        for (disease, finding), (_, total, excluded) in pooled.items():
            if excluded > 0:
                less = min(1.0, cap / total)
                found[finding].append((self.row[disease], excluded * less, total * less))
        columns = {}
        for finding, rows in found.items():
            numbers, without, totals = zip(*sorted(rows), strict=True)
            columns[finding] = Column(np.array(numbers), np.array(without, np.float32), np.array(totals, np.float32))
        return columns


def _highest(term: Any, row: Any, present: Any, total: Any) -> tuple[Any, Any, Any, Any]:
    """Of all figures for a term in a disease keep the highest share, of equal shares the larger group."""
    order = np.lexsort((total, present / total, row, term))
    term, row, present, total = term[order], row[order], present[order], total[order]
    last = np.append((term[1:] != term[:-1]) | (row[1:] != row[:-1]), True)
    return term[last], row[last], present[last], total[last]


def _pool(
    rows: Iterable[Observed], described: Mapping[str, float]
) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Add up the works: patients with the finding, of how many, and in how many it was looked for and not found.

    Where a work that describes its patients records a finding at all, all described patients of the disease count.
    """
    sums: dict[tuple[str, str], list[float]] = {}
    in_described: set[tuple[str, str]] = set()
    for one in rows:
        if one.total <= 0:
            continue
        key = (one.disease, one.finding)
        pooled = sums.setdefault(key, [0.0, 0.0, 0.0])
        pooled[0] += one.present
        pooled[2] += one.total - one.present
        if not one.described:
            pooled[1] += one.total
        elif key not in in_described:
            in_described.add(key)
            pooled[1] += described[one.disease]
    return {key: (present, total, excluded) for key, (present, total, excluded) in sums.items()}


def _sum(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for key, value in pairs:
        sums[key] += value
    return sums
