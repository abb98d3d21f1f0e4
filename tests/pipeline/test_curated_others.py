"""Disease-symptom pairs, mapping sets and KGX files of others through a whole build, and out of it again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kg.config import load_settings
from kg.model import Document, Evidence, Rejection
from kg.pipeline import build
from kg.stores.kgx import edge_rows, export_kgx
from kg.stores.ledger import Ledger
from kg.stores.selection import Selection
from tests.pipeline.test_curated import Quiet, builds_again_in_vain

DATA = Path("tests/data/curated")
FILES = ("disease-symptom.tsv", "mondo.sssom.tsv", "trials_nodes.tsv", "trials_edges.tsv")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of the samples."""
    base = tmp_path_factory.mktemp("others")
    (base / "in").mkdir()
    for name in FILES:
        shutil.copy(DATA / name, base / "in" / name)
    build([base / "in"], base / "graph", load_settings(), Quiet())
    return base


@pytest.fixture(scope="module")
def evidence(folder: Path) -> list[Evidence]:
    with Ledger.open(folder / "graph") as ledger:
        return list(ledger.evidences())


@pytest.fixture(scope="module")
def rejections(folder: Path) -> list[Rejection]:
    with Ledger.open(folder / "graph") as ledger:
        return list(ledger.rejections())


def documents(folder: Path) -> dict[str, Document]:
    with Ledger.open(folder / "graph") as ledger:
        return {one.id: one for one in ledger.documents()}


def test_symptoms_are_the_word_of_the_ontologys_entry(folder: Path, evidence: list[Evidence]) -> None:
    found = {one.triple.object: one for one in evidence if one.work == "DOID:8469"}
    assert len(found) == 8
    cough = found["HP:0012735"]
    assert (cough.triple.subject, cough.triple.predicate) == ("MESH:D007251", "biolink:has_phenotype")
    assert cough.text == "influenza (DOID:8469) has symptom cough (SYMP:0000614)"
    assert (cough.reader.name, cough.polarity, cough.count) == ("doid", "supports", None)
    assert (documents(folder)[cough.document].license, documents(folder)[cough.document].kind) == (
        "CC0-1.0",
        "knowledge_base",
    )


def test_a_mapping_is_evidence_unless_the_terminology_has_merged_it(evidence: list[Evidence]) -> None:
    mapped = {(one.triple.subject, one.triple.object): one for one in evidence if one.reader.name == "sssom"}
    # MONDO:0005812 and DOID:8469 are one concept here, influenza: nothing new.
    assert set(mapped) == {("DOID:0050687", "MONDO:0004992"), ("DOID:0050708", "MONDO:0010826")}
    one = mapped["DOID:0050687", "MONDO:0004992"]
    assert one.triple.predicate == "biolink:exact_match"
    assert one.work == "http://purl.obolibrary.org/obo/mondo/mappings/mondo_exactmatch_doid.sssom.tsv"
    assert one.reader.version == "2026-08-04"
    assert one.strength == (
        "knowledge_level knowledge_assertion; agent_type manual_agent; justification semapv:ManualMappingCuration"
    )


def test_an_edge_votes_in_each_of_its_publications(folder: Path, evidence: list[Evidence]) -> None:
    treats = [one for one in evidence if one.triple.predicate == "biolink:treats" and one.polarity == "supports"]
    # CHEBI:15365 is MESH:D001241 by its equivalent identifiers, MONDO:0005178 MESH:D010003 by the terminology.
    assert {(one.triple.subject, one.triple.object) for one in treats} == {("MESH:D001241", "MESH:D010003")}
    assert {one.work: "Aspirin was better than placebo." in one.text for one in treats} == {
        "PMID:1": True,
        "PMID:2": False,
    }
    assert {one.reader.name for one in treats} == {"kgx:infores:example-trials"}
    assert all("supporting_text: Aspirin relieves osteoarthritis." in one.text for one in treats)


def test_negated_predictions_and_counts(evidence: list[Evidence]) -> None:
    (unlikely,) = [one for one in evidence if one.triple.subject == "CHEBI:9999999"]
    assert (unlikely.polarity, unlikely.certainty, unlikely.work) == ("refutes", "hedged", "kgx:infores:example-model")
    (nausea,) = [one for one in evidence if one.work == "PMID:3"]
    assert (nausea.triple.object, nausea.count, nausea.total) == ("HP:0002018", 3, 40)


