"""The query API over a Store protocol: ``KnowledgeGraph`` and what it answers with."""

from kg.query.contradictions import Contradiction
from kg.query.differential_graph import DifferentialCandidate, DifferentialResult, FindingContribution
from kg.query.filters import Filters
from kg.query.graph import KnowledgeGraph
from kg.query.results import (
    Answer,
    ConceptResult,
    DocumentResult,
    EvidenceResult,
    Finding,
    PathResult,
    StatementResult,
    Treatments,
)

__all__ = [
    "Answer",
    "ConceptResult",
    "Contradiction",
    "DifferentialCandidate",
    "DifferentialResult",
    "DocumentResult",
    "EvidenceResult",
    "Filters",
    "Finding",
    "FindingContribution",
    "KnowledgeGraph",
    "PathResult",
    "StatementResult",
    "Treatments",
]
