"""The differential question to a graph: its ``has_phenotype`` evidence, counted once a work, and the is-a hierarchy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from kg.errors import VocabularyError
from kg.query.differential import Contribution, Differential
from kg.query.differential_findings import Findings, findings
from kg.query.differential_table import ancestors
from kg.query.paths import Paths
from kg.query.results import ConceptResult, Result

BOUNDARY = "Evidence for clinicians and researchers, not a diagnosis and not advice."
_SEXES = {"male": "MALE", "female": "FEMALE"}
# The age in years from which a finding of that onset can be seen (HPO's onset terms, as their definitions give it).
_ONSET_YEARS = {
    "HP:0003593": 0.08, "HP:0011463": 1.0, "HP:0003621": 5.0, "HP:0011462": 16.0, "HP:0003581": 16.0,
    "HP:0025708": 16.0, "HP:0025709": 19.0, "HP:0025710": 25.0, "HP:0003596": 40.0, "HP:0003584": 60.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FindingContribution(Result):
    """What one finding (or ``breadth``, or the ``prior``: no finding) adds to a score, in nats.

    ``through`` is the finding or the broader term that the disease has a figure for, ``statements`` and ``evidence``
    the ids behind it; ``belief`` is the highest of the statements.
    """

    kind: str
    finding: str
    value: float
    through: str
    statements: tuple[str, ...]
    evidence: tuple[str, ...]
    belief: float | None


@dataclass(frozen=True, slots=True)
class DifferentialCandidate(Result):
    """A disease with its score, which is the sum of its contributions."""

    concept: ConceptResult
    score: float
    contributions: tuple[FindingContribution, ...]


@dataclass(frozen=True, slots=True)
class DifferentialResult(Result):
    """Diseases by how well they explain the findings, the best first. ``boundary`` says what this is not."""

    present: tuple[ConceptResult, ...]
    absent: tuple[ConceptResult, ...]
    candidates: tuple[DifferentialCandidate, ...]
    considered: int
    boundary: str
    graph: str


class Differentials(Paths):
    """Ranking diseases by findings; what it counts is kept until the graph changes."""

    def differential(
        self,
        present: Iterable[str],
        absent: Iterable[str] = (),
        *,
        age: float | None = None,
        sex: str | None = None,
        prior: bool = True,
        limit: int = 10,
    ) -> DifferentialResult:
        """Return the diseases that explain the findings best, with what each finding adds to the score.

        Findings are given by id, cross-reference or name. ``age`` in years: a finding that begins later is not asked
        of the patient; ``sex`` (``male``, ``female``): neither is one of the other sex. Statements that are not
        believed at all do not count. ``prior=False``: every disease is equally likely beforehand. The first question
        counts the whole graph; further ones take milliseconds. Raises VocabularyError for a finding that is not
        known, and for a sex that is neither word.

        >>> graph.differential(["hemorrhage"]).candidates
        ()
        """
        if sex is not None and sex.lower() not in _SEXES:
            raise VocabularyError("sex is male or female", sex=sex)
        has = {concept.id: concept for concept in map(self.concept, present)}
        lacks = {concept.id: concept for concept in map(self.concept, absent) if concept.id not in has}
        model, seen = self._differential_model(age, _SEXES[sex.lower()] if sex else None)
        ranked = model.rank(tuple(has), tuple(lacks), limit, prior=prior) if has or lacks else ()
        names = self.concepts(one.disease for one in ranked)
        behind = [_behind(seen, one.disease, one.contributions) for one in ranked]
        said = {s.id: s for s in self._by_id({id for parts in behind for ids in parts for id in ids})}
        candidates = []
        for one, told in zip(ranked, behind, strict=True):
            parts = []
            for part, ids in zip(one.contributions, told, strict=True):
                statements = [said[id] for id in ids if id in said]
                parts.append(
                    FindingContribution(
                        part.kind,
                        part.finding,
                        part.value,
                        part.through,
                        tuple(statement.id for statement in statements),
                        tuple(sorted({id for statement in statements for id in statement.evidence})),
                        max((statement.belief for statement in statements), default=None),
                    )
                )
            candidates.append(DifferentialCandidate(names[one.disease], one.score, tuple(parts)))
        return DifferentialResult(
            tuple(has.values()), tuple(lacks.values()), tuple(candidates), len(model.diseases), BOUNDARY, self.version
        )

    def _differential_model(self, age: float | None, sex: str | None) -> tuple[Differential, Findings]:
        hidden = tuple(sorted(onset for onset, years in _ONSET_YEARS.items() if age is not None and age < years))
        version = self.version
        key = (version, hidden, sex)
        with _LOCK:
            held: dict[Any, tuple[Differential, Findings]] = self.__dict__.setdefault("_differentials", {})
            if key not in held:
                if len(held) >= _HELD or any(other[0] != version for other in held):
                    held.clear()
                seen = findings(self._store, version).of_patient(hidden, sex)
                held[key] = Differential(seen.seen, seen.parents), seen
            return held[key]


_LOCK = Lock()
_HELD = 4


def _behind(seen: Findings, disease: str, parts: Iterable[Contribution]) -> list[list[str]]:
    """Return for each part the ids of the statements from which the disease has its figure: those about the finding
    and about kinds of it.
    """
    rows = np.flatnonzero(seen.seen.disease == seen.seen.diseases.index(disease))
    told: dict[str, set[str]] = {}
    for finding, statement in zip(seen.seen.finding[rows], seen.statement[rows], strict=True):
        told.setdefault(seen.seen.findings[finding], set()).add(seen.statements[statement])
    above = {finding: ancestors(seen.parents, finding) for finding in told}
    behind = []
    for part in parts:
        found = [f for f in told if part.through in above[f]]
        behind.append(sorted({id for finding in found for id in told[finding]}))
    return behind
