"""How often each finding was seen in each disease, with everything that a finding is a kind of: arrays to rank from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
Indices = npt.NDArray[np.integer[Any]]
Amounts = npt.NDArray[np.float64]


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


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """Many ``Observed`` as columns; ``disease`` and ``finding`` are places in the sorted names, ``work`` any number."""

    diseases: Sequence[str]
    findings: Sequence[str]
    disease: Indices
    finding: Indices
    work: Indices
    present: Amounts
    total: Amounts
    described: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, observed: Iterable[Observed]) -> Observations:
        """Put single observations into columns."""
        rows = list(observed)
        diseases, disease = numbered([one.disease for one in rows])
        findings, finding = numbered([one.finding for one in rows])
        _, work = numbered([one.work for one in rows])
        present, total = (np.array([getattr(one, name) for one in rows], np.float64) for name in ("present", "total"))
        return cls(
            diseases, findings, disease, finding, work, present, total, np.array([o.described for o in rows], bool)
        )


@dataclass(frozen=True, slots=True)
class Column:
    """One finding over the diseases that have a figure for it, by ascending row: how many of how many patients."""

    rows: Indices
    present: Vector
    total: Vector

    def over(self, diseases: int) -> Vector:
        """Return the number of patients who had it in each of so many diseases; 0 without a figure."""
        spread = np.zeros(diseases, np.float32)
        spread[self.rows] = self.present
        return spread


def numbered(names: Sequence[str]) -> tuple[list[str], Indices]:
    """Return the names sorted, each once, and the place of each of ``names`` among them."""
    known = sorted(set(names))
    place = {name: at for at, name in enumerate(known)}
    return known, np.fromiter((place[name] for name in names), np.int32, len(names))


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
    """Diseases by findings.

    A work that tells of one finding of a disease twice counts with its larger group. ``alike``: how much patients of
    one work are alike, from 0 to 1; n of them count as ``n / (1 + (n - 1) * alike)`` (Kish's design effect), so that
    no single work outweighs several. ``works`` and ``patients`` give for each disease how many works tell of it and
    how many of its patients are described, each counted as one; ``known`` the most patients that a figure of it rests
    on; ``breadth`` the number of findings that a patient with it is expected to have.
    """

    def __init__(self, seen: Observations, parents: Mapping[str, Sequence[str]], alike: float) -> None:
        self.parents = parents
        self.diseases = seen.diseases
        count = self._count = len(seen.diseases)
        kept = _once_a_work(seen)
        disease, finding, work = (column[kept].astype(np.int64) for column in (seen.disease, seen.finding, seen.work))
        present, total, described = seen.present[kept], seen.total[kept], seen.described[kept]
        works = int(work.max(initial=0)) + 1
        told = disease * works + work
        self.works = np.bincount(np.unique(told) // works, minlength=count).astype(np.float32)
        groups, group = np.unique(told, return_inverse=True)
        size, cases = np.zeros(len(groups)), np.zeros(len(groups))
        np.maximum.at(size, group, total)
        np.maximum.at(cases, group[described], total[described])
        self.patients = _sums(groups // works, cases, count).astype(np.float32)
        weight = 1 / (1 + np.maximum(size - 1, 0.0) * alike)
        patients = _sums(groups // works, cases * weight, count)
        present, total = present * weight[group], total * weight[group]
        # Add up the works. Where one that describes its patients records a finding at all, all described patients
        # of the disease count.
        some = total > 0
        present, total, described = present[some], total[some], described[some]
        pairs, pair = np.unique(disease[some] * len(seen.findings) + finding[some], return_inverse=True)
        of, about = pairs // len(seen.findings), pairs % len(seen.findings)
        had = _sums(pair, present, len(pairs))
        looked = _sums(pair, total, len(pairs))
        among = _sums(pair, np.where(described, 0.0, total), len(pairs))
        among += np.where(_sums(pair, described, len(pairs)) > 0, patients[of], 0.0)
        self.breadth = _sums(of, had / among, count).astype(np.float32)
        largest = np.zeros(count)
        np.maximum.at(largest, of, among)
        self.known = largest.astype(np.float32)
        self._figures = _Figures.of(about, of, had, among)
        self._without = _Figures.of(about, of, looked - had, among)
        self._named = _Figures.of(about, of, looked, among)
        self._place = {name: at for at, name in enumerate(seen.findings)}
        self._kinds = _kinds(seen.findings, parents)
        self._present: dict[str, Column | None] = {}

    def present(self, finding: str) -> Column | None:
        """Return the patients who had a finding or a kind of it; None where no disease has a figure.

        A disease has for it the figure of its most frequent kind: at least as many have the general.
        """
        if finding not in self._present:
            kinds = (self._place.get(kind) for kind in ancestors(self._kinds, finding))
            self._present[finding] = self._figures.highest([kind for kind in kinds if kind is not None], self._count)
        return self._present[finding]

    def excluded(self, finding: str) -> Column | None:
        """Return the patients in whom a finding was looked for and not found (``present`` holds their number)."""
        return self._own(self._without, finding)

    def named(self, finding: str) -> Column | None:
        """Return the patients in whom a finding was looked for, found or not (``present`` holds their number)."""
        return self._own(self._named, finding)

    def _own(self, figures: _Figures, finding: str) -> Column | None:
        place = self._place.get(finding)
        return None if place is None else figures.highest([place], self._count)


@dataclass(frozen=True, slots=True, eq=False)
class _Figures:
    """How many of how many, by finding and disease: the figures of finding n stand from starts[n] to starts[n + 1].

    ``rank`` orders them all by share and, among equals, by the size of the group.
    """

    starts: Indices
    disease: Indices
    present: Vector
    total: Vector
    rank: Indices
    ranked: Indices

    @classmethod
    def of(cls, finding: Indices, disease: Indices, present: Amounts, total: Amounts) -> _Figures:
        order = np.flatnonzero(present > 0)
        order = order[np.lexsort((disease[order], finding[order]))]
        finding, disease = finding[order], disease[order]
        some, all_ = present[order].astype(np.float32), total[order].astype(np.float32)
        ranked = np.lexsort((all_, some / all_))
        rank = np.empty_like(ranked)
        rank[ranked] = np.arange(len(ranked))
        starts = np.searchsorted(finding, np.arange(int(finding.max(initial=-1)) + 2))
        return cls(starts, disease, some, all_, rank, ranked)

    def highest(self, findings: Sequence[int], diseases: int) -> Column | None:
        """Return for each of so many diseases the figure with the highest share among those of some findings."""
        spans = [slice(*self.starts[one : one + 2]) for one in findings if one + 1 < len(self.starts)]
        ranks = np.sort(np.concatenate([self.rank[span] for span in spans])) if spans else self.starts[:0]
        if not len(ranks):
            return None
        figures = self.ranked[ranks]
        best = np.full(diseases, -1)
        best[self.disease[figures]] = figures  # of several the last one stands, the highest
        rows = np.flatnonzero(best >= 0)
        return Column(rows, self.present[best[rows]], self.total[best[rows]])


def _once_a_work(seen: Observations) -> Indices:
    """Return the places of the observations that count: of one work on one finding in a disease the largest group."""
    order = np.lexsort((seen.described, seen.present, seen.total, seen.work, seen.finding, seen.disease))
    last = np.ones(len(order), bool)
    columns = (column[order] for column in (seen.disease, seen.finding, seen.work))
    last[:-1] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return order[last]


def _sums(group: Indices, amounts: npt.NDArray[Any], groups: int) -> Amounts:
    return np.bincount(group, amounts, groups).astype(np.float64)


def _kinds(findings: Sequence[str], parents: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return for each finding, and all that it is a kind of, what is next below it on the way to a finding."""
    kinds: dict[str, list[str]] = {}
    known, waiting = set(findings), list(findings)
    while waiting:
        kind = waiting.pop()
        for up in parents.get(kind, ()):
            kinds.setdefault(up, []).append(kind)
            if up not in known:
                known.add(up)
                waiting.append(up)
    return kinds
