"""How fast the ledger records, assembles and exports, and in how much memory, on synthetic documents.

    python -m benchmarks.rdf [--documents 20000] [--per-document 5]

Prints one JSON object: rates per second, seconds, sizes in bytes, and the peak resident memory (bytes) of a process
that only opens the ledger and exports it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kg.assemble import assemble
from kg.model import Candidate, Concept, Document, Evidence, Link, Mention, Reader, Span, Triple
from kg.stores.ledger import DocumentReading, Ledger
from kg.stores.rdf import export
from kg.stores.selection import Selection

READER = Reader("extractor", "1", "0" * 64)
BATCH = 200


def synthetic(documents: int, per_document: int) -> Iterator[DocumentReading]:
    """Yield readings that name 2,000 concepts; every triple turns up in several documents."""
    sentence = "In this trial of several hundred patients the {0} arm had more {1} than the placebo arm did."
    concepts = [Concept(f"MESH:D{n:06}", f"concept {n}", "Disease", (f"name {n}",), source="x") for n in range(2000)]
    for number in range(documents):
        names = [(number * 7 + n * n, number * 13 % 97 + n) for n in range(per_document)]
        said = [sentence.format(f"A{a % 2000}", f"B{b}") for a, b in names]
        document = Document(f"PMID:{number}", f"PMID:{number}", "\n".join(said), "pubmed", "article", version="1")
        links, evidence, start = [], [], 0
        for (a, b), text in zip(names, said, strict=True):
            spans = []
            for index, name in ((a % 2000, f"A{a % 2000}"), (b, f"B{b}")):
                place = start + text.index(name)
                spans.append(Span(place, place + len(name)))
                mention = Mention(document.id, spans[-1], name, "Disease", 0.9)
                links.append(Link(mention, (Candidate(concepts[index], 1.0, name, "exact"),)))
            triple = Triple(concepts[a % 2000].id, "biolink:causes", concepts[b].id)
            whole = Span(start, start + len(text))
            evidence.append(
                Evidence(
                    triple,
                    document.id,
                    document.work,
                    document.text_hash,
                    READER,
                    0.8,
                    "abstract",
                    whole,
                    text,
                    spans[0],
                    spans[1],
                )
            )
            start += len(text) + 1
        yield DocumentReading(document, "k", tuple(links), tuple(evidence))


def measure(folder: Path, documents: int, per_document: int) -> dict[str, float]:
    """Return the figures of one run."""
    readings = list(synthetic(documents, per_document))
    figures: dict[str, float] = {}
    with Ledger.open(folder, write=True) as ledger:
        began = time.perf_counter()
        for start in range(0, documents, BATCH):
            ledger.record_batch(readings[start : start + BATCH])
        figures["documents_recorded_per_second"] = documents / (time.perf_counter() - began)
        began = time.perf_counter()
        ledger.refresh(assemble)
        figures["refresh_seconds"] = time.perf_counter() - began
        began = time.perf_counter()
        unknown = sum(
            len(ledger.unknown([r.document for r in readings[start : start + BATCH]], "k"))
            for start in range(0, documents, BATCH)
        )
        figures["documents_known_per_second"] = documents / (time.perf_counter() - began)
        figures |= {name: float(value) for name, value in ledger.counts().items()}
    if unknown:
        raise SystemExit(f"{unknown} documents that were recorded are not known")
    command = [sys.executable, "-m", "benchmarks.rdf", "--export", str(folder)]
    exported: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return figures | exported | {"ledger_bytes": float((folder / "ledger.duckdb").stat().st_size)}


def export_only(folder: Path) -> dict[str, float]:
    """Return the figures of an export, with the peak memory of this process."""
    output = folder / "graph.nq"
    with Ledger.open(folder) as ledger:
        began = time.perf_counter()
        quads = export(Selection(ledger), output)
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"quads": quads, "quads_per_second": quads / seconds, "export_peak_bytes": peak}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--per-document", type=int, default=5)
    parser.add_argument("--export", type=Path, help="only export this graph folder")
    options = parser.parse_args()
    if options.export:
        figures = export_only(options.export)
    else:
        with tempfile.TemporaryDirectory() as folder:
            figures = measure(Path(folder), options.documents, options.per_document)
    json.dump({name: round(value, 3) for name, value in figures.items()}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
