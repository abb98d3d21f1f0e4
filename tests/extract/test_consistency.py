"""The places of one name in a document hear of each other."""

from __future__ import annotations

import numpy as np
import pytest

from kg.extract.consistency import consistent
from kg.extract.tags import Tagged, best_path, decode_tags

SURE, LIKELY, UNDECIDED, NONE = 2.0, 1.0, -0.5, -3.0  # log-odds of "a name of type 0" against "outside"


def scores(odds: list[float], types: int = 1, kind: int = 0) -> np.ndarray:
    """Words that begin or go on with a name of one type at the given log-odds; all else is never."""
    table = np.full((len(odds), 1 + 2 * types), -20.0)
    table[:, 0] = 0.0
    table[:, 1 + 2 * kind] = table[:, 2 + 2 * kind] = odds
    table[:, 2 + 2 * kind] -= 0.1  # begin rather than go on
    return table


def names(text: str, odds: list[float], weight: float = 1.0, silent: tuple[int, ...] = ()) -> list[Tagged]:
    words = text.split()
    spoken = np.asarray([place not in silent for place in range(len(words))])
    return decode_tags(best_path(consistent(scores(odds), words, spoken, weight)))


def test_a_name_that_is_sure_elsewhere_is_found_where_its_own_place_is_undecided() -> None:
    text = "aspirin was given . Aspirin stopped"
    odds = [SURE, NONE, NONE, NONE, UNDECIDED, NONE]
    assert names(text, odds) == [(0, 1, 0), (4, 5, 0)]
    assert names(text, odds, weight=0.0) == [(0, 1, 0)]


def test_a_name_goes_where_the_other_places_say_that_it_is_none() -> None:
    odds = [LIKELY, NONE, NONE, NONE, NONE, NONE]
    assert names("score was high . score fell", odds, weight=0.0) == [(0, 1, 0)]
    assert names("score was high . score fell", odds) == []


def test_an_acronym_is_not_the_word_that_is_spelt_like_it() -> None:
    odds = [LIKELY, NONE, NONE, NONE]
    assert names("ACT to act on", odds) == [(0, 1, 0)]
    assert names("A as a unit", odds) == [(0, 1, 0)]


def test_the_same_words_inside_a_longer_name_are_another_name() -> None:
    text = "cancer and ovarian cancer or cancer"
    odds = [SURE, NONE, SURE, SURE, NONE, UNDECIDED]
    table = scores(odds)
    table[3, 1] = -20.0  # goes on
    heard = consistent(table, text.split(), np.ones(6, dtype=bool), 1.0)
    assert decode_tags(best_path(heard)) == [(0, 1, 0), (2, 4, 0), (5, 6, 0)]
    assert np.array_equal(heard[2:4], table[2:4])


def test_what_stands_in_references_neither_speaks_nor_hears() -> None:
    odds = [LIKELY, NONE, NONE, NONE, NONE]
    assert names("fever was . fever fever", odds, silent=(3, 4)) == [(0, 1, 0)]
    assert names("fever was . fever fever", odds) == []


def test_a_place_hears_the_mean_of_the_others_and_no_place_more_than_three() -> None:
    table = scores([9.0, 1.0, -0.2])
    heard = consistent(table, ["x"] * 3, np.ones(3, dtype=bool), 0.5)
    assert heard[:, 1] - table[:, 1] == pytest.approx([0.5 * 0.4, 0.5 * 1.4, 0.5 * 2.0])
    assert np.array_equal(heard[:, [0, 2]], table[:, [0, 2]])


def test_two_types_of_one_string_compete() -> None:
    table = np.full((3, 5), -20.0)
    table[:, 0] = 0.0
    table[:, 1], table[:, 3] = [3.0, 3.0, 1.0], [1.0, 1.0, 1.5]  # begin of type 0, of type 1
    heard = consistent(table, ["lead"] * 3, np.ones(3, dtype=bool), 1.0)
    assert decode_tags(best_path(table))[2] == (2, 3, 1)
    assert decode_tags(best_path(heard)) == [(0, 1, 0), (1, 2, 0), (2, 3, 0)]


def test_a_document_in_which_nothing_returns_stays_as_it_is() -> None:
    random = np.random.default_rng(1)
    table = random.normal(size=(200, 7))
    words = [f"w{number}" for number in range(200)]
    assert np.array_equal(consistent(table, words, np.ones(200, dtype=bool), 1.0), table)


def test_a_hostile_text_of_one_word_is_read() -> None:
    random = np.random.default_rng(1)
    table = random.normal(size=(20_000, 3))
    heard = consistent(table, ["a"] * 20_000, np.ones(20_000, dtype=bool), 1.0)
    assert heard.shape == table.shape
    assert np.isfinite(heard).all()
