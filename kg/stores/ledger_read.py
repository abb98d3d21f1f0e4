"""What can be asked of a ledger: streams in the order of their ids, and counts. All in flat memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

import duckdb

from kg.model import Concept, Evidence, Reader, Rejection, Statement, Triple, Vote, WorkState
from kg.stores.ledger_rows import (
    CONCEPT_COLUMNS,
    EVIDENCE_COLUMNS,
    HELD_COLUMNS,
    MENTION_COLUMNS,
    STATEMENT_COLUMNS,
    HeldDocument,
    HeldMention,
    Row,
    concept_of,
    evidence_of,
    held_document,
    held_mention,
    statement_of,
    stream,
    triple_of,
)

_WIDTH = EVIDENCE_COLUMNS.count(",") + 1
_TRIPLE = "t.subject, t.predicate, t.object, t.qualifiers"


def documents(connection: duckdb.DuckDBPyConnection) -> Iterator[HeldDocument]:
    """Yield the documents by id, retracted ones too; those deleted by their source are left out."""
    return map(held_document, stream(connection, f"SELECT {HELD_COLUMNS} FROM present ORDER BY id"))


def works(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, WorkState, str]]:
    """Yield (work, state, reason) by work."""
    query = "SELECT work, min(state), min(state_reason) FROM present GROUP BY work ORDER BY work"
    return iter(stream(connection, query))


def mentions(connection: duckdb.DuckDBPyConnection) -> Iterator[HeldMention]:
    """Yield the mentions by document and place, linked or not."""
    query = (
        f"SELECT m.* FROM (SELECT {MENTION_COLUMNS} FROM mentions) m JOIN present d ON d.id = m.document ORDER BY ALL"
    )
    return map(held_mention, stream(connection, query))


def concepts(connection: duckdb.DuckDBPyConnection, since: int | None) -> Iterator[Concept]:
    """Yield the concepts that a mention or a statement uses, with all that these are a kind of, by id.

    ``since``: only those stored after a change.
    """
    query = f"""
        WITH RECURSIVE kept(id) AS (
            SELECT id FROM used UNION SELECT unnest(c.parents) FROM kept JOIN concepts c USING (id))
        SELECT {CONCEPT_COLUMNS} FROM concepts WHERE id IN (FROM kept) AND changed_in > ? ORDER BY id"""
    return map(concept_of, stream(connection, query, [-1 if since is None else since]))


def statements(connection: duckdb.DuckDBPyConnection, triples: Iterable[str] | None) -> Iterator[Statement]:
    """Yield the statements by id with the ids of their standing evidence; ``triples``: only these."""
    chosen = "" if triples is None else "WHERE s.id IN (SELECT unnest(?::VARCHAR[]))"
    columns = ", ".join(f"s.{column}" for column in STATEMENT_COLUMNS.split(", "))
    # Rows grouped here, not with list(): a sort can leave memory for the disk, an aggregate of lists cannot.
    query = f"""
        SELECT s.id, {_TRIPLE}, {columns}, e.id
        FROM statements s JOIN triples t ON t.id = s.id JOIN standing e ON e.triple = s.id {chosen}
        ORDER BY s.id, e.id"""
    rows = stream(connection, query, [] if triples is None else [sorted(triples)])
    for _, same in groupby(rows, key=itemgetter(0)):
        said = list(same)
        yield statement_of(said[0][5:-1], triple_of(*said[0][1:5]), tuple(row[-1] for row in said))


def evidences(connection: duckdb.DuckDBPyConnection, triples: Iterable[str] | None) -> Iterator[tuple[Evidence, str]]:
    """Yield the evidence that counts, each with the source of its document, by triple and id.

    ``triples``: only that of these triples.
    """
    chosen = "" if triples is None else "WHERE e.triple IN (SELECT unnest(?::VARCHAR[]))"
    columns = ", ".join(f"e.{column.strip()}" for column in EVIDENCE_COLUMNS.split(","))
    query = f"""
        SELECT {columns}, e.work, {_TRIPLE}, r.name, r.version, r.digest, e.source
        FROM standing e JOIN triples t ON t.id = e.triple JOIN readers r ON r.id = e.reader {chosen}
        ORDER BY e.triple, e.id"""
    for row in stream(connection, query, [] if triples is None else [sorted(triples)]):
        triple = triple_of(*row[_WIDTH + 1 : _WIDTH + 5])
        reader = Reader(*row[_WIDTH + 5 : _WIDTH + 8])
        yield evidence_of(row[:_WIDTH], row[_WIDTH], triple, reader), row[-1]


def votes(connection: duckdb.DuckDBPyConnection, after: int) -> Iterator[tuple[Triple, tuple[Vote, ...]]]:
    """Yield every triple touched after a change that still has evidence, with its votes in sorted order."""
    query = f"""
        SELECT t.id, {_TRIPLE}, e.work, e.kind, e.publication_types, r.name, e.polarity, e.certainty, max(e.score),
            max({{'total': e.total, 'count': e.count}}) FILTER (WHERE e.count BETWEEN 0 AND e.total AND e.total > 0)
        FROM standing e JOIN triples t ON t.id = e.triple JOIN readers r ON r.id = e.reader
        WHERE e.triple IN (SELECT triple FROM changes WHERE change > ?)
        GROUP BY ALL ORDER BY ALL"""
    for _, rows in groupby(stream(connection, query, [after]), key=itemgetter(0)):
        same = list(rows)
        yield triple_of(*same[0][1:5]), tuple(_vote(row[5:]) for row in same)


def _vote(row: Row) -> Vote:
    work, kind, types, *tone, counted = row
    return Vote(work, kind, tuple(types), *tone, **(counted or {}))


def readers(connection: duckdb.DuckDBPyConnection) -> Iterator[Reader]:
    """Yield the readers of the evidence that counts, by id."""
    query = "SELECT name, version, digest FROM readers WHERE id IN (SELECT reader FROM standing) ORDER BY id"
    return (Reader(*row) for row in stream(connection, query))


def rejections(connection: duckdb.DuckDBPyConnection) -> tuple[Rejection, ...]:
    """Return all rejections that still hold, sorted."""
    query = "SELECT DISTINCT stage, code, subject, reason FROM rejections ORDER BY subject, stage, code, reason"
    return tuple(Rejection(*row) for row in connection.execute(query).fetchall())


def counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how much of what the graph holds."""
    queries = {
        "documents": "SELECT count(*) FROM present",
        "unread": "SELECT count(*) FROM present WHERE unread <> ''",
        "works": "SELECT count(DISTINCT work) FROM present",
        "mentions": "SELECT count(*) FROM mentions m JOIN present d ON d.id = m.document",
        "concepts": "SELECT count(*) FROM concepts WHERE id IN (FROM used)",
        "evidence": "SELECT count(*) FROM standing",
        "statements": "SELECT count(*) FROM statements",
    }
    both = ", ".join(f"({query}) AS {name}" for name, query in queries.items())
    row = connection.execute(f"SELECT {both}").fetchone() or ()
    return dict(zip(queries, row, strict=True))
