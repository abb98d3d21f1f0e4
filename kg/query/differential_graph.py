"""The differential question to a graph: its ``has_phenotype`` evidence, counted once a work, and the is-a hierarchy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from kg.errors import VocabularyError
from kg.query import texts
from kg.query.differential import Differential, Observed, ancestors
from kg.query.differential_frequency import worth
from kg.query.paths import Paths
from kg.query.results import ConceptResult, Result
from kg.schema import FREQUENCIES

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


@dataclass(frozen=True, slots=True)
class _Said:
    statement: str
    belief: float
    evidence: tuple[str, ...]


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
        model, said = self._differential_model(age, _SEXES[sex.lower()] if sex else None)
        ranked = model.rank(tuple(has), tuple(lacks), limit, prior=prior) if has or lacks else ()
        names = self.concepts(one.disease for one in ranked)
        candidates = []
        for one in ranked:
            parts = []
            for part in one.contributions:
                behind = said.get((one.disease, part.through), ()) if part.through else ()
                told = tuple(sorted({id for item in behind for id in item.evidence}))
                statements = tuple(sorted({item.statement for item in behind}))
                belief = max((item.belief for item in behind), default=None)
                parts.append(
                    FindingContribution(part.kind, part.finding, part.value, part.through, statements, told, belief)
                )
            candidates.append(DifferentialCandidate(names[one.disease], one.score, tuple(parts)))
        return DifferentialResult(
            tuple(has.values()), tuple(lacks.values()), tuple(candidates), len(model.diseases), BOUNDARY, self.version
        )

    def _differential_model(
        self, age: float | None, sex: str | None
    ) -> tuple[Differential, dict[tuple[str, str], tuple[_Said, ...]]]:
        hidden = tuple(sorted(onset for onset, years in _ONSET_YEARS.items() if age is not None and age < years))
        key = (self.version, hidden, sex)
        with _LOCK:
            kept: dict[Any, Any] = self.__dict__.setdefault("_differentials", {})
            if key not in kept:
                if len(kept) >= _KEPT or any(other[0] != key[0] for other in kept):
                    kept.clear()
                kept[key] = self._count(frozenset(hidden), sex)
            model, said = kept[key]
        return model, said

    def _count(
        self, hidden: frozenset[str], sex: str | None
    ) -> tuple[Differential, dict[tuple[str, str], tuple[_Said, ...]]]:
        parents: dict[str, list[str]] = {}
        for row in self._store.run(texts.SUBCLASSES):
            parents.setdefault(row["id"], []).append(row["up"])
        observed: list[Observed] = []
        said: dict[tuple[str, str], list[_Said]] = {}
        closure: dict[str, frozenset[str]] = {}
        for row in self._store.run(texts.PHENOTYPES):
            asserted = (
                one for one in row["evidence"] if one["certainty"] != "hypothesis" and _applies(one, hidden, sex)
            )
            seen = [_observed(row["subject"], row["object"], one) for one in asserted]
            if not seen:
                continue
            observed += seen
            item = _Said(row["id"], row["belief"], tuple(sorted(one["id"] for one in row["evidence"])))
            finding = row["object"]
            if finding not in closure:
                closure[finding] = ancestors(parents, finding)
            for term in closure[finding]:
                said.setdefault((row["subject"], term), []).append(item)
        return Differential(observed, parents), {key: tuple(items) for key, items in said.items()}


_LOCK = Lock()
_KEPT = 4
_FREQUENCY = re.compile("|".join(FREQUENCIES))


def _observed(disease: str, finding: str, evidence: dict[str, Any]) -> Observed:
    refutes = evidence["polarity"] == "refutes"
    described = evidence["kind"] == "case"
    if evidence["total"]:
        return Observed(disease, finding, evidence["work"], evidence["count"], evidence["total"], described)
    term = _FREQUENCY.search(evidence["strength"] or "")
    present, total = worth(*FREQUENCIES[term[0]]) if term else worth()
    return Observed(disease, finding, evidence["work"], 0.0 if refutes else present, total)


def _applies(evidence: dict[str, Any], hidden: frozenset[str], sex: str | None) -> bool:
    """Say whether evidence is about patients of this age and sex (``onset`` and ``sex`` in its strength)."""
    said = dict(part.split(" ", 1) for part in (evidence["strength"] or "").split("; ") if " " in part)
    return said.get("onset") not in hidden and (sex is None or said.get("sex", sex) == sex)
