"""Questions from many requests at once: so many run, the others wait, and none keeps anybody waiting for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from kg.errors import StoreBusy
from kg.query import KnowledgeGraph

AT_ONCE = 8
SECONDS = 20.0
_T = TypeVar("_T")


class Asker:
    """Asks a graph in threads of its own. ``seconds`` is what one question may take, with its time in the queue."""

    def __init__(self, graph: KnowledgeGraph, seconds: float = SECONDS, at_once: int = AT_ONCE) -> None:
        self._graph = graph
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="question")

    async def __call__(self, question: Callable[[KnowledgeGraph], _T]) -> _T:
        """Return the answer. Raises StoreBusy when there is none in time; the store ends such a query by itself."""
        running = asyncio.get_running_loop().run_in_executor(self._pool, question, self._graph)
        try:
            return await asyncio.wait_for(running, self._seconds)
        except TimeoutError:
            raise StoreBusy("no answer in time; ask for less", seconds=self._seconds) from None

    def close(self) -> None:
        """Take no more questions."""
        self._pool.shutdown(wait=False, cancel_futures=True)
