"""What can be asked of a ledger: streams in the order of their ids, and counts. All in flat memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

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
    Origin,
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
_PAGE = 10_000
# Few readers and kinds of documents stand behind many pieces of evidence.
_reader, _origin = lru_cache(maxsize=1024)(Reader), lru_cache(maxsize=4096)(Origin)
_TRIPLE = "t.subject, t.predicate, t.object, t.qualifiers"


def documents(connection: duckdb.DuckDBPyConnection) -> Iterator[HeldDocument]:
    """Yield the documents by id, retracted ones too; those deleted by their source are left out."""
    query = f"SELECT {HELD_COLUMNS} FROM present WHERE id > ? AND id <= ? ORDER BY id"
    return map(held_document, _paged(connection, "documents", "id", query))


def works(
    connection: duckdb.DuckDBPyConnection, licences: Sequence[str] | None
) -> Iterator[tuple[str, WorkState, str]]:
    """Yield (work, state, reason) by work; ``licences``: only those with a document under one of these."""
    chosen = "" if licences is None else "AND license IN (SELECT unnest(?::VARCHAR[]))"
    query = f"""
        SELECT work, min(state), min(state_reason) FROM present WHERE work > ? AND work <= ? {chosen}
        GROUP BY work ORDER BY work"""
    return _paged(connection, "documents", "work", query, [] if licences is None else [list(licences)])


def mentions(connection: duckdb.DuckDBPyConnection) -> Iterator[HeldMention]:
    """Yield the mentions by document and place, linked or not."""
    query = f"""
        SELECT m.* FROM (SELECT {MENTION_COLUMNS} FROM mentions WHERE document > ? AND document <= ?) m
        JOIN present d ON d.id = m.document ORDER BY ALL"""
    return map(held_mention, _paged(connection, "mentions", "document", query))


def concepts(connection: duckdb.DuckDBPyConnection, since: int | None, stated: bool) -> Iterator[Concept]:
    """Yield the concepts that a mention or a statement uses, with all that these are a kind of, by id.

    ``since``: only those stored after a change; ``stated``: only what statements use.
    """
    ends = (f"SELECT t.{end} FROM statements s JOIN triples t USING (id)" for end in ("subject", "object"))
    query = f"""
        WITH RECURSIVE kept(id) AS (
            SELECT id FROM ({" UNION ".join(ends) if stated else "FROM used"}) AS used(id)
            UNION SELECT unnest(c.parents) FROM kept JOIN concepts c USING (id))
        SELECT {CONCEPT_COLUMNS} FROM concepts
        WHERE id > ? AND id <= ? AND changed_in > ? AND id IN (FROM kept) ORDER BY id"""
    return map(concept_of, _paged(connection, "concepts", "id", query, [-1 if since is None else since]))


def statements(connection: duckdb.DuckDBPyConnection, triples: Iterable[str] | None) -> Iterator[Statement]:
    """Yield the statements by id with the ids of their standing evidence; ``triples``: only these."""
    columns = ", ".join(f"s.{column}" for column in STATEMENT_COLUMNS.split(", "))
    query = f"""
        SELECT s.id, {_TRIPLE}, {columns}, e.id
        FROM statements s JOIN triples t ON t.id = s.id JOIN standing e ON e.triple = s.id
        WHERE {{chosen}} ORDER BY s.id, e.id"""
    for _, same in groupby(_by_triple(connection, query, triples), key=itemgetter(0)):
        said = list(same)
        yield statement_of(said[0][5:-1], triple_of(*said[0][1:5]), tuple(row[-1] for row in said))


def phenotypes(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """Yield what is said of findings in diseases, where it is believed or counted: see ``Ledger.phenotypes``."""
    query = """
        SELECT s.id, t.subject, t.object, e.work, e.count, e.total, e.polarity, e.strength, e.kind
        FROM statements s JOIN triples t USING (id) JOIN standing e ON e.triple = s.id
        WHERE t.predicate = 'biolink:has_phenotype' AND (s.belief > 0 OR s.total > 0) AND e.certainty <> 'hypothesis'"""
    return stream(connection, query)


def broader(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """Yield each concept with each of those that it is a kind of, in no order."""
    query = "SELECT id, up FROM (SELECT id, unnest(parents) AS up FROM concepts) WHERE up IN (SELECT id FROM concepts)"
    return stream(connection, query)


def evidences(
    connection: duckdb.DuckDBPyConnection, triples: Iterable[str] | None
) -> Iterator[tuple[Evidence, Origin]]:
    """Yield the evidence that counts, each with where its document comes from, by triple and id.

    ``triples``: only that of these triples.
    """
    columns = ", ".join(f"e.{column.strip()}" for column in EVIDENCE_COLUMNS.split(","))
    query = f"""
        SELECT {columns}, d.work, {_TRIPLE}, r.name, r.version, r.digest,
            d.source, d.license, d.kind, d.publication_types
        FROM evidence e JOIN documents d ON d.id = e.document JOIN triples t ON t.id = e.triple
            JOIN readers r ON r.id = e.reader
        WHERE e.withdrawn_in IS NULL AND d.state = 'current' AND {{chosen}} ORDER BY e.triple, e.id"""
    for _, same in groupby(_by_triple(connection, query, triples), key=itemgetter(1)):
        triple = None
        for row in same:
            work, *parts, name, version, digest, source, license_, kind, types = row[_WIDTH:]
            triple = triple or triple_of(*parts)
            evidence = evidence_of(row[:_WIDTH], work, triple, _reader(name, version, digest))
            yield evidence, _origin(source, license_, kind, tuple(types))


def origins(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """Return (source, licence, number of documents), sorted."""
    query = "SELECT source, license, count(*) FROM present GROUP BY ALL ORDER BY ALL"
    return connection.execute(query).fetchall()


def _by_triple(
    connection: duckdb.DuckDBPyConnection, query: str, triples: Iterable[str] | None
) -> Iterator[tuple[Any, ...]]:
    if triples is None:
        yield from _paged(connection, "evidence", "triple", query.format(chosen="e.triple > ? AND e.triple <= ?"))
        return
    wanted, chosen = sorted(set(triples)), query.format(chosen="e.triple IN (SELECT unnest(?::VARCHAR[]))")
    for start in range(0, len(wanted), _PAGE // 5):
        yield from stream(connection, chosen, [wanted[start : start + _PAGE // 5]])


def _paged(
    connection: duckdb.DuckDBPyConnection, table: str, key: str, query: str, parameters: Sequence[Any] = ()
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a sorted query a range of keys at a time: DuckDB sorts a range in flat memory, no whole table.

    The first two parameters of the query are the range: after the first, up to and with the second.
    """
    end = f"SELECT max(k) FROM (SELECT {key} AS k FROM {table} WHERE {key} > ? ORDER BY k LIMIT {_PAGE})"
    after = ""
    while (found := list(stream(connection, end, [after]))) != [(None,)]:
        ((until,),) = found
        yield from stream(connection, query, [after, until, *parameters])
        after = until


def changes(connection: duckdb.DuckDBPyConnection, after: int) -> Iterator[str]:
    """Yield the ids of the triples touched after a change, sorted."""
    query = "SELECT DISTINCT triple FROM changes WHERE triple > ? AND triple <= ? AND change > ? ORDER BY triple"
    return (row[0] for row in _paged(connection, "changes", "triple", query, [after]))


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
