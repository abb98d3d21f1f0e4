"""How fast statements get into Neo4j and into the embedded graph, and out of it.

    python benchmarks/bolt.py --statements 20000 [--neo4j bolt://127.0.0.1:7687] [--writers 4] [--embedded no]

The Neo4j must be one to throw away: it is emptied. NEO4J_PASSWORD says who asks. benchmarks/bolt_kgx.py compares with
KGX's own statements, and with neo4j-admin import.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from kg.model import Concept, Evidence, Reader, Span, Statement, Triple
from kg.query import KnowledgeGraph
from kg.stores.bolt import BoltStore, connect
from kg.stores.bolt_publish import Published, publish
from kg.stores.embedded import open_embedded, publish_embedded
from kg.stores.ledger import HeldDocument

READER = Reader("made", "1", "0" * 64)
PREDICATES = ("causes", "treats", "associated_with", "affects")
ASKED = 200


@dataclass(frozen=True)
class Made:
    """A ledger made by counting: ``size`` statements about ``size / 5`` concepts, each with one piece of evidence."""

    size: int
    id: str = "made"
    last_change: int = 1

    @property
    def _concepts(self) -> int:
        return max(self.size // 5, 10)

    def changes_since(self, change: int) -> tuple[str, ...]:
        """Return nothing: it never changes."""
        return ()

    def counts(self) -> dict[str, int]:
        """Return how many statements there are."""
        return {"statements": len(self._triples)}

    def documents(self) -> Iterator[HeldDocument]:
        """Yield a document for every ten statements."""
        for number in range(self.size // 10 + 1):
            yield HeldDocument(
                f"PMID:{number}", f"PMID:{number}", "current", "", "article", "pubmed", f"Paper {number}", "en", (), (),
                (), (), "", "2020", "1", "", "0" * 32, "",
            )  # fmt: skip

    def concepts(self, since: int | None = None) -> Iterator[Concept]:
        """Yield the concepts."""
        for number in range(self._concepts):
            category = "ChemicalEntity" if number % 2 else "Disease"
            yield Concept(f"X:{number}", f"concept number {number}", category, (f"synonym {number}", f"other {number}"))

    def statements(self, triples: object = None) -> Iterator[Statement]:
        """Yield the statements by id."""
        for number, triple in self._triples:
            yield Statement(triple, 0.5 + number % 50 / 100, 0.6, 0.0, (f"PMID:{number // 10}",))

    def evidences(self, triples: object = None) -> Iterator[Evidence]:
        """Yield the evidence by triple."""
        text = (
            "A sentence of about one hundred and twenty characters, as they are in abstracts, is what evidence holds."
        )
        for number, triple in self._triples:
            yield Evidence(
                triple, f"PMID:{number // 10}", f"PMID:{number // 10}", "0" * 32, READER, 0.9, "abstract",
                Span(0, len(text)), text, Span(2, 10), Span(14, 19),
            )  # fmt: skip

    @cached_property
    def _triples(self) -> list[tuple[int, Triple]]:
        count = self._concepts
        made = []
        for number in range(self.size):
            ends = number * 7919 % count, (number * 104729 + number // count + 1) % count
            made.append((number, Triple(f"X:{ends[0]}", f"biolink:{PREDICATES[number % 4]}", f"X:{ends[1]}")))
        return sorted({triple.id: (number, triple) for number, triple in made}.values(), key=lambda pair: pair[1].id)


def report(name: str, load: Callable[[], Published], ask: Callable[[], KnowledgeGraph]) -> None:
    """Print what loading, loading again and asking took."""
    began = time.perf_counter()
    done = load()
    took = time.perf_counter() - began
    rows = done.concepts + done.documents + 2 * done.statements + done.evidence
    edges = done.statements + 2 * done.evidence
    began = time.perf_counter()
    again = load()
    reload = time.perf_counter() - began
    print(f"{name}: {done.statements:,} statements in {took:.1f} s: {done.statements / took:,.0f} statements/s, "
          f"{rows / took:,.0f} rows/s, {edges / took:,.0f} relationships/s")  # fmt: skip
    print(f"{name}: the same again in {reload:.3f} s, {took / reload:,.0f} times faster, unchanged: {again.unchanged}")
    with ask() as graph:
        kept = graph.counts()["statements"]
        times = []
        for number in range(ASKED):
            began = time.perf_counter()
            graph.neighbourhood(f"X:{number * 31 % (done.concepts or 1)}")
            times.append(time.perf_counter() - began)
        p95 = statistics.quantiles(times, n=20)[-1] * 1000
        print(f"{name}: holds {kept:,}; neighbourhood p50 {statistics.median(times) * 1000:.1f} ms, p95 {p95:.1f} ms")


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=20_000)
    parser.add_argument("--neo4j", metavar="URI")
    parser.add_argument("--writers", type=int, default=1)
    parser.add_argument("--embedded", choices=("yes", "no"), default="yes")
    chosen = parser.parse_args()
    made = Made(chosen.statements)
    if chosen.embedded == "yes":
        measure_embedded(made)
    if chosen.neo4j:
        with connect(chosen.neo4j) as store:
            empty(store)
            name = f"neo4j, {chosen.writers} writers"
            ask = partial(KnowledgeGraph, connect(chosen.neo4j))
            report(name, lambda: publish(store, made, writers=chosen.writers), ask)


def measure_embedded(made: Made) -> None:
    """Load the embedded graph in bulk, and ask it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report(
            "embedded", lambda: publish_embedded(made, folder), lambda: KnowledgeGraph(open_embedded(folder, idle=1))
        )


def empty(store: BoltStore) -> None:
    """Delete everything in a database, its constraints and indexes too: what comes next is a first load."""
    while store.write("MATCH (n) WITH n LIMIT 10000 DETACH DELETE n RETURN count(*) AS n")[0]["n"]:
        pass
    for kind, there in (("CONSTRAINT", "SHOW CONSTRAINTS"), ("INDEX", "SHOW INDEXES YIELD name, type")):
        chosen = "WHERE type <> 'LOOKUP' RETURN name" if kind == "INDEX" else "YIELD name"
        for row in store.read(f"{there} {chosen}"):
            store.write(f"DROP {kind} `{row['name']}`")


if __name__ == "__main__":
    sys.exit(main())
