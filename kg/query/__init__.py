"""The query API over a Store protocol: ``KnowledgeGraph`` and what it answers with."""

from kg.query.graph import KnowledgeGraph
from kg.query.results import ConceptResult, EvidenceResult, StatementResult

__all__ = ["ConceptResult", "EvidenceResult", "KnowledgeGraph", "StatementResult"]
