"""What recording a batch of documents changes in the ledger. Runs inside the transaction that kg.stores.ledger opens.

The outcome is a function of what was recorded, not of the order: of two revisions the larger version stays; of two
texts that claim one id and one version, the larger hash within one session (a session is a build, with the builds
that were killed before it). Between sessions an unversioned document (a file on disk) is replaced by the newcomer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import duckdb

from kg.errors import StoreError
from kg.model import Concept, Evidence, Statement, Triple, Vote
from kg.stores.ledger_read import votes
from kg.stores.ledger_rows import (
    CONCEPT_COLUMNS,
    EVIDENCE_COLUMNS,
    DocumentReading,
    Row,
    concept_row,
    document_digest,
    document_row,
    evidence_row,
    insert,
    mention_row,
    statement_row,
    triple_row,
)
from kg.stores.ledger_works import reconcile

Assemble = Callable[[Triple, Sequence[Vote]], Statement]

_CHUNK = 50_000
_IN = "IN (SELECT unnest(?::VARCHAR[]))"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides between two revisions of one document; ``here``: recorded or seen again in this session."""

    version: str
    text_hash: str
    digest: str
    key: str
    here: bool


@dataclass
class Touched:
    """What a transaction changed: triples to assemble anew, and whether anything was written at all."""

    triples: set[str] = field(default_factory=set)
    written: bool = False


def standings(
    connection: duckdb.DuckDBPyConnection, documents: Sequence[str], session: int, seen: set[str]
) -> dict[str, Standing]:
    """Return what the ledger holds of the documents with these ids."""
    query = f"SELECT id, version, text_hash, digest, key, session FROM documents WHERE id {_IN}"
    rows = connection.execute(query, [list(documents)]).fetchall()
    return {
        name: Standing(version, text, digest, key, held_in == session or name in seen)
        for name, version, text, digest, key, held_in in rows
    }


def lost_to(connection: duckdb.DuckDBPyConnection, documents: Sequence[str]) -> set[tuple[str, str, str]]:
    """Return (document, digest, digest of the winner) of texts that lost against another of the same version."""
    query = f"SELECT document, digest, winner FROM lost WHERE document {_IN}"
    return {(row[0], row[1], row[2]) for row in connection.execute(query, [list(documents)]).fetchall()}


def supersedes(new: Standing, old: Standing) -> bool:
    """Say whether a revision replaces the one that the ledger holds."""
    if new.digest == old.digest:
        return new.key != old.key
    if new.version != old.version:
        return new.version > old.version
    if not new.version and not old.here:
        return True
    return (new.text_hash, new.digest) > (old.text_hash, old.digest)


def ties(new: Standing, old: Standing) -> bool:
    """Say whether two texts of one unversioned id meet in one session: the loser must be kept, to be known later."""
    return old.here and new.version == old.version == "" and new.digest != old.digest


def record(
    connection: duckdb.DuckDBPyConnection,
    readings: Iterable[DocumentReading],
    session: int,
    change: int,
    seen: set[str],
) -> Touched:
    """Record what reading the documents gave and return what changed."""
    touched = Touched()
    chosen = _choose(connection, list(readings), session, seen, touched)
    if not chosen:
        return touched
    touched.written = True
    ids = list(chosen)
    names = _names(connection, ids)
    reweighed = _reweighed(connection, chosen)
    reasons = _drop(connection, ids)
    insert(
        connection,
        "documents",
        [document_row(r, document_digest(r.document), session, change) for r in chosen.values()],
    )
    named = [
        (name, r.document.id) for r in chosen.values() for name in sorted({r.document.work, *r.document.identifiers})
    ]
    insert(connection, "identifiers", named)
    insert(connection, "mentions", [mention_row(link) for r in chosen.values() for link in r.links])
    refused = {
        (name, r.stage, r.code, r.subject, r.reason) for name, reading in chosen.items() for r in reading.rejections
    }
    insert(connection, "rejections", sorted(refused))
    _add_concepts(connection, chosen.values(), session, change)
    touched.triples |= _replace_evidence(connection, chosen, reasons, change)
    dirty = reconcile(connection, names | _names(connection, ids)) | reweighed
    touched.triples |= triples_of(connection, dirty)
    return touched


def _choose(
    connection: duckdb.DuckDBPyConnection,
    readings: list[DocumentReading],
    session: int,
    seen: set[str],
    touched: Touched,
) -> dict[str, DocumentReading]:
    """Return the readings that change something, at most one for each document, in the order of their ids."""
    held = standings(connection, [reading.document.id for reading in readings], session, seen)
    chosen: dict[str, DocumentReading] = {}
    lost: set[tuple[str, str, str]] = set()
    for reading in readings:
        document = reading.document
        new = Standing(document.version, document.text_hash, document_digest(document), reading.key, True)
        old = held.get(document.id)
        wins = old is None or supersedes(new, old)
        if old is not None and ties(new, old):
            winner, loser = (new, old) if wins else (old, new)
            lost.add((document.id, loser.digest, winner.digest))
        if wins:
            held[document.id] = new
            chosen[document.id] = reading
    fresh = sorted(lost - lost_to(connection, [document for document, _, _ in lost]))
    insert(connection, "lost", fresh)
    touched.written = bool(fresh)
    return dict(sorted(chosen.items()))


