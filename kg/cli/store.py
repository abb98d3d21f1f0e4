"""Commands that change or copy a graph: publish, retract, reinstate, forget."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from kg.cli.options import DEFAULT_GRAPH, FolderOption, JsonOption
from kg.cli.output import print_json, talk


def register(app: typer.Typer) -> None:
    """Add the commands of this group to ``app``."""
    for command in (publish, retract, reinstate, forget):
        app.command()(command)


def publish(
    uri: Annotated[str, typer.Argument(metavar="URI", help="bolt://, neo4j:// or their +s forms.")],
    graph: FolderOption = Path(DEFAULT_GRAPH),
    database: Annotated[str | None, typer.Option(help="One of the server's databases.")] = None,
    writers: Annotated[int, typer.Option(min=1, max=16, help="So many transactions at once.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Bring a Neo4j up to the graph's last change.

    NEO4J_USERNAME and NEO4J_PASSWORD say who asks; at a terminal a password that is not set is asked for.
    """
    from kg.cli.progress import Reporter
    from kg.stores.bolt import connect
    from kg.stores.bolt_publish import publish as send
    from kg.stores.ledger import Ledger

    with Ledger.open(graph) as ledger, connect(uri, database, _asked) as store, Reporter() as reporter:
        sent = send(store, ledger, writers=writers, watch=reporter)
    if as_json:
        print_json(
            {
                "anew": sent.anew,
                "concepts": sent.concepts,
                "documents": sent.documents,
                "statements": sent.statements,
                "evidence": sent.evidence,
                "deleted": sent.deleted,
            }
        )
    elif sent.unchanged:
        talk.print("the server has the last change already; nothing was written")
    else:
        written = f"{sent.concepts} concepts, {sent.documents} documents, {sent.statements} statements"
        talk.print(f"written: {written}, {sent.evidence} pieces of evidence; deleted: {sent.deleted}")


def _asked() -> str | None:
    """Ask a person for the password, on stderr and unseen; a program is not asked."""
    return typer.prompt("Password of the graph server", hide_input=True, err=True) if sys.stdin.isatty() else None


_WorkArgument = Annotated[str, typer.Argument(help="A document or a work: any of its ids, such as PMID:123.")]
_ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it is kept.")]


def retract(
    document: _WorkArgument,
    reason: _ReasonOption = "retracted by hand",
    graph: FolderOption = Path(DEFAULT_GRAPH),
) -> None:
    """Let a work count no more. Building the folder again does not revive it, and it may be yet to come."""
    _rule(graph, document, "retracted", reason)


def reinstate(
    document: _WorkArgument,
    reason: _ReasonOption = "reinstated by hand",
    graph: FolderOption = Path(DEFAULT_GRAPH),
) -> None:
    """Let a retracted work count again, whatever its source says; takes back ``kg retract``."""
    _rule(graph, document, "reinstated", reason)


def _rule(graph: Path, document: str, verdict: Literal["retracted", "reinstated"], reason: str) -> None:
    from kg.pipeline import bring_up_to_date
    from kg.stores.ledger import Ledger

    with Ledger.open(graph, write=True) as ledger:
        held = ledger.documents_of(document)
        touched = (ledger.retract if verdict == "retracted" else ledger.reinstate)(document, reason)
        bring_up_to_date(ledger, graph)
    if held:
        talk.print(f"{document} is {verdict}; {touched} statements changed", markup=False)
    else:
        talk.print(
            f"the graph has no document or work {document}: no statement changed; that it is {verdict} is on record"
            " and holds should it come",
            markup=False,
        )


def forget(
    document: Annotated[str, typer.Argument(help="The id of a document.")],
    purge: Annotated[bool, typer.Option("--purge", help="Erase its evidence instead of withdrawing it.")] = False,
    graph: FolderOption = Path(DEFAULT_GRAPH),
) -> None:
    """Take a document out as if it had never come."""
    from kg.pipeline import bring_up_to_date
    from kg.stores.ledger import Ledger

    with Ledger.open(graph, write=True) as ledger:
        touched = ledger.forget(document, purge=purge)
        bring_up_to_date(ledger, graph, erase=purge)
    talk.print(f"{document} is forgotten; {touched} statements changed", markup=False)
