"""Rows of tables and of JSON lines as they stream in, and rows put in order on the disk where a file is in none."""

from __future__ import annotations

import codecs
import json
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from kg.model import Rejection
from kg.sources.refusal import Refusal, rejection
from kg.sources.stream import Stream

BIGGEST_ROW = 1_000_000
Cell = str | list[str]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what its columns say (lists where the format has lists), empty cells left out; ``line`` from 1."""

    cells: Mapping[str, Cell]
    line: int

    def one(self, *names: str) -> str:
        """Return the first of these columns that says something, as one text; "" if none does."""
        return next((", ".join(self.many(name)) for name in names if name in self.cells), "")

    def many(self, name: str) -> list[str]:
        """Return the values of a column; in a table they are parted by ``|``."""
        cell = self.cells.get(name, [])
        return cell if isinstance(cell, list) else [part.strip() for part in cell.split("|") if part.strip()]

    def text(self, name: str) -> str:
        """Return what a column of one value says, whatever signs are in it."""
        cell = self.cells.get(name, "")
        return cell if isinstance(cell, str) else ", ".join(cell)


def lines(stream: Stream) -> Iterator[str]:
    """Yield the lines of a UTF-8 file; raises Refusal (invalid_encoding, bad_row) for bytes and rows that are none."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest = ""
    for chunk in chain(stream.chunks(), [b""]):
        try:
            rest += decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            raise Refusal(f"not valid UTF-8: {error.reason}", reject="invalid_encoding") from error
        *whole, rest = rest.split("\n")
        if len(rest) > BIGGEST_ROW:
            raise Refusal(f"a row of more than {BIGGEST_ROW} characters", reject="bad_row")
        yield from whole
    if rest:
        yield rest


def table_rows(stream: Stream) -> Iterator[Row | Refusal]:
    """Yield the rows of a table with tabs, whose first line that is no comment names its columns."""
    header: list[str] = []
    for number, line in enumerate(lines(stream), 1):
        line = line.rstrip("\r")
        if not line.strip() or (not header and line.startswith("#")):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not header:
            header = cells
        elif len(cells) != len(header):
            yield Refusal(f"{len(cells)} columns instead of {len(header)}", reject="bad_row", place=f"line {number}")
        else:
            yield Row({name: cell for name, cell in zip(header, cells, strict=True) if cell}, number)


def json_rows(stream: Stream) -> Iterator[Row | Refusal]:
    """Yield JSON objects, one a line."""
    for number, line in enumerate(lines(stream), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise ValueError("not a JSON object")
            yield Row({name: cell for name, said in value.items() if (cell := _cell(said))}, number)
        except (ValueError, RecursionError) as error:
            reason = f"not JSON: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
            yield Refusal(reason, reject="bad_row", place=f"line {number}")


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return [text for item in value if (text := _text(item))]
    return _text(value)


def _text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return (value or "").strip()
    return json.dumps(value, ensure_ascii=False)


class Unusable(ValueError):
    """A row that cannot be used for a reason that many rows share: they are told of once."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Sorter:
    """Puts rows in order in a file that is nobody else's and goes when it is closed: a table may be larger than memory.

    A context manager. ``add`` takes a key and a row of JSON values; ``groups`` yields each key once, with its rows in
    the order in which they came.
    """

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")
        self._rows.execute("CREATE TABLE said (key TEXT, value TEXT)")

    def __enter__(self) -> Sorter:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()

    def add(self, key: Key, row: Any) -> None:
        """Keep a row."""
        self._rows.execute("INSERT INTO said VALUES (?, ?)", (json.dumps(key), json.dumps(row)))

    def groups(self) -> Iterator[tuple[Key, Iterator[Any]]]:
        """Yield the keys in order, each with its rows."""
        found = self._rows.execute("SELECT key, value FROM said ORDER BY key, rowid")
        for key, same in groupby(found, key=lambda pair: pair[0]):
            yield tuple(json.loads(key)), (json.loads(value) for _, value in same)


def keep(
    rows: Iterable[Row | Refusal], file: str, kept: Sorter, made: Callable[[Row], Iterable[tuple[Key, Any]]]
) -> Generator[Rejection, None, Refusal | None]:
    """Keep the keys and values that ``made`` makes of the rows; yield a Rejection for each row of which it makes none.

    Rows that are ``Unusable`` for one reason are one Rejection, with their number and the first line. Returns why the
    file broke off, if it did: what came before is kept.
    """
    unusable: dict[tuple[str, str], list[int]] = {}
    broken = None
    try:
        for row in rows:
            if isinstance(row, Refusal):
                yield rejection(file, row)
                continue
            try:
                for key, value in made(row):
                    kept.add(key, value)
            except Unusable as error:
                unusable.setdefault((error.code, str(error)), [0, row.line])[0] += 1
            except ValueError as error:
                yield rejection(file, Refusal(str(error), reject="bad_row", place=f"line {row.line}"))
    except Refusal as refusal:
        broken = refusal
    for (code, reason), (count, line) in unusable.items():
        more = f" ({count} rows, this is the first)" if count > 1 else ""
        yield rejection(file, Refusal(reason + more, reject=code, place=f"line {line}"))
    return broken
