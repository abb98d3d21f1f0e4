"""A whole build: does its memory grow with the documents, and what does building the same again cost.

    python -m benchmarks.pipeline [--documents 100 1000] [PATH ...]

Builds graphs of so many citations (made from those of the tests' sample by counting the PMIDs up), or of PATHs, each
twice, each build in a process of its own. Prints one JSON object: for each graph the documents, the seconds of the
build and of the same build again (start-up aside, as `kg build --json` counts them, and whole processes), their ratio,
and the peak resident memory (MiB) of the build.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_SAMPLE = Path(__file__).parent.parent / "tests" / "data" / "sources" / "medline16n0902.xml"


def synthesise(count: int, path: Path) -> None:
    """Write `count` English citations, made from the sample's."""
    text = _SAMPLE.read_text(encoding="utf-8")
    citations = [
        one
        for one in re.findall(r"<MedlineCitation .*?</MedlineCitation>", text, re.DOTALL)
        if "<AbstractText" in one and "<Language>eng</Language>" in one
    ]
    with gzip.open(path, "wt", encoding="utf-8") as handle:
        handle.write('<?xml version="1.0"?>\n<MedlineCitationSet>\n')
        for number in range(count):
            one = citations[number % len(citations)]
            handle.write(re.sub(r">\d+</PMID>", f">{number + 1}</PMID>", one, count=1) + "\n")
        handle.write("</MedlineCitationSet>\n")


def build(paths: Sequence[Path], graph: Path) -> dict[str, float]:
    """Run `kg build` in a process of its own: its counts, seconds inside and outside, peak memory."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.pipeline", "--apart", str(graph), *map(str, paths)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return {**measured, "process": round(time.perf_counter() - began, 2)}


def apart(paths: Sequence[Path], graph: Path) -> None:
    """Build in this process and print what it cost."""
    from kg.config import load_settings
    from kg.pipeline import build as run

    class Silent:
        def begin(self, stage: str, total: int) -> None: ...

        def reached(self, units: int, note: str = "") -> None: ...

    report = run(paths, graph, load_settings(), Silent())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = {"documents": report.totals.documents, "read": report.read, "evidence": report.totals.evidence}
    print(json.dumps({**counts, "seconds": round(report.seconds, 2), "peak_mib": round(peak)}))


def measure(paths: Sequence[Path], folder: Path) -> dict[str, object]:
    """Build `paths` twice into a fresh graph."""
    first, again = build(paths, folder / "graph"), build(paths, folder / "graph")
    shares = {name: round(100 * again[name] / first[name], 1) for name in ("seconds", "process")}
    return {"first": first, "again": again, "again_percent": shares}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", type=Path, nargs="*", metavar="PATH")
    parser.add_argument("--documents", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--apart", type=Path, help="build into this graph, in this process")
    options = parser.parse_args()
    if options.apart:
        apart(options.paths, options.apart)
        return
    result: dict[str, object] = {}
    for count in [0] if options.paths else options.documents:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if not options.paths:
                synthesise(count, folder / "citations.xml.gz")
            result[str(count or "paths")] = measure(options.paths or [folder / "citations.xml.gz"], folder)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
