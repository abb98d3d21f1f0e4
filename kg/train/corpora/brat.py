"""brat stand-off: `name.txt` beside `name.ann`, discontinuous spans included (MACCROBAT)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.errors import SourceFormatError
from kg.train.corpora.gold import GoldDocument, GoldMention, checked


def _mention(file: str, ident: str, text: str, line: str) -> GoldMention:
    try:
        _, place, words = line.split("\t", 2)
        kind, spans = place.split(" ", 1)
        parts = tuple((int(start), int(end)) for start, end in (span.split() for span in spans.split(";")))
    except ValueError as error:
        raise SourceFormatError("not a brat text-bound line", file=file, document=ident, line=line) from error
    mention = GoldMention(parts[0][0], parts[-1][1], words, kind, (), parts if len(parts) > 1 else ())
    return checked(file, ident, text, mention)


def read_brat(folder: Path) -> Iterator[GoldDocument]:
    """Yield a document for every .ann file with its .txt, by name. Raises SourceFormatError and OffsetError."""
    for path in sorted(folder.glob("*.ann")):
        source = path.with_suffix(".txt")
        if not source.exists():
            raise SourceFormatError("an .ann file without its .txt", file=path.name)
        text = source.read_text(encoding="utf-8")
        lines = path.read_text(encoding="utf-8").splitlines()
        mentions = (_mention(path.name, path.stem, text, line) for line in lines if line.startswith("T"))
        yield GoldDocument(path.stem, text, tuple(mentions))
