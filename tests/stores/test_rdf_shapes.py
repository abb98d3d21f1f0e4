"""Every export fits the SHACL shapes of schemas/, read by rdflib and judged by pyshacl; a broken one does not."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
import rdflib

import kg.schema
from kg.assemble import assemble
from kg.stores.ledger import Ledger
from kg.stores.rdf import FORMATS, export
from kg.stores.selection import Selection
from tests.stores.ledger_samples import PATTERNS, build, paper, read

SHAPES = rdflib.Graph().parse(Path(kg.schema.__file__).with_name("shapes.ttl"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("graph")
    refuted = read(
        paper(2, "Aspirin does not cause hemorrhage.", license="CC0-1.0"), polarity="refutes", reader=PATTERNS
    )
    supposed = read(paper(3, "Metformin may cause asthma."), ("Metformin", "causes", "Asthma"), certainty="hypothesis")
    build(made, [read(paper(1), counted=(12, 34)), refuted, supposed])
    return made


def as_one_graph(path: Path, form: str) -> rdflib.Graph:
    """All triples of a file in a plain graph, which pyshacl reads fastest."""
    found = rdflib.Dataset(default_union=True)
    found.parse(path, format={"jsonld": "json-ld", "ntriples": "nt"}.get(form, form))
    plain = rdflib.Graph()
    plain += ((s, p, o) for s, p, o, _ in found.quads())
    return plain


def verdict(graph: rdflib.Graph) -> tuple[bool, str]:
    fits, _, text = pyshacl.validate(graph, shacl_graph=SHAPES)
    return fits, text


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_format_fits_the_shapes(folder: Path, form: str) -> None:
    with Ledger.open(folder) as ledger:
        export(Selection(ledger), folder / form, form)
    fits, text = verdict(as_one_graph(folder / form, form))
    assert fits, text


@pytest.mark.parametrize("options", [{"licences": ["CC0*"]}, {"quotations": False}])
def test_a_part_fits_the_shapes(folder: Path, options: dict[str, object]) -> None:
    with Ledger.open(folder) as ledger:
        export(Selection(ledger, assemble=assemble, **options), folder / "part.nq")  # type: ignore[arg-type]
    fits, text = verdict(as_one_graph(folder / "part.nq", "nquads"))
    assert fits, text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"0.900"^^', '"1.900"^^', "score"),
        ('polarity> "supports"', 'polarity> "maybe"', "polarity"),
        ("ns#predicate> <https://w3id.org/biolink/vocab/causes>", "ns#predicate> <https://example.org/a>", "predicate"),
        ("category> <https://w3id.org/biolink/vocab/PhenotypicFeature>",
         "category> <https://w3id.org/biolink/vocab/CellLine>", "does not join these categories"),
        ("oa#hasBody>", "oa#hasNobody>", "hasBody"),
        ('oa#start> "0"', 'oa#start> "999"', "end"),
    ],
)  # fmt: skip
def test_a_broken_export_does_not_fit(folder: Path, tmp_path: Path, old: str, new: str, said: str) -> None:
    with Ledger.open(folder) as ledger:
        export(Selection(ledger), tmp_path / "graph.nq")
    whole = (tmp_path / "graph.nq").read_text(encoding="utf-8")
    assert old in whole
    (tmp_path / "graph.nq").write_text(whole.replace(old, new), encoding="utf-8")
    fits, text = verdict(as_one_graph(tmp_path / "graph.nq", "nquads"))
    assert not fits
    assert said in text
