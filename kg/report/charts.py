"""Small charts as inline SVG: they take their colours from the page's style, so light and dark both work."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

ROW, LABEL, BAR, GAP = 26, 245, 250, 8
HEIGHT, SLOT = 150, 46


def bars(rows: Sequence[tuple[str, int]], title: str) -> str:
    """Return horizontal bars, one for each (label, number), with the number behind the bar.

    >>> bars([("article", 3)], "Documents").count("<rect")
    1
    """
    most = max((number for _, number in rows), default=0)
    width, height = LABEL + GAP + BAR + 70, ROW * len(rows) + 4
    parts = []
    for at, (label, number) in enumerate(rows):
        y = at * ROW
        length = max(round(BAR * number / most, 1), 1.5) if number else 0
        parts.append(
            f'<text class="label" x="{LABEL}" y="{y + 17}" text-anchor="end">{escape(_short(label, 38))}</text>'
            f'<rect class="bar" x="{LABEL + GAP}" y="{y + 5}" width="{length}" height="16" rx="2">'
            f"<title>{escape(label)}: {number:,}</title></rect>"
            f'<text class="number" x="{LABEL + GAP + length + 6}" y="{y + 17}">{number:,}</text>'
        )
    return _svg(width, height, title, parts)


def split_bars(rows: Sequence[tuple[str, int, int]], title: str) -> str:
    """Return horizontal bars of two parts, (label, first, second): the first is solid, the second pale."""
    most = max((one + two for _, one, two in rows), default=0)
    width, height = LABEL + GAP + BAR + 70, ROW * len(rows) + 4
    parts = []
    for at, (label, one, two) in enumerate(rows):
        y = at * ROW
        first, second = (round(BAR * number / most, 1) if most else 0 for number in (one, two))
        parts.append(
            f'<text class="label" x="{LABEL}" y="{y + 17}" text-anchor="end">{escape(_short(label, 38))}</text>'
            f"<g><title>{escape(label)}: {one:,} linked, {two:,} unlinked</title>"
            f'<rect class="bar" x="{LABEL + GAP}" y="{y + 5}" width="{first}" height="16"/>'
            f'<rect class="bar pale" x="{LABEL + GAP + first}" y="{y + 5}" width="{second}" height="16"/></g>'
            f'<text class="number" x="{LABEL + GAP + first + second + 6}" y="{y + 17}">{one + two:,}</text>'
        )
    return _svg(width, height, title, parts)


def columns(rows: Sequence[tuple[str, int]], title: str, axis: str) -> str:
    """Return upright columns, one for each (label, number), over an axis that says what the labels are."""
    most = max((number for _, number in rows), default=0)
    width = max(SLOT * len(rows), 4 * SLOT) + 8
    parts = [f'<line class="axis" x1="0" y1="{HEIGHT + 18}" x2="{width}" y2="{HEIGHT + 18}"/>']
    for at, (label, number) in enumerate(rows):
        x = at * SLOT + 4
        tall = max(round(HEIGHT * number / most, 1), 1.5) if number else 0
        top = HEIGHT + 18 - tall
        middle = x + SLOT / 2
        parts.append(
            f'<rect class="bar" x="{x + 4}" y="{top}" width="{SLOT - 8}" height="{tall}" rx="2">'
            f"<title>{escape(label)}: {number:,}</title></rect>"
            f'<text class="label" x="{middle}" y="{HEIGHT + 34}" text-anchor="middle">{escape(label)}</text>'
        )
        if number:
            count = f'<text class="number" x="{middle}" y="{top - 5}" text-anchor="middle">{_compact(number)}</text>'
            parts.append(count)
    parts.append(f'<text class="label axis-name" x="4" y="{HEIGHT + 54}">{escape(axis)}</text>')
    return _svg(width, HEIGHT + 60, title, parts)


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" style="max-width:{width}px">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _compact(number: int) -> str:
    """Return a number in at most five characters.

    >>> _compact(950), _compact(12_400), _compact(3_200_000)
    ('950', '12.4k', '3.2M')
    """
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= 10 * unit.__len__() * size or (unit == "M" and number >= size):
            return f"{number / size:.1f}".removesuffix(".0") + unit
    return f"{number:,}" if number < 10_000 else str(number)
