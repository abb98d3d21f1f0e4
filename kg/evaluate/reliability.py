"""A page with a reliability plot: how often right is what is said with some probability?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Dot = tuple[float, float, float]
"""Answers of one bin: their mean probability, the share of them that is right, how many they are."""

_SIZE, _EDGE = 420, 46
_COLOURS = ("#0b6e99", "#c2410c", "#4d7c0f")
_STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:860px;margin:2em auto;padding:0 1em;color:#1c2733}
svg{max-width:480px;width:100%;height:auto}text{font-size:11px;fill:#566}pre{overflow-x:auto;white-space:pre-wrap;font-size:12px}
.key span{margin-right:1.2em}.key b{display:inline-block;width:.9em;height:.9em;border-radius:50%;margin-right:.35em}
@media (prefers-color-scheme:dark){body{background:#14191e;color:#dde3e8}text{fill:#9ab}}"""


def reliability_page(title: str, curves: Mapping[str, Sequence[Dot]], said: str, right: str, report: str) -> str:
    """A page that needs nothing else: the plot of up to three curves by name, under it a report as it is.

    ``said`` and ``right`` name the axes: mean belief, share true.
    """
    key = "".join(
        f'<span><b style="background:{colour}"></b>{escape(name)}</span>'
        for name, colour in zip(curves, _COLOURS, strict=False)
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
        f'<h1>{escape(title)}</h1><p class="key">{key}</p>{plot(curves, said, right)}'
        f"<pre>{escape(report)}</pre></html>\n"
    )


def plot(curves: Mapping[str, Sequence[Dot]], said: str, right: str) -> str:
    """Share right over mean probability as inline SVG: a dot for each bin, its area the number of answers.

    On the diagonal a probability means what it says; below it, it promises too much.
    """
    inner = _SIZE - _EDGE - 10
    most = max((count for dots in curves.values() for *_, count in dots), default=1)

    def place(over: float, share: float) -> tuple[float, float]:
        return round(_EDGE + over * inner, 1), round(10 + (1 - share) * inner, 1)

    (x0, y0), (x1, y1) = place(0, 0), place(1, 1)
    parts = [
        f'<svg viewBox="0 0 {_SIZE} {_SIZE}" role="img"><title>{escape(f"{right} over {said}")}</title>',
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="#9aa7b2" stroke-dasharray="4 4"/>',
    ]
    for tenth in range(0, 11, 2):
        x, y = place(tenth / 10, tenth / 10)
        parts.append(f'<line x1="{x0}" y1="{y}" x2="{x1}" y2="{y}" stroke="#9aa7b2" stroke-opacity=".3"/>')
        parts.append(f'<text x="{x0 - 6}" y="{y + 4}" text-anchor="end">{tenth / 10:.1f}</text>')
        parts.append(f'<text x="{x}" y="{y0 + 16}" text-anchor="middle">{tenth / 10:.1f}</text>')
    parts.append(f'<text x="{x1}" y="{y0 + 32}" text-anchor="end">{escape(f"{said}; upwards: {right}")}</text>')
    for colour, (name, dots) in zip(_COLOURS, curves.items(), strict=False):
        for mean, share, count in dots:
            x, y = place(mean, share)
            radius = round(3 + 11 * (count / most) ** 0.5, 1)
            parts.append(
                f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}" fill-opacity=".65"><title>'
                f"{escape(f'{name}: {said} {mean:.2f}, {right} {share:.2f}, n={count}')}</title></circle>"
            )
    return "".join(parts) + "</svg>"
