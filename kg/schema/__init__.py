"""The words of the graph and the rules for joining them, generated from schemas/."""

from kg.schema.rules import QUALIFIERS, claim, claim_of, expand
from kg.schema.terms import ReaderKind
from kg.schema.vocabulary import (
    AGENT_TYPES,
    BIOLINK_VERSION,
    CATEGORIES,
    COVERED,
    FREQUENCIES,
    KNOWLEDGE_LEVELS,
    LABELS,
    PREDICATES,
    PREFIXES,
    READERS,
    SCHEMA_VERSION,
)

__all__ = [
    "AGENT_TYPES",
    "BIOLINK_VERSION",
    "CATEGORIES",
    "COVERED",
    "FREQUENCIES",
    "KNOWLEDGE_LEVELS",
    "LABELS",
    "PREDICATES",
    "PREFIXES",
    "QUALIFIERS",
    "READERS",
    "SCHEMA_VERSION",
    "ReaderKind",
    "claim",
    "claim_of",
    "expand",
]
