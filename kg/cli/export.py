"""Commands over the files of a graph: export, import and sparql. ``FORMATS`` is the table of what can be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import DEFAULT_GRAPH, FolderOption, JsonOption, choice
from kg.cli.output import print_json, print_table, talk

if TYPE_CHECKING:
    from kg.stores.selection import Selection

Writer = Callable[["Selection", Path], str]
"""Writes a graph to a file, or to files that begin with its name, and says in a sentence what it wrote."""


def register(app: typer.Typer) -> None:
    """Add the commands of this group to ``app``."""
    for command in (export, sparql):
        app.command()(command)
    app.command("import")(import_)


def _rdf(format: str, graph: Selection, output: Path, profile: str = "rdf11", with_runs: bool = False) -> str:
    from kg.stores.rdf import export

    return f"{export(graph, output, format, profile, with_runs):,} statements of RDF in {output}"


def _kgx(format: str, graph: Selection, output: Path) -> str:
    from kg.stores.kgx import export_kgx

    nodes, edges = export_kgx(graph, output, format)
    return f"{nodes:,} nodes and {edges:,} edges in {output}_nodes and {output}_edges"


def _graphml(graph: Selection, output: Path) -> str:
    from kg.stores.graphml import export_graphml

    nodes, edges = export_graphml(graph, output)
    return f"{nodes:,} nodes and {edges:,} edges in {output}"


def _parquet(graph: Selection, output: Path) -> str:
    from kg.stores.parquet import export_parquet

    nodes, edges, evidence = export_parquet(graph, output)
    return f"{nodes:,} nodes, {edges:,} edges and {evidence:,} pieces of evidence in {output}_*.parquet"


def _neo4j_admin(graph: Selection, output: Path) -> str:
    from kg.stores.bolt_import import export_import

    nodes, edges = export_import(graph, output)
    return f"{nodes:,} nodes and {edges:,} relationships in {output}; docs/neo4j.md says how to import them"


FORMATS: dict[str, Writer] = {
    **{name: partial(_rdf, name) for name in ("nquads", "turtle", "trig", "ntriples", "jsonld")},
    **{f"kgx-{name}": partial(_kgx, name) for name in ("tsv", "jsonl")},
    "graphml": _graphml,
    "parquet": _parquet,
    "neo4j-admin": _neo4j_admin,
}


def _profiles() -> Iterable[str]:
    from kg.stores.rdf import PROFILES

    return PROFILES


def export(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The file to write (.gz compresses RDF), or for neo4j-admin a new folder."),
    ],
    format_: Annotated[str, choice("--format", "format", lambda: FORMATS, f"One of {', '.join(FORMATS)}.")] = "nquads",
    profile: Annotated[
        str | None,
        choice(
            "--profile",
            "profile",
            _profiles,
            "How RDF says it: rdf11 (the default), rdf12 or nanopub.",
        ),
    ] = None,
    with_runs: Annotated[
        bool, typer.Option("--with-runs", help="In RDF, tell of the runs that made the evidence (PROV-O), with times.")
    ] = False,
    licences: Annotated[
        list[str] | None,
        typer.Option("--license", help="Only documents under this licence; may be repeated, * matches anything."),
    ] = None,
    without_quotations: Annotated[
        bool, typer.Option("--without-quotations", help="Leave out the sentences; their places stay.")
    ] = False,
    graph: FolderOption = Path(DEFAULT_GRAPH),
) -> None:
    """Write the graph to files. The same graph gives the same bytes."""
    from kg.assemble import assemble
    from kg.stores.ledger import Ledger
    from kg.stores.selection import Selection

    with Ledger.open(graph) as ledger:
        selection = Selection(ledger, licences or (), not without_quotations, assemble)
        # Profiles and runs are RDF's: kg.stores.rdf refuses a format that cannot hold them, and names those that can.
        rdf = partial(_rdf, format_, profile=profile or "rdf11", with_runs=with_runs)
        write = rdf if profile or with_runs else FORMATS[format_]
        talk.print(write(selection, output), markup=False)


def import_(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="An RDF export: .nq, .trig, .ttl, .nt, .jsonld, or .gz."
        ),
    ],
    graph: FolderOption = Path(DEFAULT_GRAPH),
) -> None:
    """Make a new graph from an RDF export: the same statements, evidence and beliefs."""
    from kg.pipeline import bring_up_to_date
    from kg.stores.ledger import Ledger
    from kg.stores.rdf_import import import_rdf

    with Ledger.open(graph, write=True) as ledger:
        count = import_rdf(path, ledger)
        bring_up_to_date(ledger, graph)
    talk.print(f"{count:,} pieces of evidence from {path} are in {graph}", markup=False)


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
        rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        print_json(rows if answer.truth is None else answer.truth)
    else:
        print_table(answer.columns, [["" if cell is None else cell for cell in row] for row in answer.rows])
