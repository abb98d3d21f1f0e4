"""What a ledger holds, as streams of nouns: the half of the ledger that every projection and report reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import duckdb

from kg.errors import StoreError
from kg.model import Concept, Evidence, Reader, Rejection, Statement, WorkState
from kg.stores import ledger_read, ledger_runs
from kg.stores.ledger_errors import translated
from kg.stores.ledger_rows import HeldDocument, HeldMention, Origin
from kg.stores.ledger_runs import Run

LEDGER_FILE = "ledger.duckdb"

_T = TypeVar("_T")


class Contents:
    """What an open ledger holds. Streams are in flat memory; all but those that say otherwise are in the order of ids.

    ``id`` names the ledger; a projection keeps it, with the last change it applied, to know whether it can follow.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """Use ``Ledger.open``."""
        self._connection = connection
        self.folder = folder
        self.id = self._meta("id")

    @property
    def last_change(self) -> int:
        """The number of the last transaction that changed something; 0 for an empty ledger."""
        return int(self._meta("change"))

    @property
    def assembled(self) -> bool:
        """Whether the statements are those of the evidence: false between ``record`` and ``refresh``."""
        with translated(self._path):
            query = "SELECT count(*) FROM changes WHERE change > ?"
            return bool(self._connection.execute(query, [int(self._meta("refreshed"))]).fetchall() == [(0,)])

    def documents_of(self, name: str) -> tuple[str, ...]:
        """Return the ids of the documents of a work, sorted; ``name``: a document's id, the work, any identifier."""
        query = """SELECT id FROM documents WHERE work IN (
            SELECT d.work FROM documents d LEFT JOIN identifiers i ON i.document = d.id
            WHERE $name IN (d.id, d.work, i.identifier)) ORDER BY id"""
        with translated(self._path):
            return tuple(row[0] for row in self._connection.execute(query, {"name": name}).fetchall())

    def changes_since(self, change: int) -> tuple[str, ...]:
        """Return the ids of the triples touched after ``change``, sorted. One that has no statement now is gone."""
        return tuple(self._streamed(ledger_read.changes(self._connection, change)))

    def documents(self) -> Iterator[HeldDocument]:
        """Yield the documents by id, retracted ones too; those deleted by their source are left out."""
        return self._streamed(ledger_read.documents(self._connection))

    def works(self, licences: Sequence[str] | None = None) -> Iterator[tuple[str, WorkState, str]]:
        """Yield (work, state, reason of the state) of every work that has a document, by name.

        ``licences``: only those that have a document under one of these.
        """
        return self._streamed(ledger_read.works(self._connection, licences))

    def origins(self) -> tuple[tuple[str, str, int], ...]:
        """Return (source, licence, number of documents), sorted."""
        with translated(self._path):
            return tuple(ledger_read.origins(self._connection))

    def mentions(self) -> Iterator[HeldMention]:
        """Yield the mentions by document and place, linked or not."""
        return self._streamed(ledger_read.mentions(self._connection))

    def concepts(self, since: int | None = None, stated: bool = False) -> Iterator[Concept]:
        """Yield the concepts in use by a mention or a statement, by id; ``since``: those stored after a change.

        ``stated``: only those that a statement uses.
        """
        return self._streamed(ledger_read.concepts(self._connection, since, stated))

    def statements(self, triples: Iterable[str] | None = None) -> Iterator[Statement]:
        """Yield the statements by id, with the ids of their evidence; ``triples``: only these."""
        return self._streamed(ledger_read.statements(self._connection, triples))

    def evidences(self, triples: Iterable[str] | None = None) -> Iterator[Evidence]:
        """Yield the evidence that counts, by triple and id; ``triples``: only that of these.

        Withdrawn evidence and that of retracted or deleted works is left out. ``Evidence.work`` is the work that the
        document turned out to belong to.
        """
        return (evidence for evidence, _ in self.sourced_evidences(triples))

    def sourced_evidences(self, triples: Iterable[str] | None = None) -> Iterator[tuple[Evidence, Origin]]:
        """Yield the same as ``evidences``, each with where its document comes from."""
        return self._streamed(ledger_read.evidences(self._connection, triples))

    def phenotypes(self) -> Iterator[tuple[str, str, str, str, int | None, int | None, str, str, str]]:
        """Yield what is said of findings in diseases, in no order: statement, subject and object; work, count, total,
        polarity and strength of a piece of evidence; kind of its document. Hypotheses, and what is neither believed nor
        counted, are left out.
        """
        return self._streamed(ledger_read.phenotypes(self._connection))

    def broader(self) -> Iterator[tuple[str, str]]:
        """Yield each concept with each of those that it is a kind of, in no order."""
        return self._streamed(ledger_read.broader(self._connection))

    def withdrawn(self, document: str) -> tuple[tuple[str, str], ...]:
        """Return (evidence id, reason) of what this document once said and no longer does, in order of withdrawal."""
        query = (
            "SELECT id, reason FROM evidence WHERE withdrawn_in IS NOT NULL AND document = ? ORDER BY withdrawn_in, id"
        )
        with translated(self._path):
            return tuple(self._connection.execute(query, [document]).fetchall())

    def readers(self) -> Iterator[Reader]:
        """Yield the readers of the evidence that counts, by id."""
        return self._streamed(ledger_read.readers(self._connection))

    def runs(self, licences: Sequence[str] | None = None) -> Iterator[Run]:
        """Yield the runs that made evidence which counts, in their order."""
        return self._streamed(ledger_runs.runs(self._connection, licences))

    def generated(self, licences: Sequence[str] | None = None) -> Iterator[tuple[str, str]]:
        """Yield (evidence, run) for the evidence that counts and was added in a run, by evidence."""
        return self._streamed(ledger_runs.generated(self._connection, licences))

    def rejections(self) -> tuple[Rejection, ...]:
        """Return all rejections that still hold, by subject."""
        with translated(self._path):
            return ledger_read.rejections(self._connection)

    def counts(self) -> dict[str, int]:
        """Return the totals under the names of ``kg.model.Counts``; what a run added is the difference of two calls."""
        with translated(self._path):
            return ledger_read.counts(self._connection)

    # -- inside

    @property
    def _path(self) -> Path:
        return self.folder / LEDGER_FILE

    def _streamed(self, rows: Iterator[_T]) -> Iterator[_T]:
        with translated(self._path):
            yield from rows

    def _meta(self, key: str) -> str:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
        if row is None:
            raise StoreError(f"the ledger is damaged: it has no {key}; build the graph anew", file=str(self._path))
        return str(row[0])
