"""From RDF back to a ledger: the same statements, evidence and beliefs, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.assemble import assemble
from kg.errors import DataError, StoreError
from kg.model import Withdrawal
from kg.stores.ledger import Ledger
from kg.stores.rdf import export
from kg.stores.rdf_import import import_rdf
from kg.stores.selection import Selection
from tests.stores.ledger_samples import PATTERNS, build, paper, read

HOSTILE = 'Aspirin "causes" <b>hemorrhage</b> \\ \t\n\r\x00\x7f & \U0001f489.'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph with everything that an export tells: refuted, supposed, counted, hostile, retracted, of two formats."""
    made = tmp_path_factory.mktemp("graph")
    odd = paper(1, HOSTILE, document='file:a "b" <c>%20\\d`\n.txt', license="All rights reserved", title='""" } <x> .')
    build(
        made,
        [
            read(odd, counted=(12, 34)),
            read(paper(2, "Aspirin does not cause hemorrhage."), polarity="refutes", reader=PATTERNS),
            read(paper(3, "Metformin may cause asthma."), ("Metformin", "causes", "Asthma"), certainty="hypothesis"),
            read(paper(4, document="PMCID:PMC4", identifiers=("PMID:5", "DOI:10.1/a%b"), license="CC-BY-4.0")),
            read(paper(5, identifiers=("DOI:10.1/a%b",), publication_types=("Case Reports",), mesh=("Aspirin",))),
            read(paper(6, "Metformin causes asthma."), ("Metformin", "causes", "Asthma")),
        ],
    )
    with Ledger.open(made, write=True) as ledger:
        ledger.withdraw([Withdrawal("PMID:6", "retracted", "retracted by PMID:7")])
        ledger.refresh(assemble)
    return made


def exported(folder: Path, output: Path, form: str = "nquads") -> bytes:
    with Ledger.open(folder) as ledger:
        export(Selection(ledger), output, form)
    return output.read_bytes()


def imported(path: Path, folder: Path) -> None:
    with Ledger.open(folder, write=True) as ledger:
        import_rdf(path, ledger)
        ledger.refresh(assemble)


@pytest.mark.parametrize(
    ("name", "form"),
    [("g.nq", "nquads"), ("g.nq.gz", "nquads"), ("g.ttl", "turtle"), ("g.trig", "trig"), ("g.nt", "ntriples"),
     ("g.jsonld", "jsonld")],
)  # fmt: skip
def test_round_trip(folder: Path, tmp_path: Path, name: str, form: str) -> None:
    before = exported(folder, tmp_path / "before.nq")
    exported(folder, tmp_path / name, form)
    imported(tmp_path / name, tmp_path / "new")
    assert exported(tmp_path / "new", tmp_path / "after.nq") == before
    with Ledger.open(folder) as old, Ledger.open(tmp_path / "new") as new:
        assert list(new.statements()) == list(old.statements())
        assert list(new.evidences()) == list(old.evidences())
        assert list(new.works()) == list(old.works())
    assert len(before.splitlines()) > 150


def test_the_order_of_lines_does_not_matter(folder: Path, tmp_path: Path) -> None:
    before = exported(folder, tmp_path / "before.nq")
    (tmp_path / "sorted.nq").write_bytes(b"\n".join(sorted(before.splitlines())))
    imported(tmp_path / "sorted.nq", tmp_path / "new")
    assert exported(tmp_path / "new", tmp_path / "after.nq") == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"12"^^', b'"12"^^', ""),
        (b'polarity> "supports"', b'polarity> "refutes"', "not what its id says"),
        (b"ns/oa#hasBody>", b"ns/oa#hasNoBody>", "has no oa:hasBody"),
        (b'oa#start> "0"', b'oa#start> "x"', "no place in a text"),
        (b" .\n", b" \n", "cannot be read as RDF"),
        (b"foaf/0.1/Document", b"foaf/0.1/Image", "describes no document"),
    ],
)
def test_a_damaged_export_is_refused(folder: Path, tmp_path: Path, old: bytes, new: bytes, said: str) -> None:
    whole = exported(folder, tmp_path / "graph.nq")
    assert old in whole
    (tmp_path / "graph.nq").write_bytes(whole.replace(old, new))
    if not said:
        imported(tmp_path / "graph.nq", tmp_path / "new")
        return
    with pytest.raises(DataError, match=said):
        imported(tmp_path / "graph.nq", tmp_path / "new")
    with Ledger.open(tmp_path / "new") as ledger:
        assert not any(ledger.counts().values())


def test_a_folder_that_holds_a_graph_is_kept(folder: Path, tmp_path: Path) -> None:
    exported(folder, tmp_path / "graph.nq")
    with pytest.raises(StoreError, match="empty folder"):
        imported(tmp_path / "graph.nq", folder)
