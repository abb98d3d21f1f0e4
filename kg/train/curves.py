"""Learning curves as one page that needs nothing else: inline SVG, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 760, 220, 56, 26, 12
_COLOURS = ("#0b6e99", "#c2410c", "#4d7c0f", "#7e22ce", "#be123c", "#0f766e", "#a16207", "#334155")
_STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:800px;margin:2em auto;padding:0 1em;color:#1c2733}
h2{margin:1.6em 0 .3em;font-size:1.05em}svg{width:100%;height:auto}text{font-size:11px;fill:#566}
.key{font-size:13px}.key span{margin-right:1.2em;white-space:nowrap}.key b{display:inline-block;width:.9em;height:.9em;
border-radius:2px;margin-right:.35em;vertical-align:-1px}"""

Points = Sequence[tuple[float, float]]


def series(lines: Sequence[Mapping[str, Any]]) -> dict[str, list[tuple[float, float]]]:
    """Name of a figure -> its (step, value), from metric lines.

    >>> series([{"step": 1, "loss": 2.0}, {"step": 2, "loss": 1.5, "dev/NCBI": 80.0}])
    {'loss': [(1, 2.0), (2, 1.5)], 'dev/NCBI': [(2, 80.0)]}
    """
    found: dict[str, list[tuple[float, float]]] = {}
    for line in lines:
        for name, value in line.items():
            if name not in ("step", "epoch") and isinstance(value, int | float) and not isinstance(value, bool):
                found.setdefault(name, []).append((line["step"], value))
    return found


def _number(value: float) -> str:
    return f"{value:.4g}"


def chart(curves: Mapping[str, Points]) -> str:
    """One chart with its key; a single point is drawn as a dot."""
    steps = [step for points in curves.values() for step, _ in points]
    values = [value for points in curves.values() for _, value in points]
    left, right, low, high = min(steps), max(steps), min(values), max(values)
    across, up = max(right - left, 1), (high - low) or 1.0

    def place(step: float, value: float) -> str:
        x = _LEFT + (step - left) / across * (_WIDTH - _LEFT - 10)
        y = _TOP + (high - value) / up * (_HEIGHT - _TOP - _BOTTOM)
        return f"{x:.1f},{y:.1f}"

    parts = [f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">']
    for share in (0.0, 0.5, 1.0):
        y = float(place(left, low + share * up).split(",")[1])
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - 10}" y1="{y}" y2="{y}" stroke="#dde3e8"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{_number(low + share * up)}</text>')
    parts.append(f'<text x="{_LEFT}" y="{_HEIGHT - 6}">step {_number(left)}</text>')
    parts.append(f'<text x="{_WIDTH - 10}" y="{_HEIGHT - 6}" text-anchor="end">{_number(right)}</text>')
    key = []
    for number, (name, points) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        line = " ".join(place(*point) for point in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        x, y_last = place(*points[-1]).split(",")
        parts.append(f'<circle cx="{x}" cy="{y_last}" r="2.6" fill="{colour}"/>')
        key.append(f'<span><b style="background:{colour}"></b>{escape(name)} {_number(points[-1][1])}</span>')
    return "".join(parts) + '</svg><p class="key">' + "".join(key) + "</p>"


def page(title: str, lines: Sequence[Mapping[str, Any]]) -> str:
    """A page with a chart for each group of figures; the group of `dev/BC5CDR/Disease` is `dev BC5CDR`."""
    groups: dict[str, dict[str, Points]] = {}
    for name, points in series(lines).items():
        parts = name.split("/")
        group = " ".join(parts[:2]) if len(parts) > 2 else parts[0]
        group = "thresholds" if parts[-1] == "threshold" else group
        groups.setdefault(group, {})[name] = points
    body = "".join(f"<h2>{escape(group)}</h2>{chart(curves)}" for group, curves in groups.items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body or '<p>Nothing measured yet.</p>'}</html>\n"
    )
