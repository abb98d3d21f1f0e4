"""Plain tables: one name a row, with the id that it names. The simplest way to give names of one's own.

Columns: ``id`` (a CURIE) and ``name``; if there, ``scope`` (label, exact, related, narrow, broad; else exact),
``category``, ``parents`` and ``xrefs`` (CURIEs, joined by ``|``; is-a parents and ids that mean the same).
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from kg.errors import VocabularyError
from kg.link.readers.tabular import rows
from kg.link.vocabulary import SCOPES, Name, Term, named_origin

NEEDED = ("id", "name")


def read_table(path: Path, vocabulary: str, category: str = "", version: str = "") -> tuple[Term, ...]:
    """Return the terms of a plain table, sorted by id, names in the order of their scope.

    A term whose category is said nowhere has ``category``. Raises VocabularyError for a missing file, a missing
    column, an id without a prefix or an unknown scope.
    """
    names: dict[str, list[Name]] = defaultdict(list)
    categories: dict[str, str] = {}
    parents: dict[str, set[str]] = defaultdict(set)
    xrefs: dict[str, set[str]] = defaultdict(set)
    for number, row in enumerate(rows(path, NEEDED), start=1):
        curie, text, said = (row["id"] or "").strip(), (row["name"] or "").strip(), row.get("scope") or "exact"
        scope = next((one for one in SCOPES if one == said), None)
        if ":" not in curie or not text or scope is None:
            raise VocabularyError(
                f"each row needs an id with a prefix, a name, and one of {', '.join(SCOPES)} as its scope",
                file=str(path),
                row=number,
                id=curie,
            )
        names[curie].append(Name(text, named_origin(vocabulary, version, scope)))
        categories.setdefault(curie, row.get("category") or category)
        parents[curie].update(_curies(row.get("parents")))
        xrefs[curie].update(_curies(row.get("xrefs")))
    return tuple(
        Term(
            curie,
            categories[curie],
            tuple(sorted(found, key=lambda name: SCOPES.index(name.origin.scope))),
            tuple(sorted(parents[curie])),
            tuple(sorted(xrefs[curie])),
        )
        for curie, found in sorted(names.items())
    )


def _curies(text: str | None) -> list[str]:
    return [one.strip() for one in (text or "").split("|") if one.strip()]
