"""Readers of annotated corpora; every offset is checked, every error names file, document and offset."""

from __future__ import annotations

from pathlib import Path

from kg.errors import SourceFormatError
from kg.train.corpora.bioc import read_bioc
from kg.train.corpora.brat import read_brat
from kg.train.corpora.crowdtruth import read_crowdtruth
from kg.train.corpora.gold import GoldDocument, GoldMention, GoldRelation
from kg.train.corpora.pubtator import read_pubtator
from kg.train.corpora.tac import read_tac

__all__ = ["GoldDocument", "GoldMention", "GoldRelation", "read_corpus"]


def read_corpus(path: Path) -> tuple[GoldDocument, ...]:
    """Read a corpus of any known format, recognised by content.

    A folder is brat (.ann files), TAC (.xml labels) or CrowdTruth (repaired_*.tsv); a file is PubTator, BioC XML or
    JSON, a TAC label or a CrowdTruth table. Raises SourceFormatError when it is none of these, and what the readers
    raise.
    """
    if not path.exists():
        raise SourceFormatError("no such corpus", file=str(path))
    if path.is_dir():
        if next(path.glob("*.ann"), None):
            return tuple(read_brat(path))
        if next(path.glob("repaired_*.tsv"), None):
            return tuple(read_crowdtruth(path))
        labels = sorted(path.glob("*.xml"))
        if labels and b"<Label" in labels[0].read_bytes()[:1000]:
            return tuple(read_tac(path))
        files = [file for file in sorted(path.iterdir()) if file.suffix.lower() in (".pubtator", ".xml", ".json")]
        if len(files) == 1:
            return read_corpus(files[0])
        raise SourceFormatError("no corpus of a known format in this folder; name one file", file=str(path))
    with path.open("rb") as file:
        head = file.read(4000)
    first = head.split(b"\n", 1)[0]
    if b"|t|" in first:
        return tuple(read_pubtator(path))
    if b"<Label" in head:
        return tuple(read_tac(path))
    if b"<collection" in head or (head.lstrip()[:1] == b"{" and b'"documents"' in head):
        return tuple(read_bioc(path))
    if b"umls_seed_relation" in first:
        return tuple(read_crowdtruth(path))
    raise SourceFormatError("not PubTator, BioC, brat, a TAC label or a CrowdTruth table", file=str(path))
