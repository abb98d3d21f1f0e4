"""What a reader of a vocabulary file gives: terms with their names, and mappings between identifiers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from kg.errors import VocabularyError

Scope = Literal["label", "exact", "related", "narrow", "broad"]
SCOPES: tuple[Scope, ...] = ("label", "exact", "related", "narrow", "broad")
_TABLE = Path(__file__).with_name("vocabularies.yaml")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a name comes from: vocabulary, version, how it names the concept, under which licence it may be shown."""

    vocabulary: str
    version: str
    scope: Scope
    licence: str

    @property
    def source(self) -> str:
        """The vocabulary with its version, as Concept.source quotes it.

        >>> Origin("HPO", "2025-01-16", "label", "HPO licence").source
        'HPO 2025-01-16'
        """
        return f"{self.vocabulary} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a term."""

    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Term:
    """One identifier of one vocabulary. ``parents`` are is-a; ``xrefs`` are other ids that mean the same."""

    id: str
    category: str
    names: tuple[Name, ...]
    parents: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """Two identifiers that a source says mean exactly the same. ``rank``: the smaller is trusted first."""

    left: str
    right: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one reader read."""

    terms: tuple[Term, ...]
    mappings: tuple[Mapping, ...] = ()


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    """Return vocabularies.yaml: vocabularies, categories of MeSH trees, preferred ids.

    >>> table()["vocabularies"]["HGNC"]["prefix"]
    'HGNC'
    """
    loaded: dict[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return loaded


def origin(vocabulary: str, version: str, scope: Scope = "exact") -> Origin:
    """Return the origin of names of a vocabulary that vocabularies.yaml knows; VocabularyError for another."""
    known = table()["vocabularies"]
    if vocabulary not in known:
        raise VocabularyError("unknown vocabulary: add it to vocabularies.yaml", vocabulary=vocabulary)
    return Origin(vocabulary, version, scope, str(known[vocabulary]["licence"]))


def named_origin(vocabulary: str, version: str, scope: Scope = "exact") -> Origin:
    """Return the origin of names of any vocabulary, a user's own too, whose licence only its owner knows.

    >>> named_origin("House names", "1").licence
    'as its owner says'
    """
    known = table()["vocabularies"].get(vocabulary, {})
    return Origin(vocabulary, version, scope, str(known.get("licence", "as its owner says")))


def prefix_of(vocabulary: str) -> str:
    """Return the CURIE prefix of a vocabulary's ids: its own name if vocabularies.yaml does not know it.

    >>> prefix_of("HPO"), prefix_of("UBERON")
    ('HP', 'UBERON')
    """
    return str(table()["vocabularies"].get(vocabulary, {}).get("prefix", vocabulary))


def prefix(curie: str) -> str:
    """Return what stands before the colon.

    >>> prefix("MESH:D006973")
    'MESH'
    """
    return curie.partition(":")[0]


def category_of(trees: Iterable[str], rules: list[dict[str, Any]]) -> str | None:
    """Return the Biolink category of a MeSH descriptor by its tree numbers, or None outside the schema.

    >>> category_of(["C10.597.742", "C23.888.592.742"], table()["mesh_trees"])
    'PhenotypicFeature'
    >>> category_of(["C14.280.647.500", "C23.550.513.355.750"], table()["mesh_trees"])
    'Disease'
    """
    numbers = tuple(trees)
    illness = [number for number in numbers if number.startswith(("C", "F03"))]
    for rule in rules:
        starts = tuple(rule["prefixes"])
        if any(number.startswith(tuple(rule.get("without", ("-",)))) for number in numbers):
            continue
        if rule.get("all"):
            if illness and all(number.startswith(starts) for number in illness):
                return str(rule["category"])
        elif any(number.startswith(starts) for number in numbers):
            return str(rule["category"])
    return None
