"""How windows are computed: on a GPU together, on a CPU one by one, a window a thread.

Several threads inside one matrix product lose most of their time waiting for each other when the cores are shared, and
their sums depend on how many they are. A window a thread scales with the cores and gives the same bits on any number.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import torch

from kg.encode.device import Precision

P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")


class Compute:
    """Runs functions on tensors without gradients, in the number format of the device."""

    def __init__(self, device: torch.device, precision: Precision, together: bool | None = None) -> None:
        self.device, self.precision = device, precision
        self.together = device.type != "cpu" if together is None else together
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self.workers = 1 if self.together else cores
        self._pool: ThreadPoolExecutor | None = None

    def _run(self, function: Callable[..., T], *arguments: object) -> T:
        with (
            torch.inference_mode(),
            torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16"),
        ):
            return function(*arguments)

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.workers, "encode", initializer=torch.set_num_threads, initargs=(1,))
        return self._pool

    def here(self, function: Callable[P, T], *arguments: P.args, **_: P.kwargs) -> T:
        """Run one call and wait for it."""
        if self.together:
            return self._run(function, *arguments)
        return self._threads().submit(self._run, function, *arguments).result()

    def spread(self, function: Callable[[U], T], items: Iterable[U]) -> Iterator[T]:
        """Run a call for every item, a few ahead of the reader, and yield the results in order."""
        waiting: deque[Future[T]] = deque()
        pool = self._threads()
        for item in items:
            waiting.append(pool.submit(self._run, function, item))
            if len(waiting) > 2 * self.workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
