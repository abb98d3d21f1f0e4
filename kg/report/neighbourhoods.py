"""The densest neighbourhoods of the strongest statements: which concepts the picture shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.report.data import Neighbourhood, Tie

PANELS = 4
NEIGHBOURS = 9


@dataclass(frozen=True, slots=True)
class Tied:
    """A statement as an edge between two concept ids."""

    subject: str
    predicate: str
    object: str
    belief: float


@dataclass(frozen=True, slots=True)
class Ties:
    """The edges of one panel, still with ids for names."""

    nodes: tuple[str, ...]
    edges: tuple[Tied, ...]

    def named(self, names: Mapping[str, tuple[str, str]]) -> Neighbourhood:
        """Return the panel with the names and categories of its concepts."""
        ties = (Tie(e.subject, e.predicate.removeprefix("biolink:"), e.object, e.belief) for e in self.edges)
        return Neighbourhood(tuple((node, *names[node]) for node in self.nodes), tuple(ties))


def densest(edges: Sequence[Tied]) -> list[Ties]:
    """Choose up to four hubs with their nine strongest neighbours each; a concept is shown in one panel only.

    A hub is the concept with the largest sum of belief over its strongest ties to concepts not yet shown; two
    neighbours at least. Ties in rank are broken by id.

    >>> found = densest([Tied("a", "p", "b", 0.9), Tied("a", "p", "c", 0.8), Tied("d", "p", "e", 0.9)])
    >>> [panel.nodes for panel in found]
    [('a', 'b', 'c')]
    """
    strongest: dict[str, dict[str, float]] = {}
    for edge in edges:
        for one, other in ((edge.subject, edge.object), (edge.object, edge.subject)):
            near = strongest.setdefault(one, {})
            near[other] = max(near.get(other, 0.0), edge.belief)
    shown: set[str] = set()
    panels: list[Ties] = []
    while len(panels) < PANELS:
        best: tuple[float, str, list[str]] = (0.0, "", [])
        for hub in sorted(set(strongest) - shown):
            near = strongest[hub]
            free = sorted((n for n in near if n not in shown and n != hub), key=lambda n: (-near[n], n))[:NEIGHBOURS]
            weight = round(sum(near[n] for n in free), 6)
            if len(free) > 1 and weight > best[0]:
                best = (weight, hub, free)
        if not best[1]:
            break
        nodes = (best[1], *best[2])
        shown.update(nodes)
        inside = [edge for edge in edges if edge.subject in nodes and edge.object in nodes]
        panels.append(Ties(nodes, tuple(_one_each(inside))))
    return panels


def _one_each(edges: Sequence[Tied]) -> list[Tied]:
    """Keep the strongest edge of each pair: the picture has room for one line."""
    kept: dict[frozenset[str], Tied] = {}
    for edge in sorted(edges, key=lambda e: (-e.belief, e.subject, e.object, e.predicate)):
        kept.setdefault(frozenset((edge.subject, edge.object)), edge)
    return list(kept.values())
