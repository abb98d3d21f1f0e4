"""SSSOM mapping sets (MONDO): only skos:exactMatch, only identifiers that mean one thing."""

from __future__ import annotations

import re
from pathlib import Path

from kg.link.readers.tabular import rows
from kg.link.vocabulary import Mapping

_PREFIXES = {"mesh": "MESH", "MIM": "OMIM", "orphanet": "Orphanet"}


def read_sssom(path: Path, rank: int = 0) -> tuple[dict[str, str], tuple[Mapping, ...], str]:
    """Return the labels of the subjects, the exact mappings, and the version of the mapping set.

    Obsolete subjects are left out. Raises VocabularyError for a missing file or missing columns.
    """
    labels: dict[str, str] = {}
    mappings: list[Mapping] = []
    for row in rows(path, ("subject_id", "predicate_id", "object_id")):
        label = row.get("subject_label") or ""
        if row["predicate_id"] != "skos:exactMatch" or label.startswith("obsolete "):
            continue
        left, right = curie(row["subject_id"]), curie(row["object_id"])
        if label:
            labels[left] = label
        mappings.append(Mapping(left, right, rank))
    return labels, tuple(mappings), _version(path)


def curie(identifier: str) -> str:
    """Return an identifier with the prefix that Biolink uses.

    >>> curie("mesh:D004194"), curie("MIM:263000")
    ('MESH:D004194', 'OMIM:263000')
    """
    start, _, local = identifier.strip().strip('"').partition(":")
    return f"{_PREFIXES.get(start, start)}:{local}"


def _version(path: Path) -> str:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            if not line.startswith("#"):
                return ""
            if line.startswith("# mapping_set_version:"):
                found = re.search(r"\d{4}-\d{2}-\d{2}", line)
                return found.group() if found else ""
    return ""
