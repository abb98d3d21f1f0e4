"""The picture: a few neighbourhoods of the graph as inline SVG, laid out the same way on every run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import networkx as nx

from kg.report.data import Neighbourhood, Tie
from kg.schema.vocabulary import PREDICATES

_FAMILY = {
    "treats": "helps",
    "treats_or_applied_or_studied_to_treat": "helps",
    "preventative_for_condition": "helps",
    "causes": "harms",
    "has_adverse_event": "harms",
    "contributes_to": "harms",
    "contraindicated_in": "harms",
}
WIDTH, HEIGHT, MARGIN = 620, 460, 14
LINE, PAD, LETTER = 15, 9, 6.7
_SEED = 7
_WRAP = 20


def panel(neighbourhood: Neighbourhood) -> str:
    """Return one neighbourhood: labelled boxes in the colour of their category, lines as thick as the belief."""
    boxes = [_Box(name, category, at == 0) for at, (_, name, category) in enumerate(neighbourhood.nodes)]
    places = {node[0]: at for at, node in enumerate(neighbourhood.nodes)}
    edges = [(places[tie.subject], places[tie.object]) for tie in neighbourhood.ties]
    _place(boxes, edges)
    lines = [_line(boxes[one], boxes[other], tie) for (one, other), tie in zip(edges, neighbourhood.ties, strict=True)]
    hub = escape(neighbourhood.nodes[0][1])
    return (
        f'<svg class="picture" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>What the strongest statements say about {hub}</title>"
        f"{''.join(lines)}{''.join(box.svg() for box in boxes)}</svg>"
    )


class _Box:
    """A label with its place; ``x`` and ``y`` are its middle."""

    def __init__(self, name: str, category: str, hub: bool) -> None:
        self.name, self.category, self.hub = name, category, hub
        self.lines = _wrapped(name)
        self.width = max(len(line) for line in self.lines) * LETTER * (1.08 if hub else 1) + 2 * PAD
        self.height = LINE * len(self.lines) + PAD
        self.x = self.y = 0.0

    def svg(self) -> str:
        kind = "".join(letter for letter in self.category if letter.isalnum()) or "Other"
        top = self.y - self.height / 2
        text = "".join(
            f'<tspan x="{self.x:.1f}" y="{top + LINE * (at + 1):.1f}">{escape(line)}</tspan>'
            for at, line in enumerate(self.lines)
        )
        return (
            f'<g class="node {kind}{" hub" if self.hub else ""}"><title>{escape(self.name)} ({escape(kind)})</title>'
            f'<rect x="{self.x - self.width / 2:.1f}" y="{top:.1f}" width="{self.width:.1f}" '
            f'height="{self.height:.1f}" rx="9"/><text text-anchor="middle">{text}</text></g>'
        )


def _wrapped(name: str) -> list[str]:
    """Break a name into at most two lines.

    >>> _wrapped("Attention Deficit Disorder with Hyperactivity")
    ['Attention Deficit', 'Disorder with…']
    """
    lines = [""]
    for word in name.split() or [""]:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _WRAP:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    shown = [line if len(line) <= _WRAP + 4 else line[: _WRAP + 3] + "…" for line in lines]
    return shown if len(shown) <= 2 else [shown[0], shown[1] + "…"]


def _place(boxes: Sequence[_Box], edges: Sequence[tuple[int, int]]) -> None:
    graph = nx.Graph()
    graph.add_nodes_from(range(len(boxes)))
    graph.add_edges_from(edges)
    ring = {at: (math.cos(angle), math.sin(angle)) for at, angle in _angles(len(boxes))}
    start = {0: (0.0, 0.0), **ring}
    spots = nx.spring_layout(graph, pos=start, fixed=[0], k=1.0, iterations=60, seed=_SEED)
    spread = [max(abs(float(spots[at][axis])) for at in spots) or 1.0 for axis in (0, 1)]
    for at, box in enumerate(boxes):
        x, y = (float(spots[at][axis]) / spread[axis] for axis in (0, 1))
        box.x = WIDTH / 2 + x * (WIDTH / 2 - MARGIN - box.width / 2)
        box.y = HEIGHT / 2 + y * (HEIGHT / 2 - MARGIN - box.height / 2)
    for _ in range(200):
        if not _separate(boxes):
            break


def _angles(count: int) -> list[tuple[int, float]]:
    return [(at, 2 * math.pi * (at - 1) / max(count - 1, 1)) for at in range(1, count)]


def _separate(boxes: Sequence[_Box]) -> bool:
    """Push boxes that overlap apart along the shorter way, inside the frame; say whether any did."""
    moved = False
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            across = (one.width + other.width) / 2 + 8 - abs(one.x - other.x)
            down = (one.height + other.height) / 2 + 8 - abs(one.y - other.y)
            if across <= 0 or down <= 0:
                continue
            moved = True
            if down <= across:
                step = (down / 2 + 0.5) * (1 if one.y >= other.y else -1)
                one.y, other.y = one.y + step, other.y - step
            else:
                step = (across / 2 + 0.5) * (1 if one.x >= other.x else -1)
                one.x, other.x = one.x + step, other.x - step
    for box in boxes:
        box.x = min(max(box.x, MARGIN + box.width / 2), WIDTH - MARGIN - box.width / 2)
        box.y = min(max(box.y, MARGIN + box.height / 2), HEIGHT - MARGIN - box.height / 2)
    return moved


def _line(one: _Box, other: _Box, tie: Tie) -> str:
    """Return the line between two boxes, from edge to edge, with a head at the object of a directed predicate."""
    symmetric = tie.predicate in PREDICATES and PREDICATES[tie.predicate].symmetric
    x1, y1 = _edge(one, other, 2)
    x2, y2 = _edge(other, one, 5)
    says = f"{one.name} {tie.predicate.replace('_', ' ')} {other.name} ({tie.belief:.2f})"
    return (
        f'<g class="tie {_FAMILY.get(tie.predicate, "")}"><title>{escape(says)}</title>'
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke-width="{0.8 + 2.4 * tie.belief:.1f}"/>'
        f"{'' if symmetric else _head(x1, y1, x2, y2)}</g>"
    )


def _edge(box: _Box, toward: _Box, gap: float) -> tuple[float, float]:
    """Return where the line to another box leaves this one."""
    dx, dy = toward.x - box.x, toward.y - box.y
    reach = min(
        (box.width / 2 + gap) / abs(dx) if dx else math.inf, (box.height / 2 + gap) / abs(dy) if dy else math.inf, 1.0
    )
    return box.x + dx * reach, box.y + dy * reach


def _head(x1: float, y1: float, x2: float, y2: float) -> str:
    angle = math.atan2(y2 - y1, x2 - x1)
    wings = [(x2 - 8 * math.cos(angle + turn), y2 - 8 * math.sin(angle + turn)) for turn in (0.42, -0.42)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in [(x2, y2), *wings])
    return f'<polygon points="{points}"/>'
