"""Builds a graph in a process of its own and kills it with SIGKILL at the n-th step that it takes on the disk.

``python driver.py GRAPH N PATH...``; N = 0 never kills and prints how many steps there were.
"""

from __future__ import annotations

import os
import pathlib
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg.config import Settings
from kg.pipeline import build
from kg.stores import embedded_files
from kg.stores.ledger import Ledger

steps = 0


def step(at: int) -> None:
    """Count one step, and die if it is the chosen one."""
    global steps
    steps += 1
    if steps == at:
        os.kill(os.getpid(), signal.SIGKILL)


def around(function: Callable[..., Any], at: int) -> Callable[..., Any]:
    """Let the call count before and after: dying between two calls and inside one differ."""

    def counted(*arguments: Any, **options: Any) -> Any:
        step(at)
        result = function(*arguments, **options)
        step(at)
        return result

    return counted


class Silent:
    """Watches nothing."""

    def begin(self, stage: str, total: int) -> None: ...

    def reached(self, units: int, note: str = "") -> None: ...


def main(graph: str, at: str, *paths: str) -> None:
    """Build, counting every call that writes."""
    for name in ("record_batch", "withdraw", "reject", "settle", "refresh"):
        setattr(Ledger, name, around(getattr(Ledger, name), int(at)))
    steps_out = ((embedded_files, "switch"), (embedded_files, "write_whole"), (pathlib.Path, "rename"), (os, "replace"))
    for owner, name in steps_out:
        setattr(owner, name, around(getattr(owner, name), int(at)))
    build([Path(path) for path in paths], Path(graph), Settings(), Silent())
    print(steps)


if __name__ == "__main__":
    main(*sys.argv[1:])
