"""What a projection needs of the ledger: streams in the order of their ids, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from kg.model import Concept, DocumentKind, Evidence, Statement, WorkState


class SourceDocument(Protocol):
    """A document as the ledger keeps it, without its text."""

    @property
    def id(self) -> str: ...
    @property
    def work(self) -> str: ...
    @property
    def state(self) -> WorkState: ...
    @property
    def kind(self) -> DocumentKind: ...
    @property
    def source(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def published(self) -> str: ...
    @property
    def license(self) -> str: ...


class LedgerView(Protocol):
    """The ledger, as far as projections read it. ``Ledger`` is one; a test may bring its own."""

    @property
    def id(self) -> str: ...
    @property
    def last_change(self) -> int: ...
    def changes_since(self, change: int) -> tuple[str, ...]: ...
    def documents(self) -> Iterator[SourceDocument]: ...
    def concepts(self, since: int | None = None) -> Iterator[Concept]: ...
    def statements(self, triples: Iterable[str] | None = None) -> Iterator[Statement]: ...
    def evidences(self, triples: Iterable[str] | None = None) -> Iterator[Evidence]: ...


class WholeLedger(LedgerView, Protocol):
    """A ledger that can say how much there is of what."""

    def counts(self) -> dict[str, int]: ...


class Watch(Protocol):
    """Whoever watches a long write; the progress of a command is one."""

    def begin(self, stage: str, total: int) -> None:
        """A stage of ``total`` units begins (0: not known)."""

    def reached(self, units: int, note: str = "") -> None:
        """``units`` are done."""


class Unwatched:
    """Nobody watches."""

    def begin(self, stage: str, total: int) -> None:
        """Do nothing."""

    def reached(self, units: int, note: str = "") -> None:
        """Do nothing."""
