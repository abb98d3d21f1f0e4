"""Decoding: the best well-formed sequence, against brute force."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.found import decode
from kg.extract.tags import best_path, decode_tags, encode_tags


def well_formed(path: tuple[int, ...]) -> bool:
    before = 0
    for label in path:
        if label and label % 2 == 0 and before not in (label, label - 1):
            return False
        before = label
    return True


@given(st.lists(st.lists(st.floats(-8, 0), min_size=5, max_size=5), min_size=1, max_size=4))
def test_the_path_is_the_best_of_all_well_formed_ones(rows: list[list[float]]) -> None:
    scores = np.asarray(rows)
    path = tuple(best_path(scores).tolist())
    assert well_formed(path)
    every = (one for one in product(range(5), repeat=len(rows)) if well_formed(one))
    best = max(sum(row[label] for row, label in zip(rows, one, strict=True)) for one in every)
    assert abs(sum(row[label] for row, label in zip(rows, path, strict=True)) - best) < 1e-6


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2), st.integers(0, 1)), max_size=8))
def test_spans_survive_labels(parts: list[tuple[int, int, int]]) -> None:
    spans, word = [], 0
    for length, space, kind in parts:
        spans.append((word + space, word + space + length, kind))
        word += space + length
    assert decode_tags(encode_tags(word, spans)) == spans


def test_neighbours_of_one_type_stay_apart() -> None:
    assert decode_tags([1, 1, 2, 3, 4, 0]) == [(0, 1, 0), (1, 3, 0), (3, 5, 1)]


def test_a_name_scores_the_geometric_mean_of_its_words() -> None:
    chances = np.asarray([[0.1, 0.9, 0.0001], [0.3, 0.0001, 0.4], [0.99, 0.005, 0.005]])
    (only,) = decode(np.log(chances), ("Disease",), [(0, 4), (5, 9), (10, 12)])
    assert (only.start, only.end, only.type) == (0, 9, "Disease")
    assert abs(only.score - 0.6) < 1e-9