def _names(connection: duckdb.DuckDBPyConnection, ids: list[str]) -> set[str]:
    """All identifiers by which these documents, or the works that they retract, are known."""
    query = f"""SELECT identifier FROM identifiers WHERE document {_IN}
        UNION SELECT unnest(retracts) FROM documents WHERE id {_IN}"""
    return {row[0] for row in connection.execute(query, [ids, ids]).fetchall()}


def _reweighed(connection: duckdb.DuckDBPyConnection, chosen: dict[str, DocumentReading]) -> set[str]:
    """Documents whose evidence now weighs differently though it may be the same."""
    query = f"SELECT id, kind, publication_types FROM documents WHERE id {_IN}"
    found = set()
    for document, kind, types in connection.execute(query, [list(chosen)]).fetchall():
        new = chosen[document].document
        if (new.kind, sorted(set(new.publication_types))) != (kind, types):
            found.add(document)
    return found


def _drop(connection: duckdb.DuckDBPyConnection, ids: list[str]) -> dict[str, str]:
    """Remove what is kept of the current revision only; return the text hash that each document had."""
    rows = connection.execute(f"SELECT id, text_hash FROM documents WHERE id {_IN}", [ids]).fetchall()
    for place in ("documents", "id"), ("identifiers", "document"), ("mentions", "document"), ("rejections", "owner"):
        connection.execute(f"DELETE FROM {place[0]} WHERE {place[1]} {_IN}", [ids])
    return dict(rows)


def _replace_evidence(
    connection: duckdb.DuckDBPyConnection, chosen: dict[str, DocumentReading], hashes: dict[str, str], change: int
) -> set[str]:
    given = [evidence for reading in chosen.values() for evidence in reading.evidence]
    for name, reading in chosen.items():
        if any(evidence.document != name for evidence in reading.evidence):
            raise StoreError("a reading brings evidence of another document", document=name)
    new: dict[str, Row] = {}
    for evidence in given:
        row = evidence_row(evidence)
        rival = new.get(evidence.id)
        new[evidence.id] = row if rival is None else max(row, rival, key=_strength)
    query = f"SELECT {EVIDENCE_COLUMNS} FROM evidence WHERE withdrawn_in IS NULL AND document {_IN}"
    old: dict[str, Row] = {row[0]: row for row in connection.execute(query, [list(chosen)]).fetchall()}
    gone = [row for key, row in old.items() if new.get(key) != row]
    added = [new[key] for key in sorted(new) if old.get(key) != new[key]]
    for reason, revised in (("revised", True), ("read anew", False)):
        ids = [row[0] for row in gone if (hashes[row[2]] != chosen[row[2]].document.text_hash) == revised]
        withdraw_evidence(connection, ids, reason, change)
    insert(connection, "evidence", [(*row, change, None, None) for row in added])
    triples = {evidence.triple.id: triple_row(evidence.triple) for evidence in given}
    _insert_missing(connection, "triples", triples)
    readers = {e.reader.id: (e.reader.id, e.reader.name, e.reader.version, e.reader.digest) for e in given}
    _insert_missing(connection, "readers", readers)
    _check_concepts(connection, given)
    return {row[1] for row in (*gone, *added)}


def _strength(row: Row) -> tuple[float, str]:
    """Two readings with one id: the better score stays, then the larger content."""
    return row[16], repr(row)


def _insert_missing(connection: duckdb.DuckDBPyConnection, table: str, rows: dict[str, Row]) -> None:
    known = connection.execute(f"SELECT id FROM {table} WHERE id {_IN}", [list(rows)]).fetchall()
    held = {row[0] for row in known}
    insert(connection, table, [rows[key] for key in sorted(rows) if key not in held])


def _check_concepts(connection: duckdb.DuckDBPyConnection, given: list[Evidence]) -> None:
    wanted = sorted({name for evidence in given for name in (evidence.triple.subject, evidence.triple.object)})
    known = {row[0] for row in connection.execute(f"SELECT id FROM concepts WHERE id {_IN}", [wanted]).fetchall()}
    missing = [name for name in wanted if name not in known]
    if missing:
        raise StoreError("evidence names concepts that came with no link and no Concept", concepts=missing[:5])


