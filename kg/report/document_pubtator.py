"""A read document as PubTator: title line, abstract line, mentions with concept ids, relations between concepts."""

from __future__ import annotations

import re

from kg.model import Document
from kg.report.document import PUBTATOR_TYPES, names, relations
from kg.stores.ledger import DocumentReading

_BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NO_ID = "-"


def pubtator(reading: DocumentReading) -> str:
    """Return the lines of one document, with the empty line that ends it.

    Offsets are those of the document's text: every line break in it becomes one blank. PubTator knows no polarity, so
    what is refuted or only supposed is left out. A document without a PMID bears its own id, which readers that take
    numbers only (ours of `kg build` among them) do not read.
    """
    document = reading.document
    number, text = _number(document), _BREAKS.sub(" ", document.text)
    cut = _title_end(document)
    lines = [f"{number}|t|{text[:cut]}", f"{number}|a|{text[cut + 1 :]}"]
    for name in names(reading):
        mention = name.mention
        ids = "|".join(dict.fromkeys(candidate.concept.id for candidate in name.concepts)) or _NO_ID
        kind = PUBTATOR_TYPES.get(mention.category, mention.category)
        place = (str(mention.span.start), str(mention.span.end), mention.span.of(text))
        lines.append("\t".join((number, *place, kind, ids)))
    said = {
        (relation.predicate, evidence.triple.subject, evidence.triple.object): None
        for relation in relations(reading)
        if relation.kind == relation.predicate
        for evidence in relation.evidence
    }
    lines += ["\t".join((number, *triple)) for triple in said]
    return "\n".join([*lines, "", ""])


def _number(document: Document) -> str:
    pmid = next((name for name in (document.work, *document.identifiers) if name.startswith("PMID:")), "")
    return pmid.removeprefix("PMID:") or re.sub(r"[|\s]", "_", document.id)


def _title_end(document: Document) -> int:
    """Where the title ends: one character, a line break, stands between it and the rest."""
    first = document.sections[0] if document.sections else None
    if first is not None and first.kind == "title" and first.span.start == 0:
        return first.span.end
    found = _BREAKS.search(document.text)
    return found.start() if found else len(document.text)
