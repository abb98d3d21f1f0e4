"""The runs that made the evidence, as PROV-O has it: activities, in a named graph of their own.

They tell of times, so a graph that was built twice differs in them and in nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.stores import rdf_terms as rdf
from kg.stores.ledger_runs import Run
from kg.stores.rdf_terms import lines, literal, term
from kg.stores.selection import Selection


def runs(selection: Selection) -> Iterator[str]:
    """Yield the lines about runs, then which run each evidence came from."""
    graph = rdf.graph("runs")
    for run in selection.runs():
        yield _run(run, graph)
    by = term("prov:wasGeneratedBy")
    for evidence, run_id in selection.generated():
        yield f"{rdf.evidence(evidence)} {by} {rdf.own('run', run_id)} {graph} .\n"


def _run(run: Run, graph: str) -> str:
    return lines(
        rdf.own("run", run.id),
        graph,
        ("rdf:type", term("prov:Activity")),
        ("prov:startedAtTime", _time(run.started)),
        ("prov:endedAtTime", _time(run.ended)),
        *(("prov:wasAssociatedWith", rdf.own("reader", reader)) for reader in run.readers),
        ("mkv:medkgVersion", literal(run.version)),
        ("mkv:readingKey", literal(run.key)),
        ("mkv:files", rdf.integer(run.files)),
    )


def _time(moment: str) -> str:
    return f'"{moment}"^^<{rdf.XSD}dateTime>' if moment else ""
