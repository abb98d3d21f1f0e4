"""The ledger's file: opened, filled with tables when it is new, refused when another version wrote it."""

from __future__ import annotations

import uuid
from pathlib import Path

import duckdb

from kg.errors import StoreError
from kg.stores.ledger_rows import insert
from kg.stores.ledger_runs import RUNS_TABLE
from kg.stores.ledger_schema import LEDGER_VERSION, TABLES

# A reader streams ranges that fit; what is not needed for them would only fill memory with blocks of the file.
_Settings = dict[str, str | bool | int | float | list[str]]
_WRITING: _Settings = {"memory_limit": "512MB"}
_READING: _Settings = {"memory_limit": "96MB", "threads": "2"}


def connect(path: Path, write: bool) -> duckdb.DuckDBPyConnection:
    """Open the file; DuckDB leaves memory for the disk beyond a limit."""
    return duckdb.connect(str(path), read_only=not write, config=_WRITING if write else _READING)


def prepare(connection: duckdb.DuckDBPyConnection, path: Path, write: bool) -> None:
    """Make the tables in a new file; refuse the file of another version."""
    tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    if not tables:
        if not write:
            raise StoreError("this ledger is empty; build the graph with `kg build`", file=str(path))
        connection.begin()
        connection.execute(TABLES)
        connection.execute(RUNS_TABLE)
        # The one random id: it tells this ledger from another built in its place, and is never exported.
        facts = {"version": LEDGER_VERSION, "id": uuid.uuid4().hex, "change": 0, "refreshed": 0, "session": 0}
        rows = [(key, str(value)) for key, value in {**facts, "session_open": "no"}.items()]
        insert(connection, "meta", rows)
        connection.commit()
        return
    if ("meta",) not in tables:
        raise StoreError("this DuckDB file is no ledger of medkg", file=str(path))
    (version,) = connection.execute("SELECT value::INTEGER FROM meta WHERE key = 'version'").fetchall()[0]
    if version != LEDGER_VERSION:
        advice = "upgrade medkg" if version > LEDGER_VERSION else "build the graph anew"
        raise StoreError(
            f"the ledger has version {version}, this medkg reads version {LEDGER_VERSION}: {advice}", file=str(path)
        )
    if write:
        connection.execute(RUNS_TABLE)
