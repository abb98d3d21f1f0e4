"""The Human Disease Ontology from its release tables: labels, synonyms by scope, parents, MeSH and OMIM ids."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from kg.link.readers.sssom import curie
from kg.link.readers.tabular import rows
from kg.link.vocabulary import Mapping, Name, Origin, Scope, Term, Vocabulary, origin

_SCOPES: dict[str, Scope] = {
    "label": "label",
    "exact_synonym": "exact",
    "related_synonym": "related",
    "narrow_synonym": "narrow",
    "broad_synonym": "broad",
}
_VERSION = "2026-07-31"


def read_doid(folder: Path) -> Vocabulary:
    """Return the diseases of the release tables in ``folder`` and their exact MeSH and OMIM ids.

    Raises VocabularyError for missing files or columns.
    """
    own = origin("DOID", _VERSION)
    names: dict[str, list[Name]] = defaultdict(list)
    for row in rows(folder / "doid_2026_terms_derived.tsv", ("doid", "type", "text")):
        scope = _SCOPES.get(row["type"])
        if scope:
            names[row["doid"]].append(Name(row["text"], Origin(own.vocabulary, own.version, scope, own.licence)))
    hierarchy = list(rows(folder / "2026_HumanDO.tsv", ("id", "label", "subClassOf"), quoted=True))
    by_label = {row["label"]: row["id"] for row in hierarchy}
    parents: dict[str, set[str]] = defaultdict(set)
    for row in hierarchy:
        if row["subClassOf"] in by_label:
            parents[row["id"]].add(by_label[row["subClassOf"]])
    terms = tuple(
        Term(doid, "Disease", _label_first(found), tuple(sorted(parents[doid])))
        for doid, found in sorted(names.items())
        if any(name.origin.scope == "label" for name in found)
    )
    return Vocabulary(terms, (*_xrefs(folder / "2026_MESHinDO.tsv", 2), *_xrefs(folder / "2026_OMIMinDO.tsv", 4)))


def _label_first(names: list[Name]) -> tuple[Name, ...]:
    return tuple(sorted(names, key=lambda name: (name.origin.scope != "label", name.text)))


def _xrefs(path: Path, rank: int) -> tuple[Mapping, ...]:
    """A disease with several ids of one other vocabulary is a group of those: not an exact match."""
    found = set()
    for row in rows(path, ("id", "xrefs"), quoted=True):
        others = [one.strip() for one in row["xrefs"].replace("|", ",").split(",") if one.strip()]
        if len(others) == 1:
            found.add(Mapping(row["id"], curie(others[0]), rank))
    return tuple(sorted(found, key=lambda mapping: (mapping.left, mapping.right)))
