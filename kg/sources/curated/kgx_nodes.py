"""The nodes of KGX files: names and categories for the edges beside them; by themselves they say nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from kg.model import Rejection
from kg.schema import CATEGORIES, COVERED
from kg.sources.curated.curies import spelling, spelt
from kg.sources.curated.rows import Row, json_rows, table_rows
from kg.sources.curated.said import Named
from kg.sources.refusal import Refusal, rejection
from kg.sources.stream import Stream
from kg.sources.walk import SourceFile, files

_EXACT = ("same_as", "equivalent_identifiers", "exact_matches")


class Nodes:
    """The nodes file that lies beside a file of edges, looked up by id on the disk; nothing where there is none.

    ``broken`` tells why it could not be read to its end.
    """

    def __init__(self, edges: Stream) -> None:
        self._rows = sqlite3.connect("")
        self._rows.execute("CREATE TABLE node (id TEXT PRIMARY KEY, name TEXT, category TEXT, same TEXT) WITHOUT ROWID")
        self.broken: Rejection | None = None
        if beside := _beside(edges.file.path, "edges", "nodes"):
            try:
                with Stream(beside, edges.settings) as stream:
                    self._rows.executemany("INSERT OR IGNORE INTO node VALUES (?, ?, ?, ?)", _nodes(stream))
            except Refusal as refusal:
                self.broken = rejection(beside.name, refusal)

    def __enter__(self) -> Nodes:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()

    def named(self, id: str) -> Named:
        """Return a node; without name and category where the file has none."""
        found = self._rows.execute("SELECT name, category, same FROM node WHERE id = ?", (id,)).fetchone()
        if found is None:
            return Named(id, "", "")
        return Named(id, found[0], found[1], tuple(map(spelling, json.loads(found[2]))))


def read(stream: Stream) -> Iterator[Rejection]:
    """Yield a Rejection for each row that is no node; raises Refusal (no_edges) where no edges lie beside the file."""
    if _beside(stream.file.path, "nodes", "edges") is None:
        raise Refusal("nodes without a file of edges beside them (NAME_nodes, NAME_edges)", reject="no_edges")
    for row in _rows(stream):
        if isinstance(row, Refusal):
            yield rejection(stream.file.name, row)
            continue
        try:
            _node(row)
        except ValueError as error:
            yield rejection(stream.file.name, Refusal(str(error), reject="bad_row", place=f"line {row.line}"))


def _nodes(stream: Stream) -> Iterator[tuple[str, str, str, str]]:
    """Yield the nodes that are sound; the others are told of when the file itself is read."""
    for row in _rows(stream):
        if isinstance(row, Row):
            try:
                yield _node(row)
            except ValueError:
                continue


def _node(row: Row) -> tuple[str, str, str, str]:
    id, name = spelt(row.text("id")), " ".join(row.text("name").split())
    same = [id for column in _EXACT for id in row.many(column)]
    return id, name, _category(row.many("category")), json.dumps(same)


def _category(classes: list[str]) -> str:
    """Return the category of medkg among a node's classes, else the class that it has none for."""
    names = [name.removeprefix("biolink:") for name in classes]
    known = next((COVERED.get(name, name) for name in names if name in CATEGORIES or name in COVERED), "")
    return known or (f"biolink:{names[0]}" if names else "")


def _rows(stream: Stream) -> Iterator[Row | Refusal]:
    return json_rows(stream) if stream.head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{") else table_rows(stream)


def _beside(path: Path, this: str, other: str) -> SourceFile | None:
    """Return the file beside ``path`` with the other word in its name, compressed or not; links are not followed."""
    start, found, end = path.name.rpartition(this)
    ends = (end, f"{end}.gz", end.removesuffix(".gz"))
    for place in (path.with_name(start + other + ending) for ending in ends):
        if found and place.is_file() and not place.is_symlink():
            return next((file for file in files([place]) if isinstance(file, SourceFile)), None)
    return None
