"""Bulk loading of a new generation: rows come as lines of JSON and become vertices and edges without any query.

The two halves of a pipe: ``send`` writes the whole graph of a ledger, ``Receiver`` stands in the server's process.
Nothing is looked up or merged, and no write-ahead log is kept: a generation that did not end is void.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import IO, Any

from kg.stores.bolt_batches import Row
from kg.stores.bolt_whole import Nodes, whole
from kg.stores.source import Watch, WholeLedger

STOP = b"stop\n"
LOADED = b"loaded\n"
# A batch keeps on the heap, until it closes, where the edges of every vertex begin; one batch for a quarter of
# a million statements fills a gigabyte.
_BATCH_ROWS = 250_000
# Only the edges that follow at once end in these.
_PASSING = ("Statement", "Evidence")


def send(ledger: WholeLedger, build: str, pipe: IO[bytes], watch: Watch) -> Counter[str]:
    """Write every node and relationship of the ledger's graph; return how many there are by label or type."""
    watch.begin("publishing statements", ledger.counts()["statements"])
    sent: Counter[str] = Counter()
    for part in whole(ledger, build, ledger.id):
        if isinstance(part, Nodes):
            head: Row = {"nodes": part.labels}
            sent[part.labels[0]] += len(part.rows)
        else:
            head = {"edges": part.type, "start": part.start, "end": part.end, "pairs": part.pairs}
            sent[part.type] += len(part.rows)
        rows = [{name: value for name, value in row.items() if value is not None} for row in part.rows]
        pipe.write(json.dumps(head | {"rows": rows}).encode() + b"\n")
        watch.reached(sent["Statement"], f"{sent['Statement']:,}")
    pipe.flush()
    return sent


class Receiver:
    """Makes vertices and edges of the lines, in a database that holds none yet, ``batch_rows`` or so in a batch."""

    def __init__(self, database: Any, batch_rows: int = _BATCH_ROWS) -> None:
        import jpype

        self._database = database
        self._batch = database.graph_batch()
        self._batch_rows = batch_rows
        self._held = 0
        # The binding's own create_vertices sends rows that hold lists value by value.
        self._make = jpype.JClass("com.arcadedb.python.VertexBatcher").createVerticesJson
        self._records: dict[str, dict[str, str]] = {}
        self._declared: set[str] = set()

    def take(self, line: bytes) -> None:
        """Add what one line holds."""
        part = json.loads(line)
        if self._held >= self._batch_rows:
            self._batch.close()
            self._batch, self._held = self._database.graph_batch(), 0
        self._held += len(part["rows"])
        if "nodes" in part:
            self._add_nodes(part["nodes"], part["rows"])
        elif part["pairs"]:
            starts, ends = self._records[part["start"]], self._records[part["end"]]
            pairs = [(starts[start], ends[end]) for start, end in part["pairs"]]
            rows = part["rows"] if any(part["rows"]) else None
            self._declare(f"CREATE EDGE TYPE {part['edges']} IF NOT EXISTS")
            self._batch.new_edges([a for a, _ in pairs], part["edges"], [b for _, b in pairs], rows)

    def close(self) -> None:
        """Write what is still held."""
        self._batch.close()

    def _add_nodes(self, labels: list[str], rows: list[Row]) -> None:
        # Several labels are a type of their own here, below the types of each; Cypher names it like this too.
        kind = "~".join(sorted(labels))
        for label in labels:
            self._declare(f"CREATE VERTEX TYPE {label} IF NOT EXISTS")
        if len(labels) > 1:
            self._declare(f"CREATE VERTEX TYPE `{kind}` IF NOT EXISTS EXTENDS {', '.join(sorted(labels))}")
        made = str(self._make(self._batch._java_graph_batch, kind, json.dumps(rows))).split(";") if rows else []
        known = dict(zip((row["id"] for row in rows), made, strict=True))
        if labels[0] in _PASSING:
            self._records[labels[0]] = known
        else:
            self._records.setdefault(labels[0], {}).update(known)

    def _declare(self, text: str) -> None:
        if text not in self._declared:
            self._database.command("sql", text)
            self._declared.add(text)
