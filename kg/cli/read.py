"""``kg read``: everything that the system reads in the documents of one file; what errors are looked at with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import JsonOption
from kg.cli.output import page, print_json, talk

if TYPE_CHECKING:
    from kg.model import Rejection
    from kg.stores.ledger import DocumentReading


class Format(StrEnum):
    """The forms that ``kg read`` writes."""

    TEXT = "text"
    JSON = "json"
    PUBTATOR = "pubtator"
    BIOC = "bioc"
    BRAT = "brat"


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(read)


def read(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A document, or a file of several.")
    ],
    form: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="With brat: the folder for the .ann and .txt files.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show everything that is read in a document: sentences, names, links, status, relations, and what was refused.

    Nothing is recorded. brat needs two files a document: without --output only the .ann of a single one is printed.
    """
    from kg.batches import batches
    from kg.config import load_settings
    from kg.pipeline import read_documents
    from kg.readers import Readers
    from kg.report.document import as_json as document_json
    from kg.report.document_bioc import HEAD, TAIL, bioc
    from kg.report.document_brat import brat, file_name
    from kg.report.document_marked import marked
    from kg.report.document_pubtator import pubtator

    if output is not None and form != Format.BRAT:
        raise typer.BadParameter("only brat writes files; the other formats go to stdout", param_hint="--output")
    rejections: list[Rejection] = []
    read_any = False

    def readings() -> Iterator[DocumentReading]:
        """Read the documents of the file, a batch at a time, as a build does."""
        nonlocal read_any
        settings = load_settings()
        readers = Readers(settings)
        for batch in batches([file], settings):
            rejections.extend(batch.rejections)
            for reading in read_documents(batch.documents, readers):
                read_any = True
                yield reading

    if as_json or form == Format.JSON:
        documents = [document_json(reading) for reading in readings()]
        print_json({"documents": documents, "rejections": [asdict(rejection) for rejection in rejections]})
    elif form == Format.TEXT:
        out = page()
        for reading in readings():
            out.print(*marked(reading), "", sep="\n")
    elif form == Format.PUBTATOR:
        sys.stdout.writelines(map(pubtator, readings()))
    elif form == Format.BIOC:
        sys.stdout.writelines((HEAD, *map(bioc, readings()), TAIL))
    elif output is not None:
        output.mkdir(parents=True, exist_ok=True)
        for reading in readings():
            pair = output / file_name(reading)
            pair.with_name(f"{pair.name}.txt").write_text(reading.document.text, encoding="utf-8", newline="")
            pair.with_name(f"{pair.name}.ann").write_text(brat(reading), encoding="utf-8", newline="")
    else:
        several = list(readings())
        if len(several) > 1:
            raise typer.BadParameter("the file holds several documents; say where to put them", param_hint="--output")
        sys.stdout.writelines(map(brat, several))
    for rejection in rejections:
        talk.print(f"rejected: {rejection.subject}: {rejection.reason} ({rejection.code})", markup=False)
    if not read_any:
        raise typer.Exit(1)
