"""How fast PubMed citations are read, and in how much memory, side by side with pubmed_parser and Biopython.

    python -m benchmarks.medline [FILE.xml.gz] [--repeat 3]

20,000 citations are made from those of the file (default: the small sample of the tests), in the form of the 2019 DTD,
which all three can read. Each reader runs in a process of its own. Prints one JSON object: citations per second of CPU
time (the best of the repetitions), the peak resident memory (MiB), and how many times slower the others are. They are
measured if they are installed (`pip install pubmed-parser biopython`). The machine's load changes the rates, hardly
the ratios.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

_SAMPLE = Path(__file__).parent.parent / "tests" / "data" / "sources" / "medline16n0902.xml"
_MADE = 20_000
_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2019//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd">
<PubmedArticleSet>
"""


def medkg(path: Path) -> int:
    """Read with kg.sources; return how many citations there were."""
    from kg.config import Settings
    from kg.model import Document
    from kg.sources import read

    return sum(isinstance(item, Document) and item.id == item.work for item in read([path], Settings()))


def pubmed_parser(path: Path) -> int:
    """Read with pubmed_parser; return how many citations there were."""
    import pubmed_parser as peer

    return sum(not item["delete"] for item in peer.parse_medline_xml(str(path)))


def biopython(path: Path) -> int:
    """Read with Biopython, the whole file at once as its documentation does; return how many citations there were."""
    from Bio import Entrez

    with gzip.open(path) as handle:
        found = Entrez.read(handle)
    return len(found["PubmedArticle"] if isinstance(found, dict) else found)


READERS: dict[str, tuple[str, Callable[[Path], int]]] = {
    "medkg": ("kg", medkg),
    "pubmed_parser": ("pubmed_parser", pubmed_parser),
    "biopython": ("Bio", biopython),
}


def measure(name: str, path: Path, repeat: int) -> dict[str, float]:
    """Run one reader in this process; return citations, rate and peak memory."""
    best = 0.0
    count = 0
    for _ in range(repeat):
        began = time.process_time()
        count = READERS[name][1](path)
        best = max(best, count / (time.process_time() - began))
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return {"citations": count, "per_second": round(best), "peak_mib": round(int(peak[1]) / 1024) if peak else 0}


def synthesise(source: Path, path: Path) -> None:
    """Write a .gz of many citations, made from the source's by counting the PMIDs up."""
    data = source.read_bytes()
    text = (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode("utf-8")
    text = re.sub(r"<DateCreated>.*?</DateCreated>\s*", "", text, flags=re.DOTALL)  # gone from the DTD since 2018
    citations = re.findall(r"<MedlineCitation .*?</MedlineCitation>", text, re.DOTALL)
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as handle:
        handle.write(_HEAD)
        for number in range(1, _MADE + 1):
            citation = re.sub(r">\d+</PMID>", f">{number}</PMID>", citations[number % len(citations)], count=1)
            identifier = f'<ArticleIdList><ArticleId IdType="pubmed">{number}</ArticleId></ArticleIdList>'
            data_part = f"<PubmedData><PublicationStatus>ppublish</PublicationStatus>{identifier}</PubmedData>"
            handle.write(f"<PubmedArticle>{citation}{data_part}</PubmedArticle>\n")
        handle.write("</PubmedArticleSet>\n")


def compare(path: Path, repeat: int) -> dict[str, object]:
    """Measure every reader that is installed, each in a process of its own."""
    result: dict[str, object] = {"bytes": path.stat().st_size}
    rates: dict[str, float] = {}
    for name, (module, _) in READERS.items():
        if find_spec(module) is None:
            result[name] = "not installed"
            continue
        command = [sys.executable, "-m", "benchmarks.medline", str(path), "--repeat", str(repeat), "--only", name]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            result[name] = f"failed: {done.stderr.strip().splitlines()[-1]}"
            continue
        measured = json.loads(done.stdout)
        result[name] = measured
        rates[name] = measured["per_second"]
    result["times_slower"] = {name: round(rates["medkg"] / rate, 1) for name, rate in rates.items() if name != "medkg"}
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", choices=READERS, help="measure one reader in this process")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(measure(options.only, options.file, options.repeat)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pubmed19n0001.xml.gz"
        synthesise(options.file or _SAMPLE, path)
        print(json.dumps(compare(path, options.repeat), indent=2))


if __name__ == "__main__":
    main()
