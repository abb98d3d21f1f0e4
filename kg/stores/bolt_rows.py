"""From nouns to rows: the parameters that the Cypher texts of ``bolt_schema`` take."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kg.errors import SchemaError
from kg.ids import content_id, name_words
from kg.model import Concept, Evidence, Frequency, Span, Statement
from kg.schema.vocabulary import SCHEMA_VERSION
from kg.stores.bolt_schema import MODEL_VERSION
from kg.stores.source import SourceDocument

Row = dict[str, Any]
MODEL = f"{MODEL_VERSION}/{SCHEMA_VERSION}"
_COUNTED = ("count", "total", "frequency", "frequency_low", "frequency_high")
EDGE_PROPERTIES = ("id", "belief", "support", "refute", "works", *_COUNTED, "first_year", "last_year")
"""What an edge between concepts holds beside its qualifiers."""
_TAKEN = frozenset({*EDGE_PROPERTIES, "medkg"})


def concept_row(concept: Concept) -> Row:
    """Return the row of a concept; ``names`` is what the full-text index holds: every word it can be found by.

    An empty list is no property: a loader of CSV files cannot tell the two apart.
    """
    said = (concept.name, *concept.synonyms, concept.id, *concept.xrefs)
    row: Row = {
        "id": concept.id,
        "name": concept.name,
        "category": concept.category,
        "synonyms": list(concept.synonyms) or None,
        "parents": list(concept.parents) or None,
        "xrefs": list(concept.xrefs) or None,
        "source": concept.source,
        "names": " ".join(word for text in said for word in name_words(text)),
    }
    return with_digest(row)


def document_row(document: SourceDocument) -> Row:
    """Return the row of a document; it holds no text."""
    row: Row = {
        "id": document.id,
        "work": document.work,
        "title": document.title,
        "kind": document.kind,
        "source": document.source,
        "language": document.language,
        "published": document.published,
        "url": document.url,
        "license": document.license,
        "state": document.state,
    }
    return with_digest(row)


def with_digest(row: Row) -> Row:
    """Add the id of the row's content, by which a reload sees that it holds it already."""
    return {**row, "digest": content_id("row", json.dumps(row, sort_keys=True))}


def statement_row(statement: Statement) -> Row:
    """Return the row of a statement."""
    triple = statement.triple
    return {
        "id": triple.id,
        "subject": triple.subject,
        "predicate": triple.predicate,
        "object": triple.object,
        "qualifiers": json.dumps(dict(triple.qualifiers), sort_keys=True),
        "belief": statement.belief,
        "support": statement.support,
        "refute": statement.refute,
        "works": list(statement.works) or None,
        **_counted(statement.frequency),
    }


def edge_row(statement: Statement, years: Iterable[int]) -> Row:
    """Return the row of a statement's edge between its concepts; ``years`` are those of its documents.

    Raises SchemaError for a qualifier that bears the name of a property of every edge.
    """
    triple = statement.triple
    clash = _TAKEN.intersection(key for key, _ in triple.qualifiers)
    if clash:
        raise SchemaError("a qualifier has the name of an edge property", qualifier=min(clash), statement=triple.id)
    known = sorted(years)
    properties: Row = {
        "belief": statement.belief,
        "support": statement.support,
        "refute": statement.refute,
        "works": len(statement.works),
        **_counted(statement.frequency),
        "first_year": known[0] if known else None,
        "last_year": known[-1] if known else None,
        **dict(triple.qualifiers),
    }
    return {"id": triple.id, "subject": triple.subject, "object": triple.object, "properties": properties}


def evidence_row(evidence: Evidence) -> Row:
    """Return the row of an evidence; spans are two numbers, offsets into the text of the document."""
    return {
        "id": evidence.id,
        "statement": evidence.triple.id,
        "document": evidence.document,
        "work": evidence.work,
        "section": evidence.section,
        "text": evidence.text,
        **_ends("sentence", evidence.sentence),
        **_ends("subject", evidence.subject_span),
        **_ends("object", evidence.object_span),
        "polarity": evidence.polarity,
        "certainty": evidence.certainty,
        "score": evidence.score,
        "reader": evidence.reader.id,
        "terminology": evidence.terminology,
        "strength": evidence.strength,
        "count": evidence.count,
        "total": evidence.total,
    }


def _counted(counted: Frequency | None) -> Row:
    if counted is None:
        return dict.fromkeys(_COUNTED)
    figures = (counted.count, counted.total, counted.share, counted.low, counted.high)
    return dict(zip(_COUNTED, figures, strict=True))


def _ends(name: str, span: Span | None) -> Row:
    return {f"{name}_start": span.start if span else None, f"{name}_end": span.end if span else None}


def year(published: str) -> int | None:
    """Return the year of an ISO date, or None where there is none.

    >>> year("2014-03"), year("")
    (2014, None)
    """
    digits = published[:4]
    return int(digits) if len(digits) == 4 and digits.isascii() and digits.isdigit() else None


def mark_row(ledger: str, change: int) -> Row:
    """Return the row of the projection's mark: which ledger it holds, up to which change, in which form."""
    return {"id": "medkg", "ledger": ledger, "change": change, "model": MODEL}
