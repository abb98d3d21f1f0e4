"""Loads the small graph in bulk, once for each size of batch, and prints what each database has of it.

``python -m tests.stores.bulk_driver FOLDER ROWS...``: a process of its own, as Java starts once in a process.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import arcadedb_embedded

from kg.stores.embedded_bulk import Receiver, send
from kg.stores.ledger import Ledger
from kg.stores.source import Unwatched
from tests.stores.graphs import small_ledger

QUERIES = {
    "nodes": "MATCH (n) RETURN labels(n) AS a, properties(n) AS b",
    "out": "MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS b, b.id AS c",
    "in": "MATCH (b)<-[r]-(a) RETURN a.id AS a, type(r) AS b, b.id AS c",
}


def load(database: Path, lines: list[bytes], batch_rows: int) -> dict[str, list[str]]:
    with arcadedb_embedded.create_database(str(database)) as opened:
        receiver = Receiver(opened, batch_rows)
        for line in lines:
            receiver.take(line)
        receiver.close()
        return {
            name: sorted(str(row) for row in opened.query("opencypher", text).to_list())
            for name, text in QUERIES.items()
        }


def main(folder: Path, sizes: list[int]) -> None:
    pipe = io.BytesIO()
    with Ledger.open(small_ledger(folder / "ledger")) as ledger:
        send(ledger, "test", pipe, Unwatched())
    lines = pipe.getvalue().splitlines()
    print(json.dumps([load(folder / f"of-{size}", lines, size) for size in sizes]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(size) for size in sys.argv[2:]])
