"""Two ways to write statements, evidence and edges: merged by id, or made where none of them is there yet.

Each returns what a transaction runs. Making takes half the server's time: it looks for nothing, names the properties
in the text, and sends a row as a list of values, without names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from kg.stores import bolt_schema as texts
from kg.stores.bolt_rows import EDGE_PROPERTIES, Row

Text = tuple[str, dict[str, Any]]
"""A text with its parameters."""


class Writing(Protocol):
    """A way to write rows as ``bolt_rows`` makes them; those of edges are of one relationship type."""

    def statements(self, rows: Sequence[Row]) -> Text: ...
    def evidence(self, rows: Sequence[Row]) -> Text: ...
    def edges(self, kind: str, rows: Sequence[Row]) -> Text: ...


class Merging:
    """Whatever is there already: rows are merged by id."""

    def __init__(self, build: str) -> None:
        self._build = build

    def statements(self, rows: Sequence[Row]) -> Text:
        return self._text(texts.UPSERT_STATEMENTS, rows)

    def evidence(self, rows: Sequence[Row]) -> Text:
        return self._text(texts.UPSERT_EVIDENCE, rows)

    def edges(self, kind: str, rows: Sequence[Row]) -> Text:
        return self._text(texts.upsert_edges(kind), rows)

    def _text(self, text: str, rows: Sequence[Row]) -> Text:
        return text, {"rows": rows, "build": self._build}


class Making:
    """Where nothing is there: a row that is refuses the transaction, by the constraint on its id."""

    def __init__(self, build: str) -> None:
        self._build = build

    def statements(self, rows: Sequence[Row]) -> Text:
        return self._text(texts.create_statements(tuple(rows[0])), (list(row.values()) for row in rows))

    def evidence(self, rows: Sequence[Row]) -> Text:
        return self._text(texts.create_evidence(tuple(rows[0])), (list(row.values()) for row in rows))

    def edges(self, kind: str, rows: Sequence[Row]) -> Text:
        return self._text(texts.create_edges(kind, EDGE_PROPERTIES), map(_edge_values, rows))

    def _text(self, text: str, rows: Iterable[list[Any]]) -> Text:
        return text, {"rows": list(rows), "build": self._build}


def _edge_values(row: Row) -> list[Any]:
    """Return the ends, the qualifiers, whose names are data and so never part of a text, and EDGE_PROPERTIES."""
    qualifiers = dict(row["properties"])
    values = [row["id"] if name == "id" else qualifiers.pop(name) for name in EDGE_PROPERTIES]
    return [row["subject"], row["object"], qualifiers, *values]
