"""Progress with the time left, on stderr: a bar at a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import time

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from kg.cli.output import talk

LINE_SECONDS = 5.0


class Reporter:
    """Shows how far a build is. Totals and what is reached are in units of one kind, bytes of input."""

    def __init__(self) -> None:
        self._total = self._done = 0
        self._stage = "starting"
        self._began = self._spoke = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Reporter:
        if talk.is_terminal:
            columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %")
            self._bar = Progress(*columns, TimeRemainingColumn(), console=talk)
            self._task = self._bar.add_task(self._stage, total=None)
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, stage: str, total: int) -> None:
        """Start a stage of ``total`` units; 0 when the size is not known."""
        self._stage, self._total, self._done = stage, total, 0
        self._began = time.monotonic()
        if self._bar is not None and self._task is not None:
            self._bar.reset(self._task, total=total or None, description=stage)
        else:
            talk.print(f"{stage} ...")
            self._spoke = time.monotonic()

    def reached(self, units: int, note: str = "") -> None:
        """Say that ``units`` are done."""
        self._done = units
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done, description=f"{self._stage} {note}".strip())
        elif time.monotonic() - self._spoke >= LINE_SECONDS:
            self._spoke = time.monotonic()
            talk.print(self._line(note))

    def _line(self, note: str) -> str:
        share = self._done / self._total if self._total else 0.0
        line = f"{self._stage} {note} {share:4.0%}" if self._total else f"{self._stage} {note}"
        if 0.0 < share < 1.0:
            left = round((time.monotonic() - self._began) * (1 - share) / share)
            line += f", {left // 60}:{left % 60:02d} left"
        return line
