"""How long questions take on a large embedded graph, or on a Neo4j that holds one: median, 95th percentile, longest.

    python -m benchmarks.query --statements 200000 --folder /tmp/large     # makes the graph there, once
    python -m benchmarks.query --folder bolt://127.0.0.1:7687               # asks a graph that is there already

Concepts are asked for as often as statements name them, so the large hubs are asked most: the few at the top have
thousands of statements.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg.errors import StoreError
from kg.model import Concept, Evidence, Reader, Span, Statement, Triple
from kg.opening import open_graph
from kg.query import KnowledgeGraph
from kg.stores import embedded_files as files
from kg.stores.embedded import publish_embedded
from kg.stores.ledger import HeldDocument

READER = Reader("made", "1", "0" * 64)
CATEGORIES = ("ChemicalEntity", "Disease", "PhenotypicFeature", "Gene")
PREDICATES = ("treats", "causes", "has_phenotype", "associated_with", "affects")
SENTENCE = "A sentence of about one hundred and twenty characters, as they are in abstracts, is what evidence holds."
# So many diseases have findings, and so many findings are annotated: about as many as in HPO's annotations.
DISEASES, FINDINGS = 10_000, 12_000
ASKED = 300


@dataclass(frozen=True)
class Made:
    """A ledger made by chance from one seed: statements about a fifth as many concepts, few of them in very many.

    What has a phenotype is one of ``DISEASES`` diseases, and the phenotype one of ``FINDINGS`` findings, each a kind
    of another up to the one at the top; a third of that is counted, some has a frequency, some is refuted.
    """

    size: int
    id: str = "made"
    last_change: int = 1

    def counts(self) -> dict[str, int]:
        """Return how much of each noun there is."""
        made = len(self._triples)
        return {"concepts": self.size // 5, "documents": self.size // 10 + 1, "statements": made, "evidence": made}

    def changes_since(self, change: int) -> tuple[str, ...]:
        """Return nothing: it never changes."""
        return ()

    def documents(self) -> Iterator[HeldDocument]:
        """Yield a document for every ten statements, a third of them guidelines, over twenty years."""
        for number in range(self.size // 10 + 1):
            yield HeldDocument(
                f"PMID:{number}", f"PMID:{number}", "current", "", "article" if number % 3 else "guideline", "pubmed",
                f"Paper {number}", "en", (), (), (), (), "", str(2004 + number % 20), "1", "", "0" * 32, "",
            )  # fmt: skip

    def concepts(self, since: int | None = None) -> Iterator[Concept]:
        """Yield the concepts: findings in one tree, of all others each of the later half a kind of an earlier one."""
        for number in range(self.size // 5):
            parents = (f"X:{number // 2}",) if number > self.size // 10 else ()
            if CATEGORIES[number % 4] == "PhenotypicFeature":
                parents = (f"X:{(number // 4 - 1) // 3 * 4 + number % 4}",) if number > 4 else ()
            names = (f"synonym {number}", f"other {number}")
            yield Concept(f"X:{number}", f"concept number {number}", CATEGORIES[number % 4], names, parents)

    def statements(self, triples: object = None) -> Iterator[Statement]:
        """Yield the statements by id."""
        for number, triple in self._triples:
            yield Statement(triple, 0.3 + number % 60 / 100, 0.6, 0.0, (f"PMID:{number // 10}",))

    def evidences(self, triples: object = None) -> Iterator[Evidence]:
        """Yield one piece of evidence for each statement, by triple."""
        for number, triple in self._triples:
            paper, total = f"PMID:{number // 10}", number % 40 + 1
            counted = triple.predicate == "biolink:has_phenotype" and number % 3 == 0
            yield Evidence(
                triple, paper, paper, "0" * 32, READER, 0.9, "abstract", Span(0, len(SENTENCE)), SENTENCE,
                Span(2, 10), Span(14, 19), "refutes" if number % 31 == 0 else "supports",
                strength=f"frequency HP:004028{number % 5}" if number % 3 == 1 else "",
                count=number % (total + 1) if counted else None, total=total if counted else None,
            )  # fmt: skip

    @cached_property
    def _triples(self) -> list[tuple[int, Triple]]:
        chance, count = random.Random(0), self.size // 5
        drawn = set()
        for _ in range(self.size):
            said, few, many = chance.choice(PREDICATES), chance.random() ** 2, chance.random() ** 2
            if said == "has_phenotype":
                disease, finding = (int(min(kind, count // 4) * at) for kind, at in ((DISEASES, few), (FINDINGS, many)))
                drawn.add((4 * disease + 1, said, 4 * finding + 2))
            else:
                drawn.add((int(count * few), said, int(count * many)))
        made = (Triple(f"X:{subject}", f"biolink:{said}", f"X:{obj}") for subject, said, obj in sorted(drawn))
        return sorted(enumerate(made), key=lambda pair: pair[1].id)


def timed(name: str, ask: Callable[[str], object], names: Iterable[str]) -> None:
    """Print how long the question takes for each of the names."""
    took, refused = [], 0
    for one in names:
        began = time.perf_counter()
        try:
            ask(one)
        except StoreError:  # too much lies between the two: that is told, and takes its time as well
            refused += 1
        took.append(1000 * (time.perf_counter() - began))
    took.sort()
    at95 = took[int(0.95 * (len(took) - 1))]
    name += f" ({refused} refused)" if refused else ""
    print(f"| {name} | {len(took)} | {statistics.median(took):.1f} | {at95:.1f} | {took[-1]:.1f} |", flush=True)


def questions(graph: KnowledgeGraph) -> None:
    """Ask each question about concepts drawn by chance, as often as statements name them."""
    ids = [row["id"] for row in graph.cypher("MATCH (s:Statement) RETURN s.id AS id LIMIT 200000")]
    drawn = [graph.statement(id) for id in random.Random(1).sample(ids, min(2 * ASKED, len(ids)))]
    asked = [chosen.subject if at % 2 else chosen.object for at, chosen in enumerate(drawn)]
    for one in asked[ASKED : ASKED + 50]:  # the server's compiler has seen the texts by then
        graph.neighbourhood(one)
    few = asked[:50]
    busy = f"load average {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    print(f"{graph.counts()}, {busy}\n| question | asked | median ms | p95 ms | longest ms |\n|---|---|---|---|---|")
    timed("neighbourhood, the 100 strongest", graph.neighbourhood, asked[:ASKED])
    timed(
        "the same, guidelines since 2015", lambda one: graph.neighbourhood(one, kinds=["guideline"], since="2015"), few
    )
    timed("evidence of a statement", graph.evidence, [chosen.id for chosen in drawn[:ASKED]])
    timed("find, by a word", graph.find, [one.split(":")[1] for one in asked[:ASKED]])
    timed("find, by that and a word of every name", graph.find, [f"number {one.split(':')[1]}" for one in few[:5]])
    timed("treatments_of", graph.treatments_of, few)
    timed("causes_of, with kinds of it", lambda one: graph.causes_of(one, include_descendants=True), few)
    timed("documents_about", graph.documents_about, few)
    pairs = dict(zip(asked[:20], asked[20:40], strict=True))
    timed("path, the shortest of at most 4", lambda one: graph.path(one, pairs[one]), pairs)
    timed("paths of at most 2", lambda one: graph.paths(one, pairs[one], max_length=2), pairs)
    timed("paths of at most 3", lambda one: graph.paths(one, pairs[one]), pairs)
    timed("mechanisms, through a gene", lambda one: graph.mechanisms(one, pairs[one]), pairs)
    timed("meta-path of two genes", lambda one: graph.mechanisms(one, pairs[one], genes=2), pairs)


def make(folder: Path, statements: int) -> None:
    """Publish a made graph to a folder that has none yet, and print what that took."""
    if (folder / "current").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    ledger, began = Made(statements), time.perf_counter()
    print(f"{len(ledger._triples):,} statements drawn, {_peak(resource.RUSAGE_SELF):,} MB", flush=True)
    publish_embedded(ledger, folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    user = {who: resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)}
    seconds = [round(used.ru_utime + used.ru_stime) for used in user.values()]
    print(
        f"made in {time.perf_counter() - began:.0f} s, of CPU {seconds[0]} s here and {seconds[1]} s in the server;"
        f" at most {_peak(resource.RUSAGE_SELF):,} MB here, {_peak(resource.RUSAGE_CHILDREN):,} MB in the server;"
        f" {size // 1_000_000:,} MB on disk",
        flush=True,
    )


def _peak(who: int) -> int:
    """Return the most memory that this process, or the largest of its children, has had, in MB."""
    return resource.getrusage(who).ru_maxrss // 1000


def server_memory(folder: Path) -> str:
    """Say how much memory the server over a folder's graph has had at most (Linux)."""
    address = files.read_json(files.serving(folder, files.current(folder) or "") / files.SERVER_FILE) or {}
    status = Path(f"/proc/{address.get('pid')}/status")
    peak = re.search(r"VmHWM:\s*(\d+)", status.read_text(encoding="ascii")) if status.exists() else None
    return f"the server had at most {int(peak[1]) // 1000:,} MB" if peak else ""


def main() -> None:
    """Make the graph where there is none, and ask it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=200_000)
    parser.add_argument("--folder", required=True, help="a folder for the graph, or bolt://...")
    chosen = parser.parse_args()
    if "://" not in chosen.folder:
        make(Path(chosen.folder), chosen.statements)
    with open_graph(chosen.folder) as graph:
        questions(graph)
        if "://" not in chosen.folder:
            print(server_memory(Path(chosen.folder)))


if __name__ == "__main__":
    main()
