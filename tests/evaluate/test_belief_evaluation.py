"""kg evaluate belief: which statements are judged, what counts as true, and the figures by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.assemble import load_weights
from kg.cli.app import app
from kg.config import load_settings
from kg.errors import DataError
from kg.evaluate.belief import BeliefEvaluation, Case, bins, evaluate_belief, figures
from kg.evaluate.belief_report import page, report
from kg.evaluate.reliability import plot
from kg.model import Candidate, Concept, Document, Evidence, Link, Mention, Reader, Span, Triple
from kg.pipeline import read_documents
from kg.readers import Readers
from kg.stores.ledger import DocumentReading
from kg.train.corpora import GoldDocument, GoldRelation, read_corpus

DRUG = Concept("MESH:D1", "drug", "ChemicalEntity")
RASH = Concept("HP:1", "rash", "PhenotypicFeature", xrefs=("MESH:D2",))
FEVER = Concept("MESH:D3", "fever", "Disease")
NAMELESS = Concept("HP:4", "odd", "PhenotypicFeature")
GENE = Concept("HGNC:5", "gene", "Gene", xrefs=("NCBIGene:55",))
CAUSES, POSITIVE, TREATS = "biolink:causes", "biolink:positively_correlated_with", "biolink:treats"


def said(subject: Concept, predicate: str, obj: Concept, score: float = 0.9, **fields: object) -> Evidence:
    reader = Reader(str(fields.pop("reader", "extractor")), "1", "0" * 64)
    triple = Triple(subject.id, predicate, obj.id)
    return Evidence(triple, "PMID:1", "PMID:1", "0" * 64, reader, score, **fields)  # type: ignore[arg-type]


def judged(corpus: str, relations: Sequence[GoldRelation], *evidence: Evidence) -> BeliefEvaluation:
    mention = Mention("PMID:1", Span(0, 1), "x", "Disease", 0.9)
    links = tuple(Link(mention, (Candidate(c, 1.0, c.name, "exact"),)) for c in (DRUG, RASH, FEVER, NAMELESS, GENE))

    def read(documents: Sequence[Document]) -> Iterator[DocumentReading]:
        for document in documents:
            yield DocumentReading(document, "key", links=links, evidence=evidence)

    return evaluate_belief({corpus: [GoldDocument("1", "x", (), tuple(relations))]}, read)


def test_an_id_may_be_a_cross_reference_and_only_the_annotated_kind_is_judged() -> None:
    gold = [GoldRelation("CID", "D1", "D2")]
    result = judged(
        "BC5CDR",
        gold,
        said(DRUG, CAUSES, RASH),
        said(DRUG, CAUSES, FEVER),
        said(DRUG, TREATS, FEVER),
        said(FEVER, CAUSES, RASH),
        said(DRUG, CAUSES, NAMELESS),
    )
    assert [(case.triple.object, case.true) for case in result.cases] == [("HP:1", True), ("MESH:D3", False)]
    assert result.unjudged == 1


def test_another_type_of_relation_is_related_and_not_true() -> None:
    gold = [GoldRelation("Negative_Correlation", "D1", "55")]
    result = judged("BioRED", gold, said(GENE, POSITIVE, DRUG), said(DRUG, CAUSES, FEVER))
    assert [(case.true, case.related) for case in result.cases] == [(False, True)]
    gold = [GoldRelation("Positive_Correlation", "D1", "55")]
    assert judged("BioRED", gold, said(GENE, POSITIVE, DRUG)).cases[0].true


def test_what_nothing_supports_stands_apart() -> None:
    gold = [GoldRelation("CID", "D1", "D2")]
    result = judged(
        "BC5CDR",
        gold,
        said(DRUG, CAUSES, RASH, certainty="hypothesis"),
        said(DRUG, CAUSES, FEVER, polarity="refutes"),
    )
    assert (result.cases, result.supposed, result.refuted) == ((), (1, 1), (0, 1))


def test_the_surest_tone_and_each_reader_s_best_score() -> None:
    both = (said(DRUG, CAUSES, RASH, 0.6, reader="patterns"), said(DRUG, CAUSES, RASH, 0.8, certainty="hedged"))
    (case,) = judged("BC5CDR", [], *both).cases
    assert (case.readers, case.certainty) == ((("extractor", 0.8), ("patterns", 0.6)), "asserted")
    weights = load_weights()
    errors = weights.error_of("extractor") * weights.error_of("patterns")
    best = max(0.6 * weights.of("article", (), "asserted"), 0.8 * weights.of("article", (), "hedged"))
    assert case.belief == round((1 - errors) * best, 3)


def case(belief: float, true: bool, reader: str = "extractor", score: float = 0.8, corpus: str = "BC5CDR") -> Case:
    triple = Triple("MESH:D1", CAUSES, "MESH:D2")
    return Case(corpus, "PMID:1", triple, belief, False, ((reader, score),), "asserted", true, True)


CASES = (case(0.5, True), case(0.5, False), case(0.9, True), case(0.7, False, "patterns", 0.9))


def test_figures_by_hand() -> None:
    assert figures(CASES) == {
        "statements": 4,
        "true_share": 0.5,
        "related_share": 1.0,
        "mean_belief": 0.65,
        "ece": 0.2,  # (2 * 0 + 1 * 0.7 + 1 * 0.1) / 4
        "brier": 0.25,  # (0.25 + 0.25 + 0.01 + 0.49) / 4
    }
    assert [(one["from"], one["statements"], one["true_share"]) for one in bins(CASES)] == [
        (0.5, 2, 0.5),
        (0.7, 1, 0.0),
        (0.9, 1, 1.0),
    ]


def test_the_error_that_the_scores_do_not_foretell() -> None:
    readers = BeliefEvaluation({"BC5CDR": 1}, CASES, 0, (0, 0), (0, 0)).readers()
    assert readers["extractor"] == {"statements": 3, "true_share": 0.6667, "mean_score": 0.8, "systematic": 0.1667}
    assert readers["patterns"]["systematic"] == 1.0


def test_the_json_the_text_and_the_page() -> None:
    result = BeliefEvaluation({"BC5CDR": 7, "BioRED": 2}, CASES, 3, (1, 4), (0, 2))
    value = result.as_json()
    assert {"corpus", "protocol", "documents", "statements", "true_share", "ece", "brier", "bins"} <= set(value)
    assert (value["documents"], value["only_refuted"], value["unjudged"]) == (9, {"statements": 4, "true": 1}, 3)
    assert value["supported_by"]["patterns"]["true_share"] == 0.0
    text = report(result)
    assert "| 0.5-0.6 | 2          | 0.500       | 0.500      |" in text
    assert "Not judged: 3. Without support, belief 0: refuted 4 (1 true), only supposed 2 (0 true)." in text
    made = page(result)
    assert made.count("<circle") == 3
    assert "<script" not in made
    assert "http" not in made


def test_the_plot_puts_what_is_right_on_the_diagonal() -> None:
    assert '<circle cx="46.0" cy="374.0" r="14.0"' in plot({"one": [(0.0, 0.0, 1)]}, "belief", "true")


def test_nothing_to_judge_by_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no documents to judge belief by"):
        evaluate_belief({}, lambda documents: [])
    answer = CliRunner().invoke(app, ["evaluate", "belief", str(tmp_path), "--json"])
    assert answer.exit_code != 0
    assert answer.stdout == ""


def test_the_product_s_own_readings_are_judged() -> None:
    readers = Readers(load_settings())
    gold = read_corpus(Path("tests/data/corpora/bc5cdr.PubTator"))
    seen: list[tuple[int, int]] = []
    read = partial(read_documents, readers=readers)
    result = evaluate_belief({"BC5CDR": gold}, read, lambda *place: seen.append(place))
    assert seen == [(6, 6)]
    assert {one.triple.predicate for one in result.cases} == {CAUSES}
    # seen in training: a reader that finds none of its own training relations is broken, or the matching is
    assert sum(one.true for one in result.cases) >= 3
    assert all(0 < one.belief < 1 for one in result.cases)
