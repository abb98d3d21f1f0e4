"""Scores that mean what they say."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kg.evaluate.extractor_counts import ece
from kg.extract.calibration import calibrated
from kg.extract.schemes import scheme
from kg.extract.weighing import UNCHANGED
from kg.train.calibrate import fit_line, fit_outside, fit_weights, groups_of


def answers(seed: int) -> list[tuple[float, bool]]:
    """Answers of a reader whose scores are too high: at 0.9 six in ten are right, at 0.6 one in four."""
    chance = random.Random(seed)
    scores = [chance.uniform(0.3, 0.99) for _ in range(4000)]
    return [(score, chance.random() < calibrated(score, {"": (0.8, -1.4)}, "")) for score in scores]


def test_a_line_fitted_on_some_answers_calibrates_others_and_keeps_their_order() -> None:
    line = {"head": fit_line(answers(1))}
    assert ece(answers(2)) > 0.2
    assert ece([(calibrated(score, line, "head"), right) for score, right in answers(2)]) < 0.03
    scores = [calibrated(number / 50, line, "head") for number in range(51)]
    assert scores == sorted(scores)
    assert all(0 < score < 1 for score in scores)


def test_few_answers_change_nothing_and_one_sided_ones_stay_finite() -> None:
    assert fit_line([(0.9, False)] * 49) == (1.0, 0.0)
    slope, shift = fit_line([(0.9, True)] * 400)
    assert calibrated(0.9, {"head": (slope, shift)}, "head") == pytest.approx(0.99, abs=0.02)


def test_halves_that_contradict_each_other_change_nothing() -> None:
    assert fit_line([(0.7, True)] * 100 + [(0.7, False)] * 50 + [(0.7, True)] * 40 + [(0.7, False)] * 110) == (1.0, 0.0)


def test_a_corpus_judges_only_the_groups_that_it_annotates() -> None:
    assert groups_of(scheme("BC5CDR")) == {"Chemical": "chemical", "Disease": "condition"}
    assert groups_of(scheme("NCBI")) == {}  # leaves out symptoms
    assert groups_of(scheme("DrugProt")) == {"CHEMICAL": "chemical", "GENE": "gene"}


def test_a_head_that_finds_too_many_names_learns_to_find_fewer() -> None:
    """Of two words at even odds one is a name: the likelier third is always right, the rest never."""
    chance = random.Random(3)
    odds = [[chance.uniform(-0.5, 1.5) for _ in range(30)] for _ in range(40)]
    scores = [np.asarray([[0.0, one, -9.0] for one in row]) for row in odds]
    gold = [[(place, place + 1, "x") for place, one in enumerate(row) if one > 0.8] for row in odds]
    assert fit_outside(scores, gold, ["x"]) == pytest.approx(0.8)
    everything = [[(place, place + 1, "x") for place in range(30)] for _ in odds]
    assert fit_outside(scores, everything, ["x"]) == pytest.approx(-0.6)


def test_weights_of_relations_are_found_where_both_halves_say_the_same() -> None:
    random = np.random.default_rng(2)
    given = np.concatenate([random.normal(size=(4000, 5)), np.ones((4000, 1))], 1)
    true = np.asarray([1.2, 0.8, 1.0, -0.3, 0.0, -1.0])
    related = random.random(4000) < 1 / (1 + np.exp(-given @ true))
    assert fit_weights(given, related) == pytest.approx(true, abs=0.15)
    assert fit_weights(given, np.arange(4000) < 49) == UNCHANGED
    contrary = np.concatenate([given[:, 1][:2000] > 0, given[:, 1][2000:] < 0])
    assert fit_weights(given, contrary) == UNCHANGED
