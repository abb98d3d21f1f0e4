"""An evaluation as text: for a terminal, and as the measured part of a model card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.evaluate.extractor import Evaluation
from kg.evaluate.extractor_counts import MISSED, SPURIOUS, Bin, Count, ece, reliability
from kg.evaluate.reliability import reliability_page

_WORST = 15
_BAR = 20


def percent(value: float) -> str:
    """A share as a percentage with one decimal."""
    return f"{100 * value:.1f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table whose columns line up."""
    cells = [list(head), *[list(row) for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return lines


def _row(name: str, count: Count) -> list[str]:
    return [name, percent(count.precision), percent(count.recall), percent(count.f1), str(count.wanted)]


def figures(result: Evaluation) -> list[str]:
    """The tables of mentions and relations, with their protocol."""
    head = ("", "P", "R", "F1", "support")
    lines = [f"Protocol: {result.protocol}.", ""]
    rows = [_row(f"{name}, strict", count) for name, count in result.strict.items()]
    rows += [_row("all, relaxed", result.relaxed["all"])]
    lines += table(head, rows)
    if result.scheme.relations:
        rows = []
        parts = [("gold mentions", result.gold_mentions)]
        if result.linked:
            parts.append(("end to end by id", result.end_to_end_by_id))
        parts.append(("end to end by span", result.end_to_end))
        for name, tally in parts:
            rows.append(_row(f"{name}, pair", tally.pair))
            if len(result.scheme.relations) > 1:
                rows.append(_row(f"{name}, pair and type", tally.type))
        lines += ["", *table(("relations", *head[1:]), rows)]
        if result.linked:
            share = percent(result.reachable / max(result.gold_mentions.type.wanted, 1))
            lines += [
                "",
                f"{share} % of the gold relations have both ids in the terminology (ceiling of recall by id).",
            ]
    return lines


def _bars(bins: Sequence[Bin]) -> list[str]:
    lines = []
    for number, one in enumerate(bins):
        if one.count:
            bar = "#" * round(one.right * _BAR)
            lines.append(f"  {number / 10:.1f}-{(number + 1) / 10:.1f}  {bar:<{_BAR}} {one.right:.2f}  n={one.count}")
    return lines


def report(result: Evaluation) -> str:
    """Everything, for a person."""
    lines = [f"{result.corpus}: {result.documents} documents, read by {result.reader}", "", *figures(result)]
    kinds = [*result.scheme.types, SPURIOUS]
    columns = [*result.scheme.types, MISSED]
    rows = [[kind, *(str(result.confusion[kind, column]) for column in columns)] for kind in kinds]
    lines += ["", "Confusion (rows: gold, columns: found, by overlap)", *table(("", *columns), rows)]
    lines += ["", f"Calibration of mentions: ECE {ece(result.answers):.3f}; share right by score:"]
    lines += _bars(reliability(result.answers))
    if result.scheme.relations:
        answers = result.gold_mentions.answers
        lines += [
            f"Calibration of relations: ECE {ece(answers):.3f}; share right by score:",
            *_bars(reliability(answers)),
        ]
    lines += ["", f"Worst errors (of {len(result.errors)}):", *(f"  {text}" for _, text in result.errors[:_WORST])]
    return "\n".join(lines)


def page(result: Evaluation) -> str:
    """The report as a page that needs nothing else, with the reliability of mentions and relations as a plot."""
    answers = {"mentions": result.answers}
    if result.scheme.relations:
        answers["relations, gold mentions"] = result.gold_mentions.answers
    curves = {
        name: [(one.score, one.right, one.count) for one in reliability(said) if one.count]
        for name, said in answers.items()
    }
    title = f"Reliability of {result.reader} on {result.corpus}"
    return reliability_page(title, curves, "mean score", "share right", report(result))
