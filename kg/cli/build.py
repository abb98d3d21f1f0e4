"""``kg build``: from files to a graph."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from shutil import which
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_GRAPH, FolderOption, JsonOption
from kg.cli.output import BOUNDARY, print_json, talk
from kg.cli.progress import Reporter
from kg.model import RunReport

_SHOWN_REJECTIONS = 10


def register(app: typer.Typer) -> None:
    """Add the commands of this group to ``app``."""
    app.command()(build)


def build(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders of documents.")],
    graph: FolderOption = Path(DEFAULT_GRAPH),
    as_json: JsonOption = False,
) -> None:
    """Read documents into a graph. Running it again reads only what is new."""
    from kg.config import load_settings
    from kg.pipeline import build as run

    with Reporter() as progress:
        report = run(paths, graph, load_settings(), progress)
    if as_json:
        print_json(report_json(report))
    else:
        _tell(report, graph)


def report_json(report: RunReport) -> dict[str, object]:
    """The report as the one JSON value of ``kg build --json``."""
    totals, new = asdict(report.totals), asdict(report.new)
    return {
        **totals,
        "new": {**new, "read": report.read},
        "rejections": [asdict(rejection) for rejection in report.rejections],
        "seconds": round(report.seconds, 1),
    }


def _tell(report: RunReport, graph: Path) -> None:
    totals, new = asdict(report.totals), asdict(report.new)
    print("\n".join(f"{name:<12}{totals[name]:>10,}   new {new[name]:>10,}" for name in totals))
    print(f"{'rejections':<12}{len(report.rejections):>10,}")
    print(f"{'seconds':<12}{report.seconds:>10,.1f}")
    for rejection in report.rejections[:_SHOWN_REJECTIONS]:
        talk.print(f"rejected: {rejection.subject}: {rejection.reason} ({rejection.code})", markup=False)
    if len(report.rejections) > _SHOWN_REJECTIONS:
        talk.print(f"... all {len(report.rejections)} rejections: {graph}/rejected.jsonl", markup=False)
    where = "" if which("kg") else f"kg is {sys.argv[0]}; "
    option = "" if str(graph) == DEFAULT_GRAPH else f" --graph {graph}"
    talk.print(
        f"""
What to try next ({where}{graph}/report.html is the report of this run):
  kg find "sickle cell"{option}
  kg statements --predicate treats --min-belief 0.5{option}
  kg show "sickle cell anemia"{option}
  kg explain STATEMENT{option}        every sentence behind a statement
  kg serve{option}        a page to look around in it
  kg export --format nquads --output graph.nq{option}
{BOUNDARY}""",
        markup=False,
    )
