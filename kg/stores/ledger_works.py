"""Which documents are one work, and whether the work still stands: both follow from what the ledger holds now.

Documents that share an identifier belong to one family. A family is one work, named by its best identifier, unless
it carries several PMIDs (a supplement's DOI is given to many articles): then each PMID is a work of its own. The
answer depends on the set of documents and notices only, never on the order in which they came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

_PREFERRED = ("PMID", "DOI", "PMCID")
_RETRACTED_TYPE = "Retracted Publication"


@dataclass(frozen=True, slots=True)
class _Member:
    id: str
    names: frozenset[str]
    own_work: str
    retracted_type: bool
    held: tuple[str, str, str, str]


def reconcile(connection: duckdb.DuckDBPyConnection, identifiers: Iterable[str]) -> set[str]:
    """Work out anew the works and states of all documents that ``identifiers`` may concern.

    Returns the ids of the documents whose work or state is now another.
    """
    members = _members(connection, sorted(set(identifiers)))
    found: dict[str, tuple[str, str, str, str]] = {}
    notices = _notices(connection, sorted({name for member in members for name in member.names}))
    for family in _families(members):
        label = min(name for member in family for name in member.names)
        works: dict[str, list[_Member]] = defaultdict(list)
        for member, work in _name_works(family):
            works[work].append(member)
        for work, same in works.items():
            names = {work}.union(*(member.names for member in same))
            relevant = [notice for name in names for notice in notices.get(name, ())]
            if any(member.retracted_type for member in same):
                relevant.append(("retracted", "notice", "its source marks it as retracted", 0))
            state, reason = _state(relevant)
            found.update((member.id, (work, label, state, reason)) for member in same)
    moved = [member for member in members if found[member.id] != member.held]
    _update(connection, {member.id: found[member.id] for member in moved})
    return {m.id for m in moved if (found[m.id][0], found[m.id][2]) != (m.held[0], m.held[2])}


def _members(connection: duckdb.DuckDBPyConnection, identifiers: list[str]) -> list[_Member]:
    query = """
        WITH carriers AS (SELECT document FROM identifiers WHERE identifier IN (SELECT unnest(?::VARCHAR[]))),
             families AS (SELECT DISTINCT family FROM documents WHERE id IN (FROM carriers))
        SELECT id, list_append(identifiers, own_work), own_work, list_contains(publication_types, ?),
               work, family, state, state_reason
        FROM documents WHERE family IN (FROM families) ORDER BY id"""
    rows = connection.execute(query, [identifiers, _RETRACTED_TYPE]).fetchall()
    return [_Member(row[0], frozenset(row[1]), row[2], row[3], tuple(row[4:])) for row in rows]


def _notices(connection: duckdb.DuckDBPyConnection, names: list[str]) -> dict[str, list[tuple[str, str, str, int]]]:
    query = "SELECT work, state, origin, reason, change FROM notices WHERE work IN (SELECT unnest(?::VARCHAR[]))"
    found: dict[str, list[tuple[str, str, str, int]]] = defaultdict(list)
    for work, *notice in connection.execute(query, [names]).fetchall():
        found[work].append(tuple(notice))
    return found


def _families(members: list[_Member]) -> list[list[_Member]]:
    parent = {name: name for member in members for name in member.names}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for member in members:
        first, *others = sorted(member.names)
        for other in others:
            parent[root(other)] = root(first)
    families: dict[str, list[_Member]] = defaultdict(list)
    for member in members:
        families[root(min(member.names))].append(member)
    return list(families.values())


def _rank(name: str) -> tuple[int, str]:
    prefix = name.partition(":")[0]
    if prefix in _PREFERRED:
        return _PREFERRED.index(prefix), name
    return len(_PREFERRED) + (prefix == "file"), name


def _name_works(family: list[_Member]) -> list[tuple[_Member, str]]:
    best = min((name for member in family for name in member.names), key=_rank)
    pmids = {name for member in family for name in member.names if name.startswith("PMID:")}
    if len(pmids) < 2:
        return [(member, best) for member in family]
    named = []
    for member in family:
        own = {member.own_work} & pmids or member.names & pmids or {best}
        named.append((member, min(own)))
    return named


def _state(notices: list[tuple[str, str, str, int]]) -> tuple[str, str]:
    """The user's last word counts; else a deletion; else a retraction."""
    said = [notice for notice in notices if notice[1] == "user"]
    if said:
        state, _, reason, _ = max(said, key=lambda notice: notice[3])
        return state, reason
    for wanted in ("deleted", "retracted"):
        reasons = [reason for state, _, reason, _ in notices if state == wanted]
        if reasons:
            return wanted, min(reasons)
    return "current", ""


def _update(connection: duckdb.DuckDBPyConnection, found: dict[str, tuple[str, str, str, str]]) -> None:
    if not found:
        return
    import pyarrow as pa  # here: who only reads is spared its 35 MB

    names = ("id", "work", "family", "state", "state_reason")
    columns = zip(*((document, *values) for document, values in found.items()), strict=True)
    table = pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})
    connection.register("moved", table)
    try:
        connection.execute(
            "UPDATE documents SET work = m.work, family = m.family, state = m.state, state_reason = m.state_reason "
            "FROM moved m WHERE documents.id = m.id"
        )
    finally:
        connection.unregister("moved")
