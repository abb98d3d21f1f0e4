"""Texts with the area of medicine they are about, made from annotated corpora: an example for `kg train classifier`.

`python tools/disease_areas.py DATA [--titles] > areas.jsonl`: one row for every document of BC5CDR, NCBI-Disease and
BioRED whose disease names lie mostly in one branch of MeSH; `split` is the corpus's own. A document of a dev half is
never in train.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kg.train.corpora import GoldDocument, read_corpus
from kg.train.hierarchy import Tree, read_tree

AREAS = {
    "C04": "neoplasms",
    "C06": "digestive system",
    "C10": "nervous system",
    "C12": "urogenital",
    "C13": "urogenital",
    "C14": "cardiovascular",
    "C18": "metabolic",
    "C20": "immune system",
    "F03": "mental disorders",
}
HALVES = {
    "train": ("BC5CDR/train.PubTator", "NCBI-Disease/train.PubTator", "BioRED/train.PubTator"),
    "dev": ("BC5CDR/dev.PubTator", "NCBI-Disease/dev.PubTator", "BioRED/dev.PubTator"),
}
_MOSTLY = 0.5  # of all disease names in any branch


def area(document: GoldDocument, tree: Tree) -> str | None:
    """The area of most of a document's disease names; None where there is none."""
    found: Counter[str] = Counter()
    total = 0.0
    for mention in document.mentions:
        for ident in mention.ids:
            branches = {number[:3] for number in tree.numbers.get(ident.removeprefix("MESH:"), ())}
            diseases = {one for one in branches if one[0] == "C" or one == "F03"}
            if not diseases:
                continue
            total += 1
            areas = {AREAS[one] for one in diseases if one in AREAS}
            for name in areas:
                found[name] += 1  # type: ignore[assignment]
    ((name, count), *others) = found.most_common(2) or [("", 0)]
    if not count or count < _MOSTLY * total or (others and others[0][1] == count):
        return None
    return name


def rows(data: Path) -> Iterator[dict[str, str]]:
    """All rows, the dev half first, so that a document of both halves stays there."""
    tree = read_tree(data / "vocabularies" / "mesh_ilios2021_mesh_tree.csv")
    seen: set[str] = set()
    for split in ("dev", "train"):
        for name in HALVES[split]:
            for document in read_corpus(data / "corpora" / name):
                label = area(document, tree)
                if document.id not in seen and label:
                    yield {"id": document.id, "text": document.text, "label": label, "split": split}
                seen.add(document.id)


if __name__ == "__main__":
    for row in rows(Path(sys.argv[1])):
        if "--titles" in sys.argv:
            row["text"] = row["text"].split(". ")[0]
        print(json.dumps(row, ensure_ascii=False))
