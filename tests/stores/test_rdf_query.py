"""SPARQL over a graph folder: right answers, nothing written, nobody else asked, and an end in time."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kg.errors import DataError, StoreBusy, StoreError
from kg.stores.ledger import Ledger
from kg.stores.rdf_query import sparql
from tests.stores.ledger_samples import build, paper, read

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s a biolink:Association }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("graph")
    build(made, [read(paper(1)), read(paper(2, "Metformin causes asthma."), ("Metformin", "causes", "Asthma"))])
    return made


def test_select_ask_construct(folder: Path) -> None:
    found = sparql(
        folder,
        """SELECT ?name ?belief ?nothing WHERE { ?s rdf:subject ?c ; mkv:belief ?belief . ?c rdfs:label ?name }
           ORDER BY ?name""",
    )
    assert found.columns == ("name", "belief", "nothing")
    assert found.rows == (("Aspirin", "0.64", None), ("Metformin", "0.64", None))
    assert sparql(folder, "ASK { MESH:D001241 biolink:causes MESH:D006470 }").rows == (("true",),)
    made = sparql(folder, "CONSTRUCT { ?o rdfs:seeAlso ?s } WHERE { ?s biolink:causes ?o FILTER(?s = MESH:D001241) }")
    assert made.columns == ("subject", "predicate", "object")
    assert [row[0] for row in made.rows] == ["http://id.nlm.nih.gov/mesh/D006470"]


def test_a_query_after_a_build_sees_the_new_statements_and_the_old_store_goes(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1))])
    assert sparql(tmp_path, COUNT).rows == (("1",),)
    build(tmp_path, [read(paper(2, "Metformin causes asthma."), ("Metformin", "causes", "Asthma"))])
    assert sparql(tmp_path, COUNT).rows == (("2",),)
    assert len([path for path in (tmp_path / "sparql").iterdir() if path.is_dir()]) == 1


def test_a_query_during_a_build_sees_the_last_state(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1))])
    with Ledger.open(tmp_path, write=True) as ledger:
        with pytest.raises(StoreBusy):
            sparql(tmp_path, COUNT)
        assert ledger.counts()["documents"] == 1
    assert sparql(tmp_path, COUNT).rows == (("1",),)
    with Ledger.open(tmp_path, write=True) as ledger:
        ledger.record(read(paper(2, "Metformin causes asthma."), ("Metformin", "causes", "Asthma")))
        assert sparql(tmp_path, COUNT).rows == (("1",),)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * WHERE { ?s ?p 1SERVICE<URL>{ ?s ?p ?o } }",
        "PREFIX x: <URL> SELECT * WHERE { SERVICE x: { ?s ?p ?o } }",
        "PREFIX : <URL> SELECT * WHERE { SERVICE: { ?s ?p ?o } }",
        "SELECT * WHERE { S\\u0045RVICE SILENT <URL> { ?s ?p ?o } }",
        "SELECT * WHERE { ?s ?p 'a' . FILTER(?a<1)service<URL>{ ?s ?p ?o } FILTER(?b>1) }",
        "SELECT * WHERE { ?s ?p 'it\\'s' } # '\nVALUES ?x { 1 } # \nSERVICE <URL> {}",
    ],
)
def test_no_query_asks_another_server(folder: Path, query: str) -> None:
    asked = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

        do_POST = do_GET

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(DataError, match="SERVICE is refused"):
            sparql(folder, query.replace("URL", f"http://127.0.0.1:{server.server_port}/"))
        server.shutdown()
    assert asked == []


def test_the_word_service_in_a_text_is_no_service(folder: Path) -> None:
    query = "SELECT ?service WHERE { ?service rdfs:label 'health service' } # no SERVICE here"
    assert sparql(folder, query).rows == ()


@pytest.mark.parametrize(
    "query",
    ["SELEKT", "", "DELETE WHERE { ?s ?p ?o }", "INSERT DATA { <a:a> <a:b> <a:c> }", "LOAD <file:///etc/passwd>"],
)
def test_what_is_no_reading_query_is_refused(folder: Path, query: str) -> None:
    with pytest.raises(DataError, match="not a query that can be answered"):
        sparql(folder, query)
    assert sparql(folder, COUNT).rows == (("2",),)


def test_a_query_without_end_is_stopped(folder: Path) -> None:
    began = time.monotonic()
    many = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(8))
    with pytest.raises(StoreError, match="longer than 1 seconds"):
        sparql(folder, f"SELECT (COUNT(*) AS ?n) WHERE {{ {many} }}", timeout=1)
    assert time.monotonic() - began < 10


def test_no_graph_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no graph here"):
        sparql(tmp_path, COUNT)
