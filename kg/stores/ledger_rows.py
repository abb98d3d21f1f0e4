"""Between nouns and rows: how the ledger writes down a document, a mention, an evidence, and gets them back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import duckdb

from kg.errors import StoreError
from kg.ids import content_id
from kg.model import (
    SCORE_DIGITS,
    Certainty,
    Concept,
    Document,
    DocumentKind,
    Evidence,
    Frequency,
    Link,
    Polarity,
    Reader,
    Reading,
    Rejection,
    Section,
    Sentence,
    Span,
    Statement,
    Status,
    Triple,
    WorkState,
)

Row = tuple[Any, ...]
_FETCH = 2000

EVIDENCE_COLUMNS = (
    "id, triple, document, text_hash, section, sentence_start, sentence_end, text, subject_start, subject_end, "
    "object_start, object_end, polarity, certainty, cue_start, cue_end, score, reader, terminology, strength, "
    "count, total"
)


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """What reading one document gave; what the ledger records.

    ``key`` comes from ``reading_key``. ``links`` are all mentions, linked or not; ``evidence`` all linked readings of
    all readers. ``concepts`` are those that the evidence names and no link brings (curated sources). ``unread`` says
    why a document was kept but not read (``language: it``), else it is empty. ``sentences`` and ``readings``, also
    those that became no evidence, are not recorded; ``kg read`` shows them.
    """

    document: Document
    key: str
    links: tuple[Link, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    concepts: tuple[Concept, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    unread: str = ""
    sentences: tuple[Sentence, ...] = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """What the ledger keeps of a document: everything but its text.

    ``work`` is the work that the document turned out to belong to, whatever identifiers it came with; ``state`` is
    that of the work, with the reason for a retraction.
    """

    id: str
    work: str
    state: WorkState
    state_reason: str
    kind: DocumentKind
    source: str
    title: str
    language: str
    sections: tuple[Section, ...]
    identifiers: tuple[str, ...]
    publication_types: tuple[str, ...]
    mesh: tuple[str, ...]
    url: str
    published: str
    version: str
    license: str
    text_hash: str
    unread: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Of the document behind an evidence: the source that it came from, its licence, and what it weighs by."""

    source: str
    license: str
    kind: DocumentKind
    publication_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldMention:
    """A mention as the ledger keeps it: with the concept it was linked to, and why; None where it is unlinked."""

    document: str
    span: Span
    text: str
    category: str
    score: float
    status: Status
    concept: str | None
    link_score: float | None
    matched: str | None
    method: str | None


