"""SNOMED CT, Release Format 2: the Snapshot files of a release folder (or of its Terminology folder).

SNOMED CT is licensed by country: what is built from it may not be passed on.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from kg.errors import VocabularyError
from kg.link.readers.tabular import rows
from kg.link.vocabulary import Name, Term, named_origin, table

CONCEPTS = "sct2_Concept_Snapshot*.txt"
_FULL_NAME, _SYNONYM, _IS_A = "900000000000003001", "900000000000013009", "116680003"
_TAG = re.compile(r"\s*\(([^()]+)\)$")


def read_snomed(folder: Path) -> tuple[Term, ...]:
    """Return the active concepts whose semantic tag the schema has a category for, in English, sorted by id.

    The version is the date in the file's name. Raises VocabularyError for a missing or malformed file.
    """
    concepts = _file(folder, CONCEPTS)
    found = re.search(r"\d{8}", concepts.name)
    version = found.group() if found else ""
    label, exact = (named_origin("SNOMED CT", version, scope) for scope in ("label", "exact"))
    live = {row["id"] for row in rows(concepts, ("id", "active")) if row["active"] == "1"}
    full: dict[str, str] = {}
    synonyms: dict[str, set[str]] = defaultdict(set)
    for row in rows(_file(folder, "sct2_Description_Snapshot-en*.txt"), ("active", "conceptId", "typeId", "term")):
        if row["active"] == "1" and row["conceptId"] in live:
            if row["typeId"] == _FULL_NAME:
                full[row["conceptId"]] = row["term"]
            elif row["typeId"] == _SYNONYM:
                synonyms[row["conceptId"]].add(row["term"])
    parents: dict[str, set[str]] = defaultdict(set)
    for row in rows(
        _file(folder, "sct2_Relationship_Snapshot*.txt"), ("active", "sourceId", "destinationId", "typeId")
    ):
        if row["active"] == "1" and row["typeId"] == _IS_A:
            parents[row["sourceId"]].add(f"SNOMEDCT:{row['destinationId']}")
    terms = []
    for concept, name in sorted(full.items()):
        tag = _TAG.search(name)
        category = table()["snomed_tags"].get(tag.group(1)) if tag else None
        if category:
            text = _TAG.sub("", name)
            others = (Name(one, exact) for one in sorted(synonyms[concept] - {text}))
            terms.append(
                Term(f"SNOMEDCT:{concept}", category, (Name(text, label), *others), tuple(sorted(parents[concept])))
            )
    return tuple(terms)


def _file(folder: Path, pattern: str) -> Path:
    found = sorted(folder.rglob(pattern))
    if not found:
        raise VocabularyError(f"no file {pattern} in this folder", folder=str(folder))
    return found[0]
