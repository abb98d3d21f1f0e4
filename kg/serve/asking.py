"""Questions from many requests at once: so many run, the others wait, and none keeps anybody waiting for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

from kg.errors import StoreBusy
from kg.query import KnowledgeGraph

AT_ONCE = 8
SECONDS = 20.0
Using = Callable[[], AbstractContextManager[KnowledgeGraph]]
_T = TypeVar("_T")


class Asker:
    """Asks the graph that ``using`` gives, in threads of its own.

    ``seconds`` is what one question may take, with its time in the queue.
    """

    def __init__(self, using: Using, seconds: float = SECONDS, at_once: int = AT_ONCE) -> None:
        self._using = using
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="question")

    async def __call__(self, question: Callable[[KnowledgeGraph], _T]) -> _T:
        """Return the answer. Raises StoreBusy when there is none in time; the store ends such a query by itself."""
        running = asyncio.get_running_loop().run_in_executor(self._pool, self._answer, question)
        try:
            return await asyncio.wait_for(running, self._seconds)
        except TimeoutError:
            raise StoreBusy("no answer in time; ask for less", seconds=self._seconds) from None

    def _answer(self, question: Callable[[KnowledgeGraph], _T]) -> _T:
        with self._using() as graph:
            return question(graph)

    def close(self) -> None:
        """Take no more questions."""
        self._pool.shutdown(wait=False, cancel_futures=True)
