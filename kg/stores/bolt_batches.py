"""Bounded batches: so many rows, and so many characters of text, go in one message or one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any, TypeVar

from kg.model import Evidence, Statement
from kg.stores.source import LedgerView

Row = dict[str, Any]
Said = tuple[Statement, list[Evidence]]
"""A statement with its evidence."""
BATCH_ROWS = 5_000
# The embedded server takes messages of at most 16 MiB.
BATCH_CHARS = 4_000_000
_T = TypeVar("_T")


def with_evidence(ledger: LedgerView, ids: list[str] | None) -> Iterator[Said]:
    """Walk statements and evidence side by side: both come in the order of the triples' ids."""
    heard = groupby(ledger.evidences(ids), key=lambda evidence: evidence.triple.id)
    triple, group = next(heard, ("", iter(())))
    for statement in ledger.statements(ids):
        while triple and triple < statement.id:
            triple, group = next(heard, ("", iter(())))
        yield statement, list(group) if triple == statement.id else []


def weighed(pairs: Iterable[Said], limit: int | None = None) -> Iterator[list[Said]]:
    """Group pairs into batches of bounded rows (``limit``, or BATCH_ROWS) and bounded text."""
    limit = limit or BATCH_ROWS
    batch: list[Said] = []
    rows = chars = 0
    for statement, heard in pairs:
        batch.append((statement, heard))
        rows += 1 + len(heard)
        chars += sum(len(evidence.text) for evidence in heard)
        if rows >= limit or chars >= BATCH_CHARS:
            yield batch
            batch, rows, chars = [], 0, 0
    if batch:
        yield batch


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Group rows into batches of bounded number and bounded text."""
    batch: list[Row] = []
    chars = 0
    for row in rows:
        batch.append(row)
        chars += sum(len(value) for value in row.values() if isinstance(value, str))
        if len(batch) >= BATCH_ROWS or chars >= BATCH_CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def slices(items: list[_T], size: int) -> Iterator[list[_T]]:
    """Yield parts of at most ``size`` items."""
    return (items[at : at + size] for at in range(0, len(items), size))


def ahead(items: Iterator[_T]) -> Iterator[_T]:
    """Yield items while the next one is made in a thread: a server works on one batch while we make another.

    >>> list(ahead(iter("abc")))
    ['a', 'b', 'c']
    """
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(next, items, None)
        while (item := following.result()) is not None:
            following = pool.submit(next, items, None)
            yield item
