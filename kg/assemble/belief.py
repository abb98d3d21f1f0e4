"""Belief: how far the evidence goes, never taken for truth.

``support = (1 - product of the contributing readers' systematic errors) * (1 - product over works of (1 - w))`` with
``w`` the work's weight times its best score; ``refute`` is the same over refuting votes; ``belief = support * (1 -
refute)``. Only a work's best sentence counts, so a long full text has no more say than its abstract, and no number of
works lifts one reader above 1 minus its systematic error: readings by one reader err together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import prod

from kg.assemble.frequency import pooled
from kg.assemble.weights import Weights, load_weights
from kg.model import SCORE_DIGITS, Polarity, Statement, Triple, Vote

_LARGEST: float = 1 - 10**-SCORE_DIGITS


def assemble(triple: Triple, votes: Sequence[Vote], weights: Weights | None = None) -> Statement:
    """Return the statement that the votes make of a triple; its ``evidence`` is left empty.

    ``works`` are those that support or refute with any weight: a hypothesis is evidence, and no vote. The order of
    the votes and repeated votes change nothing. All numbers are rounded to three decimals and stay below 1.

    >>> triple = Triple("MESH:D001241", "biolink:causes", "MESH:D006471")
    >>> vote = Vote("PMID:1", "article", (), "extractor", "supports", "asserted", 0.9)
    >>> assemble(triple, [vote]).belief
    0.64
    """
    table = weights or load_weights()
    weighed = [(vote, table.of(vote.kind, vote.publication_types, vote.certainty) * vote.score) for vote in votes]
    counting = [(vote, strength) for vote, strength in weighed if strength > 0]
    support = _side(counting, "supports", table)
    refute = _side(counting, "refutes", table)
    works = tuple(sorted({vote.work for vote, _ in counting}))
    believed = _rounded(support * (1 - refute))
    return Statement(triple, believed, _rounded(support), _rounded(refute), works, frequency=pooled(votes))


def assembler(weights: Weights) -> Callable[[Triple, Sequence[Vote]], Statement]:
    """Return ``assemble`` with other weights than the bundled ones."""
    return partial(assemble, weights=weights)


def contradictions(statements: Iterable[Statement]) -> list[Statement]:
    """Return the statements that are both supported and refuted, strongest first.

    The strength of a contradiction is that of its weaker side.
    """
    both = [statement for statement in statements if min(statement.support, statement.refute) > 0]
    return sorted(both, key=lambda s: (-min(s.support, s.refute), -max(s.support, s.refute), s.id))


def _side(counting: list[tuple[Vote, float]], polarity: Polarity, weights: Weights) -> float:
    best: dict[str, float] = {}
    readers: set[str] = set()
    for vote, strength in counting:
        if vote.polarity == polarity:
            best[vote.work] = max(strength, best.get(vote.work, 0.0))
            readers.add(vote.reader)
    # Sorted: floating-point products depend on their order.
    shared_error: float = prod(sorted(weights.error_of(reader) for reader in readers))
    doubt: float = prod(sorted(1 - strength for strength in best.values()))
    return (1 - shared_error) * (1 - doubt)


def _rounded(value: float) -> float:
    """Three decimals, and never 1: no amount of evidence makes certainty."""
    return min(round(value, SCORE_DIGITS), _LARGEST)
