"""The judged statements as text for a terminal, and as a page with a reliability plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from kg.evaluate.belief import PROTOCOL, BeliefEvaluation, bins, figures
from kg.evaluate.extractor_text import table

_COLUMNS = ("statements", "true_share", "related_share", "mean_belief", "ece", "brier")
_READER_COLUMNS = ("statements", "true_share", "mean_score", "systematic")
_BIN_COLUMNS = ("statements", "mean_belief", "true_share")
_SIZE, _EDGE = 420, 46
_COLOURS = ("#0b6e99", "#c2410c", "#4d7c0f")
_STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:860px;margin:2em auto;padding:0 1em;color:#1c2733}
svg{max-width:480px;width:100%;height:auto}text{font-size:11px;fill:#566}pre{overflow-x:auto;font-size:12px}
.key span{margin-right:1.2em}.key b{display:inline-block;width:.9em;height:.9em;border-radius:50%;margin-right:.35em}
@media (prefers-color-scheme:dark){body{background:#14191e;color:#dde3e8}text{fill:#9ab}}"""


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
    curves = {name: bins(result.of(name)) for name in result.documents}
    key = "".join(
        f'<span><b style="background:{colour}"></b>{escape(name)} dev</span>'
        for name, colour in zip(curves, _COLOURS, strict=False)
    )
    title = "Reliability of belief"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f'<h1>{title}</h1><p class="key">{key}</p>{plot(curves)}<pre>{escape(report(result))}</pre></html>\n'
    )


def plot(curves: Mapping[str, Sequence[Mapping[str, float]]]) -> str:
    """Share true over mean belief as inline SVG: a dot for each bin, its area the number of statements.

    On the diagonal belief means what it says; below it, it promises too much.
    """
    inner = _SIZE - _EDGE - 10
    most = max((one["statements"] for points in curves.values() for one in points), default=1)

    def place(belief: float, share: float) -> tuple[float, float]:
        return round(_EDGE + belief * inner, 1), round(10 + (1 - share) * inner, 1)

    (x0, y0), (x1, y1) = place(0, 0), place(1, 1)
    parts = [
        f'<svg viewBox="0 0 {_SIZE} {_SIZE}" role="img"><title>Share true over belief</title>',
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="#9aa7b2" stroke-dasharray="4 4"/>',
    ]
    for tenth in range(0, 11, 2):
        x, y = place(tenth / 10, tenth / 10)
        parts.append(f'<line x1="{x0}" y1="{y}" x2="{x1}" y2="{y}" stroke="#9aa7b2" stroke-opacity=".3"/>')
        parts.append(f'<text x="{x0 - 6}" y="{y + 4}" text-anchor="end">{tenth / 10:.1f}</text>')
        parts.append(f'<text x="{x}" y="{y0 + 16}" text-anchor="middle">{tenth / 10:.1f}</text>')
    parts.append(f'<text x="{x1}" y="{y0 + 32}" text-anchor="end">mean belief; upwards: share true</text>')
    for colour, (name, points) in zip(_COLOURS, curves.items(), strict=False):
        for one in points:
            x, y = place(one["mean_belief"], one["true_share"])
            radius = round(3 + 11 * (one["statements"] / most) ** 0.5, 1)
            parts.append(
                f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}" fill-opacity=".65"><title>{escape(name)}: '
                f"belief {one['mean_belief']:.2f}, true {one['true_share']:.2f}, n={one['statements']}</title></circle>"
            )
    return "".join(parts) + "</svg>"


def _reliability(rows: Sequence[Mapping[str, float]]) -> list[str]:
    named = [(f"{one['from']:.1f}-{one['to']:.1f}", one) for one in rows]
    return table(("belief", *_BIN_COLUMNS), (_row(name, one, _BIN_COLUMNS) for name, one in named))


def _row(name: str, values: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    return [name, *(str(values[one]) if one == "statements" else f"{values[one]:.3f}" for one in columns)]
