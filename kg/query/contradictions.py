"""Where the graph contradicts itself: statements that works support and works refute."""

from __future__ import annotations

from dataclasses import dataclass

from kg.query import texts
from kg.query.paths import Paths
from kg.query.results import EvidenceResult, Result, StatementResult


@dataclass(frozen=True, slots=True)
class Contradiction(Result):
    """A statement with the evidence for it and against it, the best score first; ``strength``: of its weaker side."""

    statement: StatementResult
    strength: float
    supporting: tuple[EvidenceResult, ...]
    refuting: tuple[EvidenceResult, ...]
    graph: str


class Contradictions(Paths):
    """Finding contradictions."""

    def contradictions(self, limit: int = 50) -> tuple[Contradiction, ...]:
        """Return the statements that are both supported and refuted, the strongest contradiction first.

        A hypothesis neither supports nor refutes, and is left out.

        >>> graph.contradictions()
        ()
        """
        rows = self._rows(texts.CONTRADICTED, {"limit": limit})
        found = [self._contradiction(StatementResult.of(row)) for row in rows]
        return tuple(sorted(found, key=lambda c: (-c.strength, -_larger(c.statement), c.statement.id)))

    def _contradiction(self, statement: StatementResult) -> Contradiction:
        said = [one for one in self.evidence(statement.id) if one.certainty != "hypothesis"]
        supporting = tuple(one for one in said if one.polarity == "supports")
        refuting = tuple(one for one in said if one.polarity == "refutes")
        strength = min(statement.support, statement.refute)
        return Contradiction(statement, strength, supporting, refuting, statement.graph)


def _larger(statement: StatementResult) -> float:
    return max(statement.support, statement.refute)
