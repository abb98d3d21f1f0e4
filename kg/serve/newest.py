"""The newest published graph: opened when a question comes and a build has published since, whoever still asks the old
one is let finish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from types import TracebackType
from typing import Self

from kg.query import KnowledgeGraph


class Newest:
    """Opens a graph with ``opened``, and again whenever ``published`` says something else than it did then."""

    def __init__(self, opened: Callable[[], KnowledgeGraph], published: Callable[[], str | None]) -> None:
        self._opened = opened
        self._published = published
        self._lock = Lock()
        self._state = published()
        self._graph = opened()
        self._askers: dict[KnowledgeGraph, int] = {self._graph: 0}

    @contextmanager
    def __call__(self) -> Iterator[KnowledgeGraph]:
        """Give the newest graph for the length of a ``with`` block."""
        with self._lock:
            state = self._published()
            if state != self._state:
                fresh = self._opened()
                self._askers[fresh] = 0
                old, self._graph, self._state = self._graph, fresh, state
                self._close_unasked(old)
            graph = self._graph
            self._askers[graph] += 1
        try:
            yield graph
        finally:
            with self._lock:
                self._askers[graph] -= 1
                if graph is not self._graph:
                    self._close_unasked(graph)

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every graph that is open."""
        for graph in self._askers:
            graph.close()

    def _close_unasked(self, graph: KnowledgeGraph) -> None:
        if not self._askers[graph]:
            del self._askers[graph]
            graph.close()
