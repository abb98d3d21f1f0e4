"""``kg link``: what names mean, for names on the command line or one a line on stdin."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import JsonOption, categories, choice, known
from kg.cli.output import print_json, print_table


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(link)


def link(
    texts: Annotated[list[str] | None, typer.Argument(metavar="TEXT...", help="Names; none: read stdin.")] = None,
    category: Annotated[
        str,
        choice(
            "--category", "category", categories, "Only concepts of this category, such as Disease or ChemicalEntity."
        ),
    ] = "",
    terminology: Annotated[
        Path | None, typer.Option("--terminology", metavar="DIR", help="A built terminology.")
    ] = None,
    vocabulary: Annotated[
        list[str] | None,
        typer.Option(
            "--vocabulary", metavar="PREFIX", help="Answer with ids of these vocabularies only, such as MESH."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Link names to concepts, with candidates, scores and reasons."""
    from kg.config import load_settings
    from kg.link.linker import Linker
    from kg.link.terminology import Terminology

    loaded = Terminology.load(terminology or load_settings().terminology)
    prefixes = [known(given, "prefix of an id", loaded.prefixes()) for given in vocabulary or ()]
    linker = Linker.load(loaded, vocabularies=prefixes)
    names = texts or [line.strip() for line in sys.stdin if line.strip()]
    found = [(name, one.candidates) for name in names for one in linker.named(name, category)]
    if as_json:
        print_json([{"text": name, "candidates": [asdict(one) for one in candidates]} for name, candidates in found])
        return
    columns = ("text", "id", "name", "category", "score", "matched", "method")
    rows: list[tuple[object, ...]] = []
    for name, candidates in found:
        for one in candidates:
            concept = one.concept
            rows.append((name, concept.id, concept.name, concept.category, one.score, one.matched, one.method))
        if not candidates:
            rows.append((name, "", "(not linked)", "", "", "", ""))
    print_table(columns, rows)
