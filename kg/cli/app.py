"""The command tree: one module a group of commands."""

from __future__ import annotations

import typer

from kg.cli import build, query
from kg.cli.output import BOUNDARY

app = typer.Typer(
    help=f"medkg: medical knowledge graphs that can be trusted. {BOUNDARY}",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for group in (build, query):
    group.register(app)
