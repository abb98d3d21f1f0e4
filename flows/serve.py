"""``python -m flows.serve``: the flows with their schedule on one machine; ``make flows`` calls it.

Where ``PREFECT_API_URL`` names a server, that one is used; else one is started here and stopped with the flows.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from flows.server import QUIET, local_server

PORT = 4200


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; paths become absolute, so that a run finds them wherever it works.

    >>> arguments(["--cron", "30 1 * * *"]).cron
    '30 1 * * *'
    """
    parser = argparse.ArgumentParser(prog="python -m flows.serve", description="Serve the flows of medkg.")
    parser.add_argument("--graph", type=Path, default=Path("graph"), help="folder of the graph")
    parser.add_argument("--literature", type=Path, nargs="*", default=[Path("examples/articles")])
    parser.add_argument("--guidelines", type=Path, nargs="*", default=[Path("examples/guidelines")])
    parser.add_argument("--query", default="", help="a PubMed query whose citations are fetched every night")
    parser.add_argument("--fetched", type=Path, default=Path("fetched"), help="folder of what the query brings")
    parser.add_argument("--neo4j", default="", help="a bolt:// address that nightly publishes to")
    parser.add_argument("--cron", default="0 2 * * *", help="when nightly runs (default: at two every night)")
    parser.add_argument("--every", type=int, default=0, help="run nightly every so many seconds instead")
    parser.add_argument("--port", type=int, default=PORT, help="port of the server, where one is started")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> None:
    """Serve until stopped (Ctrl-C)."""
    chosen = arguments(given)
    os.environ.update(QUIET)
    known = os.environ.get("PREFECT_API_URL")
    home = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect")).absolute()
    with nullcontext(known) if known else local_server(chosen.port, home) as address:
        os.environ["PREFECT_API_URL"] = str(address)
        _serve(chosen)


def _serve(chosen: argparse.Namespace) -> None:
    # Prefect reads its settings when it is imported, so the address must be known before.
    from prefect import serve
    from prefect.deployments.runner import RunnerDeployment

    from flows.ingest import ingest_guidelines, ingest_literature, nightly

    graph = str(chosen.graph.absolute())
    literature, guidelines = (
        [str(path.absolute()) for path in group] for group in (chosen.literature, chosen.guidelines)
    )
    found = {"query": chosen.query, "folder": str(chosen.fetched.absolute()) if chosen.query else ""}
    when = {"interval": chosen.every} if chosen.every else {"cron": chosen.cron}
    deployments = (
        ingest_literature.to_deployment("literature", parameters={"paths": literature, "graph": graph, **found}),
        ingest_guidelines.to_deployment("guidelines", parameters={"paths": guidelines, "graph": graph}),
        nightly.to_deployment(
            "nightly",
            parameters={
                "literature": literature,
                "guidelines": guidelines,
                "graph": graph,
                "neo4j": chosen.neo4j,
                **found,
            },
            concurrency_limit=1,
            **when,
        ),
    )
    # Outside an event loop to_deployment gives the deployment itself, never the coroutine that its type allows.
    serve(*(one for one in deployments if isinstance(one, RunnerDeployment)), limit=1)


if __name__ == "__main__":
    main()
