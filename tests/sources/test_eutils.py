"""NCBI's E-utilities against a real HTTP server on this machine, which answers as NCBI's documents prescribe."""

from __future__ import annotations

import gzip
import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from source_samples import DATA

from kg.config import Settings
from kg.errors import SourceError
from kg.sources import read
from kg.sources.eutils import Eutils, ServiceBusy

CITATIONS = re.findall(
    r"<PubmedArticle>.*?</PubmedArticle>",
    gzip.decompress((DATA / "pubmed_current.xml.gz").read_bytes()).decode(),
    re.DOTALL,
)
HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_240101.dtd">\n'
)


class Ncbi(ThreadingHTTPServer):
    """Keeps what was asked, and answers ``script`` (status, headers, body) before it answers properly."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.script: list[tuple[int, dict[str, str], bytes]] = []
        self.count = len(CITATIONS)


class Handler(BaseHTTPRequestHandler):
    server: Ncbi

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        fields = {key: values[0] for key, values in parse_qs(self.rfile.read(length).decode()).items()}
        self.server.asked.append((self.path, fields))
        status, headers, body = self.server.script.pop(0) if self.server.script else (200, {}, self.answer(fields))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, fields: dict[str, str]) -> bytes:
        if self.path == "/esearch.fcgi":
            result = {"count": str(self.server.count), "retmax": "0", "retstart": "0", "querykey": "1",
                      "webenv": "MCID_65f0", "idlist": [], "querytranslation": fields["term"]}  # fmt: skip
            return json.dumps({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}).encode()
        if self.path == "/epost.fcgi":
            return b"<ePostResult><QueryKey>2</QueryKey><WebEnv>MCID_77</WebEnv></ePostResult>"
        first, size = int(fields["retstart"]), int(fields["retmax"])
        return (
            HEAD + "<PubmedArticleSet>" + "\n".join(CITATIONS[first : first + size]) + "\n</PubmedArticleSet>"
        ).encode()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def ncbi() -> Iterator[Ncbi]:
    server = Ncbi()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(ncbi: Ncbi, waits: list[float]) -> Iterator[Eutils]:
    made = Eutils(f"http://127.0.0.1:{ncbi.server_port}/", sleep=waits.append, timeout=2.0)
    yield made
    made.close()


def test_search_and_fetch_through_the_history_server(ncbi, client, tmp_path):
    found = client.search("back pain[mh]")
    assert (found.count, found.webenv, found.query_key) == (2, "MCID_65f0", "1")
    saved = client.download(found, tmp_path / "new", size=1)
    assert [path.name for path in saved] == ["pubmed-00000.xml.gz", "pubmed-00001.xml.gz"]
    documents = list(read([tmp_path / "new"], Settings()))
    assert [document.id for document in documents] == ["PMID:36400559", "PMID:28786991"]
    search, first, second = ncbi.asked
    assert search[0] == "/esearch.fcgi"
    assert (search[1]["term"], search[1]["usehistory"], search[1]["tool"]) == ("back pain[mh]", "y", "medkg")
    assert first[0] == second[0] == "/efetch.fcgi"
    assert (first[1]["WebEnv"], first[1]["query_key"], first[1]["retstart"], first[1]["retmax"]) == (
        "MCID_65f0",
        "1",
        "0",
        "1",
    )
    assert second[1]["retstart"] == "1"
    assert "api_key" not in first[1]


def test_ids_are_posted(ncbi, client):
    found = client.post(["36400559", "28786991"])
    assert (found.count, found.webenv, found.query_key) == (2, "MCID_77", "2")
    assert ncbi.asked[0][1]["id"] == "36400559,28786991"


@pytest.mark.parametrize(
    "answer",
    [
        (429, {"retry-after": "3"}, b'{"error":"API rate limit exceeded","count":"4"}'),
        (200, {}, b'{"error":"API rate limit exceeded","count":"4"}'),
        (503, {}, b"<html>Service Unavailable</html>"),
        (200, {}, b'{"esearchresult": {"ERROR": "Search Backend failed: timed out"}}'),
        (200, {}, b'{"esearchresult": {"count": '),
    ],
)
def test_what_may_pass_is_tried_again(ncbi, client, waits, answer):
    ncbi.script = [answer, answer]
    assert client.search("fever").count == 2
    assert len(ncbi.asked) == 3
    pauses = [wait for wait in waits if wait >= 1]
    assert pauses == ([3.0, 3.0] if answer[0] == 429 else [1.0, 2.0])


def test_a_page_that_is_cut_short_is_fetched_again(ncbi, client):
    found = client.search("fever")
    ncbi.script = [(200, {}, (HEAD + "<PubmedArticleSet>" + CITATIONS[0][:500]).encode())]
    assert len(list(client.pages(found))) == 1
    assert len(ncbi.asked) == 3


def test_an_error_inside_an_answer_with_status_200_is_an_error(ncbi, client):
    ncbi.script = [(200, {}, b'{"esearchresult": {"ERROR": "Empty term and query_key - nothing todo"}}')]
    with pytest.raises(SourceError, match="Empty term and query_key"):
        client.search("")
    assert len(ncbi.asked) == 1
    found = client.search("fever")
    ncbi.script = [(200, {}, b"<eFetchResult><ERROR>Cannot process ID list</ERROR></eFetchResult>")]
    with pytest.raises(SourceError, match="Cannot process ID list"):
        list(client.pages(found))


def test_a_bad_key_is_not_tried_again_and_not_shown(ncbi, monkeypatch, waits):
    monkeypatch.setenv("NCBI_API_KEY", "s3cret")
    client = Eutils(f"http://127.0.0.1:{ncbi.server_port}/", sleep=waits.append)
    ncbi.script = [(400, {}, b'{"error":"API key invalid","api-key":"s3cret"}')]
    with pytest.raises(SourceError, match="API key invalid") as caught:
        client.search("fever")
    assert "s3cret" not in str(caught.value)
    assert [fields["api_key"] for _, fields in ncbi.asked] == ["s3cret"]


def test_a_service_that_stays_away_is_busy(ncbi, client):
    ncbi.script = [(500, {}, b"")] * 5
    with pytest.raises(ServiceBusy, match="failed 5 times: status 500"):
        client.search("fever")


def test_nobody_there_is_busy(waits):
    client = Eutils("http://127.0.0.1:9/", attempts=2, sleep=waits.append, timeout=1.0)
    with pytest.raises(ServiceBusy, match="ConnectError"):
        client.search("fever")


def test_too_many_hits_are_refused_with_advice(ncbi, client):
    ncbi.count = 12_000
    with pytest.raises(SourceError, match="narrow it by date"):
        client.search("fever")


@pytest.mark.parametrize(("key", "least"), [("", 1 / 3), ("k", 0.1)])
def test_the_pace_that_ncbi_asks_for(ncbi, monkeypatch, key, least):
    monkeypatch.setenv("NCBI_API_KEY", key)
    client = Eutils(f"http://127.0.0.1:{ncbi.server_port}/")
    began = time.monotonic()
    for _ in range(4):
        client.search("fever")
    assert time.monotonic() - began >= 3 * least
    client.close()
