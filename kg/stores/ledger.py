"""The ledger: the system of record, one DuckDB file in the graph's folder. Everything else is rebuilt from it.

One process writes; DuckDB keeps readers of other processes out meanwhile, so whoever answers queries reads a published
projection, not the ledger. A transaction is whole or absent, whenever the process dies.

>>> import tempfile
>>> from kg.model import Document
>>> with Ledger.open(Path(tempfile.mkdtemp()), write=True) as ledger:
...     paper = Document("PMID:1", "PMID:1", "Aspirin causes bleeding.", "pubmed", "article")
...     _ = ledger.record(DocumentReading(paper, key="k"))
...     ledger.known(paper, "k"), ledger.counts()["documents"]
(True, 1)
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

import duckdb

from kg.errors import StoreError
from kg.model import Document, Rejection, Withdrawal
from kg.stores import ledger_runs, ledger_write
from kg.stores.ledger_contents import LEDGER_FILE, Contents
from kg.stores.ledger_errors import translated
from kg.stores.ledger_file import connect, prepare
from kg.stores.ledger_lock import FolderLock
from kg.stores.ledger_rows import (
    DocumentReading,
    HeldDocument,
    HeldMention,
    Origin,
    document_digest,
    insert,
    reading_key,
)
from kg.stores.ledger_works import reconcile
from kg.stores.ledger_write import Assemble

__all__ = [
    "LEDGER_FILE",
    "SPARQL_FOLDER",
    "Assemble",
    "DocumentReading",
    "HeldDocument",
    "HeldMention",
    "Ledger",
    "Origin",
    "reading_key",
]

SPARQL_FOLDER = "sparql"


class Ledger(Contents):
    """An open ledger: what it holds (``Contents``), and its writing.

    Use it in a ``with`` block: an orderly end closes the session, an exception leaves it open.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, lock: FolderLock, folder: Path, write: bool) -> None:
        """Use ``Ledger.open``."""
        super().__init__(connection, folder)
        self._lock = lock
        self._write = write
        self._seen: set[str] = set()
        self._rejected: set[tuple[str, str, str, str]] = set()
        self._failed = False
        self._run: ledger_runs.Underway | None = None
        self._session = int(self._meta("session")) + (self._meta("session_open") == "no")

    @classmethod
    def open(cls, folder: Path, write: bool = False, timeout: float = 10.0) -> Ledger:
        """Open the ledger of a graph folder; with ``write`` make folder and ledger where there is none.

        ``timeout`` is how many seconds to wait for another writer. Raises StoreBusy when it still writes; StoreError
        for a folder without a ledger, a damaged file, or one that a newer medkg wrote.
        """
        folder = Path(folder)
        path = folder / LEDGER_FILE
        if write:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"cannot make the graph folder: {error.strerror}", folder=str(folder)) from error
        elif not path.is_file():
            raise StoreError("no graph here; build one with `kg build`", folder=str(folder))
        lock = FolderLock(folder / "ledger.lock", exclusive=write, timeout=timeout)
        try:
            with translated(path):
                connection = connect(path, write)
                try:
                    prepare(connection, path, write)
                    return cls(connection, lock, folder, write)
                except BaseException:
                    connection.close()
                    raise
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Close the session and the file. Without this call (a kill) the next writer carries the session on."""
        if self._write and not self._failed and self._meta("session_open") == "yes":
            with self._transaction():
                self._set_meta("session_open", "no")
                if self._run:
                    self._run.ended(self._connection)
        self._connection.close()
        self._lock.release()

    def __enter__(self) -> Ledger:
        """Return self."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close; after an exception the session stays open, as after a kill."""
        self._failed = kind is not None
        self.close()

    def begin_run(self, version: str, key: str, files: int) -> None:
        """Say that what is recorded from now on is one run's: medkg's version, the reading key, how many files."""
        self._run = ledger_runs.Underway(version, key, files)

    def known(self, document: Document, key: str) -> bool:
        """Say whether reading this document under ``key`` would change nothing: see ``unknown``."""
        return not self.unknown([document], key)

    def unknown(self, documents: Sequence[Document], key: str) -> tuple[Document, ...]:
        """Return those of the documents that must be read, in their order.

        Left out are documents already read under this key, and older revisions of documents held.
        """
        ids = [document.id for document in documents]
        with translated(self._path):
            held = ledger_write.standings(self._connection, ids, self._session, self._seen)
            lost = ledger_write.lost_to(self._connection, ids)
        found = []
        for document in documents:
            old = held.get(document.id)
            digest = document_digest(document)
            new = ledger_write.Standing(document.version, document.text_hash, digest, key, True)
            if old is None:
                found.append(document)
            elif (document.id, digest, old.digest) in lost:
                continue
            elif ledger_write.supersedes(new, old) or ledger_write.ties(new, old):
                found.append(document)
            elif not document.version and digest == old.digest and not old.here:
                self._seen.add(document.id)
        return tuple(found)

    def record(self, reading: DocumentReading) -> int:
        """Record what reading one document gave; see ``record_batch``."""
        return self.record_batch([reading])

    def record_batch(self, readings: Iterable[DocumentReading]) -> int:
        """Record many readings in one transaction and return how many triples that touched.

        Evidence that the document no longer gives is withdrawn (``revised`` or ``read anew``), new evidence added, and
        the touched triples are appended to the change log. A document recorded twice, or an older revision, changes
        nothing. Raises StoreError for evidence of another document, or of a concept that nothing brought along.
        """
        batch = list(readings)
        with self._transaction() as change:
            return self._log(ledger_write.record(self._connection, batch, self._session, change, self._seen), change)

    def withdraw(self, withdrawals: Iterable[Withdrawal]) -> int:
        """Keep a source's word that works are retracted or deleted, whether they have arrived or not.

        Returns how many triples that touched, as all writing methods do.
        """
        rows = sorted({(w.work, w.state, "source", w.reason) for w in withdrawals})
        with self._transaction() as change:
            names = [row[0] for row in rows]
            query = "SELECT work, state, origin, reason FROM withdrawals WHERE work IN (SELECT unnest(?::VARCHAR[]))"
            held = set(self._connection.execute(query, [names]).fetchall())
            return self._withdraw([row for row in rows if row not in held], change)

    def retract(self, name: str, reason: str) -> int:
        """Take a work out by hand; ``name`` is a document's id, the work, or any identifier of it. It stays out."""
        return self._say(name, "retracted", reason)

    def reinstate(self, name: str, reason: str) -> int:
        """Let a work count again, against its source's word or an earlier ``retract``."""
        return self._say(name, "current", reason)

    def forget(self, document: str, purge: bool = False) -> int:
        """Take a document out as if it had never come; it may come again. ``purge`` erases its evidence as well.

        Raises StoreError when the ledger holds no such document; one that is the name of a work names its documents.
        """
        with self._transaction() as change:
            touched = ledger_write.forget(self._connection, document, purge, change)
            if not touched.written:
                if known := self.documents_of(document):
                    raise StoreError("this is a work; forget its documents one by one", documents=", ".join(known))
                raise StoreError("the graph holds no such document", document=document)
            count = self._log(touched, change)
        if purge:
            self._rewrite()
        return count

    def reject(self, rejections: Iterable[Rejection]) -> bool:
        """Keep rejections of files; a known one is only noted as seen. Says whether any was new.

        Rejections inside a document travel with its DocumentReading and are replaced with it.
        """
        rows = sorted({(r.stage, r.code, r.subject, r.reason) for r in rejections} - self._rejected)
        if not rows:
            return False
        self._rejected.update(rows)
        with self._transaction() as change:
            changed = ledger_write.reject(self._connection, rows)
            self._log(ledger_write.Touched(written=changed), change)
        return changed

    def settle(self, files: Iterable[str]) -> bool:
        """Drop rejections of these files that ``reject`` was not told again since this ledger was opened.

        Call it after a whole build with the names of all files that were read: what was mended is clear then. A
        rejection belongs to a file when its subject is the name, or the name, ``#`` and a place.
        """
        with self._transaction() as change:
            changed = ledger_write.settle(self._connection, set(files), self._rejected)
            self._log(ledger_write.Touched(written=changed), change)
        return changed

    def refresh(self, assemble: Assemble) -> int:
        """Assemble the statements anew that changed since the last refresh; return how many triples that were.

        Safe to repeat: after a kill between recording and refreshing, the next call does the rest.
        """
        last, done = self.last_change, int(self._meta("refreshed"))
        if last == done:
            return 0
        with self._transaction():
            touched = ledger_write.refresh(self._connection, done, assemble)
            self._set_meta("refreshed", str(last))
        return touched

    # -- inside

    @contextmanager
    def _transaction(self) -> Iterator[int]:
        """Run the block in one transaction and give it the number of the next change."""
        if not self._write:
            raise StoreError("the ledger is open for reading only", folder=str(self.folder))
        with translated(self._path):
            self._connection.begin()
            try:
                yield self.last_change + 1
                self._connection.commit()
            except BaseException:
                self._failed = True
                # A commit that failed (a full disk) has ended the transaction already.
                with suppress(duckdb.TransactionException):
                    self._connection.rollback()
                raise

    def _log(self, touched: ledger_write.Touched, change: int) -> int:
        if not touched.written and not touched.triples:
            return 0
        insert(self._connection, "changes", [(change, triple) for triple in sorted(touched.triples)])
        self._set_meta("change", str(change))
        self._set_meta("session", str(self._session))
        self._set_meta("session_open", "yes")
        if self._run:
            self._run.changed(self._connection, change)
        return len(touched.triples)

    def _rewrite(self) -> None:
        """Copy the ledger into a new file: deleted rows stay readable in the free blocks of the old one.

        The copies of quotations that SPARQL queries run on go too; the next query makes them anew.
        """
        shutil.rmtree(self.folder / SPARQL_FOLDER, ignore_errors=True)
        fresh = self._path.with_suffix(".purged")
        fresh.unlink(missing_ok=True)
        with translated(self._path):
            quoted = str(fresh).replace("'", "''")
            self._connection.execute(f"ATTACH '{quoted}' AS fresh")
            self._connection.execute(f"COPY FROM DATABASE {self._path.stem} TO fresh")
            self._connection.execute("DETACH fresh")
            self._connection.close()
            os.replace(fresh, self._path)
            self._connection = connect(self._path, write=True)

    def _say(self, name: str, state: str, reason: str) -> int:
        with self._transaction() as change:
            rows = self._connection.execute("SELECT work FROM documents WHERE id = ?", [name]).fetchall()
            work = rows[0][0] if rows else name
            self._connection.execute("DELETE FROM withdrawals WHERE origin = 'user' AND work = ?", [work])
            return self._withdraw([(work, state, "user", reason)], change)

    def _withdraw(self, rows: list[tuple[str, str, str, str]], change: int) -> int:
        insert(self._connection, "withdrawals", [(*row, change) for row in rows])
        dirty = reconcile(self._connection, [row[0] for row in rows])
        touched = ledger_write.Touched(ledger_write.triples_of(self._connection, dirty), bool(rows))
        return self._log(touched, change)

    def _set_meta(self, key: str, value: str) -> None:
        self._connection.execute("UPDATE meta SET value = ? WHERE key = ?", [value, key])
