"""Which documents are one work, and what retraction, deletion and reinstatement do, in whatever order they come."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.assemble import assemble
from kg.cli.app import app
from kg.errors import StoreError
from kg.model import Document, Withdrawal
from kg.stores.ledger import Ledger
from tests.stores.ledger_samples import build, graph, paper, read


def works(folder: Path) -> dict[str, str]:
    with Ledger.open(folder) as ledger:
        return {document.id: document.work for document in ledger.documents()}


def beliefs(folder: Path) -> list[tuple[float, tuple[str, ...]]]:
    with Ledger.open(folder) as ledger:
        return [(statement.belief, statement.works) for statement in ledger.statements()]


ABSTRACT = paper(1, identifiers=("PMID:1", "DOI:10.1/a"))
DOI_ONLY = paper(0, "Aspirin surely causes hemorrhage.", document="file:a.html", work="DOI:10.1/a")
FULL_TEXT = paper(
    0,
    "Aspirin causes hemorrhage, we say.",
    document="PMCID:PMC7",
    work="PMCID:PMC7",
    identifiers=("DOI:10.1/a", "PMCID:PMC7"),
)


@pytest.mark.parametrize(
    "order", list(permutations([ABSTRACT, DOI_ONLY, FULL_TEXT])), ids=lambda o: "-".join(d.id for d in o)
)
def test_abstract_full_text_and_file_are_one_work_and_one_vote(tmp_path: Path, order: tuple[Document, ...]) -> None:
    for document in order:
        build(tmp_path, [read(document)])
    assert works(tmp_path) == {"PMID:1": "PMID:1", "PMCID:PMC7": "PMID:1", "file:a.html": "PMID:1"}
    assert beliefs(tmp_path) == [(0.64, ("PMID:1",))]
    with Ledger.open(tmp_path) as ledger:
        assert {evidence.work for evidence in ledger.evidences()} == {"PMID:1"}
        assert list(ledger.works()) == [("PMID:1", "current", "")]


def test_a_bridge_that_goes_away_parts_the_works_again(tmp_path: Path) -> None:
    build(tmp_path, [read(DOI_ONLY), read(paper(1))])
    apart = graph(tmp_path)
    bridge = read(
        paper(0, "Aspirin and hemorrhage.", document="file:b.html", work="DOI:10.1/a", identifiers=("PMID:1",))
    )
    build(tmp_path, [bridge])
    assert set(works(tmp_path).values()) == {"PMID:1"}
    with Ledger.open(tmp_path, write=True) as ledger:
        ledger.forget("file:b.html")
        ledger.refresh(assemble)
    assert graph(tmp_path) == apart


def test_a_doi_that_many_articles_share_does_not_make_them_one(tmp_path: Path) -> None:
    shared = ("DOI:10.1/supplement",)
    build(tmp_path, [read(paper(n, f"Aspirin causes hemorrhage {n}.", identifiers=shared)) for n in (1, 2, 3)])
    assert beliefs(tmp_path)[0][1] == ("PMID:1", "PMID:2", "PMID:3")


def test_works_without_pmid_are_named_by_doi_then_pmcid_then_another_id(tmp_path: Path) -> None:
    build(
        tmp_path,
        [
            read(paper(0, document="file:x.pdf", work="NGC:10302")),
            read(paper(0, document="file:y.pdf", work="file:y.pdf", identifiers=("PMCID:PMC9", "DOI:10.1/z"))),
        ],
    )
    assert works(tmp_path) == {"file:x.pdf": "NGC:10302", "file:y.pdf": "DOI:10.1/z"}


@pytest.mark.parametrize("notice_first", [True, False])
def test_a_retracted_paper_does_not_count_whenever_the_notice_comes(tmp_path: Path, notice_first: bool) -> None:
    notice = read(paper(9, "Retraction: Aspirin, hemorrhage.", retracts=("DOI:10.1/a",)), certainty="hypothesis")
    article = read(ABSTRACT)
    for reading in (notice, article) if notice_first else (article, notice):
        build(tmp_path, [reading])
    with Ledger.open(tmp_path) as ledger:
        assert list(ledger.works()) == [("PMID:1", "retracted", "retracted by PMID:9"), ("PMID:9", "current", "")]
        assert [e.document for e in ledger.evidences()] == ["PMID:9"]
    assert beliefs(tmp_path) == [(0.0, ())]


def test_a_type_that_says_retracted_is_enough(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1, publication_types=("Journal Article", "Retracted Publication")))])
    assert beliefs(tmp_path) == []
    build(tmp_path, [read(paper(1, version="2"))])
    assert beliefs(tmp_path) == [(0.64, ("PMID:1",))]


@pytest.mark.parametrize("deletion_first", [True, False])
def test_a_deleted_citation_disappears_and_is_not_revived(tmp_path: Path, deletion_first: bool) -> None:
    def delete() -> None:
        with Ledger.open(tmp_path, write=True) as ledger:
            ledger.withdraw([Withdrawal("PMID:1", "deleted", "DeleteCitation")])
            ledger.refresh(assemble)

    build(tmp_path, [read(paper(2))])
    alone = graph(tmp_path)
    if deletion_first:
        delete()
    build(tmp_path, [read(paper(1))])
    if not deletion_first:
        assert graph(tmp_path) != alone
        delete()
    assert graph(tmp_path) == alone
    build(tmp_path, [read(paper(1))])
    build(tmp_path, [read(paper(1, version="5"))])
    delete()
    assert graph(tmp_path) == alone


def test_a_repeated_withdrawal_changes_nothing(tmp_path: Path) -> None:
    gone = Withdrawal("PMID:1", "deleted", "DeleteCitation")
    with Ledger.open(tmp_path, write=True) as ledger:
        ledger.withdraw([gone, gone])
        change = ledger.last_change
        ledger.withdraw([gone])
        assert ledger.last_change == change == 1


def test_retract_by_hand_holds_against_a_build_and_can_be_taken_back(tmp_path: Path) -> None:
    build(tmp_path, [read(DOI_ONLY), read(paper(2))])
    first = graph(tmp_path)
    with Ledger.open(tmp_path, write=True) as ledger:
        before = ledger.last_change
        assert ledger.retract("file:a.html", "forged figures") == 1
        assert len(ledger.changes_since(before)) == 1
        ledger.refresh(assemble)
        assert next(iter(ledger.works())) == ("DOI:10.1/a", "retracted", "forged figures")
    build(tmp_path, [read(FULL_TEXT), read(DOI_ONLY)])
    assert beliefs(tmp_path) == [(0.64, ("PMID:2",))]
    with Ledger.open(tmp_path, write=True) as ledger:
        ledger.forget("PMCID:PMC7")
        ledger.reinstate("DOI:10.1/a", "cleared")
        ledger.refresh(assemble)
    restored = graph(tmp_path)
    assert restored[3:] == first[3:]


def test_reinstating_stands_against_the_word_of_a_source(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1))])
    with Ledger.open(tmp_path, write=True) as ledger:
        ledger.withdraw([Withdrawal("PMID:1", "retracted", "notice")])
        ledger.reinstate("PMID:1", "the notice meant another paper")
        ledger.withdraw([Withdrawal("PMID:1", "deleted", "DeleteCitation")])
        ledger.refresh(assemble)
    assert beliefs(tmp_path) == [(0.64, ("PMID:1",))]


def test_a_retraction_may_arrive_before_its_paper_and_the_command_says_so(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1, document="file:a.html", work="DOI:10.1/a"))])
    with Ledger.open(tmp_path) as ledger:
        held = [ledger.documents_of(name) for name in ("file:a.html", "DOI:10.1/a", "PMID:2")]
    assert held == [("file:a.html",), ("file:a.html",), ()]
    said = [
        CliRunner().invoke(app, ["retract", name, "--graph", str(tmp_path)]).stderr for name in ("PMID:2", "DOI:10.1/a")
    ]
    assert said[0].startswith("the graph has no document or work PMID:2: no statement changed; that it is ")
    assert said[1] == "DOI:10.1/a is retracted; 1 statements changed\n"
    build(tmp_path, [read(paper(2))])
    assert beliefs(tmp_path) == []


def test_the_commands_take_a_retraction_back_and_name_the_documents_of_a_work(tmp_path: Path) -> None:
    build(tmp_path, [read(DOI_ONLY), read(FULL_TEXT), read(paper(2))])
    first = graph(tmp_path)

    def said(*words: str) -> str:
        return CliRunner().invoke(app, [*words, "--graph", str(tmp_path)]).stderr

    said("retract", "DOI:10.1/a")
    assert graph(tmp_path) != first
    assert said("reinstate", "DOI:10.1/a").endswith("DOI:10.1/a is reinstated; 1 statements changed\n")
    assert graph(tmp_path)[3:] == first[3:]
    with Ledger.open(tmp_path, write=True) as ledger, pytest.raises(StoreError, match=r"PMCID:PMC7, file:a\.html"):
        ledger.forget("DOI:10.1/a")
    assert said("forget", "file:a.html").startswith("file:a.html is forgotten")
