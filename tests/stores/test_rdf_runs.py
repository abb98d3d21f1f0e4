"""Runs: written down with what they changed, told in PROV-O on request, and of no influence on anything else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyoxigraph
import pytest

from kg.assemble import assemble
from kg.errors import ConfigError
from kg.stores.ledger import DocumentReading, Ledger
from kg.stores.rdf import export
from kg.stores.rdf_import import import_rdf
from kg.stores.selection import Selection
from tests.stores.ledger_samples import PATTERNS, paper, read

PROV = "http://www.w3.org/ns/prov#"


def run(folder: Path, *readings: DocumentReading, killed: bool = False) -> None:
    """What a build does with its ledger."""
    try:
        with Ledger.open(folder, write=True) as ledger:
            ledger.begin_run("0.1.0", "key", len(readings))
            for reading in readings:
                ledger.record_batch([reading])
            ledger.refresh(assemble)
            if killed:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass


def written(folder: Path, with_runs: bool = False, licences: tuple[str, ...] = (), **form: str) -> bytes:
    output = folder / "graph.out"
    with Ledger.open(folder) as ledger:
        export(Selection(ledger, licences, assemble=assemble), output, with_runs=with_runs, **form)
    return output.read_bytes()


def test_each_evidence_names_the_run_that_added_it(tmp_path: Path) -> None:
    run(tmp_path, read(paper(1)), read(paper(2), reader=PATTERNS))
    run(tmp_path, read(paper(1)))  # finds nothing new
    run(tmp_path, read(paper(3)), killed=True)
    with Ledger.open(tmp_path) as ledger:
        first, second = ledger.runs()
        made = dict(ledger.generated())
        documents = {evidence.id: evidence.document for evidence in ledger.evidences()}
    assert {documents[evidence]: made_in for evidence, made_in in made.items()} == {
        "PMID:1": first.id,
        "PMID:2": first.id,
        "PMID:3": second.id,
    }
    assert (first.version, first.key, first.files, len(first.readers)) == ("0.1.0", "key", 2, 2)
    assert first.started <= first.ended <= second.started
    assert (second.ended, second.readers) == ("", ("extractor/1/aaaaaaaaaaaa",))


def test_prov_tells_of_them_and_the_rest_of_the_export_stays(tmp_path: Path) -> None:
    run(tmp_path / "a", read(paper(1)), read(paper(2)))
    run(tmp_path / "b", read(paper(1)), killed=True)
    run(tmp_path / "b", read(paper(1)), read(paper(2)))
    assert written(tmp_path / "a") == written(tmp_path / "b")
    lines = written(tmp_path / "b", with_runs=True).decode().splitlines()
    added = [line for line in lines if line.endswith("<https://w3id.org/medkg/graph/runs> .")]
    plain = written(tmp_path / "b").decode().splitlines()
    # The last two lines tell the number of triples and the version of all that stands before them.
    assert lines[:-2] == [*plain[:-2], *added]
    quads = list(pyoxigraph.parse("\n".join(added), pyoxigraph.RdfFormat.N_QUADS))
    activities = {quad.subject.value for quad in quads if quad.object == pyoxigraph.NamedNode(f"{PROV}Activity")}
    generated = [quad for quad in quads if quad.predicate.value == f"{PROV}wasGeneratedBy"]
    assert len(activities) == 2
    assert {quad.object.value for quad in generated} == activities
    assert len({quad.subject.value for quad in generated}) == 2
    times = [quad.object.datatype.value for quad in quads if quad.predicate.value.endswith("AtTime")]
    assert times == ["http://www.w3.org/2001/XMLSchema#dateTime"] * 3, "two beginnings, one end: the other was killed"


def test_a_selection_tells_only_of_its_runs(tmp_path: Path) -> None:
    run(tmp_path, read(paper(1, license="CC0")))
    run(tmp_path, read(paper(2, license="All rights reserved")))
    whole, part = written(tmp_path, with_runs=True), written(tmp_path, with_runs=True, licences=("CC0",))
    assert (whole.count(b"wasGeneratedBy"), part.count(b"wasGeneratedBy")) == (2, 1)
    assert (whole.count(b"#Activity>"), part.count(b"#Activity>")) == (2, 1)


def test_an_export_with_runs_comes_back(tmp_path: Path) -> None:
    run(tmp_path / "a", read(paper(1)), read(paper(2)))
    (tmp_path / "g.nq").write_bytes(written(tmp_path / "a", with_runs=True))
    with Ledger.open(tmp_path / "b", write=True) as ledger:
        import_rdf(tmp_path / "g.nq", ledger)
        ledger.refresh(assemble)
        assert list(ledger.runs()) == []
    assert written(tmp_path / "b") == written(tmp_path / "a")


def test_a_ledger_from_before_there_were_runs(tmp_path: Path) -> None:
    run(tmp_path, read(paper(1)))
    with duckdb.connect(str(tmp_path / "ledger.duckdb")) as connection:
        connection.execute("DROP TABLE runs")
    assert written(tmp_path, with_runs=True) == written(tmp_path)
    run(tmp_path, read(paper(2)))
    with Ledger.open(tmp_path) as ledger:
        (only,) = ledger.runs()
        assert [made_in for _, made_in in ledger.generated()] == [only.id]


def test_a_nanopublication_holds_no_runs(tmp_path: Path) -> None:
    run(tmp_path, read(paper(1)))
    with pytest.raises(ConfigError, match="a nanopublication holds no runs"):
        written(tmp_path, with_runs=True, profile="nanopub")
