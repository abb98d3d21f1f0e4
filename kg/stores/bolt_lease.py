"""Who publishes to a graph, and how far: one node of its own, so that two never write at once and a kill costs little.

The lease lasts some seconds and is renewed by a thread of its own. A publisher that was killed lets it run out, and the
next one goes on behind the last statement that it wrote.
"""

from __future__ import annotations

import secrets
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Protocol

from kg.errors import StoreBusy, StoreError

LEASE_SECONDS = 20.0
_POLL_SECONDS = 0.5

_TAKE = """MERGE (p:Projection {id: 'medkg:publishing'})
WITH p, timestamp() AS now
WHERE p.holder IS NULL OR p.holder = $holder OR p.until < now
SET p.holder = $holder, p.until = now + $milliseconds
RETURN p.build AS build, p.after AS after"""
# Never makes the node: the end of the publish may just have deleted it.
_RENEW = """MATCH (p:Projection {id: 'medkg:publishing', holder: $holder})
SET p.until = timestamp() + $milliseconds
RETURN p.until AS until"""
_UNTIL = "MATCH (p:Projection {id: 'medkg:publishing'}) RETURN p.until AS until"
_REACHED = "MATCH (p:Projection {id: 'medkg:publishing'}) SET p.build = $build, p.after = $after"
_LET_GO = "MATCH (p:Projection {id: 'medkg:publishing', holder: $holder}) SET p.holder = null"
END = "MATCH (p:Projection {id: 'medkg:publishing'}) DELETE p"


class Writable(Protocol):
    """What a lease needs of a store."""

    def read(self, text: str, parameters: dict[str, Any]) -> list[dict[str, Any]]: ...
    def write(self, text: str, parameters: dict[str, Any]) -> list[dict[str, Any]]: ...


class Lease:
    """The right to publish, for the length of a ``with`` block. Raises StoreBusy where another publisher is at work.

    ``after``: behind which statement to go on, where an earlier publisher of the same ``build`` was cut short.
    """

    def __init__(self, store: Writable, build: str) -> None:
        self._store = store
        self._build = build
        self._holder = {"holder": secrets.token_hex(8), "milliseconds": int(LEASE_SECONDS * 1000)}
        self._ended = threading.Event()
        self._lost = False
        self._renewing = threading.Thread(target=self._renew, daemon=True)
        self.after: str | None = None

    def __enter__(self) -> Lease:
        seen: set[int] = set()
        while not (taken := self._store.write(_TAKE, self._holder)):
            seen |= {row["until"] for row in self._store.read(_UNTIL, {})}
            if len(seen) > 1:  # it was renewed: somebody lives
                raise StoreBusy("another publish is writing to this graph; try again when it has ended")
            time.sleep(_POLL_SECONDS)
        if taken[0]["build"] == self._build:
            self.after = taken[0]["after"]
        self._renewing.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._renewing.join()
        if kind is not None:
            with suppress(StoreError):
                self._store.write(_LET_GO, self._holder)

    def reached(self, statement: str) -> tuple[str, dict[str, Any]]:
        """Return the text that notes the last statement written. Raises StoreBusy when the lease was lost."""
        if self._lost:
            raise StoreBusy("another publish took this graph over while its server was away; try again")
        return _REACHED, {"build": self._build, "after": statement}

    def _renew(self) -> None:
        while not self._ended.wait(LEASE_SECONDS / 4):
            with suppress(StoreError):
                self._lost = not self._store.write(_RENEW, self._holder)
