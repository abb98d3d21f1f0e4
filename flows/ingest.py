"""The flows: literature, guidelines, and both every night. One after the other: a graph has one writer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows.tasks import build_path, fetch, publish_to

_BOUNDARY = "Evidence for clinicians to weigh; not a diagnosis and not advice."


@flow(name="ingest-literature", flow_run_name="literature into {graph}")
def ingest_literature(paths: list[str], graph: str, query: str = "", folder: str = "") -> dict[str, Any]:
    """Read literature: files and folders, each its own task; with a query, first what PubMed finds for it.

    What is found is kept in ``folder`` and read from there.
    """
    if query:
        fetch(query, folder)
    chosen = [*paths, *([folder] if query and folder not in paths else [])]
    return _ingest("literature", chosen, graph)


@flow(name="ingest-guidelines", flow_run_name="guidelines into {graph}")
def ingest_guidelines(paths: list[str], graph: str) -> dict[str, Any]:
    """Read guidelines: files and folders, each its own task."""
    return _ingest("guidelines", paths, graph)


@flow(name="nightly", flow_run_name="nightly {graph}")
def nightly(
    literature: list[str], guidelines: list[str], graph: str, query: str = "", folder: str = "", neo4j: str = ""
) -> dict[str, Any]:
    """Read what is new in both, and with ``neo4j`` (a bolt:// address) publish it there.

    What has been read already costs almost nothing.
    """
    ingest_literature(literature, graph, query, folder)
    totals = ingest_guidelines(guidelines, graph)
    if neo4j:
        publish_to(neo4j, graph)
    return totals


def _ingest(what: str, paths: Sequence[str], graph: str) -> dict[str, Any]:
    reports = [build_path(path, graph) for path in paths]
    create_markdown_artifact(key=f"medkg-{what}", markdown=summary(what, graph, reports), description=f"{what}, read")
    return reports[-1]["totals"] if reports else {}


def summary(what: str, graph: str, reports: Sequence[dict[str, Any]]) -> str:
    """Return the summary of a run as Markdown: what each path added, and what the graph now holds.

    >>> print(summary("guidelines", "graph", []))
    # guidelines into `graph`
    <BLANKLINE>
    Nothing was given to read.
    """
    head = f"# {what} into {_code(graph)}\n\n"
    if not reports:
        return head + "Nothing was given to read."
    rows = [
        f"| {_code(report['path'])} | {report['read']:,} | {report['new']['evidence']:,} "
        f"| {report['new']['statements']:,} | {report['seconds']:,} |"
        for report in reports
    ]
    totals = ", ".join(f"{number:,} {name}" for name, number in reports[-1]["totals"].items())
    return (
        head
        + "| path | read | new evidence | new statements | seconds |\n|---|---:|---:|---:|---:|\n"
        + "\n".join(rows)
        + f"\n\nThe graph holds {totals}; {reports[-1]['rejections']:,} rejections. {_BOUNDARY}"
    )


def _code(text: str) -> str:
    """Return a path as Markdown code that ends where it should, whatever the path holds."""
    return "`" + text.replace("`", "'").replace("|", "/").replace("\n", " ") + "`"
