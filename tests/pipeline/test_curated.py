"""Curated files through a whole build: evidence once per work, nothing written twice, retraction, bad rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.config import load_settings
from kg.pipeline import bring_up_to_date, build
from kg.stores.ledger import Ledger

CASES = Path("tests/data/curated/cases.jsonl")
ANNOTATIONS = Path("tests/data/curated/phenotype.hpoa")


class Quiet:
    def begin(self, stage: str, total: int) -> None:
        pass

    def reached(self, units: int, note: str = "") -> None:
        pass


def builds_again_in_vain(folder: Path) -> None:
    """Build folder/in into folder/graph once more: nothing is read and nothing written."""
    with Ledger.open(folder / "graph") as ledger:
        before = ledger.last_change
    report = build([folder / "in"], folder / "graph", load_settings(), Quiet())
    assert report.read == 0
    with Ledger.open(folder / "graph") as ledger:
        assert ledger.last_change == before


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of both samples and one broken row."""
    base = tmp_path_factory.mktemp("curated")
    (base / "in").mkdir()
    (base / "in" / "cases.jsonl").write_bytes(CASES.read_bytes())
    bad = "OMIM:1\tX\t\tHP:0000001\tPMID:1\tPCS\t\t9/3\t\t\tP\tme\n"
    (base / "in" / "phenotype.hpoa").write_text(ANNOTATIONS.read_text(encoding="utf-8") + bad, encoding="utf-8")
    build([base / "in"], base / "graph", load_settings(), Quiet())
    return base


def test_a_row_becomes_evidence_of_the_work_that_it_cites(folder: Path) -> None:
    with Ledger.open(folder / "graph") as ledger:
        found = [
            one for one in ledger.evidences() if one.text.startswith("OMIM:154700\tMarfan syndrome\t\tHP:0430043\t")
        ]
        documents = {one.id: one for one in ledger.documents()}
    (one,) = found
    assert (one.work, one.count, one.total, one.polarity, one.reader.name) == (
        "PMID:31772430",
        16,
        21,
        "supports",
        "hpoa",
    )
    document = documents[one.document]
    assert (document.kind, document.version, document.license) == (
        "knowledge_base",
        "2025-01-16",
        "HPO licence: free with attribution",
    )


def test_negated_rows_refute_and_ranges_stay_ranges(folder: Path) -> None:
    with Ledger.open(folder / "graph") as ledger:
        found = list(ledger.evidences())
    negated = [one for one in found if "\tNOT\t" in one.text]
    assert negated
    assert {one.polarity for one in negated} == {"refutes"}
    ranged = [one for one in found if one.strength == "frequency HP:0040281"]
    assert len(ranged) == 7
    assert {(one.count, one.total) for one in ranged} == {(None, None)}


def test_cases_count_patients_by_publication(folder: Path) -> None:
    with Ledger.open(folder / "graph") as ledger:
        counted = [one for one in ledger.evidences() if one.reader.name == "cases"]
    assert counted
    assert all(one.total and 0 <= (one.count or 0) <= one.total for one in counted)
    assert {one.polarity for one in counted if one.count == 0} == {"refutes"}


def test_concepts_that_no_terminology_knows_have_their_name_from_the_file(folder: Path) -> None:
    with Ledger.open(folder / "graph") as ledger:
        concepts = {one.id: one for one in ledger.concepts()}
    assert (concepts["ORPHANET:558"].name, concepts["ORPHANET:558"].category) == ("Marfan syndrome", "Disease")


def test_a_broken_row_is_rejected_with_its_line(folder: Path) -> None:
    with Ledger.open(folder / "graph") as ledger:
        (rejected,) = [one for one in ledger.rejections() if one.code == "bad_row"]
    assert rejected.subject == "in/phenotype.hpoa#line 57"
    assert "9 of 3" in rejected.reason


def test_the_same_files_again_write_nothing(folder: Path) -> None:
    builds_again_in_vain(folder)


def test_a_retraction_withdraws_what_cites_the_work(folder: Path) -> None:
    with Ledger.open(folder / "graph", write=True) as ledger:
        before = {one.id for one in ledger.evidences()}
        gone = {one.id for one in ledger.evidences() if one.work == "PMID:31675180"}
        assert len(gone) == 9
        ledger.retract("PMID:31675180", "retracted by the journal")
        bring_up_to_date(ledger, folder / "graph")
        assert {one.id for one in ledger.evidences()} == before - gone
