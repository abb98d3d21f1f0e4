"""The same graph into the same Neo4j four ways: ours, KGX's own statements twice, neo4j-admin import.

    python -m benchmarks.bolt_kgx --statements 20000 [--import no]

Starts a Neo4j of its own, to throw away. KGX writes every node and relationship that medkg writes, statements, evidence
and documents too, so that both do the same work. Its texts are those of kgx/sink/neo_sink.py (KGX, BSD-3-Clause):
generate_unwind_node_query and generate_unwind_edge_query, in batches of 10,000. KGX 2.6 makes its constraint with words
that Neo4j 5 refuses, and goes on without: "as shipped" is without, "by hand" with the constraint that it means.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.bolt import Made, empty
from kg.stores.bolt import BoltStore
from kg.stores.bolt_import import write_tables
from kg.stores.bolt_publish import publish
from kg.stores.bolt_whole import Nodes, whole
from tools.neo4j.server import DEFAULT_HOME, Neo4j

NODES = """UNWIND $nodes AS node
MERGE (n:`biolink:NamedThing` {{id: node.id}})
ON CREATE SET n += node, n:{category}
ON MATCH SET n += node, n:{category}"""
EDGES = """UNWIND $edges AS edge
MATCH (s:`biolink:NamedThing` {{id: edge.subject}}), (o:`biolink:NamedThing` {{id: edge.object}})
MERGE (s)-[r:`{predicate}`]->(o)
SET r += edge"""
CONSTRAINT = "CREATE CONSTRAINT kgx IF NOT EXISTS FOR (n:`biolink:NamedThing`) REQUIRE n.id IS UNIQUE"
KGX_BATCH = 10_000


def kgx(store: BoltStore, made: Made) -> None:
    """Write the graph as KGX does: nodes by category, then edges by predicate."""
    nodes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    edges: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for part in whole(made, "kgx", made.id):
        if isinstance(part, Nodes):
            nodes[":".join(f"`{label}`" for label in part.labels)] += part.rows
        else:
            pairs = zip(part.pairs, part.rows, strict=True)
            edges[part.type] += [{**row, "subject": start, "object": end} for (start, end), row in pairs]
    for category, rows in nodes.items():
        for at in range(0, len(rows), KGX_BATCH):
            store.write(NODES.format(category=category), {"nodes": rows[at : at + KGX_BATCH]})
    for predicate, rows in edges.items():
        for at in range(0, len(rows), KGX_BATCH):
            store.write(EDGES.format(predicate=predicate), {"edges": rows[at : at + KGX_BATCH]})


def timed(store: BoltStore, name: str, load: Callable[[], object]) -> float:
    """Empty the database, load it, say how long that took and how many statements' edges are there."""
    empty(store)
    began = time.perf_counter()
    load()
    took = time.perf_counter() - began
    kept = store.read("MATCH ()-[r]->() WHERE r.belief IS NOT NULL RETURN count(r) AS n")[0]["n"]
    print(f"{name}: {took:.1f} s, keeps {kept:,} edges of statements", flush=True)
    return took


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=20_000)
    parser.add_argument("--import", dest="by_import", choices=("yes", "no"), default="yes")
    chosen = parser.parse_args()
    made = Made(chosen.statements)
    with tempfile.TemporaryDirectory() as name:
        server = Neo4j(home=Path(name) / "neo4j", lib=DEFAULT_HOME / "lib", bolt_port=17687, http_port=17474)
        server.start()
        try:
            with BoltStore(server.uri, ("neo4j", server.password)) as store:
                timed(store, "warming up", lambda: publish(store, Made(2_000)))
                ours = timed(store, "ours", lambda: publish(store, made))
                several = timed(store, "ours, 3 writers", lambda: publish(store, made, writers=3))
                began = time.perf_counter()
                assert publish(store, made).unchanged
                again = time.perf_counter() - began
                print(f"ours again: {again:.3f} s, {ours / again:,.0f} times faster")
                empty(store)
                shipped = timed(store, "KGX as shipped", lambda: kgx(store, made))
                empty(store)
                store.write(CONSTRAINT)
                by_hand = timed(store, "KGX, constraint by hand", lambda: kgx(store, made))
            print(f"one writer / three: {ours / several:.2f}; KGX by hand / ours: {by_hand / ours:.2f}; "
                  f"KGX as shipped / ours: {shipped / ours:.2f}")  # fmt: skip
            if chosen.by_import == "yes":
                server.stop()
                began = time.perf_counter()
                write_tables(made, Path(name) / "files", made.id)
                written = time.perf_counter() - began
                began = time.perf_counter()
                arguments = "database", "import", "full", "neo4j", "@import.args", "--overwrite-destination"
                server.admin(*arguments, cwd=Path(name) / "files")
                took = time.perf_counter() - began
                print(f"files in {written:.1f} s, import in {took:.1f} s: ours / both {ours / (written + took):.1f}")
        finally:
            server.stop(kill=True)


if __name__ == "__main__":
    sys.exit(main())
