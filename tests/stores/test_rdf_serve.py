"""The SPARQL endpoint: the protocol, what it refuses, and its page in a real browser."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph
import pytest
import rdflib

from kg.errors import StoreError
from kg.stores.rdf_serve import SparqlServer
from tests.stores.ledger_samples import build, paper, read

NAMES = "SELECT ?name WHERE { ?s a biolink:Association ; rdf:subject/rdfs:label ?name } ORDER BY ?name"
ENDLESS = f"SELECT (COUNT(*) AS ?n) WHERE {{ {' . '.join(f'?a{n} ?b{n} ?c{n}' for n in range(8))} }}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HOSTILE = '<script>document.title = "stolen"</script> Aspirin causes hemorrhage.'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlServer]:
    folder = tmp_path_factory.mktemp("graph")
    said = read(paper(2, "Metformin causes asthma."), ("Metformin", "causes", "Asthma"))
    build(folder, [read(paper(1, HOSTILE)), said])
    with SparqlServer(folder, timeout=3) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.close()
        thread.join()


def ask(
    server: SparqlServer, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str, str]:
    """Return status, media type and body of one request."""
    link = http.client.HTTPConnection(server.url.removeprefix("http://").strip("/"), timeout=60)
    link.request(method, path, body, headers or {})
    reply = link.getresponse()
    found = reply.status, reply.headers["Content-Type"], reply.read().decode()
    link.close()
    return found


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("GET", "/sparql?" + urlencode({"query": NAMES}), None, {}),
        ("POST", "/sparql", urlencode({"query": NAMES}), FORM),
        ("POST", "/sparql", NAMES, {"Content-Type": "application/sparql-query; charset=utf-8"}),
    ],
)
def test_the_three_ways_to_ask(
    server: SparqlServer, method: str, path: str, body: str | None, headers: dict[str, str]
) -> None:
    status, media, text = ask(server, method, path, body, headers)
    assert (status, media) == (200, "application/sparql-results+json")
    found = [row["name"]["value"] for row in json.loads(text)["results"]["bindings"]]
    assert found == ["Aspirin", "Metformin"]


def test_the_answer_comes_in_the_form_asked_for(server: SparqlServer) -> None:
    path = "/sparql?" + urlencode({"query": NAMES})
    accept = {"Accept": "image/png, text/csv;q=0.9"}
    assert ask(server, "GET", path, None, accept) == (200, "text/csv", "name\r\nAspirin\r\nMetformin\r\n")
    made = "/sparql?" + urlencode({"query": "CONSTRUCT WHERE { ?s biolink:causes ?o }"})
    status, media, text = ask(server, "GET", made, None, {"Accept": "text/turtle"})
    assert (status, media) == (200, "text/turtle")
    assert len(rdflib.Graph().parse(data=text, format="turtle")) == 2
    for kind in ("application/n-triples", "application/ld+json", "application/rdf+xml"):
        status, media, text = ask(server, "GET", made, None, {"Accept": kind})
        form = pyoxigraph.RdfFormat.from_media_type(kind)
        assert (status, media, len(list(pyoxigraph.parse(text, form)))) == (200, kind, 2)


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status", "word"),
    [
        ("GET", "/sparql", None, "", 400, "give one query"),
        ("GET", "/sparql?query=SELEKT", None, "", 400, "not a query"),
        ("GET", "/sparql?query=" + quote("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"), None, "", 400,
         "SERVICE is refused"),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=a:b", None, "", 400, "all of them are asked together"),
        ("POST", "/sparql", "update=DROP+ALL", "application/x-www-form-urlencoded", 403, "only reads"),
        ("POST", "/sparql", "DROP ALL", "application/sparql-update", 403, "only reads"),
        ("POST", "/sparql", "DROP ALL", "application/sparql-query", 400, "not a query"),
        ("POST", "/sparql", "{}", "application/json", 415, "post a form"),
        ("POST", "/", "x", "text/plain", 404, "endpoint at /sparql"),
        ("GET", "/../../etc/passwd", None, "", 404, "endpoint at /sparql"),
        ("GET", "/sparql?query=" + quote(ENDLESS), None, "", 504, "longer than 3 seconds"),
        ("DELETE", "/sparql", None, "", 501, "Unsupported method"),
    ],
)  # fmt: skip
def test_what_is_refused(
    server: SparqlServer, method: str, path: str, body: str | None, kind: str, status: int, word: str
) -> None:
    found, _, text = ask(server, method, path, body, {"Content-Type": kind} if kind else {})
    assert (found, word in text) == (status, True), text
    assert ask(server, "GET", "/sparql?" + urlencode({"query": NAMES}))[0] == 200


def test_another_web_page_cannot_ask_under_its_own_name(server: SparqlServer) -> None:
    path = "/sparql?" + urlencode({"query": NAMES})
    for host in ("evil.example", "127.0.0.1.evil.example"):
        assert ask(server, "GET", path, None, {"Host": host})[0] == 403
    assert ask(server, "GET", path, None, {"Host": "localhost:7878"})[0] == 200


def test_a_query_that_is_too_long_is_not_read(server: SparqlServer) -> None:
    headers = {**FORM, "Content-Length": str(1 << 40)}
    assert ask(server, "POST", "/sparql", "query=", headers)[0] == 413


def test_a_port_that_is_taken_is_named(server: SparqlServer, tmp_path: Path) -> None:
    port = int(server.url.rstrip("/").rpartition(":")[2])
    with pytest.raises(StoreError, match=f"cannot listen.*port={port}"):
        SparqlServer(tmp_path, port=port)


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium")
def test_the_page_in_chromium(server: SparqlServer, tmp_path: Path) -> None:
    """A link that carries a query shows its answer; text that looks like markup stays text."""
    query = "SELECT ?quotation ?document { ?t oa:hasSelector/oa:exact ?quotation ; oa:hasSource ?document }"
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--dump-dom",
        "--virtual-time-budget=10000", f"{server.url}?query={quote(query)}",
    ]  # fmt: skip
    page = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    assert "<th>quotation</th><th>document</th>" in page
    assert '<td>&lt;script&gt;document.title = "stolen"&lt;/script&gt; Aspirin causes hemorrhage.</td>' in page
    assert '<a href="https://w3id.org/medkg/document/PMID:1"' in page
    assert "<title>medkg: SPARQL</title>" in page
    assert "2 rows" in page
