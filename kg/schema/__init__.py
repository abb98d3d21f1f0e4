"""The words of the graph and the rules for joining them, generated from schemas/."""

from kg.schema.rules import claim, expand
from kg.schema.terms import ReaderKind
from kg.schema.vocabulary import BIOLINK_VERSION, CATEGORIES, LABELS, PREDICATES, PREFIXES, READERS, SCHEMA_VERSION

__all__ = [
    "BIOLINK_VERSION",
    "CATEGORIES",
    "LABELS",
    "PREDICATES",
    "PREFIXES",
    "READERS",
    "SCHEMA_VERSION",
    "ReaderKind",
    "claim",
    "expand",
]
