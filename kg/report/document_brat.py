"""A read document as brat stand-off: the .ann beside the document's text as .txt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import Span
from kg.report.document import names, relations
from kg.stores.ledger import DocumentReading

_BREAK = re.compile(r"[\r\n\t\u2028\u2029]+")


def brat(reading: DocumentReading) -> str:
    """Return the .ann: names (T), their status (A) and concepts (N), relations (R) with who said them (#).

    A name over a line break is written in pieces, as brat wants it. The type of a relation that is refuted or only
    supposed begins with ``refuted_`` or ``hypothetical_``.
    """
    text = reading.document.text
    lines: list[str] = []
    attributes: list[str] = []
    references: list[str] = []
    ids: dict[Span, str] = {}
    for name in names(reading):
        mention = name.mention
        ids[mention.span] = name.id
        pieces = list(_pieces(mention.span, text))
        places = ";".join(f"{piece.start} {piece.end}" for piece in pieces)
        lines.append(f"{name.id}\t{mention.category} {places}\t{' '.join(piece.of(text) for piece in pieces)}")
        if mention.status != "affirmed":
            attributes.append(f"A{len(attributes) + 1}\tStatus {name.id} {mention.status}")
        for candidate in name.concepts:
            concept = candidate.concept
            references.append(f"N{len(references) + 1}\tReference {name.id} {concept.id}\t{_one_line(concept.name)}")
    lines += attributes + references
    for number, relation in enumerate(relations(reading), 1):
        one = relation.reading
        lines.append(f"{relation.id}\t{relation.kind} Arg1:{ids[one.subject.span]} Arg2:{ids[one.object.span]}")
        said = f"{one.polarity}, {one.certainty}, score {one.score}, {one.reader.id}"
        lines.append(f"#{number}\tAnnotatorNotes {relation.id}\t{said}")
    return "".join(f"{line}\n" for line in lines)


def file_name(reading: DocumentReading) -> str:
    """Return the name of the pair of files, without ending: the document's id in letters that every disk takes.

    >>> from kg.model import Document
    >>> file_name(DocumentReading(Document("file:../a b.md#md", "w", "", "test", "article"), "k"))
    'file_.._a_b.md_md'
    """
    return re.sub(r"[^\w.-]", "_", reading.document.id)[:150].lstrip(".")


def _pieces(span: Span, text: str) -> Iterator[Span]:
    start = span.start
    for found in _BREAK.finditer(text, span.start, span.end):
        if found.start() > start:
            yield Span(start, found.start())
        start = found.end()
    if start < span.end:
        yield Span(start, span.end)


def _one_line(text: str) -> str:
    return " ".join(text.split())
