"""Known names as input features."""

from __future__ import annotations

import numpy as np

from kg.encode.lexicon import Lexicon, fold, one_hot

NAMES = {
    "disease": [["breast", "cancer"], ["cancer"], ["Pain"], ["lung", "cancer", "of", "the", "right", "lobe"]],
    "gene": [["MAX"], ["interleukin", "6"]],
}


def rows(text: str, column: str) -> list[int]:
    lexicon = Lexicon.build(NAMES)
    return [int(one) for one in lexicon.states(text.split())[:, lexicon.columns.index(column)]]


def test_the_longest_name_wins_and_names_do_not_overlap() -> None:
    assert rows("a breast cancer cancer here", "disease") == [0, 1, 3, 4, 0]
    assert rows("lung cancer of the right lobe", "disease") == [1, 2, 2, 2, 2, 3]
    assert rows("lung cancer of the left lobe", "disease") == [0, 4, 0, 0, 0, 0]


def test_names_match_without_case_and_plural() -> None:
    assert rows("Breast Cancers PAIN pains", "disease") == [1, 3, 4, 4]
    assert [fold(word) for word in ("Seizures", "therapies", "pancreatitis", "virus", "gas")] == [
        "seizure", "therapy", "pancreatitis", "virus", "gas",
    ]  # fmt: skip


def test_short_symbols_keep_their_case() -> None:
    assert rows("MAX max Max", "gene") == [4, 0, 0]


def test_columns_are_independent_and_a_missing_name_is_nothing() -> None:
    assert rows("interleukin 6 pain", "gene") == [1, 3, 0]
    assert Lexicon.build({"none": []}).states(["x"]).tolist() == [[0]]


def test_one_hot_leaves_words_outside_at_zero() -> None:
    features = one_hot(np.asarray([[0, 4], [1, 0]], dtype=np.uint8))
    assert features.tolist() == [[0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]]
