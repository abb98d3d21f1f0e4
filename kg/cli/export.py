"""Commands over the files of a graph: export and sparql."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_GRAPH, FolderOption, JsonOption
from kg.cli.output import print_json, print_table, talk

_FORMATS = "nquads, turtle, trig, ntriples or jsonld; kgx-tsv or kgx-jsonl (two files that begin with --output)."


def register(app: typer.Typer) -> None:
    """Add the commands of this group to ``app``."""
    for command in (export, sparql):
        app.command()(command)


def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write; .gz compresses it.")],
    format_: Annotated[str, typer.Option("--format", help=_FORMATS)] = "nquads",
    graph: FolderOption = Path(DEFAULT_GRAPH),
) -> None:
    """Write the graph as RDF or KGX. The same graph gives the same bytes."""
    from kg.stores.kgx import export_kgx
    from kg.stores.ledger import Ledger
    from kg.stores.rdf import export as write

    with Ledger.open(graph) as ledger:
        if format_.startswith("kgx-"):
            nodes, edges = export_kgx(ledger, output, format_.removeprefix("kgx-"))
            talk.print(f"{nodes:,} nodes and {edges:,} edges in {output}_nodes and {output}_edges", markup=False)
        else:
            written = write(ledger, output, format_)
            talk.print(f"{written:,} statements of RDF in {output}", markup=False)


def sparql(
    query: Annotated[str, typer.Argument(help="A reading SPARQL query.")],
    graph: FolderOption = Path(DEFAULT_GRAPH),
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds after which the query is stopped.")] = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Answer a SPARQL query over the graph's RDF."""
    from kg.stores.rdf_query import sparql as ask

    answer = ask(graph, query, timeout)
    if as_json:
        print_json([dict(zip(answer.columns, row, strict=True)) for row in answer.rows])
    else:
        print_table(answer.columns, [["" if cell is None else cell for cell in row] for row in answer.rows])
