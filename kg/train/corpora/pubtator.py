"""PubTator: `id|t|title`, `id|a|abstract`, then tab-separated mentions and relations (BC5CDR, BioRED, NCBI-Disease)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kg.errors import SourceFormatError
from kg.train.corpora.gold import GoldDocument, GoldMention, GoldRelation, checked

_HEAD = re.compile(r"^([^|\t]+)\|([ta])\|(.*)$")


def _ids(field: str, comma_only: bool) -> tuple[str, ...]:
    """Split an id field. BioRED joins by comma only: its variant ids contain the other separators."""
    parts = field.split(",") if comma_only else re.split(r"[|+]", field)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip() not in ("", "-", "-1")))


def _block(file: str, lines: list[tuple[int, str]], comma_only: bool) -> GoldDocument:
    texts: dict[str, str] = {}
    ident = ""
    mentions: list[GoldMention] = []
    relations: dict[GoldRelation, None] = {}
    for number, line in lines:
        head = _HEAD.match(line)
        if head and head.group(2) not in texts:
            ident = head.group(1)
            texts[head.group(2)] = head.group(3)
            continue
        fields = line.split("\t")
        text = f"{texts.get('t', '')} {texts.get('a', '')}"
        if len(fields) >= 5 and fields[1].isdigit() and fields[2].isdigit():
            ids = _ids(fields[5], comma_only) if len(fields) > 5 else ()
            mention = GoldMention(int(fields[1]), int(fields[2]), fields[3], fields[4], ids)
            mentions.append(checked(file, ident, text, mention, number))
        elif len(fields) in (4, 5):
            relations[GoldRelation(fields[1], fields[2], fields[3])] = None
        else:
            raise SourceFormatError("neither a mention nor a relation", file=file, document=ident, line=number)
    if "t" not in texts:
        raise SourceFormatError("a document without a title line", file=file, line=lines[0][0])
    return GoldDocument(ident, f"{texts['t']} {texts.get('a', '')}", tuple(mentions), tuple(relations))


def read_pubtator(path: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a PubTator file. Raises SourceFormatError and OffsetError."""
    try:
        content = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceFormatError(f"not UTF-8: {error}", file=path.name) from error
    comma_only = "DiseaseOrPhenotypicFeature" in content
    lines: list[tuple[int, str]] = []
    for number, line in enumerate([*content.split("\n"), ""], 1):
        if line.strip():
            lines.append((number, line.rstrip("\r")))
        elif lines:
            yield _block(path.name, lines, comma_only)
            lines = []
