"""The same graph into the same Neo4j four ways: ours, KGX's own statements twice, neo4j-admin import.

    python -m benchmarks.bolt_kgx --statements 20000 [--import no] [--bound 60]

Starts a Neo4j of its own, to throw away. KGX writes every node and relationship that medkg writes, statements, evidence
and documents too, so that both do the same work; under names of its own (`biolink:Disease`), so that our constraints
cost it nothing. Its texts are those of kgx/sink/neo_sink.py (KGX, BSD-3-Clause): generate_unwind_node_query and
generate_unwind_edge_query, in batches of 10,000 (as shipped: 500, for the bound).
KGX 2.6 makes its constraint with words that Neo4j 5 refuses, and goes
on without: "as shipped" is without, "by hand" with the constraint that it means. Without it every row looks through all
nodes, so its time grows with the square of the size: it is stopped after ``--bound`` seconds and the rest is reckoned
at the speed so far, which is too fast for it. Ours and by hand take turns; the better of two rounds counts.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.bolt import Made, empty
from kg.stores.bolt import BoltStore
from kg.stores.bolt_batches import slices
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
ROUNDS = 2


def kgx(store: BoltStore, made: Made, bound: float = math.inf, batch: int = KGX_BATCH) -> float:
    """Write the graph as KGX does, nodes by category, then edges by predicate; return which share of the rows is there.

    It is all of them unless ``bound`` seconds passed before.
    """
    began = time.perf_counter()
    nodes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    edges: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for part in whole(made, "kgx", made.id):
        if isinstance(part, Nodes):
            nodes[":".join(f"`biolink:{label}`" for label in part.labels)] += part.rows
        else:
            pairs = zip(part.pairs, part.rows, strict=True)
            edges[f"biolink:{part.type}"] += [{**row, "subject": start, "object": end} for (start, end), row in pairs]
    work = [(NODES.format(category=category), "nodes", rows) for category, rows in nodes.items()]
    work += [(EDGES.format(predicate=predicate), "edges", rows) for predicate, rows in edges.items()]
    written = 0
    for text, name, rows in work:
        for some in slices(rows, batch):
            if time.perf_counter() - began > bound:
                return written / sum(len(rows) for _, _, rows in work)
            store.write(text, {name: some})
            written += len(some)
    return 1.0


def timed(store: BoltStore, name: str, load: Callable[[], object]) -> float:
    """Empty the database, load it, say how long that took and how many statements' edges are there."""
    empty(store)
    began = time.perf_counter()
    load()
    took = time.perf_counter() - began
    kept = store.read("MATCH ()-[r]->() WHERE r.belief IS NOT NULL RETURN count(r) AS n")[0]["n"]
    busy = os.getloadavg()[0]
    print(f"{name}: {took:.1f} s, keeps {kept:,} edges of statements, load average {busy:.0f}", flush=True)
    return took


def side_by_side(store: BoltStore, made: Made, bound: float) -> float:
    """Measure everything that goes over Bolt; return how long ours took, in seconds."""
    store.write(CONSTRAINT)
    timed(store, "warming up", lambda: publish(store, Made(2_000)))
    timed(store, "warming up KGX", lambda: kgx(store, Made(2_000)))
    ours, by_hand = [], []
    for _ in range(ROUNDS):
        by_hand.append(timed(store, "KGX, constraint by hand", lambda: kgx(store, made)))
        ours.append(timed(store, "ours", lambda: publish(store, made)))
    again = []
    for _ in range(10 * ROUNDS):
        began = time.perf_counter()
        assert publish(store, made).unchanged
        again.append(time.perf_counter() - began)
    several = timed(store, "ours, 3 writers", lambda: publish(store, made, writers=3))
    one = min(ours)
    print(f"ours again: {min(again):.4f} s, {one / min(again):,.0f} times faster")
    print(f"one writer / three: {one / several:.2f}; KGX by hand / ours: {min(by_hand) / one:.2f}", flush=True)
    empty(store)
    store.write("DROP CONSTRAINT kgx")
    began = time.perf_counter()
    share = kgx(store, made, bound, batch=500)
    took = time.perf_counter() - began
    more = "" if share == 1 else "at least "
    print(f"KGX as shipped: {took:.1f} s for {share:.0%}; / ours: {more}{took / share / one:.1f}", flush=True)
    return one


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=20_000)
    parser.add_argument("--import", dest="by_import", choices=("yes", "no"), default="yes")
    parser.add_argument("--bound", type=float, default=60.0, help="seconds for KGX as shipped (default 60)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        server = Neo4j(home=Path(name) / "neo4j", lib=DEFAULT_HOME / "lib", bolt_port=17687, http_port=17474)
        server.start()
        try:
            with BoltStore(server.uri, ("neo4j", server.password)) as store:
                ours = side_by_side(store, Made(chosen.statements), chosen.bound)
            if chosen.by_import == "yes":
                server.stop()
                began = time.perf_counter()
                write_tables(Made(chosen.statements), Path(name) / "files", "made")
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
