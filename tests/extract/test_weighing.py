"""A pair of concepts among the other pairs of its window."""

from __future__ import annotations

import numpy as np
import pytest

from kg.extract.weighing import UNCHANGED, features, weigh

# two chemicals (0: named twice, 1: once) and two diseases (2: once, 3: four times)
CONCEPT = np.asarray([0, 0, 1, 2, 3, 3, 3, 3])
KIND = np.asarray([1, 1, 0, 0])
PAIRS = np.asarray([[0, 2], [0, 3], [1, 2], [1, 3]])
RELATED = np.asarray([0.5, 0.9, 0.1, 0.2])


def odds(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


def test_a_pair_is_described_by_its_own_odds_its_concepts_and_their_rivals() -> None:
    given = features(RELATED, PAIRS, CONCEPT, KIND)
    assert given == pytest.approx(
        np.asarray(
            [
                [0.0, 1.0, 0.25, odds(0.9), odds(0.1), 1.0],
                [odds(0.9), 1.0, 1.0, 0.0, odds(0.2), 1.0],
                [odds(0.1), 0.5, 0.25, odds(0.2), 0.0, 1.0],
                [odds(0.2), 0.5, 1.0, odds(0.1), odds(0.9), 1.0],
            ]
        )
    )


def test_a_pair_without_a_rival_and_a_sure_one_stay_bounded() -> None:
    given = features(np.asarray([1.0]), np.asarray([[0, 1]]), np.asarray([0, 1]), np.asarray([0, 0]))
    assert given.tolist() == [[6.0, 1.0, 1.0, -6.0, -6.0, 1.0]]


def test_two_pairs_with_the_same_odds_are_rivals() -> None:
    given = features(np.asarray([0.9, 0.9]), PAIRS[:2], CONCEPT, KIND)
    assert given[:, 3] == pytest.approx([odds(0.9), odds(0.9)])
    assert given[:, 4].tolist() == [-6.0, -6.0]


def test_the_order_of_pairs_does_not_matter() -> None:
    order = np.asarray([2, 0, 3, 1])
    assert np.array_equal(
        features(RELATED[order], PAIRS[order], CONCEPT, KIND), features(RELATED, PAIRS, CONCEPT, KIND)[order]
    )


def test_types_keep_their_shares_of_what_is_related() -> None:
    chances = np.asarray([[0.5, 0.3, 0.2], [0.1, 0.9, 0.0], [0.9, 0.05, 0.05], [0.8, 0.1, 0.1]])
    given = features(1 - chances[:, 0], PAIRS, CONCEPT, KIND)
    assert weigh(chances, given, UNCHANGED) == pytest.approx(chances)
    weighed = weigh(chances, given, (1.0, 0.5, 0.5, -0.5, -0.5, -1.0))
    assert weighed.sum(1) == pytest.approx(np.ones(4))
    assert weighed[0, 1] / weighed[0, 2] == pytest.approx(1.5)
    # named often, no strong rival: more; named once beside a strong rival: less
    assert weighed[1, 0] < chances[1, 0]
    assert weighed[3, 0] > chances[3, 0]
