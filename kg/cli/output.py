"""stdout is data, stderr is talk: how every command speaks."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

# A program or a log gets a message as one line; a terminal wraps it by itself.
talk = Console(stderr=True, highlight=False, soft_wrap=True)
BOUNDARY = "Evidence for clinicians and researchers, not a diagnosis and not advice."


def page() -> Console:
    """Return stdout for text that a person reads: a terminal wraps its lines, a file or a program gets them whole."""
    return Console(highlight=False, markup=False, soft_wrap=not sys.stdout.isatty())


def print_json(value: Any) -> None:
    """Write exactly one JSON value to stdout."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write rows to stdout: a table for a person at a terminal, tab-separated lines for a program."""
    if sys.stdout.isatty():
        table = Table(*columns)
        for row in rows:
            table.add_row(*(str(cell) for cell in row))
        Console(highlight=False, markup=False).print(table)
    else:
        for row in rows:
            print("\t".join(str(cell).replace("\t", " ").replace("\n", " ") for cell in row))
