"""The query API: a graph that answers, on any store that speaks Cypher. Answers are evidence, never advice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

from kg.model import Frequency
from kg.query import texts
from kg.query.contradictions import Contradictions
from kg.query.differential_graph import Differentials
from kg.query.filters import LEAST_BELIEF, Filter, Filters
from kg.query.results import Answer, Finding, StatementResult, Treatments

TREATS = ("treats", "treats_or_applied_or_studied_to_treat")
CAUSES = ("causes", "contributes_to", "has_adverse_event")


class KnowledgeGraph(Contradictions, Differentials):
    """A graph to ask. Close it when done, or use it in a ``with`` block; threads may share it.

    Concepts are given by id (``MESH:D001241``), by any cross-reference, or by a name that only one concept has.
    Clinical questions leave out what is not believed at all, unless ``min_belief=0`` is asked for.
    The examples run on a small graph: aspirin causes hemorrhage (two papers), metformin causes lactic acidosis, and
    lactic acidosis is associated with hemorrhage.

    >>> graph.counts()["statements"]
    3
    """

    def treatments_of(
        self,
        disease: str,
        excluding: str | Iterable[str] = (),
        *,
        include_descendants: bool = False,
        limit: int = 50,
        **filters: Unpack[Filters],
    ) -> Treatments:
        """Return what is said to treat a disease, the most believed first.

        ``excluding``: other conditions of the patient. What is said to be contraindicated in one of them, in a kind of
        it or in something that it is a kind of, is left out and listed apart with the statements that say so, however
        little they are believed. Raises VocabularyError for a concept that is not known.

        >>> len(graph.treatments_of("lactic acidosis", excluding=["hemorrhage"]))
        0
        """
        others = [excluding] if isinstance(excluding, str) else excluding
        found = self.concept(disease)
        filters.setdefault("min_belief", LEAST_BELIEF)
        said = self.statements(
            predicate=TREATS, object=found.id, include_descendants=include_descendants, limit=limit, **filters
        )
        conditions = frozenset().union(*(self._related(self.concept(other).id) for other in others))
        treats = {statement.subject for statement in said}
        against: tuple[StatementResult, ...] = ()
        if conditions and treats:
            parts = {"subject": treats, "predicate": ["biolink:contraindicated_in"], "object": conditions}
            against = self._statements(Filter(), len(treats) * len(conditions), **parts)
        forbidden = {statement.subject for statement in against}
        return Treatments(
            disease=found,
            offered=self._answers((s for s in said if s.subject not in forbidden), "subject"),
            excluded=self._answers(against, "subject"),
            graph=found.graph,
        )

    def causes_of(
        self, disease: str, *, include_descendants: bool = False, limit: int = 50, **filters: Unpack[Filters]
    ) -> tuple[Answer, ...]:
        """Return what is said to cause a disease or finding, or to contribute to it, the most believed first.

        >>> [cause.concept.name for cause in graph.causes_of("hemorrhage")]
        ['Aspirin']
        """
        filters.setdefault("min_belief", LEAST_BELIEF)
        said = self.statements(
            predicate=CAUSES, object=disease, include_descendants=include_descendants, limit=limit, **filters
        )
        return self._answers(said, "subject")

    def findings_of(
        self, disease: str, *, include_descendants: bool = False, limit: int = 100, **filters: Unpack[Filters]
    ) -> tuple[Finding, ...]:
        """Return the signs and symptoms of a disease, the most frequent first, then those that nobody counted.

        >>> graph.findings_of("lactic acidosis")
        ()
        """
        filters.setdefault("min_belief", LEAST_BELIEF)
        said = self.statements(
            subject=disease, predicate="has_phenotype", include_descendants=include_descendants, limit=limit, **filters
        )
        found = [
            Finding(a.concept, _most_counted(a.statements), a.belief, a.statements, a.graph)
            for a in self._answers(said, "object")
        ]
        share = {f.concept.id: f.frequency.share if f.frequency else -1.0 for f in found}
        return tuple(sorted(found, key=lambda f: (-share[f.concept.id], -f.belief, f.concept.id)))

    def _answers(self, statements: Iterable[StatementResult], part: str) -> tuple[Answer, ...]:
        """Group statements by the concept in one part of them, the most believed first."""
        said: dict[str, list[StatementResult]] = {}
        for statement in statements:
            said.setdefault(getattr(statement, part), []).append(statement)
        concepts = self.concepts(said)
        made = [Answer(concepts[id], same[0].belief, tuple(same), same[0].graph) for id, same in said.items()]
        return tuple(sorted(made, key=lambda answer: (-answer.belief, answer.concept.id)))

    def _related(self, concept: str) -> frozenset[str]:
        """Return a concept with its kinds and with what it is a kind of."""
        return self._closure(texts.NARROWER, concept) | self._closure(texts.BROADER, concept)


def _most_counted(statements: Iterable[StatementResult]) -> Frequency | None:
    """Return the frequency with the most people: several statements name one finding where kinds of a disease do."""
    counted = [statement.frequency for statement in statements if statement.frequency]
    return max(counted, key=lambda frequency: frequency.total, default=None)