def test_what_the_schema_cannot_say_is_refused_by_name(rejections: list[Rejection]) -> None:
    told = {(one.code, one.subject): one.reason for one in rejections}
    assert told["unknown_predicate", "in/trials_edges.tsv#line 6"] == "cures: not in schemas/predicates.yaml"
    assert told["unknown_qualifier", "in/trials_edges.tsv#line 7"] == (
        "anatomical_context_qualifier: without it the edge would say something else"
    )
    assert told["bad_row", "in/trials_edges.tsv#line 9"] == "not the id of subject: 'aspirin'"
    assert told["unknown_predicate", "in/mondo.sssom.tsv#line 22"].startswith("oboInOwl:hasDbXref: not one of skos:")
    (process,) = [one for one in rejections if "GO:0007596" in one.subject]
    assert "affects may not join ChemicalEntity and biolink:BiologicalProcess" in process.reason
    (diarrhea,) = [one for one in rejections if one.subject.startswith("doid:")]
    assert "has_phenotype may not join PhenotypicFeature and PhenotypicFeature" in diarrhea.reason
    (obsolete,) = [one for one in rejections if "MONDO:0001467" in one.subject]
    assert (obsolete.code, obsolete.reason) == (
        "unknown_concept",
        "the terminology does not know MONDO:0001467, and the file gives it no category",
    )
    assert len(rejections) == 7


def test_statements_keep_the_level_and_agent_that_the_file_gives(folder: Path) -> None:
    with Ledger.open(folder / "graph") as ledger:
        edges = {(row["subject"], row["predicate"]): row for row in edge_rows(Selection(ledger))}
    kinds = {key: (row["knowledge_level"], row["agent_type"], row["negated"]) for key, row in edges.items()}
    assert kinds["MESH:D001241", "biolink:treats"] == ("knowledge_assertion", "manual_agent", False)
    assert kinds["CHEBI:9999999", "biolink:treats"] == ("prediction", "computational_model", True)
    assert kinds["MESH:D010003", "biolink:has_phenotype"] == ("observation", "manual_agent", False)
    assert kinds["DOID:0050687", "biolink:exact_match"] == ("knowledge_assertion", "manual_agent", False)


def test_the_same_files_again_write_nothing(folder: Path) -> None:
    builds_again_in_vain(folder)


@pytest.mark.parametrize("format", ["tsv", "jsonl"])
def test_what_medkg_exports_as_kgx_it_reads_again(folder: Path, tmp_path: Path, format: str) -> None:
    """The same triples, each with its works and its level; qualifiers and counts come along."""
    (tmp_path / "in").mkdir()
    with Ledger.open(folder / "graph") as ledger:
        export_kgx(Selection(ledger), tmp_path / "in" / "again", format)
        before = {row["id"]: row for row in edge_rows(Selection(ledger))}
    build([tmp_path / "in"], tmp_path / "graph", load_settings(), Quiet())
    with Ledger.open(tmp_path / "graph") as ledger:
        assert ledger.rejections() == ()
        after = {row["id"]: row for row in edge_rows(Selection(ledger))}
    kept = ("subject", "predicate", "object", "negated", "knowledge_level", "agent_type", "has_count", "has_total")
    assert {id: [row[name] for name in kept] for id, row in after.items()} == {
        id: [row[name] for name in kept] for id, row in before.items()
    }
    assert {id: row["publications"] for id, row in after.items()} == {
        id: row["publications"] for id, row in before.items()
    }


def test_edges_with_qualifiers_and_no_nodes_beside_them(tmp_path: Path) -> None:
    edge = {
        "id": "q", "subject": "MESH:D001241", "predicate": "biolink:affects", "object": "HGNC:9604",
        "qualified_predicate": "biolink:causes", "object_aspect_qualifier": "activity",
        "object_direction_qualifier": "decreased", "provided_by": ["string", "biogrid"],
    }  # fmt: skip
    (tmp_path / "edges.jsonl").write_text(json.dumps(edge) + "\n")
    build([tmp_path / "edges.jsonl"], tmp_path / "graph", load_settings(), Quiet())
    with Ledger.open(tmp_path / "graph") as ledger:
        (one,) = ledger.evidences()
    assert one.triple.qualifiers == (("object_aspect", "activity"), ("object_direction", "decreased"))
    assert (one.reader.name, one.work) == ("kgx:string, biogrid", "kgx:string, biogrid")
    assert "qualified_predicate: biolink:causes" in one.text
