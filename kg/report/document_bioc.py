"""Read documents as BioC XML: passages with annotations, relations between them, all that is known as infons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from kg.model import Document, Span
from kg.report.document import PUBTATOR_TYPES, Name, Relation, names, relations
from kg.stores.ledger import DocumentReading

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE collection SYSTEM "BioC.dtd">\n'
    "<collection><source>medkg</source><date/><key>medkg.key</key>\n"
)
TAIL = "</collection>\n"
# What XML cannot hold; one character for one, so that offsets stay.
_ODD = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def bioc(reading: DocumentReading) -> str:
    """Return the ``document`` element of one document; ``HEAD`` and ``TAIL`` go around all of them.

    Offsets are code points into the document's text. The type of a relation that is refuted or only supposed begins
    with ``refuted_`` or ``hypothetical_``.
    """
    document = reading.document
    text = _ODD.sub(" ", document.text)
    root = etree.Element("document")
    etree.SubElement(root, "id").text = _ODD.sub(" ", document.id)
    facts = {"work": document.work, "kind": document.kind, "unread": reading.unread, "license": document.license}
    _infons(root, facts)
    every = names(reading)
    for kind, title, span in _passages(document):
        passage = etree.SubElement(root, "passage")
        _infons(passage, {"type": kind, "section": title})
        etree.SubElement(passage, "offset").text = str(span.start)
        etree.SubElement(passage, "text").text = span.of(text)
        for name in every:
            if span.start <= name.mention.span.start < span.end:
                _annotation(passage, name, text)
    ids = {name.mention.span: name.id for name in every}
    for relation in relations(reading):
        _relation(root, relation, ids, text)
    return etree.tostring(root, encoding="unicode") + "\n"


def _passages(document: Document) -> Iterator[tuple[str, str, Span]]:
    """Every section, and what text stands between them: no mention is without a passage."""
    end = 0
    for section in sorted(document.sections, key=lambda section: section.span):
        start = max(section.span.start, end)
        if document.text[end:start].strip():
            yield "body", "", Span(end, start)
        if section.span.end > start:
            yield section.kind, section.title, Span(start, section.span.end)
            end = section.span.end
        end = max(end, start)
    if document.text[end:].strip():
        yield "body", "", Span(end, len(document.text))


def _annotation(passage: etree._Element, name: Name, text: str) -> None:
    mention = name.mention
    element = etree.SubElement(passage, "annotation", id=name.id)
    best = name.concepts
    facts = {
        "type": PUBTATOR_TYPES.get(mention.category, mention.category),
        "identifier": ",".join(dict.fromkeys(candidate.concept.id for candidate in best)),
        "name": "; ".join(dict.fromkeys(candidate.concept.name for candidate in best)),
        "category": mention.category,
        "status": mention.status,
        "cue": mention.cue.of(text) if mention.cue else "",
        "score": str(mention.score),
    }
    _infons(element, facts)
    etree.SubElement(
        element, "location", offset=str(mention.span.start), length=str(mention.span.end - mention.span.start)
    )
    etree.SubElement(element, "text").text = mention.span.of(text)


def _relation(root: etree._Element, relation: Relation, ids: dict[Span, str], text: str) -> None:
    one = relation.reading
    element = etree.SubElement(root, "relation", id=relation.id)
    facts = {
        "type": relation.kind,
        "label": one.label,
        "polarity": one.polarity,
        "certainty": one.certainty,
        "cue": one.cue.of(text) if one.cue else "",
        "score": str(one.score),
        "reader": one.reader.id,
        "count": "" if one.total is None else f"{one.count}/{one.total}",
        "refused": relation.refused,
    }
    _infons(element, facts)
    for role, side in (("head", one.subject), ("tail", one.object)):
        etree.SubElement(element, "node", refid=ids[side.span], role=role)


def _infons(element: etree._Element, facts: dict[str, str]) -> None:
    for key, value in facts.items():
        if value:
            etree.SubElement(element, "infon", key=key).text = _ODD.sub(" ", value)
