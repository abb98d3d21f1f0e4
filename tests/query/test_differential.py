"""Ranking by likelihood ratios: laws, and values worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.query.differential import Differential, Observed, Weights

PARENTS = {"high fever": ("fever",), "fever": ("sign",), "cough": ("sign",), "dry cough": ("cough",)}
FINDINGS = ["sign", "fever", "high fever", "cough", "dry cough", "rash"]
SEEN = [
    Observed("flu", "high fever", "w1", 9, 10, described=True),
    Observed("flu", "cough", "w1", 2, 10, described=True),
    Observed("cold", "dry cough", "w2", 5, 10),
    Observed("cold", "fever", "w3", 1, 10),
    Observed("measles", "rash", "w4", 10, 10),
]
MODEL = Differential(SEEN, PARENTS)
some = st.lists(st.sampled_from([*FINDINGS, "never heard of"]), max_size=5)


@given(some, some, st.booleans())
@settings(max_examples=60, deadline=None)
def test_contributions_add_up_to_the_score(present: list[str], absent: list[str], prior: bool) -> None:
    for ranked in MODEL.rank(present, absent, prior=prior):
        assert ranked.score == pytest.approx(math.fsum(part.value for part in ranked.contributions), abs=1e-6)
        told = MODEL.scores(
            tuple(dict.fromkeys(present)), tuple(f for f in dict.fromkeys(absent) if f not in present), prior=prior
        )
        assert ranked.score == pytest.approx(float(told[MODEL.diseases.index(ranked.disease)]), abs=1e-4)


@given(st.permutations(SEEN), some)
@settings(max_examples=30, deadline=None)
def test_neither_the_order_of_knowledge_nor_duplicates_matter(seen: list[Observed], present: list[str]) -> None:
    again = Differential([*seen, *seen[:2]], PARENTS)
    assert [(r.disease, r.score) for r in again.rank(present)] == [(r.disease, r.score) for r in MODEL.rank(present)]


def test_a_ratio_worked_out_by_hand() -> None:
    # Rash: 10 of 10 of one work in measles, which count as n; nobody looked in the two others: P = (1 + 0.3) / (3 + 1).
    weights, n = Weights(prior_patients=1, alike=0.15), 10 / (1 + 9 * 0.15)
    (first, *_) = Differential(SEEN, {}, weights).rank(["rash"], prior=False)
    assert first.disease == "measles"
    assert first.contributions[0].value == pytest.approx(math.log((n / (1.3 / 4) + 1) / (n + 1)), abs=1e-5)


def test_a_finding_of_which_nothing_is_known_is_neutral() -> None:
    for ranked in MODEL.rank(["never heard of"], prior=False):
        (finding, breadth) = ranked.contributions
        assert (finding.value, finding.through) == (0.0, "")
        assert breadth.value <= 0
    assert next(r for r in MODEL.rank(["rash"]) if r.disease == "flu").contributions[0].value == 0.0


def test_a_finding_matches_what_it_is_a_kind_of_but_counts_less() -> None:
    flu = {r.disease: r for r in MODEL.rank(["fever"])}["flu"].contributions[0]
    assert flu.through == "fever"
    assert flu.patients / flu.total == pytest.approx(0.9)
    cold = {r.disease: r for r in MODEL.rank(["high fever"])}["cold"].contributions[0]
    assert cold.through == "fever"
    special = {r.disease: r for r in MODEL.rank(["high fever"])}["flu"].contributions[0]
    assert special.value > cold.value


def test_more_patients_with_a_finding_never_lower_it() -> None:
    def value(present: float) -> float:
        seen = [Observed("a", "x", "w", present, 20), Observed("b", "x", "v", 3, 20)]
        return {r.disease: r for r in Differential(seen, {}).rank(["x"])}["a"].contributions[0].value

    values = [value(present) for present in (1, 5, 10, 20)]
    assert values == sorted(values)
    assert values[0] < values[-1]


def test_an_excluded_finding_counts_against_a_disease_that_always_has_it() -> None:
    seen = [
        Observed("always", "x", "w", 20, 20),
        Observed("rarely", "x", "v", 2, 20),
        Observed("other", "y", "u", 1, 1),
    ]
    ranked = {r.disease: r for r in Differential(seen, {}).rank(["y"], ["x"])}
    absent = {name: r.contributions[1].value for name, r in ranked.items()}
    assert absent["always"] < 0 < absent["rarely"]


@pytest.mark.parametrize("others", [1, 50])
def test_an_excluded_finding_never_speaks_for_a_disease_that_always_has_it(others: int) -> None:
    # However rarely it is looked for elsewhere, and however much that it was looked for here points to the disease.
    seen = [Observed("always", "x", "w", 4, 4, True)]
    seen += [Observed(f"other {n}", "y", f"v{n}", 1, 1, True) for n in range(others)]
    ranked = {r.disease: r for r in Differential(seen, {}).rank(["y"], ["x"], others + 1)}
    assert ranked["always"].contributions[1].value <= 0


def test_a_finding_never_speaks_for_a_disease_that_never_had_it() -> None:
    others = [Observed(f"other {n}", "y", f"v{n}", 1, 1, True) for n in range(50)]
    for patients, speaks in ((1, True), (4, False)):
        seen = [Observed("never", "x", "w", 0, patients, True), *others]
        ranked = {r.disease: r for r in Differential(seen, {}).rank(["x"], [], 51)}
        assert (ranked["never"].contributions[0].value > 0) == speaks


def test_an_excluded_finding_speaks_for_a_disease_in_which_it_is_looked_for() -> None:
    seen = [
        Observed("either way", "x", "w", 5, 10, True),
        Observed("never asked", "z", "v", 10, 10, True),
        *(Observed(f"other {n}", "y", f"u{n}", 1, 10, True) for n in range(20)),
    ]
    absent = {r.disease: r.contributions[1].value for r in Differential(seen, {}).rank(["y"], ["x"], 22)}
    assert absent["never asked"] < 0 < absent["either way"]
    # A finding that nobody looked for says nothing.
    assert {r.contributions[1].value for r in Differential(seen, {}).rank(["y"], ["never heard of"], 22)} == {0.0}


def test_patients_of_one_work_count_less_than_as_many_of_several() -> None:
    one = [Observed("d", "x", "w", 8, 8, True), Observed("e", "y", "v", 1, 1, True)]
    several = [*(Observed("d", "x", f"w{n}", 2, 2, True) for n in range(4)), one[1]]
    ratios = [Differential(seen, {}).rank(["x"])[0].contributions[0] for seen in (one, several)]
    assert ratios[0].total == pytest.approx(8 / (1 + 7 * 0.15))
    assert ratios[1].total == pytest.approx(4 * 2 / 1.15)
    assert ratios[0].value < ratios[1].value


def test_one_work_counts_once_with_its_larger_group() -> None:
    twice = [*SEEN, Observed("measles", "rash", "w4", 1, 2)]
    assert Differential(twice, PARENTS).rank(["rash"]) == MODEL.rank(["rash"])


def test_a_cycle_in_the_hierarchy_ends() -> None:
    model = Differential([Observed("d", "a", "w", 1, 2)], {"a": ("b",), "b": ("a",)})
    assert model.rank(["b"])[0].disease == "d"
