"""Progress with the time left, on stderr: a bar at a terminal where rich is installed, else lines."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

LINE_SECONDS = 10.0


def _bar() -> Any:
    try:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    except ImportError:  # a machine lent for training may have torch and little else
        return None
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}")
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True))


class Reporter:
    """Says how far a training is. `stream`: where lines go, stderr by default."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._rich = _bar() if stream is None and sys.stderr.isatty() else None
        self._task: Any = None
        self._title, self._total, self._first = "", 0, 0
        self._began = self._spoke = time.monotonic()

    def begin(self, title: str, total: int, done: int = 0) -> None:
        """Start counting towards `total`; `done` was done before, by a run that was killed."""
        self._title, self._total, self._first = title, total, done
        self._began = self._spoke = time.monotonic()
        if self._rich is not None:
            if self._task is not None:
                self._rich.remove_task(self._task)
            self._task = self._rich.add_task(title, total=total, completed=done)
            self._rich.start()

    def reached(self, done: int, note: str = "") -> None:
        """Say that `done` of the total are done, with a note on how it goes."""
        if self._rich is not None and self._task is not None:
            self._rich.update(self._task, completed=done, description=f"{self._title} {note}".strip())
            if done >= self._total:
                self._rich.stop()
            return
        now = time.monotonic()
        if now - self._spoke < LINE_SECONDS and done < self._total:
            return
        self._spoke = now
        left = (now - self._began) / max(done - self._first, 1) * (self._total - done)
        self._line(f"{self._title} {done}/{self._total} {note} {left / 60:.1f} min left")

    def say(self, line: str) -> None:
        """Print one line."""
        if self._rich is not None:
            self._rich.console.print(line, markup=False, highlight=False)
        else:
            self._line(line)

    def _line(self, line: str) -> None:
        print(line, file=self._stream, flush=True)
