"""How fast the ledger records, assembles and exports, and in how much memory, on synthetic documents; beside rdflib.

    python -m benchmarks.rdf [--documents 2500] [--per-document 5]

Prints one JSON object: rates per second, seconds, sizes in bytes. The exports are processes of their own, one after the
other over the same quads: ``export`` opens the ledger and writes N-Quads; ``rdflib`` reads that file into a Dataset and
is timed from there, writing it as N-Quads again. Their rates are quads per second of processor time (all threads), as
others may use the machine too; ``memory_quads_per_second`` is our writer from nouns in memory, which is what rdflib's
does. Peaks are of resident memory; ``export_times_rdflib`` and ``memory_times_rdflib`` are ratios of rates.
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
from itertools import islice
from pathlib import Path

from kg.assemble import assemble
from kg.model import Candidate, Concept, Document, Evidence, Link, Mention, Reader, Span, Triple
from kg.stores.ledger import DocumentReading, Ledger
from kg.stores.rdf import export
from kg.stores.rdf_statements import association, claimed, reified
from kg.stores.selection import Selection

READER = Reader("extractor", "1", "0" * 64)
BATCH = 200
FILE = "graph.nq"


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
    ours = _apart("--export", folder)
    theirs = _apart("--rdflib", folder / FILE)
    ratios = {
        f"{way}_times_rdflib": ours[f"{way}_quads_per_second"] / theirs["rdflib_quads_per_second"]
        for way in ("export", "memory")
    }
    ratios["rdflib_peak_times_export"] = theirs["rdflib_peak_bytes"] / ours["export_peak_bytes"]
    return figures | ours | theirs | ratios | {"ledger_bytes": float((folder / "ledger.duckdb").stat().st_size)}


def _apart(option: str, path: Path) -> dict[str, float]:
    """Return the figures of a process of its own."""
    command = [sys.executable, "-m", "benchmarks.rdf", option, str(path)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def export_only(folder: Path) -> dict[str, float]:
    """Return the figures of an export, with the peak memory of this process until then."""
    with Ledger.open(folder) as ledger:
        began, clock = time.process_time(), time.perf_counter()
        quads = export(Selection(ledger), folder / FILE)
        seconds, clock = time.process_time() - began, time.perf_counter() - clock
        peak = _peak()
        held = list(islice(Selection(ledger).supported(), 5000))
    began = time.process_time()
    written = sum((claimed(*one) + association(*one, reified)).encode().count(b"\n") for one in held)
    memory = written / (time.process_time() - began)
    return {
        "quads": quads,
        "export_seconds": clock,
        "export_quads_per_second": quads / seconds,
        "memory_quads_per_second": memory,
        "export_peak_bytes": peak,
    }


def rdflib_only(file: Path) -> dict[str, float]:
    """Return the figures of rdflib's N-Quads serializer over what a file says."""
    import rdflib  # here, so that the export's peak memory does not hold it

    data = rdflib.Dataset()
    data.parse(file, format="nquads")
    began = time.process_time()
    data.serialize(file.with_suffix(".rdflib.nq"), format="nquads")
    seconds = time.process_time() - began
    quads = sum(1 for _ in file.open("rb"))
    return {"rdflib_quads_per_second": quads / seconds, "rdflib_peak_bytes": _peak()}


def _peak() -> float:
    """Return the most memory that this program held, in bytes.

    Linux counts in ru_maxrss what the process was before it became this program: a copy of the one that started it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return float(status.read_text().split("VmHWM:")[1].split()[0]) * 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * 1024


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2_500)
    parser.add_argument("--per-document", type=int, default=5)
    parser.add_argument("--export", type=Path, help="only export this graph folder")
    parser.add_argument("--rdflib", type=Path, help="only read this file with rdflib, and write it")
    options = parser.parse_args()
    if options.export:
        figures = export_only(options.export)
    elif options.rdflib:
        figures = rdflib_only(options.rdflib)
    else:
        with tempfile.TemporaryDirectory() as folder:
            figures = measure(Path(folder), options.documents, options.per_document)
    json.dump({name: round(value, 3) for name, value in figures.items()}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
