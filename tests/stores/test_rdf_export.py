"""RDF files: what they say, in every form, and that they say it in the same bytes."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS

from kg.assemble import assemble
from kg.errors import ConfigError, StoreError
from kg.model import Concept
from kg.stores.ledger import DocumentReading, Ledger
from kg.stores.rdf import FORMATS, export
from kg.stores.selection import Selection
from tests.stores.ledger_samples import PATTERNS, build, paper, read

ASPIRIN, BLEEDING = "http://id.nlm.nih.gov/mesh/D001241", "http://id.nlm.nih.gov/mesh/D006470"
CAUSES = "https://w3id.org/biolink/vocab/causes"


def written(folder: Path, form: str = "nquads", name: str = "graph.out") -> Path:
    output = folder / name
    with Ledger.open(folder) as ledger:
        export(Selection(ledger), output, form)
    return output


def sorted_hash(path: Path) -> str:
    return hashlib.sha256(b"\n".join(sorted(path.read_bytes().splitlines()))).hexdigest()


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A graph of three papers: one supports, one refutes, one supposes another claim."""
    build(
        tmp_path,
        [
            read(paper(1)),
            read(paper(2, "Aspirin does not cause hemorrhage.", source="pmc"), polarity="refutes", reader=PATTERNS),
            read(paper(3, "Metformin may cause asthma."), ("Metformin", "causes", "Asthma"), certainty="hypothesis"),
        ],
    )
    return tmp_path


def test_the_plain_triple_stands_in_the_graph_of_the_source_that_supports_it(folder: Path) -> None:
    found = lines(written(folder))
    assert f"<{ASPIRIN}> <{CAUSES}> <{BLEEDING}> <https://w3id.org/medkg/graph/pubmed> ." in found
    assert len([line for line in found if line.startswith(f"<{ASPIRIN}> <{CAUSES}>")]) == 1
    assert not [line for line in found if line.startswith("<http://id.nlm.nih.gov/mesh/D008687> <" + CAUSES)]


def test_the_association_leads_to_sentence_document_work_and_reader(folder: Path) -> None:
    """rdflib, which shares no code with the writer, reads the file and walks from belief to quotation."""
    data = rdflib.Dataset(default_union=True)
    data.parse(written(folder), format="nquads")
    answer = list(
        data.query(
            """
            PREFIX mkv: <https://w3id.org/medkg/vocab/> PREFIX oa: <http://www.w3.org/ns/oa#>
            PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX biolink: <https://w3id.org/biolink/vocab/>
            PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
            SELECT ?belief ?polarity ?quote ?start ?end ?subject ?work ?name WHERE {
              ?s a biolink:Association ; rdf:subject <http://id.nlm.nih.gov/mesh/D001241> ; mkv:belief ?belief ;
                 biolink:has_evidence ?e .
              ?e mkv:polarity ?polarity ; oa:hasTarget ?t ; prov:wasAttributedTo/rdfs:label ?name ; mkv:subjectAt ?at .
              ?at oa:start ?subject .
              ?t oa:hasSource/prov:specializationOf ?work ; oa:hasSelector/oa:exact ?quote ; oa:hasSelector ?p .
              ?p oa:start ?start ; oa:end ?end } ORDER BY ?polarity"""
        )
    )
    assert [tuple(str(value) for value in row) for row in answer] == [
        ("0.272", "refutes", "Aspirin does not cause hemorrhage.", "0", "34", "0",
         "http://www.ncbi.nlm.nih.gov/pubmed/2", "patterns"),
        ("0.272", "supports", "Aspirin causes hemorrhage.", "0", "26", "0",
         "http://www.ncbi.nlm.nih.gov/pubmed/1", "extractor"),
    ]  # fmt: skip


def test_concepts_carry_names_category_and_matches(tmp_path: Path) -> None:
    concept = Concept(
        "MESH:D001249",
        "Asthma",
        "Disease",
        ("Bronchial Asthma",),
        ("MESH:D001982",),
        ("DOID:2841", "GARD:10246"),
        "MeSH",
    )
    other = Concept("MESH:D001241", "Aspirin", "ChemicalEntity")
    reading = read(paper(1, "Aspirin causes asthma."), ("Aspirin", "causes", "Asthma"))
    build(tmp_path, [DocumentReading(reading.document, "k", (), reading.evidence, (concept, other))])
    data = rdflib.Dataset(default_union=True)
    data.parse(written(tmp_path), format="nquads")
    node = rdflib.URIRef("http://id.nlm.nih.gov/mesh/D001249")
    assert str(data.value(node, RDFS.label)) == "Asthma"
    assert str(data.value(node, RDF.type)) == "https://w3id.org/biolink/vocab/Disease"
    assert str(data.value(node, SKOS.altLabel)) == "Bronchial Asthma"
    assert str(data.value(node, SKOS.exactMatch)) == "http://purl.obolibrary.org/obo/DOID_2841"
    assert str(data.value(node, DCTERMS.source)) == "MeSH"
    xref = rdflib.URIRef("http://www.geneontology.org/formats/oboInOwl#hasDbXref")
    assert sorted(map(str, data.objects(node, xref))) == ["DOID:2841", "GARD:10246"]
    parent = rdflib.URIRef("https://w3id.org/biolink/vocab/subclass_of")
    assert str(data.value(node, parent)) == "http://id.nlm.nih.gov/mesh/D001982"


