"""brat stand-off: `name.txt` beside `name.ann`, discontinuous spans included (MACCROBAT).

Read are text-bound mentions (T), relations between them (R), normalisations (N) and the status of a mention or of its
event (A, E): ``POLARITY`` as MACCROBAT writes it, ``Status`` as ``kg read --format brat`` does. Other lines say nothing
here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

from kg.errors import SourceFormatError
from kg.model import Status
from kg.train.corpora.gold import GoldDocument, GoldMention, GoldRelation, checked

_RELATION = re.compile(r"^R\S*\t(\S+) \w+:(\S+) \w+:(\S+)\s*$")
_EVENT = re.compile(r"^(E\S*)\t\w+:(T\S+)")
_ATTRIBUTE = re.compile(r"^A\S*\t(?:POLARITY|Status) (\S+) (\S+)\s*$")
_STATUSES = {status: status for status in get_args(Status)} | {
    "NEG": "negated",
    "POS": "affirmed",
    "UNCERTAIN": "hedged",
    "MAYBE_POS": "hedged",
    "MAYBE_NEG": "hedged",
}
_NAMED = re.compile(r"^N\S*\tReference (T\S+) (\S+?)(?:\t.*)?$")


def _mention(file: str, ident: str, text: str, line: str, number: int) -> tuple[str, GoldMention]:
    try:
        name, place, words = line.split("\t", 2)
        kind, spans = place.split(" ", 1)
        parts = tuple((int(start), int(end)) for start, end in (span.split() for span in spans.split(";")))
    except ValueError as error:
        raise SourceFormatError("not a brat text-bound line", file=file, line=number, found=line) from error
    mention = GoldMention(parts[0][0], parts[-1][1], words, kind, (), parts if len(parts) > 1 else ())
    return name, checked(file, ident, text, mention, number)


def _document(path: Path, text: str) -> GoldDocument:
    mentions: dict[str, GoldMention] = {}
    related: list[tuple[int, str, str, str]] = []
    ids: dict[str, list[str]] = {}
    events: dict[str, str] = {}
    said: list[tuple[str, str]] = []
    for number, line in enumerate(_read(path).split("\n"), 1):
        if line.startswith("T"):
            name, mention = _mention(path.name, path.stem, text, line.rstrip("\r"), number)
            mentions[name] = mention
        elif match := _RELATION.match(line):
            related.append((number, match.group(1), match.group(2), match.group(3)))
        elif match := _NAMED.match(line):
            ids.setdefault(match.group(1), []).append(match.group(2))
        elif match := _EVENT.match(line):
            events[match.group(1)] = match.group(2)
        elif match := _ATTRIBUTE.match(line):
            said.append((match.group(1), _STATUSES.get(match.group(2), "")))
    # relations between events (MACCROBAT: E lines) are no relations between mentions
    between = [one for one in related if one[2].startswith("T") and one[3].startswith("T")]
    for number, _, *ends in between:
        for end in ends:
            if end not in mentions:
                raise SourceFormatError("a relation without its mention", file=path.name, line=number, mention=end)
            ids.setdefault(end, [mentions[end].text.lower()])  # without an id the words are the concept
    statuses = {events.get(owner, owner): status for owner, status in said}
    named = {
        name: replace(one, ids=tuple(ids.get(name, ())), status=statuses.get(name, ""))
        for name, one in mentions.items()
    }
    relations = {GoldRelation(kind, ids[one][0], ids[two][0]): None for _, kind, one, two in between}
    return GoldDocument(path.stem, text, tuple(named.values()), tuple(relations))


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:  # offsets count both characters of a line end
            return file.read()
    except UnicodeDecodeError as error:
        raise SourceFormatError(f"not UTF-8: {error}", file=path.name) from error


def read_brat(folder: Path) -> Iterator[GoldDocument]:
    """Yield a document for every .ann file with its .txt, by name. Raises SourceFormatError and OffsetError."""
    for path in sorted(folder.glob("*.ann")):
        source = path.with_suffix(".txt")
        if not source.exists():
            raise SourceFormatError("an .ann file without its .txt", file=path.name)
        yield _document(path, _read(source))
