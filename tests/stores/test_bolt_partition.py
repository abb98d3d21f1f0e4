"""Partitioned writers: every row once, and no two writers of a round at one end."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.stores.bolt_partition import rounds

EDGES = st.lists(st.tuples(st.integers(0, 30).map(str), st.integers(0, 30).map(str)), max_size=200)


@settings(max_examples=50, deadline=None)
@given(EDGES, st.integers(1, 5))
def test_every_row_once_and_no_end_twice_in_a_round(edges: list[tuple[str, str]], writers: int) -> None:
    made = rounds(edges, lambda edge: edge, writers)
    assert sorted(edge for round in made for part in round for edge in part) == sorted(edges)
    for round in made:
        assert len(round) <= 2 * writers
        for one, other in combinations(round, 2):
            assert not {end for edge in one for end in edge} & {end for edge in other for end in edge}
