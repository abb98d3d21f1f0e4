"""``kg serve``: what answers over HTTP, on this machine unless it is told otherwise; all of it only reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_GRAPH, FolderOption
from kg.cli.output import talk

app = typer.Typer(help="Serve a graph over HTTP, read-only.", no_args_is_help=True)

HostOption = Annotated[str, typer.Option("--host", help="The address to listen at; only this machine by default.")]


@app.command()
def sparql(
    graph: FolderOption = Path(DEFAULT_GRAPH),
    host: HostOption = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 7878,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds after which a query is stopped.")] = 30.0,
) -> None:
    """Serve a SPARQL endpoint at /sparql and a page to ask it at /."""
    from kg.stores.rdf_serve import SparqlServer

    with SparqlServer(graph, host, port, timeout) as server:
        talk.print(f"SPARQL at {server.url}sparql, a page at {server.url} (Ctrl-C ends it)", markup=False)
        server.serve_forever()
