"""What a run measured: metrics.jsonl, one JSON object a line, and from it curves.html and TensorBoard events."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kg.train.curves import page

METRICS, CURVES, EVENTS = "metrics.jsonl", "curves.html", "events"


class Metrics:
    """Appends lines and keeps the page and the events up to date. `step`: where a run resumes; later lines go."""

    def __init__(self, folder: Path, title: str, step: int, keep: Callable[[Mapping[str, Any]], bool]) -> None:
        self._path, self._page, self._title = folder / METRICS, folder / CURVES, title
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        self.lines: list[dict[str, Any]] = [line for line in map(_parsed, lines) if line and keep(line)]
        text = "".join(json.dumps(line) + "\n" for line in self.lines)
        self._path.write_text(text, encoding="utf-8")
        self._events = _events(folder / EVENTS, step)

    def add(self, step: int, figures: Mapping[str, Any]) -> None:
        """Record figures of a step; numbers become curves."""
        line = {"step": step, **figures}
        self.lines.append(line)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        if self._events is not None:
            for name, value in figures.items():
                if isinstance(value, int | float):
                    self._events.add_scalar(name, value, step)

    def draw(self) -> None:
        """Write the page anew."""
        self._page.write_text(page(self._title, self.lines), encoding="utf-8")
        if self._events is not None:
            self._events.flush()


def _parsed(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:  # half a line: the process was killed while it wrote
        return {}
    return value if isinstance(value, dict) else {}


def _events(folder: Path, step: int) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:  # a machine lent for training may lack it; the page is there
        return None
    return SummaryWriter(str(folder), purge_step=step)
