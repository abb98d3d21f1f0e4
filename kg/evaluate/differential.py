"""`kg evaluate differential`: patient cases whose diagnosis is known, ranked by what is known of the diseases.

Protocol: candidates are the diseases of the knowledge that are named in the vocabulary of the cases' diagnoses
(OMIM). Evidence whose reference is a publication of an evaluated case never counts. A case is evaluated when its
disease occurs among the cases of the knowledge, or, where the knowledge holds no cases, among its annotations; those
whose disease only annotations know are reported apart. Equal scores share the middle of their ranks.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any, TypeVar

import numpy as np

from kg.errors import DataError
from kg.link.terminology import Terminology
from kg.query.differential import Differential, Observed, Weights
from kg.query.differential_frequency import worth
from kg.sources.curated.cases import Case, is_case, read_cases
from kg.sources.curated.hpoa import PHENOTYPE, Annotation, is_header, read_rows
from kg.sources.refusal import Refusal

_TOPS = (1, 3, 10)
_Row = TypeVar("_Row")


@dataclass(slots=True)
class Knowledge:
    """What files say, before it is counted."""

    annotations: list[Annotation] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)


class Hierarchy:
    """The ids and the is-a parents of findings, from a terminology; an id that it does not know stands for itself."""

    def __init__(self, terminology: Terminology) -> None:
        self._terminology = terminology
        self.parents: dict[str, tuple[str, ...]] = {}
        self._ids: dict[str, str] = {}

    def id(self, curie: str) -> str:
        """Return the id of the concept that ``curie`` names; what it is a kind of becomes known in ``parents``."""
        if curie not in self._ids:
            row = self._terminology.row(curie)
            self._ids[curie] = curie if row is None else self._terminology.id(row)
            waiting = [] if row is None else [row]
            while waiting:
                here = waiting.pop()
                name = self._terminology.id(here)
                if name not in self.parents:
                    up = self._terminology.parents(here)
                    self.parents[name] = tuple(self._terminology.id(one) for one in up)
                    waiting.extend(up)
        return self._ids[curie]


def read_knowledge(paths: Iterable[Path]) -> Knowledge:
    """Read annotation files and case files, told apart by content. DataError for a file or a row that is neither."""
    found = Knowledge()
    for path in paths:
        try:
            with open(path, encoding="utf-8", newline="") as lines:
                first = next((line for line in lines if line.strip()), "")
                lines.seek(0)
                if is_header(first):
                    found.annotations += _sound(path, read_rows(lines))
                elif is_case(first):
                    found.cases += _sound(path, read_cases(lines))
                else:
                    raise DataError(
                        "neither HPO annotations (phenotype.hpoa) nor cases (one JSON a line)", file=str(path)
                    )
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"cannot read: {error}", file=str(path)) from error
    return found


def _sound(path: Path, rows: Iterator[_Row | Refusal]) -> Iterator[_Row]:
    for row in rows:
        if isinstance(row, Refusal):
            raise DataError(str(row), file=str(path))
        yield row


def evaluate_files(knowledge: Sequence[Path], cases: Path, terminology: Terminology, **how: Any) -> dict[str, Any]:
    """Rank the cases of one file; see ``evaluate``."""
    return evaluate(read_knowledge(knowledge), read_knowledge([cases]).cases, terminology, **how)


def evaluate(
    knowledge: Knowledge,
    cases: Sequence[Case],
    terminology: Terminology,
    *,
    prior: bool = True,
    weights: Weights | None = None,
) -> dict[str, Any]:
    """Rank every case and count; shares in [0, 1], ``seconds`` for ranking all cases, without reading files.

    DataError when there are no cases, or none whose disease is a candidate.
    """
    if not cases:
        raise DataError("no cases to rank")
    began = time.monotonic()
    hierarchy = Hierarchy(terminology)
    evaluated = {case.work for case in cases}
    vocabularies = {case.disease.partition(":")[0] for case in cases}
    kept = [case for case in knowledge.cases if case.work not in evaluated]
    observed = (*observations(kept, hierarchy), *annotated(knowledge.annotations, evaluated, hierarchy))
    of_cases = (one for one in observed if one.disease.partition(":")[0] in vocabularies)
    model = Differential(of_cases, hierarchy.parents, weights)
    row = {disease: number for number, disease in enumerate(model.diseases)}
    described = {case.disease for case in kept} or set(row)
    read = time.monotonic() - began
    ranks: list[float] = []
    apart: list[float] = []
    began = time.monotonic()
    for case in cases:
        if case.disease not in row:
            continue
        present = tuple(dict.fromkeys(hierarchy.id(finding) for finding, _ in case.present))
        absent = tuple(dict.fromkeys(hierarchy.id(finding) for finding, _ in case.excluded))
        scores = model.scores(present, tuple(f for f in absent if f not in present), prior=prior)
        own = scores[row[case.disease]]
        rank = 1 + int(np.sum(scores > own)) + (int(np.sum(scores == own)) - 1) / 2
        (ranks if case.disease in described else apart).append(rank)
    seconds = time.monotonic() - began
    if not ranks:
        raise DataError("the knowledge has none of the cases' diseases; give it files that name them")
    result: dict[str, Any] = {
        "cases": len(ranks),
        "candidates": len(row),
        **_figures(ranks),
        "seconds": round(seconds, 2),
    }
    result["seconds_reading"] = round(read, 2)
    result["prior"] = "works and described patients" if prior else "uniform"
    if apart:
        result["annotated_only"] = {"cases": len(apart), **_figures(apart)}
        result["both"] = {"cases": len(ranks) + len(apart), **_figures(ranks + apart)}
    result["without_evidence"] = len(cases) - len(ranks) - len(apart)
    return result


def cross_validate(
    knowledge: Knowledge, terminology: Terminology, folds: int, *, prior: bool = True, weights: Weights | None = None
) -> dict[str, Any]:
    """Hold each of ``folds`` parts of the publications out in turn; the mean, the spread, and every fold.

    A publication is in part ``int(sha256(PMID), 16) % folds``, so everyone gets the same parts.
    """
    parts = []
    for number in range(folds):
        out = [case for case in knowledge.cases if fold_of(case.work, folds) == number]
        rest = [case for case in knowledge.cases if fold_of(case.work, folds) != number]
        parts.append(evaluate(Knowledge(knowledge.annotations, rest), out, terminology, prior=prior, weights=weights))
    names = [*(f"top{top}" for top in _TOPS), "mrr"]
    cases = sum(part["cases"] for part in parts)
    pooled = {name: round(sum(part[name] * part["cases"] for part in parts) / cases, 4) for name in names}
    spread = {name: round(pstdev(part[name] for part in parts), 4) for name in names}
    mean = {name: round(fmean(part[name] for part in parts), 4) for name in names}
    seconds = round(sum(part["seconds"] for part in parts), 2)
    candidates = max(part["candidates"] for part in parts)
    totals = {"cases": cases, "candidates": candidates, **pooled, "seconds": seconds}
    return {**totals, "mean_of_folds": mean, "spread_of_folds": spread, "folds": parts}


def fold_of(work: str, folds: int) -> int:
    """Return the part that a publication belongs to.

    >>> fold_of("PMID:10198255", 5)
    2
    """
    return int(hashlib.sha256(work.encode()).hexdigest(), 16) % folds


def observations(cases: Iterable[Case], hierarchy: Hierarchy) -> Iterator[Observed]:
    """Count the cases of each publication: who had each finding, in whom it was looked for, how many there are."""
    had: Counter[tuple[str, str, str]] = Counter()
    looked: Counter[tuple[str, str, str]] = Counter()
    for case in cases:
        present = {hierarchy.id(finding) for finding, _ in case.present}
        for finding in present:
            had[case.disease, finding, case.work] += 1
        for finding in present | {hierarchy.id(finding) for finding, _ in case.excluded}:
            looked[case.disease, finding, case.work] += 1
    for key, total in looked.items():
        yield Observed(*key, had[key], total, described=True)


def annotated(rows: Iterable[Annotation], without: set[str], hierarchy: Hierarchy) -> Iterator[Observed]:
    """Yield what annotations say of phenotypes, but for those that rest on one of the works ``without``."""
    for row in rows:
        if row.aspect != PHENOTYPE or not without.isdisjoint(row.references):
            continue
        if row.share is None:
            present, total = worth()
        elif row.share.count is None or row.share.total is None:
            present, total = worth(row.share.low, row.share.high)
        else:
            present, total = row.share.count, row.share.total
        work = row.references[0] if row.references else row.disease
        yield Observed(row.disease, hierarchy.id(row.finding), work, 0.0 if row.negated else present, total)


def _figures(ranks: Sequence[float]) -> Mapping[str, float]:
    tops = {f"top{top}": round(sum(rank <= top for rank in ranks) / len(ranks), 4) for top in _TOPS}
    return {**tops, "mrr": round(fmean(1 / rank for rank in ranks), 4)}
