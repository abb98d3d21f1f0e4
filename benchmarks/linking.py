"""Speed of loading and linking: python benchmarks/linking.py CORPUS.PubTator

Prints seconds and MB of loading, then mentions per second for new and for repeated names, and per second of processor
time: on a machine that others use too, only the latter says something.
"""

import resource
import sys
import time
from pathlib import Path

from kg.config import bundled
from kg.evaluate.linking import read_gold
from kg.link.linker import Linker
from kg.link.terminology import Terminology
from kg.model import Segmented
from kg.text.abbreviations import find_abbreviations


def main() -> None:
    """Load, link every gold mention of the corpus twice, print."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    terminology = Terminology.load(bundled("models/terminology"))
    loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"load\t{time.perf_counter() - began:.2f} s\t{loaded:.0f} MB peak ({before:.0f} MB before)")
    linker = Linker.load(terminology)
    linker.named("wrmup nme", "Disease")  # builds the indexes of trigrams, senses and vectors, once
    documents = [
        (Segmented(gold.document, (), find_abbreviations(gold.document.text)), [one.mention for one in gold.mentions])
        for gold in read_gold(Path(sys.argv[1]))
    ]
    total = sum(len(mentions) for _, mentions in documents)
    distinct = len({(one.text, one.category) for _, mentions in documents for one in mentions})
    for what, count in (("new names", distinct), ("repeated mentions", total)):
        began, worked = time.perf_counter(), time.process_time()
        for segmented, mentions in documents:
            linker.link(segmented, mentions)
        seconds, work = time.perf_counter() - began, time.process_time() - worked
        print(f"{what}\t{count / seconds:.0f}/s\t{count / work:.0f}/s of processor time")
    print(f"peak\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
