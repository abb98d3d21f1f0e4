"""The REST interface: the query API's answers in their JSON form, read-only, on loopback."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import nullcontext
from pathlib import Path

import httpx
import pytest
from pydantic import TypeAdapter

from kg.errors import ConfigError, KGError, StoreBusy
from kg.query import Finding, KnowledgeGraph, StatementResult, Treatments
from kg.serve.asking import Asker
from kg.serve.newest import Newest
from kg.serve.server import listening
from kg.stores.embedded import open_embedded, publish_embedded
from kg.stores.embedded_files import current
from kg.stores.ledger import Ledger
from tests.query.clinic import ARTHROSIS, BOWEL, DUODENAL, IBUPROFEN, PAIN, PARACETAMOL
from tests.stores.graphs import small_ledger
from tests.stores.ledger_samples import build, paper, read


def test_answers_are_those_of_the_query_api(client: httpx.Client, graph: KnowledgeGraph) -> None:
    def get(path: str, **given: object) -> object:
        answer = client.get(f"/api/{path}", params=given)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert get("graph")["graph"] == graph.version  # type: ignore[index]
    assert [one["id"] for one in get("concepts", text="joint p")] == [PAIN]  # type: ignore[attr-defined]
    assert get("concept", name="DOID:8398") == graph.concept(ARTHROSIS).as_json()
    said = TypeAdapter(tuple[StatementResult, ...]).validate_python(
        get("statements", object=ARTHROSIS, kind="guideline")
    )
    assert said == graph.statements(object=ARTHROSIS, kinds=["guideline"])
    found = TypeAdapter(Treatments).validate_python(get("treatments", disease="arthrosis", excluding="peptic ulcer"))
    assert found == graph.treatments_of("arthrosis", excluding="peptic ulcer")
    assert [answer.concept.id for answer in found] == [PARACETAMOL]
    findings = TypeAdapter(tuple[Finding, ...]).validate_python(get("findings", disease=ARTHROSIS))
    assert findings == graph.findings_of(ARTHROSIS)
    assert get("causes", disease=DUODENAL) == [answer.as_json() for answer in graph.causes_of(DUODENAL)]
    assert get("documents", concept=["ibuprofen", BOWEL]) == [
        document.as_json() for document in graph.documents_about(["ibuprofen", BOWEL])
    ]
    assert get("paths", source="ibuprofen", target="arthrosis", through="Gene") == [
        path.as_json() for path in graph.mechanisms("ibuprofen", "arthrosis")
    ]
    ranked = get("differential", present="joint pain", absent="joint stiffness")
    assert ranked == graph.differential(["joint pain"], ["joint stiffness"]).as_json()
    assert ranked["candidates"][0]["concept"]["id"] == ARTHROSIS  # type: ignore[index]
    explained = get("statements/" + said[0].id)
    assert explained["evidence"] == [piece.as_json() for piece in graph.evidence(said[0].id)]  # type: ignore[index]


def test_a_neighbourhood_brings_the_names_and_the_ties_around(client: httpx.Client) -> None:
    near = client.get("/api/neighbourhood", params={"name": "PTGS2"}).json()
    assert {one["name"] for one in near["concepts"]} == {"PTGS2", "Ibuprofen", "Osteoarthritis"}
    assert near["total"] == 2
    assert [one["predicate"] for one in near["statements"][2:]] == ["biolink:treats"]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("concept?name=gout", 404, "no concept in the graph"),
        ("statements?predicate=heals", 404, "no such predicate; there are: affects"),
        ("statements/nothing", 404, "no statement with this id"),
        ("statements?kind=blog", 422, "knowledge_base"),
        ("statements?since=soon", 404, "not a date"),
        ("statements?limit=1000000", 422, "less than or equal to 500"),
        ("concepts?text=" + "a" * 301, 422, "at most 300"),
        ("concept?name=x'}) DETACH DELETE n //", 404, "no concept in the graph"),
    ],
)
def test_errors_say_what_to_do(client: httpx.Client, path: str, status: int, says: str) -> None:
    answer = client.get(f"/api/{path}")
    assert (answer.status_code, says in answer.text) == (status, True)
    assert client.get("/api/graph").json()["concepts"] == 12


def test_nothing_writes_and_no_stranger_asks(client: httpx.Client) -> None:
    assert client.post("/api/concepts").status_code == client.delete("/api/concept").status_code == 405
    assert client.get("/api/graph", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/../app.py").status_code == client.get("/%2e%2e/app.py").status_code == 404
    methods = {method for path in client.get("/openapi.json").json()["paths"].values() for method in path}
    assert methods == {"get"}


def test_every_answer_forbids_what_the_page_does_not_need(client: httpx.Client) -> None:
    for path in ("/", "/explorer.js", "/api/graph", "/api/concept?name=gout", "/nothing"):
        policy = client.get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
        assert "unsafe" not in policy


def test_a_question_that_takes_too_long_is_given_up(graph: KnowledgeGraph) -> None:
    asker = Asker(lambda: nullcontext(graph), seconds=0.05, at_once=1)
    with pytest.raises(StoreBusy, match="no answer in time"):
        asyncio.run(asker(lambda _: time.sleep(0.5)))
    asker.close()


def test_the_newest_graph_answers_and_the_old_one_is_let_finish(tmp_path: Path) -> None:
    folder = small_ledger(tmp_path)

    def publish() -> None:
        with Ledger.open(folder) as ledger:
            publish_embedded(ledger, folder)

    publish()
    with Newest(lambda: KnowledgeGraph(open_embedded(folder, idle=1)), lambda: current(folder)) as newest:
        with newest() as old:
            before = old.version
            build(folder, [read(paper(9, "Aspirin causes hemorrhage."))])
            publish()
            with newest() as fresh:
                assert fresh.counts()["documents"] == 5
            assert (old.version, old.counts()["documents"]) == (before, 4)
        with pytest.raises(KGError):
            old.counts()
        with newest() as again:
            assert again is fresh


def test_an_address_that_is_taken(client: httpx.Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ConfigError, match="choose another --port"):
        listening("127.0.0.1", taken.getsockname()[1])
    assert IBUPROFEN in client.get("/api/concepts?text=ibuprofen").text