def test_hostile_names_stay_literals_and_legal_iris(tmp_path: Path) -> None:
    name = 'file:a "b" <c>\\d`\n.txt'
    text = 'Aspirin "causes" <b>hemorrhage</b> \\ \t & \U0001f489.'
    build(tmp_path, [read(paper(1, text, document=name, title='"""\n} <x> .'))])
    output = written(tmp_path)
    data = rdflib.Dataset(default_union=True)
    data.parse(output, format="nquads")
    exact = rdflib.URIRef("http://www.w3.org/ns/oa#exact")
    assert [str(value) for value in data.objects(None, exact)] == [text]
    titles = {str(value) for value in data.objects(None, DCTERMS.title)}
    assert '"""\n} <x> .' in titles
    assert "https://w3id.org/medkg/document/file:a%20%22b%22%20%3Cc%3E%5Cd%60%0A.txt" in output.read_text()


def test_order_and_batches_change_no_byte(tmp_path: Path) -> None:
    texts = ("Aspirin causes hemorrhage.", "We saw that aspirin may lead to hemorrhage.", "Hemorrhage by aspirin.")
    given = [read(paper(n, texts[n % 3], identifiers=(f"DOI:10.1/{n // 2}",))) for n in range(1, 13)]
    build(tmp_path / "a", given)
    build(tmp_path / "b", [*given[::-1], *given[:5]], batch=5)
    a, b = written(tmp_path / "a"), written(tmp_path / "b")
    assert a.read_bytes() == b.read_bytes()
    assert len(set(lines(a))) == len(lines(a))
    changed = read(paper(13))
    build(tmp_path / "b", [changed])
    assert sorted_hash(written(tmp_path / "b")) != sorted_hash(a)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_says_the_same(folder: Path, form: str) -> None:
    output = written(folder, form)
    assert "_:" not in output.read_text().replace("mkv_:", "")
    got = set(pyoxigraph.parse(path=str(output), format=FORMATS[form]))
    wanted = set(pyoxigraph.parse(path=str(written(folder, name="graph.nq"))))
    if not FORMATS[form].supports_datasets:
        got, wanted = {quad.triple for quad in got}, {quad.triple for quad in wanted}  # type: ignore[misc]
    assert got == wanted
    assert len(got) > 60


def test_a_compressed_export_holds_the_same_and_no_time(folder: Path) -> None:
    packed, plain = written(folder, name="graph.nq.gz"), written(folder)
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert packed.read_bytes()[4:8] == b"\0\0\0\0"
    assert packed.read_bytes() == written(folder, name="again.nq.gz").read_bytes()


def test_turtle_uses_prefixes(folder: Path) -> None:
    text = written(folder, "turtle").read_text()
    assert "@prefix biolink: <https://w3id.org/biolink/vocab/> ." in text
    assert "MESH:D001241 biolink:causes MESH:D006470 ." in text


def test_an_unknown_format_is_refused_and_leaves_no_file(folder: Path) -> None:
    with Ledger.open(folder) as ledger, pytest.raises(ConfigError, match="formats=nquads, turtle"):
        export(Selection(ledger), folder / "x", "rdf4j")
    assert not (folder / "x").exists()


def test_a_place_that_cannot_be_written_is_named(folder: Path) -> None:
    with Ledger.open(folder) as ledger, pytest.raises(StoreError, match=r"cannot write the export.*nowhere"):
        export(Selection(ledger), folder / "nowhere" / "x.nq")


def test_an_export_that_fails_leaves_the_old_file(folder: Path) -> None:
    before = written(folder).read_bytes()
    with Ledger.open(folder, write=True) as ledger:
        ledger.record(read(paper(9)))
        with pytest.raises(StoreError, match="the last build did not end"):
            export(Selection(ledger), folder / "graph.out")
        assert (folder / "graph.out").read_bytes() == before
        ledger.refresh(assemble)
        export(Selection(ledger), folder / "graph.out")
    assert b"pubmed/9" in (folder / "graph.out").read_bytes()
    assert not list(folder.glob("*.partial")) + list(folder.glob(".*.partial"))
