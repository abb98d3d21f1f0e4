"""The command tree: one module a group of commands."""

from __future__ import annotations

import typer

from kg.cli import (
    build,
    classify,
    contradictions,
    doctor,
    evaluate,
    export,
    link,
    query,
    questions,
    read,
    serve,
    store,
    terminology,
    train,
)
from kg.cli.output import BOUNDARY

app = typer.Typer(
    help=f"medkg: medical knowledge graphs that can be trusted. {BOUNDARY}",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for group in (build, read, query, questions, contradictions, store, export, doctor, link, classify, terminology):
    group.register(app)
app.add_typer(serve.app, name="serve")
app.add_typer(train.app, name="train")
app.add_typer(evaluate.app, name="evaluate")
