"""What an annotated corpus says: documents with mentions and relations, in the corpus's own words."""

from __future__ import annotations

from dataclasses import dataclass

from kg.errors import OffsetError


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A mention [start, end) in code points. `ids`: its concepts (several for a composite mention, none if unknown).

    `parts` are the pieces of a discontinuous mention; start and end enclose them. `status`: a status of kg.model where
    the corpus says one, else empty; `because`: the type of the mention that makes it so (TAC: Negation, Factor,
    DrugClass, Animal).
    """

    start: int
    end: int
    text: str
    type: str
    ids: tuple[str, ...] = ()
    parts: tuple[tuple[int, int], ...] = ()
    status: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class GoldRelation:
    """`type` holds between concept `first` and concept `second` (ids of the document's mentions)."""

    type: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One annotated text."""

    id: str
    text: str
    mentions: tuple[GoldMention, ...]
    relations: tuple[GoldRelation, ...] = ()


def _fold(words: str) -> str:
    return " ".join(words.replace('"', " ").split())


def checked(file: str, document: str, text: str, mention: GoldMention, line: int = 0) -> GoldMention:
    """Return the mention if its offsets point at its words, else raise OffsetError with file, line and what is there.

    White space and double quotes are folded: NCBI-Disease lost the quotes inside mentions.
    """
    places = mention.parts or ((mention.start, mention.end),)
    where = {"file": file, "line": line, "document": document, "offset": mention.start}
    if any(not 0 <= start < end <= len(text) for start, end in places):
        raise OffsetError("mention outside the text", **where)
    found = " ".join(text[start:end] for start, end in places)
    if _fold(found) != _fold(mention.text):
        raise OffsetError("offsets do not point at the mention's words", **where, expected=mention.text, found=found)
    return mention
