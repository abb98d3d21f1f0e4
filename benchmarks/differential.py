"""How long the differential takes on a large embedded graph: the first question to it, the first of a process, others.

    python -m benchmarks.differential --statements 1000000 --folder /tmp/large   # makes the graph there, once

A patient is made from a disease of the graph: four of its findings are there, or what they are a kind of, and two
findings of others are not. ``--folder`` may be any graph of `kg build`, too.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.query import make, server_memory, timed
from kg.opening import open_graph
from kg.query import KnowledgeGraph
from kg.stores import embedded_files as files

ASKED = 200
SAID = """MATCH (s:Statement {predicate: 'biolink:has_phenotype'}) WHERE s.belief > 0
RETURN s.subject AS disease, s.object AS finding"""


def patients(graph: KnowledgeGraph) -> dict[str, tuple[list[str], list[str]]]:
    """Return by number what each patient has and has not."""
    had: dict[str, list[str]] = defaultdict(list)
    for row in graph.cypher(SAID):
        had[row["disease"]].append(row["finding"])
    chance = random.Random(0)
    known = sorted(disease for disease, findings in had.items() if len(findings) >= 4)
    made = {}
    for number in range(ASKED):
        own, other = chance.choice(known), chance.choice(known)
        present = chance.sample(sorted(had[own]), 4)
        broader = graph.concept(present[0]).parents
        made[str(number)] = ([*broader[:1], *present[1:]], chance.sample(sorted(had[other]), 2))
    return made


def main() -> None:
    """Make the graph where there is none, and ask it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, required=True, help="a folder for the graph")
    chosen = parser.parse_args()
    make(chosen.folder, chosen.statements)
    with open_graph(chosen.folder) as graph:
        asked = patients(graph)
        serving = files.serving(chosen.folder, files.current(chosen.folder) or "")
        for kept in serving.glob("*.npz"):
            kept.unlink()
        print(f"{graph.counts()}, load average {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores")
        print("| question | asked | median ms | p95 ms | longest ms |\n|---|---|---|---|---|")
        began = time.process_time()
        timed("the first, without the table of findings", lambda one: graph.differential(*asked[one]), ["0"])
        spent = time.process_time() - began
    with open_graph(chosen.folder) as graph:
        timed("the first of a process, with it", lambda one: graph.differential(*asked[one]), ["0"])
        timed("others", lambda one: graph.differential(*asked[one]), asked)
        timed("a man of 30, the first", lambda one: graph.differential(*asked[one], age=30, sex="male"), ["0"])
        timed("a man of 30, others", lambda one: graph.differential(*asked[one], age=30, sex="male"), asked)
        considered = graph.differential(*asked["0"]).considered
        memory = server_memory(chosen.folder)
        print(f"{considered:,} diseases; the first question took {spent:.1f} s of CPU here; {memory}")


if __name__ == "__main__":
    main()
