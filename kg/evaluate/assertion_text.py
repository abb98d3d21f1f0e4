"""An evaluation of assertion as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from kg.evaluate.assertion import HALVES, AssertionEvaluation, Case, by_because, confusion, counts, worst
from kg.evaluate.extractor_text import percent, table

_NAMES = {"all": "all documents", "first": "first half (looked at)", "second": "second half (only measured)"}


def report(result: AssertionEvaluation, errors: int) -> str:
    """Everything, for a person; ``errors``: how many errors of the first half to show."""
    lines = [f"{result.corpus}: {result.documents} documents", f"Protocol: {result.protocol}."]
    lines += _figures("mentions", result.mentions, result.statuses)
    if result.relations:
        lines += _figures("drug and reaction in one sentence", result.relations, result.statuses)
    for name, cases in (("mentions", result.mentions), ("drug and reaction", result.relations)):
        found = worst(cases)
        if errors and found:
            lines += ["", f"Worst errors, {name} (of {len(found)} in the first half):"]
            lines += [f"  {text}" for text in found[:errors]]
    return "\n".join(lines)


def _figures(title: str, cases: Sequence[Case], statuses: Sequence[str]) -> list[str]:
    rows = [
        [
            f"{_NAMES[part]}, {name}",
            percent(count.precision),
            percent(count.recall),
            percent(count.f1),
            str(count.wanted),
        ]
        for part in ("all", *HALVES)
        for name, count in counts([one for one in cases if part in ("all", one.half)], statuses).items()
    ]
    lines = ["", *table((title, "P", "R", "F1", "support"), rows)]
    found = confusion(cases, statuses)
    lines += ["", "Confusion (rows: gold, columns: found)"]
    lines += table(("", *statuses), [[gold, *(str(found[gold][one]) for one in statuses)] for gold in statuses])
    if because := by_because(cases):
        rows = [[name, percent(one["recall"]), str(one["support"])] for name, one in because.items()]
        lines += ["", *table(("what makes it so", "recall", "support"), rows)]
    return lines
