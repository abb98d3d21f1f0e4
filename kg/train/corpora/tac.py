"""TAC 2017 ADR drug labels: one XML file a label; every section counts its offsets from its own beginning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from kg.errors import SourceFormatError
from kg.train.corpora.gold import GoldDocument, GoldMention, checked
from kg.train.corpora.markup import Node, read_xml, whole

_STATUS = {"Negated": "negated", "Hypothetical": "hypothetical"}  # relations that say how a reaction is meant
_REACTION = "AdverseReaction"
_Said = tuple[str, str]  # status, and the type of the mention that makes it so


def _spans(mention: Node, file: str) -> tuple[tuple[int, int], ...]:
    starts, lengths = (mention.get(name, "").split(",") for name in ("start", "len"))
    if len(starts) != len(lengths):
        raise SourceFormatError("as many starts as lengths are wanted", file=file, line=mention.line)
    begins = [whole(one, "start", file, mention.line) for one in starts]
    sizes = [whole(one, "len", file, mention.line) for one in lengths]
    return tuple((begin, begin + size) for begin, size in zip(begins, sizes, strict=True))


def _mention(file: str, ident: str, text: str, mention: Node, said: Mapping[str, _Said]) -> GoldMention:
    parts = _spans(mention, file)
    kind = mention.get("type", "")
    status, because = said.get(mention.get("id", ""), ("affirmed", "")) if kind == _REACTION else ("", "")
    pieces = parts if len(parts) > 1 else ()
    gold = GoldMention(parts[0][0], parts[-1][1], mention.get("str", ""), kind, (), pieces, status, because)
    return checked(file, ident, text, gold, mention.line)


def _label(path: Path) -> Iterator[GoldDocument]:
    root = read_xml(path)
    types = {mention.get("id", ""): mention.get("type", "") for mention in root.iter("Mention")}
    said: dict[str, _Said] = {}
    for relation in root.iter("Relation"):
        status, reaction = _STATUS.get(relation.get("type", "")), relation.get("arg1", "")
        if status and said.get(reaction, ("", ""))[0] != "negated":  # not even supposed beats supposed
            said[reaction] = status, types.get(relation.get("arg2", ""), "")
    for section in root.iter("Section"):
        ident = f"{path.stem}/{section.get('id', '')}"
        text = section.text or ""
        found = (one for one in root.iter("Mention") if one.get("section") == section.get("id"))
        mentions = tuple(_mention(path.name, ident, text, one, said) for one in found if isinstance(one, Node))
        yield GoldDocument(ident, text, mentions)


def read_tac(path: Path) -> Iterator[GoldDocument]:
    """Yield a document for every section of every label in a folder (or one file), by name.

    An AdverseReaction has a status: negated ("no reports of"), hypothetical (of a class, an animal, a risk), affirmed.
    Raises SourceFormatError and OffsetError.
    """
    for file in sorted(path.glob("*.xml")) if path.is_dir() else [path]:
        yield from _label(file)
