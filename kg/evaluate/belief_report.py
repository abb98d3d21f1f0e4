"""The judged statements as text for a terminal, and as a page with a reliability plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kg.evaluate.belief import PROTOCOL, BeliefEvaluation, bins, figures
from kg.evaluate.extractor_text import table
from kg.evaluate.reliability import reliability_page

_COLUMNS = ("statements", "true_share", "related_share", "mean_belief", "ece", "brier")
_READER_COLUMNS = ("statements", "true_share", "mean_score", "systematic")
_BIN_COLUMNS = ("statements", "mean_belief", "true_share")


def report(result: BeliefEvaluation) -> str:
    """Everything, for a person."""
    rows = [("all", figures(result.cases))]
    rows += [(f"{name} dev", figures(result.of(name))) for name in result.documents]
    for groups in result.groups().values():
        rows += [(name, figures(cases)) for name, cases in groups.items()]
    lines = [
        f"{', '.join(f'{name} dev ({count})' for name, count in result.documents.items())}",
        "",
        f"Protocol: {PROTOCOL}.",
        "",
        *table(("", *_COLUMNS), (_row(name, values, _COLUMNS) for name, values in rows)),
        "",
        "Reliability, all:",
        *_reliability(bins(result.cases)),
        "",
        "Readers, asserted support (systematic = 1 - true_share / mean_score):",
        *table(("", *_READER_COLUMNS), (_row(*one, _READER_COLUMNS) for one in result.readers().items())),
        "",
        f"Not judged: {result.unjudged}. Without support, belief 0: refuted {result.refuted[1]} "
        f"({result.refuted[0]} true), only supposed {result.supposed[1]} ({result.supposed[0]} true).",
    ]
    return "\n".join(lines)


def page(result: BeliefEvaluation) -> str:
    """The report as a page that needs nothing else, with the reliability of each corpus as a plot."""
    curves = {
        f"{name} dev": [(one["mean_belief"], one["true_share"], one["statements"]) for one in bins(result.of(name))]
        for name in result.documents
    }
    return reliability_page("Reliability of belief", curves, "mean belief", "share true", report(result))


def _reliability(rows: Sequence[Mapping[str, float]]) -> list[str]:
    named = [(f"{one['from']:.1f}-{one['to']:.1f}", one) for one in rows]
    return table(("belief", *_BIN_COLUMNS), (_row(name, one, _BIN_COLUMNS) for name, one in named))


def _row(name: str, values: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    return [name, *(str(values[one]) if one == "statements" else f"{values[one]:.3f}" for one in columns)]
