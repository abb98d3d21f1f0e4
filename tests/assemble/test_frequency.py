"""Frequencies: counts of works pooled, each work once, with the interval of the published formula."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.assemble import assemble, frequency
from kg.errors import DataError
from kg.model import Statement, Triple, Vote
from kg.stores.ledger import Ledger
from tests.stores.ledger_samples import build, paper, read

TRIPLE = Triple("MESH:D001241", "biolink:causes", "MESH:D006470")


def vote(work: str, count: int, total: int, **fields: object) -> Vote:
    facts = {"kind": "article", "publication_types": (), "reader": "patterns", "polarity": "supports"}
    known = {**facts, "certainty": "asserted", "score": 0.9, **fields}
    return Vote(work=work, count=count, total=total, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (81, 263, 0.255, 0.366),  # the first four: Newcombe 1998, table I, method 3
        (15, 148, 0.062, 0.16),
        (0, 20, 0.0, 0.161),
        (1, 29, 0.006, 0.172),
        (7, 7, 0.646, 1.0),
    ],
)
def test_the_interval_is_that_of_the_literature(count: int, total: int, low: float, high: float) -> None:
    counted = frequency(count, total)
    assert (counted.low, counted.high) == (low, high)


@pytest.mark.parametrize(("count", "total"), [(1, 0), (0, 0), (5, 4), (-1, 4)])
def test_impossible_counts_are_refused(count: int, total: int) -> None:
    with pytest.raises(DataError, match="not a count of a total"):
        frequency(count, total)


def test_a_work_counts_once_with_its_largest_group() -> None:
    said = [vote("PMID:1", 3, 10), vote("PMID:1", 12, 34, reader="extractor"), vote("PMID:2", 0, 6, polarity="refutes")]
    assert assemble(TRIPLE, said).frequency == frequency(12, 40)


def test_nobody_counted_and_a_hypothesis_counts_nothing() -> None:
    assert assemble(TRIPLE, [vote("PMID:1", 0, 0)]).frequency is None
    assert assemble(TRIPLE, [vote("PMID:1", 3, 10, certainty="hypothesis")]).frequency is None


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 50), st.integers(50, 60)), min_size=1), st.randoms())
def test_order_and_repetition_change_no_frequency(counted: list[tuple[str, int, int]], chance: object) -> None:
    votes = [vote(*one) for one in counted]
    shuffled = [*votes, *votes[:3]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    made = assemble(TRIPLE, shuffled).frequency
    assert made == assemble(TRIPLE, votes).frequency
    assert made is not None
    assert made.low <= made.share <= made.high


def test_the_ledger_keeps_the_frequency(tmp_path: Path) -> None:
    with_counts = [read(paper(1), counted=(12, 34)), read(paper(2), counted=(0, 6), polarity="refutes")]
    impossible = read(paper(3), counted=(9, 3))
    build(tmp_path, [*with_counts, impossible, read(paper(4))])
    with Ledger.open(tmp_path) as ledger:
        found: list[Statement] = list(ledger.statements())
    assert [statement.frequency for statement in found] == [frequency(12, 40)]
