"""The best chains are those that trying out every chain gives, in the same order, over as little as is read."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from itertools import pairwise
from math import prod

import networkx
import pytest

from kg.errors import StoreError
from kg.query import chains as module
from kg.query.chains import Tie, chains, gather, growing

CATEGORIES = ("Gene", "Disease", "ChemicalEntity")


def made(seed: int) -> networkx.MultiGraph:
    """A small graph by chance, with parallel ties and ties in belief."""
    chance = random.Random(seed)
    graph = networkx.MultiGraph()
    graph.add_nodes_from((str(node), {"category": chance.choice(CATEGORIES)}) for node in range(9))
    for number in range(20):
        one, other = chance.sample(range(9), 2)
        graph.add_edge(str(one), str(other), key=f"s{number:02}", belief=chance.choice([0.1, 0.5, 0.5, 0.8, 0.9, 1.0]))
    return graph


def found(graph: networkx.MultiGraph, length: int, through: tuple[str, ...]) -> list[tuple[float, tuple[str, ...]]]:
    def ties(ids: Collection[str]) -> Iterator[Tie]:
        for one, other, statement, belief in graph.edges(list(ids), keys=True, data="belief"):
            for here, there in ((one, other), (other, one)):
                if here in ids:
                    yield Tie(here, there, graph.nodes[there]["category"], statement, belief)

    web = gather(ties, "0", "1", length)
    # After so many steps there is a chain of that length at most, or there is none.
    grown = [length for length, web in enumerate(growing(ties, "0", "1"), 1) if any(chains(web, "0", "1", length))]
    assert grown[:1] == shortest(graph)
    return [(prod(t.belief for t in steps), nodes) for nodes, steps in chains(web, "0", "1", length, through)]


def shortest(graph: networkx.MultiGraph) -> list[int]:
    return [networkx.shortest_path_length(graph, "0", "1")] if networkx.has_path(graph, "0", "1") else []


def tried(graph: networkx.MultiGraph, length: int, through: tuple[str, ...]) -> list[tuple[float, tuple[str, ...]]]:
    ways = {tuple(way) for way in networkx.all_simple_paths(graph, "0", "1", cutoff=length)}
    if through:
        ways = {way for way in ways if tuple(graph.nodes[node]["category"] for node in way[1:-1]) == through}
    best = {(a, b): max(e["belief"] for e in graph[a][b].values()) for a in graph for b in graph[a]}
    return [(prod(best[pair] for pair in pairwise(way)), way) for way in ways]


@pytest.mark.parametrize("through", [(), ("Gene",), ("Gene", "Disease")])
def test_every_chain_the_most_believed_first(through: tuple[str, ...]) -> None:
    some = 0
    for seed in range(60):
        graph, length = made(seed), len(through) + 1 if through else 2 + seed % 3
        answer, reference = found(graph, length, through), tried(graph, length, through)
        assert {way for _, way in answer} == {way for _, way in reference}
        assert len(answer) == len(reference)
        assert [belief for belief, _ in answer] == pytest.approx(sorted((b for b, _ in reference), reverse=True))
        some += len(answer)
    assert some > 10


def test_too_much_between_two_concepts_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TIES", 5)
    with pytest.raises(StoreError, match="ask for shorter ones or for more belief"):
        found(made(0), 4, ())