def reading_key(readers: Iterable[Reader], terminology: str, schema: str, settings: str) -> str:
    """Return the key that a document is read under: who reads, with which names, words and settings.

    >>> patterns = Reader("patterns", "1", "ab")
    >>> reading_key([patterns], "t1", "1", "s") == reading_key([patterns], "t2", "1", "s")
    False
    """
    names = sorted(f"{reader.name}/{reader.version}/{reader.digest}" for reader in readers)
    return content_id("key", terminology, schema, settings, *names)


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Append rows, whole columns at a time: a thousand times faster than one INSERT each.

    Raises StoreError for text that is not valid Unicode (a lone surrogate).
    """
    if not rows:
        return
    import pyarrow as pa  # here: who only reads is spared its 35 MB

    schema = connection.sql(f"FROM {table} LIMIT 0").to_arrow_table().schema
    try:
        arrays = [
            pa.array(column, type=field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)
        ]
    except UnicodeEncodeError as error:
        raise StoreError(f"text with a lone surrogate cannot be stored: {error.reason}", table=table) from error
    connection.register("incoming", pa.Table.from_arrays(arrays, schema=schema))
    try:
        connection.execute(f"INSERT INTO {table} FROM incoming")
    finally:
        connection.unregister("incoming")


def stream(connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
    """Yield the rows of a query a batch at a time, on a cursor of its own."""
    cursor = connection.cursor()
    try:
        cursor.execute(query, list(parameters))
        while rows := cursor.fetchmany(_FETCH):
            yield from rows
    finally:
        cursor.close()


def document_digest(document: Document) -> str:
    """Return the id of everything that a document says, its text and its metadata: a revision has another."""
    spans = [(s.kind, s.title, s.span.start, s.span.end) for s in document.sections]
    pages = [(page.start, page.end) for page in document.pages]
    fields = (
        document.id, document.work, document.text_hash, document.source, document.kind, document.title,
        document.language, spans, sorted(document.identifiers), sorted(document.publication_types),
        sorted(document.mesh), document.url, pages, document.published, document.version, document.license,
        sorted(document.retracts),
    )  # fmt: skip
    return content_id("document", json.dumps(fields))


def document_row(reading: DocumentReading, digest: str, session: int, change: int) -> Row:
    """Return the row of a document whose work is not yet known to be shared with others."""
    document = reading.document
    sections = json.dumps([(s.kind, s.title, s.span.start, s.span.end) for s in document.sections])
    pages = json.dumps([(page.start, page.end) for page in document.pages])
    return (
        document.id, document.work, document.work, document.work, "current", "", document.kind, document.source,
        document.title, document.language, sections, sorted(set(document.identifiers)),
        sorted(set(document.publication_types)), sorted(set(document.mesh)), document.url, pages, document.published,
        document.version, document.license, sorted(set(document.retracts)), document.text_hash, digest, reading.key,
        reading.unread, session, change,
    )  # fmt: skip


HELD_COLUMNS = (
    "id, work, state, state_reason, kind, source, title, language, sections, identifiers, publication_types, mesh, "
    "url, published, version, license, text_hash, unread"
)


def held_document(row: Row) -> HeldDocument:
    """Return the document of a row of HELD_COLUMNS."""
    sections = tuple(Section(kind, title, Span(start, end)) for kind, title, start, end in json.loads(row[8]))
    plain = dict(zip(HELD_COLUMNS.split(", "), row, strict=True))
    lists = {name: tuple(plain[name]) for name in ("identifiers", "publication_types", "mesh")}
    return HeldDocument(**{**plain, **lists, "sections": sections})


def mention_row(link: Link) -> Row:
    """Return the row of a mention with the best of its candidates, if any."""
    mention, best = link.mention, link.best
    cue = (mention.cue.start, mention.cue.end) if mention.cue else (None, None)
    chosen = (best.concept.id, round(best.score, SCORE_DIGITS), best.matched, best.method) if best else (None,) * 4
    score = round(mention.score, SCORE_DIGITS)
    place = (mention.document, mention.span.start, mention.span.end)
    return (*place, mention.text, mention.category, score, mention.status, *cue, *chosen)


MENTION_COLUMNS = "document, start_at, end_at, text, category, score, status, concept, link_score, matched, method"


def held_mention(row: Row) -> HeldMention:
    """Return the mention of a row of MENTION_COLUMNS."""
    return HeldMention(row[0], Span(row[1], row[2]), *row[3:])


def concept_row(concept: Concept) -> Row:
    """Return the row of a concept, in the order of CONCEPT_COLUMNS."""
    lists = (sorted(set(values)) for values in (concept.synonyms, concept.parents, concept.xrefs))
    return (concept.id, concept.name, concept.category, *lists, concept.source)


CONCEPT_COLUMNS = "id, name, category, synonyms, parents, xrefs, source"


def concept_of(row: Row) -> Concept:
    """Return the concept of a row of CONCEPT_COLUMNS."""
    return Concept(row[0], row[1], row[2], tuple(row[3]), tuple(row[4]), tuple(row[5]), row[6])


def triple_row(triple: Triple) -> Row:
    """Return the row of a triple."""
    return (triple.id, triple.subject, triple.predicate, triple.object, json.dumps(triple.qualifiers))


def statement_row(statement: Statement) -> Row:
    """Return the row of a statement: its id, then STATEMENT_COLUMNS."""
    found = statement.frequency
    counted = (found.count, found.total, found.share, found.low, found.high) if found else (None,) * 5
    figures = (statement.belief, statement.support, statement.refute, list(statement.works))
    return (statement.id, *figures, *counted)


STATEMENT_COLUMNS = "belief, support, refute, works, count, total, frequency, frequency_low, frequency_high"


def statement_of(row: Row, triple: Triple, evidence: tuple[str, ...]) -> Statement:
    """Return the statement of a row of STATEMENT_COLUMNS."""
    belief, support, refute, works, *counted = row
    frequency = None if counted[0] is None else Frequency(*counted)
    return Statement(triple, belief, support, refute, tuple(works), evidence, frequency)


@lru_cache(maxsize=1024)
def triple_of(subject: str, predicate: str, obj: str, qualifiers: str) -> Triple:
    """Return the triple of a row without its id, which follows from the content.

    An export reads statements and their evidence side by side, and so asks for each triple twice in a row.
    """
    return Triple(subject, predicate, obj, tuple((key, value) for key, value in json.loads(qualifiers)))


def evidence_row(evidence: Evidence) -> Row:
    """Return the row of an evidence, in the order of EVIDENCE_COLUMNS."""
    return (
        evidence.id, evidence.triple.id, evidence.document, evidence.text_hash, evidence.section,
        *_ends(evidence.sentence), evidence.text, *_ends(evidence.subject_span), *_ends(evidence.object_span),
        evidence.polarity, evidence.certainty, *_ends(evidence.cue), round(evidence.score, SCORE_DIGITS),
        evidence.reader.id, evidence.terminology, evidence.strength, evidence.count, evidence.total,
    )  # fmt: skip


def evidence_of(row: Row, work: str, triple: Triple, reader: Reader) -> Evidence:
    """Return the evidence of a row of EVIDENCE_COLUMNS, with what the row only points to."""
    return Evidence(
        triple=triple, document=row[2], work=work, text_hash=row[3], reader=reader, score=row[16], section=row[4],
        sentence=_span(row[5], row[6]), text=row[7], subject_span=_span(row[8], row[9]),
        object_span=_span(row[10], row[11]), polarity=cast(Polarity, row[12]), certainty=cast(Certainty, row[13]),
        cue=_span(row[14], row[15]), terminology=row[18], strength=row[19], count=row[20], total=row[21],
    )  # fmt: skip


def _ends(span: Span | None) -> tuple[int | None, int | None]:
    return (span.start, span.end) if span else (None, None)


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)
