"""CrowdTruth tables: a sentence with two marked terms and how far a crowd saw a relation between them, a row each.

`relation` is treat (term1 is treated by term2) or cause (term1 causes term2); the tables of both are read together, as
a sentence is known to say neither only where both were asked.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from kg.errors import SourceFormatError
from kg.train.corpora.gold import GoldDocument, GoldMention, GoldRelation, checked

_COLUMNS = ("sid", "relation", "score", "b1", "e1", "term1", "b2", "e2", "term2", "sentence", "umls_seed_relation")
_SAID, _NOT_SAID = 0.5, 0.2  # scores between are unknown
_DRUG = ("may treat", "may prevent")  # what UMLS says of a drug and a disease

Row = dict[str, str]


def _rows(path: Path) -> Iterator[tuple[Row, GoldMention, GoldMention, float]]:
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = set(_COLUMNS) - set(table.fieldnames or ())
        if missing:
            raise SourceFormatError(f"no column {', '.join(sorted(missing))}", file=path.name, line=1)
        for row in table:
            line = table.line_num
            try:
                places = [int(row[name]) for name in ("b1", "e1", "b2", "e2")]
                score = float(row["score"])
            except (TypeError, ValueError) as error:
                raise SourceFormatError(f"not a number: {error}", file=path.name, line=line) from error
            ends = []
            for number, (start, end) in enumerate((places[:2], places[2:]), 1):
                end = min(end, len(row["sentence"]))  # where a term ends the sentence, tables have an end beyond it
                mention = GoldMention(start, end, row[f"term{number}"], "Term", (f"term{number}",))
                ends.append(checked(path.name, row["sid"], row["sentence"], mention, line))
            yield row, ends[0], ends[1], score


def _typed(mention: GoldMention, kind: str) -> GoldMention:
    return GoldMention(mention.start, mention.end, mention.text, kind, mention.ids)


def read_crowdtruth(path: Path) -> Iterator[GoldDocument]:
    """Yield a document for every sentence of one table, or of a folder's `repaired_*.tsv`, that says or denies.

    A document has two mentions (Disease, or Chemical where the crowd or UMLS sees a drug) and at most one relation:
    treat (drug, disease), cause (left to right) or caused_by. Overlapping terms are left out. Raises
    SourceFormatError and OffsetError.
    """
    files = sorted(path.glob("repaired_*.tsv")) if path.is_dir() else [path]
    found: dict[tuple[str, int, int], dict[str, float]] = {}
    kept: dict[tuple[str, int, int], tuple[Row, GoldMention, GoldMention]] = {}
    for file in files:
        for row, one, two, score in _rows(file):
            if max(one.start, two.start) < min(one.end, two.end):
                continue
            key = (row["sid"], one.start, two.start)
            found.setdefault(key, {})[row["relation"]] = score
            kept.setdefault(key, (row, one, two))
    for key, (row, one, two) in kept.items():
        scores = found[key]
        best = max(scores, key=lambda name: scores[name])
        said = best if scores[best] >= _SAID else ""
        if not said and (len(scores) < 2 or scores[best] >= _NOT_SAID):
            continue
        drug = said == "treat" or (not said and row["umls_seed_relation"] in _DRUG)
        ends = (_typed(one, "Disease"), _typed(two, "Chemical" if drug else "Disease"))
        relations: tuple[GoldRelation, ...] = ()
        if said == "treat":
            relations = (GoldRelation("treat", "term2", "term1"),)
        elif said:
            forward = one.start < two.start
            pair = ("term1", "term2") if forward else ("term2", "term1")
            relations = (GoldRelation("cause" if forward else "caused_by", *pair),)
        yield GoldDocument(f"crowdtruth-{row['sid']}-{one.start}", row["sentence"], ends, relations)