def _add_concepts(
    connection: duckdb.DuckDBPyConnection, readings: Iterable[DocumentReading], session: int, change: int
) -> None:
    """Keep the concepts in use: of two rows of one id the larger in a session, else the newcomer."""
    brought: dict[str, Concept] = {}
    for reading in readings:
        linked = (link.best.concept for link in reading.links if link.best)
        for concept in (*linked, *reading.concepts):
            held = brought.get(concept.id)
            if held is not concept and (held is None or concept_row(concept) > concept_row(held)):
                brought[concept.id] = concept
    query = f"SELECT {CONCEPT_COLUMNS}, session FROM concepts WHERE id {_IN}"
    old = {row[0]: row for row in connection.execute(query, [list(brought)]).fetchall()}
    rows = []
    for key in sorted(brought):
        new = concept_row(brought[key])
        if key in old and (old[key][:-1] == new or (old[key][-1] == session and old[key][:-1] > new)):
            continue
        rows.append((*new, session, change))
    connection.execute(f"DELETE FROM concepts WHERE id {_IN}", [[row[0] for row in rows]])
    insert(connection, "concepts", rows)


def withdraw_evidence(connection: duckdb.DuckDBPyConnection, ids: list[str], reason: str, change: int) -> None:
    """Mark standing evidence as withdrawn; it stays in the ledger with the reason."""
    if ids:
        connection.execute(
            f"UPDATE evidence SET withdrawn_in = ?, reason = ? WHERE withdrawn_in IS NULL AND id {_IN}",
            [change, reason, ids],
        )


def triples_of(connection: duckdb.DuckDBPyConnection, documents: set[str]) -> set[str]:
    """Return the triples that standing evidence of these documents speaks of."""
    if not documents:
        return set()
    query = f"SELECT DISTINCT triple FROM evidence WHERE withdrawn_in IS NULL AND document {_IN}"
    return {row[0] for row in connection.execute(query, [sorted(documents)]).fetchall()}


def forget(connection: duckdb.DuckDBPyConnection, document: str, purge: bool, change: int) -> Touched:
    """Take a document out as if it had never been read; with ``purge`` erase its evidence too."""
    query = "SELECT DISTINCT triple FROM evidence WHERE document = ?" + ("" if purge else " AND withdrawn_in IS NULL")
    triples = {row[0] for row in connection.execute(query, [document]).fetchall()}
    names = _names(connection, [document])
    held = bool(_drop(connection, [document]))
    connection.execute("DELETE FROM lost WHERE document = ?", [document])
    if purge:
        connection.execute("DELETE FROM evidence WHERE document = ?", [document])
    else:
        connection.execute(
            "UPDATE evidence SET withdrawn_in = ?, reason = 'forgotten' WHERE withdrawn_in IS NULL AND document = ?",
            [change, document],
        )
    dirty = reconcile(connection, names)
    return Touched(triples | triples_of(connection, dirty), held or bool(triples))


def reject(connection: duckdb.DuckDBPyConnection, rows: list[Row]) -> bool:
    """Keep rejections of files that are not kept yet; say whether there were any."""
    held = _rejections_of_files(connection)
    fresh = [("", *row) for row in rows if row not in held]
    insert(connection, "rejections", fresh)
    return bool(fresh)


def settle(connection: duckdb.DuckDBPyConnection, files: set[str], repeated: set[Row]) -> bool:
    """Drop the rejections of these files that were not repeated; say whether there were any."""
    gone = _rejections_of_files(connection) - repeated
    mended = sorted({row[2] for row in gone if row[2] in files or row[2].rpartition("#")[0] in files})
    if mended:
        connection.execute(f"DELETE FROM rejections WHERE owner = '' AND subject {_IN}", [mended])
        insert(connection, "rejections", [("", *row) for row in sorted(repeated) if row[2] in mended])
    return bool(mended)


def _rejections_of_files(connection: duckdb.DuckDBPyConnection) -> set[Row]:
    return set(connection.execute("SELECT stage, code, subject, reason FROM rejections WHERE owner = ''").fetchall())


def refresh(connection: duckdb.DuckDBPyConnection, done: int, assemble: Assemble) -> int:
    """Assemble the statements of all triples touched after the change ``done``; return how many triples those are."""
    touched = connection.execute("SELECT count(DISTINCT triple) FROM changes WHERE change > ?", [done]).fetchall()[0][0]
    connection.execute("DELETE FROM statements WHERE id IN (SELECT triple FROM changes WHERE change > ?)", [done])
    rows: list[Row] = []
    for triple, ballots in votes(connection, done):
        made = assemble(triple, ballots)
        rows.append(statement_row(made))
        if len(rows) == _CHUNK:
            insert(connection, "statements", rows)
            rows.clear()
    insert(connection, "statements", rows)
    return int(touched)
