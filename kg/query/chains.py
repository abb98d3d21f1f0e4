"""The best chains between two concepts: exact, over as little of the graph as can hold one."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from math import inf, log

from kg.errors import StoreError

MOST_TIES = 300_000


@dataclass(frozen=True, slots=True)
class Tie:
    """A statement between two concepts, seen from ``one``; ``category`` is that of ``other``."""

    one: str
    other: str
    category: str
    statement: str
    belief: float


Ties = Callable[[Collection[str]], Iterator[Tie]]


@dataclass(slots=True)
class Web:
    """The strongest statement between any two neighbours, and the category of each concept."""

    strongest: dict[str, dict[str, Tie]] = field(default_factory=dict)
    category: dict[str, str] = field(default_factory=dict)

    def add(self, tie: Tie) -> None:
        """Keep a tie in both directions, unless a stronger one joins the two; equals are ranked by id."""
        self.category[tie.other] = tie.category
        for one, other in ((tie.one, tie.other), (tie.other, tie.one)):
            near = self.strongest.setdefault(one, {})
            held = near.get(other)
            if held is None or (-tie.belief, tie.statement) < (-held.belief, held.statement):
                near[other] = tie


def gather(ties: Ties, source: str, target: str, max_length: int) -> Web:
    """Read every tie that a chain of at most ``max_length`` can use. Raises StoreError where that is too much."""
    *_, web = islice(growing(ties, source, target), max_length)
    return web


def growing(ties: Ties, source: str, target: str) -> Iterator[Web]:
    """Yield the ties that a chain of at most 1, 2, 3, ... of them can use, until there are no more.

    They are read from both ends to the middle, from the end with fewer concepts to go on from: the i-th tie of a chain
    of n hangs on a concept at most i - 1 ties from ``source`` and at most n - i from ``target``, so that n steps,
    however many from each end, reach all. Raises StoreError where that is too much.
    """
    web, read = Web(), 0
    known, level = {end: {end} for end in (source, target)}, {end: [end] for end in (source, target)}
    while level[source] and level[target]:
        end = min((source, target), key=lambda end: len(level[end]))
        found = set()
        for tie in ties(level[end]):
            web.add(tie)
            found.add(tie.other)
            read += 1
            if read > MOST_TIES:
                raise StoreError("too many chains lie between these concepts; ask for shorter ones or for more belief")
        level[end] = sorted(found - known[end])
        known[end].update(found)
        yield web


def chains(
    web: Web, source: str, target: str, max_length: int, through: Sequence[str] = ()
) -> Iterator[tuple[tuple[str, ...], tuple[Tie, ...]]]:
    """Yield the chains without a loop, the largest product of beliefs first; among equals the shorter, then by id.

    ``through`` gives the categories of the concepts on the way, one each; the chain then has exactly that length.
    Best-first search with the exact bound that the best walk of the steps left gives, so the order is exact too.
    """
    steps = len(through) + 1 if through else max_length
    left = _bounds(web, target, steps, exact=bool(through))
    ready: list[tuple[float, int, tuple[str, ...], float]] = [(left[steps].get(source, inf), 0, (source,), 0.0)]
    while ready:
        bound, length, on_way, cost = heapq.heappop(ready)
        if bound == inf:
            return
        if on_way[-1] == target:
            yield on_way, tuple(web.strongest[a][b] for a, b in pairwise(on_way))
            continue
        for other, tie in web.strongest.get(on_way[-1], {}).items():
            after = steps - length - 1
            if after < 0 or other in on_way or not _allowed(web.category, other, target, length, through):
                continue
            so_far = cost - log(tie.belief)
            rest = left[after].get(other, inf)
            if rest < inf:
                heapq.heappush(ready, (round(so_far + rest, 9), length + 1, (*on_way, other), so_far))


def _allowed(category: Mapping[str, str], other: str, target: str, length: int, through: Sequence[str]) -> bool:
    if not through:
        return True
    if length == len(through):
        return other == target
    return other != target and category.get(other) == through[length]


def _bounds(web: Web, target: str, steps: int, exact: bool) -> list[dict[str, float]]:
    """Return for each number of steps left the least cost, -log of belief, of a walk from a concept to ``target``."""
    bounds = [{target: 0.0}]
    for _ in range(steps):
        reached = {} if exact else dict(bounds[-1])
        for concept, cost in bounds[-1].items():
            for other, tie in web.strongest.get(concept, {}).items():
                reached[other] = min(reached.get(other, inf), cost - log(tie.belief))
        bounds.append(reached)
    return bounds
