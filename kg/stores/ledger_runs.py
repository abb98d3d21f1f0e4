"""Which run recorded what: a row for each run that wrote something, beside the change log.

A run is one `kg build`. It is written down with the first thing that it changes, in the same transaction, so a run that
finds nothing new leaves no row, and one that was killed has a row without an end. Evidence knows the change that added
it, and so the run. Nothing else in the ledger depends on runs.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from kg.stores.ledger_rows import stream

# A ledger from before there were runs gets the table when somebody next writes to it.
RUNS_TABLE = """CREATE TABLE IF NOT EXISTS runs (
    id VARCHAR PRIMARY KEY, first_change BIGINT NOT NULL, last_change BIGINT NOT NULL, started VARCHAR NOT NULL,
    ended VARCHAR, version VARCHAR NOT NULL, key VARCHAR NOT NULL, files BIGINT NOT NULL)"""
_THERE = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'runs'"
# A revision that says the same keeps its evidence, and with it the run that first found it.
_GENERATED = """standing e JOIN documents d ON d.id = e.document
    JOIN runs r ON e.added_in BETWEEN r.first_change AND r.last_change"""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that made evidence which still counts. Times are UTC, ISO 8601; ``ended`` is empty where it was killed.

    ``version`` is that of medkg, ``key`` the reading key of the run, ``files`` how many it was given, ``readers`` the
    ids of those whose evidence it recorded.
    """

    id: str
    started: str
    ended: str
    version: str
    key: str
    files: int
    readers: tuple[str, ...]


class Underway:
    """The run that is under way."""

    def __init__(self, version: str, key: str, files: int) -> None:
        self._id = uuid.uuid4().hex
        self._facts = (_now(), None, version, key, files)

    def changed(self, connection: duckdb.DuckDBPyConnection, change: int) -> None:
        """Note, in the transaction that makes it, that a change is this run's."""
        connection.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET last_change = excluded.last_change",
            [self._id, change, change, *self._facts],
        )

    def ended(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Note that it came to its end."""
        connection.execute("UPDATE runs SET ended = ? WHERE id = ?", [_now(), self._id])


def runs(connection: duckdb.DuckDBPyConnection, licences: Sequence[str] | None) -> Iterator[Run]:
    """Yield the runs that made evidence which counts, in their order; ``licences``: of documents under one of these."""
    query = f"""SELECT r.id, r.started, coalesce(r.ended, ''), r.version, r.key, r.files,
            list(DISTINCT e.reader ORDER BY e.reader)
        FROM {_GENERATED} WHERE {_chosen(licences)} GROUP BY ALL ORDER BY min(r.first_change)"""
    if _are_there(connection):
        for name, started, ended, version, key, files, readers in stream(connection, query, _parameters(licences)):
            yield Run(name, started, ended, version, key, files, tuple(readers))


def generated(connection: duckdb.DuckDBPyConnection, licences: Sequence[str] | None) -> Iterator[tuple[str, str]]:
    """Yield (evidence, run) by evidence, for the evidence that counts and was added in a run."""
    query = f"SELECT e.id, r.id FROM {_GENERATED} WHERE {_chosen(licences)} ORDER BY e.id"
    if _are_there(connection):
        yield from stream(connection, query, _parameters(licences))


def _are_there(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.execute(_THERE).fetchall() == [(1,)]


def _chosen(licences: Sequence[str] | None) -> str:
    return "true" if licences is None else "d.license IN (SELECT unnest(?::VARCHAR[]))"


def _parameters(licences: Sequence[str] | None) -> list[list[str]]:
    return [] if licences is None else [list(licences)]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
