"""The is-a hierarchy in the property graph: ``(:Concept)-[:SUBCLASS_OF]->(:Concept)``, Biolink's subclass_of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from kg.stores.bolt_batches import slices

KIND = "SUBCLASS_OF"
PER_WRITE = 5_000

_HELD = """MATCH (a:Concept)-[r:SUBCLASS_OF]->(b:Concept)
RETURN a.id AS child, b.id AS parent, r.medkg IS NOT NULL AS own"""
_UPSERT = """UNWIND $rows AS row
MATCH (a:Concept {id: row.child})
MATCH (b:Concept {id: row.parent})
MERGE (a)-[r:SUBCLASS_OF]->(b)
ON CREATE SET r.medkg = $build"""
_DROP = """UNWIND $rows AS row
MATCH (:Concept {id: row.child})-[r:SUBCLASS_OF]->(:Concept {id: row.parent})
WHERE r.medkg IS NOT NULL
DELETE r"""


class Writable(Protocol):
    """What writing the hierarchy needs of a store."""

    def read(self, text: str, parameters: dict[str, Any]) -> list[dict[str, Any]]: ...
    def write(self, text: str, parameters: dict[str, Any]) -> list[dict[str, Any]]: ...


def write_hierarchy(store: Writable, build: str, parents: Mapping[str, Sequence[str]]) -> None:
    """Bring the edges of concepts to their parents up to date, whatever an earlier publish left undone.

    ``parents``: those of every concept of the graph; parents that the graph does not hold are passed over.
    """
    wanted = {(child, parent) for child, ups in parents.items() for parent in ups if parent in parents}
    held = {(row["child"], row["parent"]): row["own"] for row in store.read(_HELD, {})}
    for rows in slices(_rows(pair for pair, own in held.items() if own and pair not in wanted), PER_WRITE):
        store.write(_DROP, {"rows": rows})
    for rows in slices(_rows(wanted - held.keys()), PER_WRITE):
        store.write(_UPSERT, {"rows": rows, "build": build})


def _rows(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"child": child, "parent": parent} for child, parent in sorted(pairs)]
