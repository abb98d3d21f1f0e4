"""TAC 2017 ADR drug labels: one XML file a label; every section counts its offsets from its own beginning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from kg.errors import SourceFormatError
from kg.train.corpora.gold import GoldDocument, GoldMention, checked


def _label(path: Path) -> Iterator[GoldDocument]:
    try:
        root = etree.parse(
            str(path), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        ).getroot()
    except etree.XMLSyntaxError as error:
        raise SourceFormatError(f"broken XML: {error}", file=path.name) from error
    for section in root.iter("Section"):
        ident = f"{path.stem}/{section.get('id', '')}"
        text = section.text or ""
        mentions = []
        for mention in root.iter("Mention"):
            if mention.get("section") != section.get("id"):
                continue
            starts = [int(start) for start in mention.get("start", "").split(",")]
            lengths = [int(length) for length in mention.get("len", "").split(",")]
            parts = tuple((start, start + length) for start, length in zip(starts, lengths, strict=True))
            gold = GoldMention(
                parts[0][0], parts[-1][1], mention.get("str", ""), mention.get("type", ""), (),
                parts if len(parts) > 1 else (),
            )  # fmt: skip
            mentions.append(checked(path.name, ident, text, gold))
        yield GoldDocument(ident, text, tuple(mentions))


def read_tac(path: Path) -> Iterator[GoldDocument]:
    """Yield a document for every section of every label in a folder (or one file), by name."""
    for file in sorted(path.glob("*.xml")) if path.is_dir() else [path]:
        yield from _label(file)
