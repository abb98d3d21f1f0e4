"""``kg contradictions``: what works support and works refute, both sentences side by side."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.cli.options import DEFAULT_GRAPH, GraphOption, JsonOption, LimitOption
from kg.cli.output import BOUNDARY, print_json, print_table, talk

if TYPE_CHECKING:
    from kg.query import Contradiction, EvidenceResult, StatementResult


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(contradictions)


def contradictions(graph: GraphOption = DEFAULT_GRAPH, limit: LimitOption = 20, as_json: JsonOption = False) -> None:
    """List statements that are both supported and refuted, the strongest first, with the best sentence of each side."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        found = opened.contradictions(limit)
        names = {id: c.name for id, c in opened.concepts({s for c in found for s in _ends(c.statement)}).items()}
    if as_json:
        print_json([one.as_json() for one in found])
        return
    if not found:
        talk.print("no statement is both supported and refuted")
    if sys.stdout.isatty():
        _show(found, names)
    else:
        print_table(
            ("statement", "subject", "predicate", "object", "support", "refute", "supporting", "refuting"),
            [
                (
                    one.statement.id,
                    names[one.statement.subject],
                    one.statement.predicate,
                    names[one.statement.object],
                    f"{one.statement.support:.3f}",
                    f"{one.statement.refute:.3f}",
                    one.supporting[0].text,
                    one.refuting[0].text,
                )
                for one in found
            ],
        )
    talk.print(BOUNDARY, style="dim")


def _show(found: Sequence[Contradiction], names: Mapping[str, str]) -> None:
    out = Console(highlight=False)
    for one in found:
        said = one.statement
        title = f"{names[said.subject]} {said.predicate} {names[said.object]}"
        out.print(Text(f"{said.id}  {title}", style="bold"))
        out.print(f"support {said.support:.3f}, refutation {said.refute:.3f}, belief {said.belief:.3f}")
        table = Table("supports", "refutes", show_lines=True, expand=True)
        table.add_row(_best(one.supporting), _best(one.refuting))
        out.print(table)


def _ends(statement: StatementResult) -> tuple[str, str]:
    return statement.subject, statement.object


def _best(side: Sequence[EvidenceResult]) -> Text:
    best = side[0]
    more = f"\nand {len(side) - 1} more" if len(side) > 1 else ""
    return Text(f"{best.text}\n{best.document}  {best.section}  {best.certainty}, score {best.score:.3f}{more}")
