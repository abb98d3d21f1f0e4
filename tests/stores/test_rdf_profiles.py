"""The profiles RDF 1.2 and nanopublications: read back, they say what the RDF 1.1 export says."""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Triple
from typer.testing import CliRunner

from kg.assemble import assemble
from kg.cli.app import app
from kg.errors import ConfigError, DataError
from kg.stores.ledger import Ledger
from kg.stores.rdf import FORMATS, PROFILES, export
from kg.stores.rdf_import import import_rdf
from kg.stores.selection import Selection
from tests.stores.ledger_samples import PATTERNS, build, graph, paper, read

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NP = "http://www.nanopub.org/nschema#"
PROV = "http://www.w3.org/ns/prov#"
OA = "http://www.w3.org/ns/oa#"
TERMS = "http://purl.org/dc/terms/"
ASPIRIN, BLEEDING = NamedNode("http://id.nlm.nih.gov/mesh/D001241"), NamedNode("http://id.nlm.nih.gov/mesh/D006470")
CAUSES = NamedNode("https://w3id.org/biolink/vocab/causes")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of three statements: one supported and refuted, one supposed, one refuted."""
    made = tmp_path_factory.mktemp("graph")
    refuting = paper(2, "Aspirin does not cause hemorrhage.", source="pmc", license="CC0-1.0")
    build(
        made,
        [
            read(paper(1, license="CC-BY-4.0"), counted=(12, 34)),
            read(refuting, polarity="refutes", reader=PATTERNS),
            read(paper(3, "Metformin may cause asthma."), ("Metformin", "causes", "Asthma"), certainty="hypothesis"),
            read(paper(4, "Aspirin without asthma."), ("Aspirin", "causes", "Asthma"), polarity="refutes"),
        ],
    )
    return made


def written(folder: Path, output: Path, profile: str, form: str = "nquads", **options: object) -> Path:
    with Ledger.open(folder) as ledger:
        export(Selection(ledger, assemble=assemble, **options), output, form, profile)  # type: ignore[arg-type]
    return output


def quads(path: Path, form: str = "nquads") -> set[Quad]:
    return set(pyoxigraph.parse(path=str(path), format=FORMATS[form]))


def nanopublications(found: set[Quad]) -> dict[str, dict[str, set[Triple]]]:
    """The triples of each nanopublication by the last part of the name of their graph."""
    made: dict[str, dict[str, set[Triple]]] = defaultdict(lambda: defaultdict(set))
    for quad in found:
        assert isinstance(quad.graph_name, NamedNode)
        name, _, part = quad.graph_name.value.partition("#")
        made[name][part].add(quad.triple)
    return made


def values(triples: set[Triple], predicate: str, subject: str = "") -> set[str]:
    return {
        t.object.value
        for t in triples
        if t.predicate.value == predicate
        and isinstance(t.object, Literal | NamedNode)
        and subject in ("", getattr(t.subject, "value", None))
    }


def test_an_association_reifies_its_triple(folder: Path, tmp_path: Path) -> None:
    found = written(folder, tmp_path / "graph.nq", "rdf12").read_text()
    triple = f"<<( {ASPIRIN} {CAUSES} {BLEEDING} )>>"
    (line,) = (line for line in found.splitlines() if triple in line)
    node, predicate, rest = line.split(" ", 2)
    assert node.startswith("<https://w3id.org/medkg/statement/")
    assert (predicate, rest) == (f"<{RDF}reifies>", f"{triple} <https://w3id.org/medkg/graph/statements> .")
    assert "rdf-syntax-ns#Statement" not in found
    assert Counter(quad.predicate.value for quad in quads(tmp_path / "graph.nq"))[f"{RDF}reifies"] == 3


@pytest.mark.parametrize("form", PROFILES["rdf12"])
def test_rdf12_says_what_rdf11_says(folder: Path, tmp_path: Path, form: str) -> None:
    """Every reified triple taken apart again gives the default profile, but for the figures of the whole file."""
    expected = quads(written(folder, tmp_path / "plain", "rdf11", form), form)
    found = set()
    for quad in quads(written(folder, tmp_path / "new", "rdf12", form), form):
        if not isinstance(quad.object, Triple):
            found.add(quad)
            continue
        node, where = quad.subject, quad.graph_name
        found.add(Quad(node, NamedNode(f"{RDF}type"), NamedNode(f"{RDF}Statement"), where))
        for end in ("subject", "predicate", "object"):
            found.add(Quad(node, NamedNode(RDF + end), getattr(quad.object, end), where))
    assert {quad.predicate.value.rpartition("#")[2] for quad in found ^ expected} == {"version", "triples"}


def test_rdf12_comes_back_as_the_same_graph(folder: Path, tmp_path: Path) -> None:
    path = written(folder, tmp_path / "graph.nq.gz", "rdf12")
    with Ledger.open(tmp_path / "back", write=True) as ledger:
        assert import_rdf(path, ledger) == 4
        ledger.refresh(assemble)
    assert written(tmp_path / "back", tmp_path / "again.nq.gz", "rdf12").read_bytes() == path.read_bytes()
    assert graph(tmp_path / "back")[3] == graph(folder)[3]


@pytest.mark.parametrize("form", PROFILES["nanopub"])
def test_every_statement_is_one_nanopublication(folder: Path, tmp_path: Path, form: str) -> None:
    """As the guidelines ask: four graphs each, the head names the other three, nothing stands outside."""
    found = nanopublications(quads(written(folder, tmp_path / "graph", "nanopub", form), form))
    assert len(found) == 3
    for name, parts in found.items():
        assert set(parts) == {"Head", "assertion", "provenance", "pubinfo"}
        assert {(str(t.predicate), str(t.object)) for t in parts["Head"] if t.subject == NamedNode(name)} == {
            (f"<{RDF}type>", f"<{NP}Nanopublication>"),
            (f"<{NP}hasAssertion>", f"<{name}#assertion>"),
            (f"<{NP}hasProvenance>", f"<{name}#provenance>"),
            (f"<{NP}hasPublicationInfo>", f"<{name}#pubinfo>"),
        }
        assert len(parts["Head"]) == 4
        assert len(values(parts["provenance"], f"{PROV}wasDerivedFrom", f"{name}#assertion")) >= 1
        assert values(parts["pubinfo"], f"{TERMS}creator", name) == {"https://w3id.org/medkg/agent/medkg"}
        assert values(parts["pubinfo"], f"{RDF}type") == {f"{PROV}SoftwareAgent"}
    assert "_:" not in (tmp_path / "graph").read_text()


def test_what_a_nanopublication_says(folder: Path, tmp_path: Path) -> None:
    found = nanopublications(quads(written(folder, tmp_path / "graph.nq", "nanopub")))
    asserted = {
        (t.subject, t.object): parts for parts in found.values() for t in parts["assertion"] if t.predicate == CAUSES
    }
    # What is only refuted or only supposed is described, never asserted.
    assert list(asserted) == [(ASPIRIN, BLEEDING)]
    parts = asserted[ASPIRIN, BLEEDING]
    assert values(parts["assertion"], "https://w3id.org/medkg/vocab/belief") == {"0.272"}
    assert values(parts["assertion"], f"{RDF}object") == {BLEEDING.value}
    provenance = parts["provenance"]
    assert values(provenance, f"{OA}exact") == {"Aspirin causes hemorrhage.", "Aspirin does not cause hemorrhage."}
    assert values(provenance, "http://www.w3.org/2000/01/rdf-schema#label") == {"extractor", "patterns"}
    assert values(provenance, f"{PROV}specializationOf") == {
        "http://www.ncbi.nlm.nih.gov/pubmed/1",
        "http://www.ncbi.nlm.nih.gov/pubmed/2",
    }
    spdx = "https://spdx.org/licenses/"
    assert values(parts["pubinfo"], f"{TERMS}license") == {f"{spdx}CC-BY-4.0", f"{spdx}CC0-1.0"}


def test_rdflib_reads_nanopublications(folder: Path, tmp_path: Path) -> None:
    data = rdflib.Dataset()
    data.parse(written(folder, tmp_path / "graph.trig", "nanopub", "trig"), format="trig")
    assert len({q[0] for q in data.quads((None, rdflib.RDF.type, rdflib.URIRef(f"{NP}Nanopublication"), None))}) == 3


def test_the_name_of_a_nanopublication_is_its_content(folder: Path, tmp_path: Path) -> None:
    """Other evidence gives the statement another one; what did not change keeps its own, byte for byte."""
    before = written(folder, tmp_path / "a.nq", "nanopub")
    (tmp_path / "more").mkdir()
    said = ("Metformin", "causes", "Asthma")
    build(
        tmp_path / "more",
        [
            read(paper(5)),
            read(paper(3, "Metformin may cause asthma."), said, certainty="hypothesis"),
        ],
    )
    after = written(tmp_path / "more", tmp_path / "b.nq", "nanopub")
    names = [{name for name in nanopublications(quads(path))} for path in (before, after)]
    assert [len(found) for found in names] == [3, 2]
    (same,) = names[0] & names[1]
    kept = [[line for line in path.read_text().splitlines() if same in line] for path in (before, after)]
    assert kept[0] == kept[1] != []


@pytest.mark.parametrize("profile", ["rdf12", "nanopub"])
def test_a_part_and_a_packed_file_hold_the_profile(folder: Path, tmp_path: Path, profile: str) -> None:
    whole = written(folder, tmp_path / "whole.nq", profile)
    assert gzip.decompress(written(folder, tmp_path / "whole.nq.gz", profile).read_bytes()) == whole.read_bytes()
    silent = written(folder, tmp_path / "silent.nq", profile, quotations=False).read_text()
    assert "Aspirin causes hemorrhage." in whole.read_text()
    assert "Aspirin causes hemorrhage." not in silent
    assert f"{OA}TextPositionSelector" in silent
    free = written(folder, tmp_path / "free.nq", profile, licences=["CC-BY*"]).read_text()
    assert "pubmed/1>" in free
    assert "pubmed/2>" not in free
    word = f"<{RDF}reifies>" if profile == "rdf12" else f"<{NP}Nanopublication>"
    assert free.count(word) == 1


@pytest.mark.parametrize(
    ("profile", "form", "can"),
    [
        ("nanopub", "turtle", "formats=nquads, trig"),
        ("rdf12", "jsonld", "formats=nquads, turtle, trig, ntriples"),
        ("rdf12", "kgx-tsv", "formats=nquads, turtle, trig, ntriples"),
    ],
)
def test_a_format_that_cannot_hold_the_profile_is_refused(
    folder: Path, tmp_path: Path, profile: str, form: str, can: str
) -> None:
    arguments = ["export", "--graph", str(folder), "--output", str(tmp_path / "x"), "--format", form]
    result = CliRunner().invoke(app, [*arguments, "--profile", profile])
    assert isinstance(result.exception, ConfigError)
    assert can in str(result.exception)
    assert not (tmp_path / "x").exists()


def test_the_command_writes_a_profile(folder: Path, tmp_path: Path) -> None:
    arguments = ["export", "--graph", str(folder), "--output", str(tmp_path / "x.trig"), "--format", "trig"]
    assert CliRunner().invoke(app, [*arguments, "--profile", "nanopub"]).exit_code == 0
    assert len(nanopublications(quads(tmp_path / "x.trig", "trig"))) == 3


def test_nanopublications_are_no_export_to_import(folder: Path, tmp_path: Path) -> None:
    path = written(folder, tmp_path / "graph.nq", "nanopub")
    with Ledger.open(tmp_path / "back", write=True) as ledger, pytest.raises(DataError, match="no export of medkg"):
        import_rdf(path, ledger)


def test_an_unknown_profile_is_wrong_usage(folder: Path, tmp_path: Path) -> None:
    arguments = ["export", "--graph", str(folder), "--output", str(tmp_path / "x"), "--profile", "rdf13"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "did you mean" in result.output
    assert not (tmp_path / "x").exists()
