"""The same graph into the same Neo4j four ways: ours, KGX's own statements twice, neo4j-admin import.

    python -m benchmarks.bolt_kgx --statements 20000 [--import no] [--rounds 2] [--bound 60]
    python -m benchmarks.bolt_kgx --statements 200000 --kgx no

Starts a Neo4j of its own, to throw away. KGX writes every node and relationship that medkg writes, statements, evidence
and documents too, so that both do the same work; under names of its own (`biolink:Disease`), so that our constraints
cost it nothing. Its texts are those of kgx/sink/neo_sink.py (KGX, BSD-3-Clause): generate_unwind_node_query and
generate_unwind_edge_query, in batches of 10,000 (as shipped: 500, for the bound).
KGX 2.6 makes its constraint with words that Neo4j 5 refuses, and goes
on without: "as shipped" is without, "by hand" with the constraint that it means. Without it every row looks through all
nodes, so its time grows with the square of the size: it is stopped after ``--bound`` seconds and the rest is reckoned
at the speed so far, which is too fast for it. Every load begins with an empty database, and makes its own constraints
and indexes. Ours and by hand take turns; the better of the rounds counts, in seconds and in processor time of client
and server together, which is the fairer measure where others use the machine too.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of processor time in client and server."""

    seconds: float
    processor: float

    def over(self, other: Took) -> str:
        """Return how many times as long this took as another."""
        times = self.seconds / other.seconds, self.processor / other.processor
        return "{:.2f} times the seconds, {:.2f} times the processors".format(*times)


@dataclass(frozen=True)
class Bench:
    """The server, a connection to it, and the graph to load."""

    server: Neo4j
    store: BoltStore
    made: Made

    def timed(self, name: str, load: Callable[[], object]) -> Took:
        """Empty the database, load it, say how long that took and how many statements' edges are there."""
        empty(self.store)
        began, busy = time.perf_counter(), self._processor()
        load()
        took = Took(time.perf_counter() - began, self._processor() - busy)
        kept = self.store.read("MATCH ()-[r]->() WHERE r.belief IS NOT NULL RETURN count(r) AS n")[0]["n"]
        print(f"{name}: {took.seconds:.1f} s, {took.processor:.1f} s of processors, keeps {kept:,} edges of "
              f"statements, load average {os.getloadavg()[0]:.0f}", flush=True)  # fmt: skip
        return took

    def _processor(self) -> float:
        """Return the processor time of client and server so far, where the system has /proc; else of the client."""
        stat = Path(f"/proc/{self.server.pid()}/stat")
        ticks = stat.read_text().rsplit(")", 1)[1].split()[11:13] if stat.exists() else []
        return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def by_hand(self) -> None:
        """Load as KGX does with the constraint that it means."""
        self.store.write(CONSTRAINT)
        kgx(self.store, self.made)

    def ours(self, rounds: int) -> Took:
        """Measure ours alone, and the reload of what is there; return what the load took at its best."""
        small = replace(self, made=Made(2_000))
        small.timed("warming up", lambda: publish(self.store, small.made))
        best = _best([self.timed("ours", lambda: publish(self.store, self.made)) for _ in range(rounds)])
        self.again(best)
        return best

    def again(self, load: Took) -> None:
        """Measure the reload of what the load left."""
        times = []
        for _ in range(20):
            began = time.perf_counter()
            assert publish(self.store, self.made).unchanged
            times.append(time.perf_counter() - began)
        print(f"ours again: {min(times):.4f} s, {load.seconds / min(times):,.0f} times faster", flush=True)

    def side_by_side(self, bound: float, rounds: int) -> Took:
        """Measure everything that goes over Bolt; return what ours took at its best."""
        small = replace(self, made=Made(2_000))
        small.timed("warming up", lambda: publish(self.store, small.made))
        small.timed("warming up KGX", small.by_hand)
        ours, by_hand = [], []
        for _ in range(rounds):
            by_hand.append(self.timed("KGX, constraint by hand", self.by_hand))
            ours.append(self.timed("ours", lambda: publish(self.store, self.made)))
        best, other = _best(ours), _best(by_hand)
        self.again(best)
        several = self.timed("ours, 3 writers", lambda: publish(self.store, self.made, writers=3))
        print(f"one writer / three: {best.seconds / several.seconds:.2f}")
        print(f"KGX by hand / ours: {other.over(best)}", flush=True)
        empty(self.store)
        began = time.perf_counter()
        share = kgx(self.store, self.made, bound, batch=500)
        took = time.perf_counter() - began
        more = "" if share == 1 else "at least "
        print(
            f"KGX as shipped: {took:.1f} s for {share:.0%}; / ours: {more}{took / share / best.seconds:.1f}", flush=True
        )
        return best


def by_import(server: Neo4j, made: Made, files: Path, ours: Took) -> None:
    """Write the files for neo4j-admin, import them into the stopped server, and compare with the upserts."""
    began, busy = time.perf_counter(), _processor()
    write_tables(made, files, "made")
    between, halfway = time.perf_counter(), _processor()
    server.admin("database", "import", "full", "neo4j", "@import.args", "--overwrite-destination", cwd=files)
    alone = Took(time.perf_counter() - between, _processor() - halfway)
    both = Took(time.perf_counter() - began, _processor() - busy)
    print(f"files in {between - began:.1f} s, import in {alone.seconds:.1f} s")
    print(f"ours / import: {ours.over(alone)}; ours / files and import: {ours.over(both)}", flush=True)


def _processor() -> float:
    """Return the processor time of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _best(rounds: list[Took]) -> Took:
    return Took(min(took.seconds for took in rounds), min(took.processor for took in rounds))


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=20_000)
    parser.add_argument("--import", dest="imported", choices=("yes", "no"), default="yes")
    parser.add_argument("--kgx", choices=("yes", "no"), default="yes")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--bound", type=float, default=60.0, help="seconds for KGX as shipped (default 60)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        server = Neo4j(home=Path(name) / "neo4j", lib=DEFAULT_HOME / "lib", bolt_port=17687, http_port=17474)
        server.start()
        try:
            with BoltStore(server.uri, ("neo4j", server.password)) as store:
                bench = Bench(server, store, Made(chosen.statements))
                alone = chosen.kgx == "no"
                ours = bench.ours(chosen.rounds) if alone else bench.side_by_side(chosen.bound, chosen.rounds)
            if chosen.imported == "yes":
                server.stop()
                by_import(server, Made(chosen.statements), Path(name) / "files", ours)
        finally:
            server.stop(kill=True)


if __name__ == "__main__":
    sys.exit(main())
