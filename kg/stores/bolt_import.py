"""Files for ``neo4j-admin database import full``: the fast way into an empty Neo4j, for a first load of millions.

A folder holds, for each kind of node and relationship, a header and a compressed CSV, and ``import.args`` with the
arguments for the tool. The mark is among the nodes, so the next ``kg publish`` makes the indexes and goes on from it.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from io import BufferedWriter, RawIOBase
from pathlib import Path
from types import NoneType
from typing import IO, Any, cast

from kg.errors import SchemaError, StoreError
from kg.stores.bolt_rows import Row
from kg.stores.bolt_whole import Edges, Nodes, whole
from kg.stores.selection import Selection
from kg.stores.source import LedgerView

ARGUMENTS = "import.args"
# A noncharacter of Unicode: no text means anything by it.
_BETWEEN_ITEMS = "\uffff"
_OPTIONS = ("--array-delimiter=U+FFFF", "--multiline-fields=true", "--id-type=string", "--bad-tolerance=0")
_PROPERTY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LEVEL = 3
_BUFFER_BYTES = 1 << 16


def export_import(graph: Selection, folder: Path) -> tuple[int, int]:
    """Write the folder, which must not exist or be empty, and return how many nodes and relationships it holds.

    The same graph gives the same bytes; the folder appears whole or not at all. A part of a graph bears the mark of a
    part, so that publishing the whole over it begins anew. Raises StoreError for a folder that holds something or a
    full disk.
    """
    return write_tables(graph, folder, graph.id if graph.complete else f"part of {graph.id}")


def write_tables(graph: LedgerView, folder: Path, source: str) -> tuple[int, int]:
    """Do what ``export_import`` does for anything that can be seen like a ledger, which the mark calls ``source``."""
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise StoreError("there is something here already; name a new or an empty folder", folder=str(folder))
        partial.mkdir(parents=True)
        try:
            with ExitStack() as files:
                tables = _Tables(partial, files)
                for part in whole(graph, f"{source}:{graph.last_change}", source):
                    tables.add(part)
                tables.finish()
            partial.replace(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise StoreError(f"cannot write the export: {error.strerror or error}", folder=str(folder)) from error
    return tables.nodes, tables.edges


class _Table:
    """One CSV with the columns of its first row; which type a column has is known once all rows are written."""

    def __init__(
        self, folder: Path, name: str, ends: tuple[str, ...], columns: tuple[str, ...], files: ExitStack
    ) -> None:
        for column in columns:
            if not _PROPERTY.fullmatch(column):
                raise SchemaError("not a name for a property", name=column)
        self._columns = columns
        self._types: dict[str, str] = {}
        self._ends = ends
        self._header = folder / f"{name}-header.csv"
        self._file = _compressed(folder / f"{name}.csv.gz", files)
        option = "nodes" if ends[0].startswith("id:ID") else "relationships"
        self.argument = f"--{option}={name}-header.csv,{name}.csv.gz"

    def add(self, ends: list[tuple[str, ...]], rows: list[dict[str, Any]]) -> None:
        """Write rows, a column at a time, which is several times as fast as cell by cell."""
        columns = [_quoted(column) for column in zip(*ends, strict=True)]
        columns += [self._cells(name, [row[name] for row in rows]) for name in self._columns]
        self._file.write("".join([f"{line}\n" for line in map(",".join, zip(*columns, strict=True))]).encode())

    def finish(self) -> None:
        """Write the header."""
        columns = (f"{column}:{self._types.get(column, 'string')}" for column in self._columns)
        self._header.write_text(",".join([*self._ends, *columns]) + "\n", encoding="utf-8")

    def _cells(self, column: str, values: Sequence[Any]) -> list[str]:
        kinds = set(map(type, values)) - {NoneType}
        if list in kinds:
            self._types[column] = "string[]"
            values = [value if value is None else _joined(value) for value in values]
        elif not kinds <= {str}:
            self._types[column] = "double" if float in kinds else "long"
            return ["" if value is None else repr(value) for value in values]
        return _quoted(values)


class _Tables:
    """The files of a folder that is being written; nodes or relationships with the same properties share one."""

    def __init__(self, folder: Path, files: ExitStack) -> None:
        self._folder = folder
        self._files = files
        self._tables: dict[tuple[str, tuple[str, ...]], _Table] = {}
        self.nodes = self.edges = 0

    def add(self, part: Nodes | Edges) -> None:
        """Write a batch."""
        if isinstance(part, Nodes):
            space, labels = part.labels[0], _BETWEEN_ITEMS.join(part.labels)
            self._write(
                space.lower(), (f"id:ID({space})", ":LABEL"), [(row["id"], labels) for row in part.rows], part.rows
            )
            self.nodes += len(part.rows)
        else:
            name = f"{part.start}-{part.end}".lower()
            ends = f":START_ID({part.start})", f":END_ID({part.end})", ":TYPE"
            self._write(name, ends, [(start, end, part.type) for start, end in part.pairs], part.rows)
            self.edges += len(part.rows)

    def finish(self) -> None:
        """Write the headers and the arguments of the tool."""
        for table in self._tables.values():
            table.finish()
        lines = [*_OPTIONS, *(table.argument for table in self._tables.values()), ""]
        (self._folder / ARGUMENTS).write_text("\n".join(lines), encoding="utf-8")

    def _write(self, name: str, header: tuple[str, ...], ends: list[tuple[str, ...]], rows: list[Row]) -> None:
        """Write rows to the tables of their properties; an id of a node is among its ends."""
        alike: dict[tuple[str, ...], tuple[list[tuple[str, ...]], list[Row]]] = {}
        for end, row in zip(ends, rows, strict=True):
            their_ends, their_rows = alike.setdefault(tuple(row), ([], []))
            their_ends.append(end)
            their_rows.append(row)
        for names, (their_ends, their_rows) in alike.items():
            columns = names if header[0].startswith(":") else tuple(column for column in names if column != "id")
            self._table(name, header, columns).add(their_ends, their_rows)

    def _table(self, name: str, ends: tuple[str, ...], columns: tuple[str, ...]) -> _Table:
        kind = name, columns
        if kind not in self._tables:
            number = sum(other == name for other, _ in self._tables) + 1
            own = name if number == 1 else f"{name}-{number}"
            self._tables[kind] = _Table(self._folder, own, ends, kind[1], self._files)
        return self._tables[kind]


def _compressed(path: Path, files: ExitStack) -> IO[bytes]:
    """Open a gzip file whose bytes depend on its content only."""
    raw = files.enter_context(path.open("wb"))
    packed = files.enter_context(gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=_LEVEL, mtime=0))
    return files.enter_context(BufferedWriter(cast(RawIOBase, packed), _BUFFER_BYTES))


def _joined(names: list[str]) -> str:
    if any(_BETWEEN_ITEMS in name for name in names):
        raise StoreError("a name holds U+FFFF, which stands between names in these files", names=repr(names))
    return _BETWEEN_ITEMS.join(names)


def _quoted(texts: Sequence[str | None]) -> list[str]:
    """Return cells: an empty one has no value, an empty text is in quotes."""
    return ["" if text is None else '"' + text.replace('"', '""') + '"' for text in texts]
