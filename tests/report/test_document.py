"""What ``kg read`` writes: our own readers of each format read it back, and nothing denied stands there as said."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from kg.assemble.claims import claims
from kg.assertion import assess, judge
from kg.cli.app import app
from kg.config import Settings
from kg.extract.patterns import PatternReader
from kg.model import Candidate, Concept, Document, Link, Mention, Section, Span
from kg.report.document import as_json, relations
from kg.report.document_bioc import HEAD, TAIL, bioc
from kg.report.document_brat import brat, file_name
from kg.report.document_marked import marked
from kg.report.document_pubtator import pubtator
from kg.sources import read
from kg.stores.ledger import DocumentReading
from kg.text import Segmenter
from kg.train.corpora import read_corpus

TITLE = "Aspirin & <pain>"
BODY = "Aspirin did not cause leukemia.\nNo rash. Aspirin causes peptic\nulcer. Aspirin causes stupor."
CONCEPTS = {
    "Aspirin": Concept("MESH:D001241", "Aspirin", "ChemicalEntity"),
    "leukemia": Concept("MESH:D007938", "Leukemia", "Disease"),
    "rash": Concept("MESH:D005076", "Exanthema", "PhenotypicFeature"),
    "peptic\nulcer": Concept("MESH:D010437", "Peptic Ulcer", "Disease"),
}


def reading_of(number: str) -> DocumentReading:
    """A document read with the patterns alone; its names are found by their words, "stupor" has no concept."""
    text = f"{TITLE}\n{BODY}"
    spans = (Span(0, len(TITLE)), Span(len(TITLE) + 1, len(text)))
    sections = (Section("title", "", spans[0]), Section("abstract", "", spans[1]))
    document = Document(f"PMID:{number}#test", f"PMID:{number}", text, "test", "article", TITLE, sections=sections)
    segmented = Segmenter().segment(document)
    found = []
    for name in (*CONCEPTS, "stupor"):
        at = text.find(name)
        while at >= 0:
            category = CONCEPTS[name].category if name in CONCEPTS else "PhenotypicFeature"
            found.append(Mention(document.id, Span(at, at + len(name)), name, category, 0.9))
            at = text.find(name, at + 1)
    found.sort(key=lambda mention: mention.span)
    links = tuple(
        Link(one, (Candidate(CONCEPTS[one.text], 1.0, one.text, "exact"),) if one.text in CONCEPTS else ())
        for one in assess(segmented, found)
    )
    readings = judge(segmented, PatternReader.load().read(segmented, links))
    evidence = claims(segmented, links, readings, "t").evidence
    return DocumentReading(document, "k", links, evidence, sentences=segmented.sentences, readings=readings)


@pytest.fixture(scope="module")
def readings() -> list[DocumentReading]:
    return [reading_of("10327612"), reading_of("10327613")]


WORDS = ["Aspirin", "Aspirin", "leukemia", "rash", "Aspirin", "peptic ulcer", "Aspirin", "stupor"]


def test_relations_and_what_became_of_them(readings: list[DocumentReading]) -> None:
    found = [(r.reading.object.text, r.kind, len(r.evidence), r.refused) for r in relations(readings[0])]
    assert found == [
        ("leukemia", "refuted_causes", 1, ""),
        ("peptic\nulcer", "causes", 1, ""),
        ("stupor", "causes", 0, "not linked: stupor"),
    ]


def test_json_says_everything(readings: list[DocumentReading]) -> None:
    value = as_json(readings[0])
    text = value["text"]
    assert [section["kind"] for section in value["sections"]] == ["title", "abstract"]
    assert [text[s["start"] : s["end"]] for s in value["sentences"]] == [s["text"] for s in value["sentences"]]
    assert [" ".join(m["text"].split()) for m in value["mentions"]] == WORDS
    rash = value["mentions"][3]
    assert (rash["status"], rash["cue"]["text"]) == ("negated", "No")
    assert [link["concept"] for link in rash["links"]] == ["MESH:D005076"]
    first, second, third = value["relations"]
    assert (first["polarity"], first["certainty"], first["cue"]["text"]) == ("refutes", "asserted", "not")
    assert [(c["subject"], c["object"]) for c in second["claims"]] == [("MESH:D001241", "MESH:D010437")]
    assert (third["claims"], third["refused"]) == ([], "not linked: stupor")


def test_pubtator_is_read_back(readings: list[DocumentReading], tmp_path: Path) -> None:
    path = tmp_path / "read.pubtator"
    path.write_text("".join(map(pubtator, readings)), encoding="utf-8")
    gold = read_corpus(path)
    assert [document.id for document in gold] == ["10327612", "10327613"]
    assert [(m.text, m.type) for m in gold[0].mentions[:3]] == [
        ("Aspirin", "Chemical"),
        ("Aspirin", "Chemical"),
        ("leukemia", "Disease"),
    ]
    assert [m.ids for m in gold[0].mentions[-3:]] == [("MESH:D010437",), ("MESH:D001241",), ()]
    assert [(r.type, r.first, r.second) for r in gold[0].relations] == [("causes", "MESH:D001241", "MESH:D010437")]
    (first, second) = [item for item in read([path], Settings()) if isinstance(item, Document)]
    assert (first.work, second.work) == ("PMID:10327612", "PMID:10327613")
    for link in readings[0].links:
        assert link.mention.span.of(first.text).split() == link.mention.text.split()


def test_bioc_is_read_back(readings: list[DocumentReading], tmp_path: Path) -> None:
    path = tmp_path / "read.xml"
    path.write_text("".join((HEAD, *map(bioc, readings), TAIL)), encoding="utf-8")
    gold = read_corpus(path)
    assert [" ".join(m.text.split()) for m in gold[1].mentions] == WORDS
    assert [m.ids for m in gold[1].mentions[2:4]] == [("MESH:D007938",), ("MESH:D005076",)]
    assert [(r.type, r.first, r.second) for r in gold[0].relations] == [
        ("refuted_causes", "MESH:D001241", "MESH:D007938"),
        ("causes", "MESH:D001241", "MESH:D010437"),
        ("causes", "MESH:D001241", "stupor"),
    ]
    (first, _) = [item for item in read([path], Settings()) if isinstance(item, Document)]
    assert first.text == readings[0].document.text
    statuses = [infon.text for infon in etree.parse(path).iterfind("document[1]//annotation/infon[@key='status']")]
    assert statuses == ["affirmed"] * 3 + ["negated"] + ["affirmed"] * 4


def test_brat_is_read_back(readings: list[DocumentReading], tmp_path: Path) -> None:
    for one in readings:
        (tmp_path / f"{file_name(one)}.txt").write_text(one.document.text, encoding="utf-8")
        (tmp_path / f"{file_name(one)}.ann").write_text(brat(one), encoding="utf-8")
    gold = read_corpus(tmp_path)
    assert [document.id for document in gold] == ["PMID_10327612_test", "PMID_10327613_test"]
    assert [m.text for m in gold[0].mentions] == WORDS
    assert gold[0].mentions[5].parts == ((73, 79), (80, 85))
    lines = brat(readings[0]).splitlines()
    assert "A1\tStatus T4 negated" in lines
    assert "N6\tReference T6 MESH:D010437\tPeptic Ulcer" in lines
    assert [line for line in lines if line.startswith("R")] == [
        "R1\trefuted_causes Arg1:T2 Arg2:T3",
        "R2\tcauses Arg1:T5 Arg2:T6",
        "R3\tcauses Arg1:T7 Arg2:T8",
    ]


def test_marks_for_a_person(readings: list[DocumentReading]) -> None:
    lines = [line.plain for line in marked(readings[0])]
    assert 'No [rash|PhenotypicFeature MESH:D005076, negated "No"].' in lines
    assert '    Aspirin refuted_causes leukemia  refutes, asserted "not", 0.850, patterns' in lines
    assert [line for line in lines if "stupor" in line][-1].endswith("patterns, refused: not linked: stupor")


def test_a_folder_and_a_missing_file_are_usage_errors(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.txt"):
        assert CliRunner().invoke(app, ["read", str(path)]).exit_code == 2
