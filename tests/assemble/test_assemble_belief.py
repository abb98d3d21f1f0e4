"""Belief: the formula by hand, and the laws it must keep."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.assemble import assemble, assembler, contradictions, load_weights
from kg.errors import ConfigError
from kg.model import Statement, Triple, Vote

TRIPLE = Triple("MESH:D001241", "biolink:causes", "MESH:D006470")
WORKS = [f"PMID:{n}" for n in range(6)]


def vote(work: str = "PMID:1", score: float = 0.9, **fields: object) -> Vote:
    facts = {"kind": "article", "publication_types": (), "reader": "extractor", "polarity": "supports"}
    return Vote(work=work, score=score, **{**facts, "certainty": "asserted", **fields})  # type: ignore[arg-type]


def belief(*votes: Vote) -> float:
    return assemble(TRIPLE, votes).belief


def test_one_article_by_one_reader() -> None:
    made = assemble(TRIPLE, [vote(score=0.8)])
    assert (made.support, made.refute, made.belief) == (0.569, 0.0, 0.569)  # 0.79 * 0.9 * 0.8
    assert made.works == ("PMID:1",)


def test_two_works_by_two_readers() -> None:
    made = assemble(TRIPLE, [vote(), vote("PMID:2", 0.5, reader="patterns", kind="guideline")])
    assert made.support == round((1 - 0.21 * 0.29) * (1 - (1 - 0.81) * (1 - 0.475)), 3)
    assert made.works == ("PMID:1", "PMID:2")


def test_only_the_best_sentence_of_a_work_counts() -> None:
    assert belief(vote(score=0.9), vote(score=0.4), vote(score=0.89, certainty="hedged")) == belief(vote(score=0.9))


def test_twenty_readings_by_one_reader_are_not_certain() -> None:
    assert belief(*(vote(f"PMID:{n}", 0.99) for n in range(20))) == 0.79


def test_a_second_reader_of_the_same_sentence_helps_a_little() -> None:
    assert belief(vote()) == 0.64
    assert belief(vote(), vote(reader="patterns")) == 0.761


def test_refutation_lowers_belief_and_keeps_support() -> None:
    made = assemble(TRIPLE, [vote(), vote("PMID:2", polarity="refutes")])
    assert (made.support, made.refute, made.belief) == (0.64, 0.64, 0.23)
    assert made.works == ("PMID:1", "PMID:2")


def test_hypotheses_give_no_support_and_no_work() -> None:
    made = assemble(TRIPLE, [vote(certainty="hypothesis")])
    assert (made.belief, made.works) == (0.0, ())


def test_the_best_publication_type_replaces_the_weight_of_the_kind() -> None:
    weights = load_weights()
    assert weights.of("article", ("Journal Article",), "asserted") == 0.9
    assert weights.of("article", ("Randomized Controlled Trial", "Case Reports"), "asserted") == 0.93
    assert weights.of("article", ("Editorial",), "hedged") == pytest.approx(0.225)
    with pytest.raises(ConfigError, match="no weight"):
        weights.of("tweet", (), "asserted")


def test_other_weights(tmp_path: Path) -> None:
    text = "kinds: {article: 0.5}\npublication_types: {}\ncertainty: {asserted: 1}\nsystematic: {default: 0}\n"
    path = tmp_path / "weights.yaml"
    path.write_text(text)
    assert assembler(load_weights(path))(TRIPLE, [vote(score=0.8)]).belief == 0.4
    for wrong, said in (
        (text.replace("0.5", "1.5"), r"kinds\.article must be a number in \[0, 1\]"),
        (text.replace("0.5", "0.1234"), "three decimals"),
        (text.replace("default", "other"), "needs a default"),
        (text + "more: {}\n", "must have the tables"),
    ):
        other = tmp_path / f"{abs(hash(wrong))}.yaml"
        other.write_text(wrong)
        with pytest.raises(ConfigError, match=said):
            load_weights(other)


def test_contradictions_are_both_supported_and_refuted_strongest_first() -> None:
    def made(obj: str, support: float, refute: float) -> Statement:
        return Statement(Triple("MESH:a", "biolink:causes", obj), 0.1, support, refute, ())

    weak, strong, one_sided = made("MESH:b", 0.9, 0.1), made("MESH:c", 0.4, 0.5), made("MESH:d", 0.99, 0.0)
    stronger = made("MESH:e", 0.8, 0.4)
    assert contradictions([weak, one_sided, strong, stronger]) == [stronger, strong, weak]


votes = st.builds(
    Vote,
    work=st.sampled_from(WORKS),
    kind=st.sampled_from(("article", "guideline", "case")),
    publication_types=st.sampled_from(((), ("Review",), ("Case Reports", "Letter"))),
    reader=st.sampled_from(("extractor", "patterns", "someone else")),
    polarity=st.sampled_from(("supports", "refutes")),
    certainty=st.sampled_from(("asserted", "hedged", "hypothesis")),
    score=st.integers(0, 1000).map(lambda n: n / 1000),
)


@given(st.lists(votes, max_size=12), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(given_votes: list[Vote], chance: random.Random) -> None:
    shuffled = [*given_votes, *given_votes[:4]]
    chance.shuffle(shuffled)
    assert assemble(TRIPLE, shuffled) == assemble(TRIPLE, given_votes)


@given(st.lists(votes, max_size=12), votes)
def test_another_vote_moves_belief_in_its_own_direction(before: list[Vote], new: Vote) -> None:
    old, now = assemble(TRIPLE, before), assemble(TRIPLE, [*before, new])
    if new.polarity == "supports":
        assert now.support >= old.support
        assert now.refute == old.refute
        assert now.belief >= old.belief
    else:
        assert now.refute >= old.refute
        assert now.support == old.support
        assert now.belief <= old.belief
    assert set(old.works) <= set(now.works)


@given(st.lists(votes, min_size=1, max_size=40))
def test_belief_stays_below_one_and_below_support(given_votes: list[Vote]) -> None:
    made = assemble(TRIPLE, given_votes)
    assert 0.0 <= made.belief <= made.support < 1.0
    assert made.refute < 1.0
    errors = [load_weights().error_of(v.reader) for v in given_votes if v.polarity == "supports"]
    if len({v.reader for v in given_votes if v.polarity == "supports"}) == 1:
        assert made.support <= 1 - errors[0]


@given(st.lists(st.integers(1, 1000).map(lambda n: n / 1000), min_size=1, max_size=3), st.integers(300, 1000))
def test_a_further_work_raises_belief(scores: list[float], new: int) -> None:
    before = [vote(f"PMID:{n}", score) for n, score in enumerate(scores)]
    was, now = belief(*before), belief(*before, vote("PMID:new", new / 1000))
    # The ceiling is 0.79 and a work of 0.3 adds 0.27 of what is left, which from 0.786 on may be under a thousandth.
    assert now > was or (now == was and was >= 0.786)
