"""Which knowledge base a file is: by the columns that its first line names, or the keys of its first object."""

from __future__ import annotations

import json

from kg.sources.curated import kgx, sssom, symptoms
from kg.sources.curated.cases import is_case
from kg.sources.curated.hpoa import is_header

_TABLES = (
    ("kgx_tsv", kgx.COLUMNS),
    ("sssom", sssom.COLUMNS),
    ("doid_symptoms", symptoms.COLUMNS),
    ("kgx_nodes", ("id", "category")),
)


def curated(start: str) -> str:
    """Return the format of a knowledge base from the start of its text, or "" if it is none.

    >>> curated("id\\tsubject\\tpredicate\\tobject\\n1\\tMESH:D000755\\tbiolink:causes\\tMESH:D010146")
    'kgx_tsv'
    """
    if is_header(start):
        return "hpoa"
    lines = (line for line in start.split("\n") if not line.startswith("#"))
    first = next(lines, "").strip()
    if is_case(first):
        return "cases"
    if first.startswith("{"):
        keys = _keys(first)
        return "kgx_json" if keys.issuperset(kgx.COLUMNS) else "kgx_nodes" if {"id", "category"} <= keys else ""
    columns = {name.strip() for name in first.split("\t")}
    return next((name for name, needed in _TABLES if columns.issuperset(needed)), "")


def _keys(line: str) -> frozenset[str]:
    try:
        return frozenset(json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return frozenset()
