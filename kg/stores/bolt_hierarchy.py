"""The is-a hierarchy in the property graph: ``(:Concept)-[:SUBCLASS_OF]->(:Concept)``, Biolink's subclass_of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Protocol

KIND = "SUBCLASS_OF"
PER_WRITE = 5_000

_UPSERT = """UNWIND $rows AS row
MATCH (a:Concept {id: row.child})
MATCH (b:Concept {id: row.parent})
MERGE (a)-[r:SUBCLASS_OF]->(b)
ON CREATE SET r.medkg = $build
ON MATCH SET r.medkg = CASE WHEN r.medkg IS NULL THEN null ELSE $build END"""
_DROP_OLD = """UNWIND $rows AS row
MATCH (:Concept {id: row.id})-[r:SUBCLASS_OF]->(b:Concept)
WHERE r.medkg IS NOT NULL AND NOT b.id IN row.parents
DELETE r"""
_DETACH = "UNWIND $ids AS id MATCH (:Concept {id: id})-[r:SUBCLASS_OF]-() WHERE r.medkg IS NOT NULL DELETE r"


class Writable(Protocol):
    """What writing the hierarchy needs of a store."""

    def write(self, text: str, parameters: dict[str, Any]) -> list[dict[str, Any]]: ...


def write_hierarchy(store: Writable, build: str, parents: Mapping[str, tuple[str, ...]], written: set[str]) -> None:
    """Bring the edges of concepts to their parents up to date.

    ``parents``: those of every concept in the graph, of which parents that the graph does not hold are passed over;
    ``written``: the concepts that are new or changed. An edge is written where one of its ends is.
    """
    changed = [{"id": id, "parents": list(parents[id])} for id in sorted(written)]
    for rows in _slices(changed):
        store.write(_DROP_OLD, {"rows": rows})
    edges = (
        {"child": child, "parent": parent}
        for child, ups in sorted(parents.items())
        for parent in ups
        if parent in parents and (child in written or parent in written)
    )
    for rows in _slices(edges):
        store.write(_UPSERT, {"rows": rows, "build": build})


def detach(store: Writable, ids: Iterable[str]) -> None:
    """Delete the edges of concepts that are about to go."""
    for some in _slices(ids):
        store.write(_DETACH, {"ids": some})


def _slices(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while some := list(islice(rest, PER_WRITE)):
        yield some
