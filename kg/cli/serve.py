"""``kg serve``: what answers over HTTP, on this machine unless it is told otherwise; all of it only reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_GRAPH, FolderOption, GraphOption
from kg.cli.output import BOUNDARY, talk

app = typer.Typer(help="Serve a graph over HTTP, read-only: a page to explore it, or what a subcommand says.")

HostOption = Annotated[str, typer.Option("--host", help="The address to listen at; only this machine by default.")]


@app.callback(invoke_without_command=True)
def explorer(
    context: typer.Context,
    graph: GraphOption = DEFAULT_GRAPH,
    host: HostOption = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 7070,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that a question may take.")] = 20.0,
) -> None:
    """Serve a page to explore the graph, with its REST interface under /api and /openapi.json."""
    if context.invoked_subcommand is not None:
        return
    from kg.opening import open_graph
    from kg.serve.newest import Newest
    from kg.serve.server import address, listening, serve
    from kg.stores.embedded_files import current

    def published() -> str | None:
        return None if "://" in graph else current(Path(graph))

    with Newest(lambda: open_graph(graph), published) as newest, listening(host, port) as link:
        talk.print(f"the explorer is at {address(link)} (Ctrl-C ends it). {BOUNDARY}", markup=False)
        serve(newest, link, timeout)


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
