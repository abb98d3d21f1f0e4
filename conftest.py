"""Stores for the tests and for the examples in kg.query: one embedded graph, and a real Neo4j where Java is there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.query import KnowledgeGraph
from kg.stores.bolt import BoltStore
from kg.stores.bolt_publish import publish
from kg.stores.embedded import EmbeddedStore, open_embedded, publish_embedded, writing_server
from kg.stores.ledger import Ledger
from tests.stores.graphs import small_ledger
from tools.neo4j.server import DEFAULT_HOME, Neo4j, Unavailable


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each worker whole files, for their fixtures, and one worker all that needs Neo4j: one server is enough."""
    for item in items:
        group = "neo4j" if item.get_closest_marker("neo4j") else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4j]:
    """A real Neo4j of this test run's own, on free ports; its jars are kept in .neo4j/lib between runs."""
    bolt, http = _free_ports(2)
    home = tmp_path_factory.mktemp("neo4j")
    server = Neo4j(home=home, lib=DEFAULT_HOME / "lib", bolt_port=bolt, http_port=http)
    try:
        server.start()
    except Unavailable as error:
        pytest.skip(str(error))
    yield server
    server.stop(kill=True)


@pytest.fixture(scope="session")
def small_graph_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small graph of tests/stores/graphs.py, published."""
    folder = small_ledger(tmp_path_factory.mktemp("graph"))
    with Ledger.open(folder) as ledger:
        publish_embedded(ledger, folder)
    return folder


@pytest.fixture(scope="session")
def embedded(small_graph_folder: Path) -> Iterator[EmbeddedStore]:
    """The small graph in the embedded store."""
    with open_embedded(small_graph_folder, idle=2) as store:
        yield store


@pytest.fixture(scope="session")
def embedded_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoltStore]:
    """A connection to an embedded server that may be written, with whatever it holds."""
    with writing_server(tmp_path_factory.mktemp("embedded")) as store:
        yield store


@pytest.fixture(scope="session")
def neo4j_store(neo4j_server: Neo4j) -> Iterator[BoltStore]:
    """A connection to the real Neo4j, with whatever it holds."""
    with BoltStore(neo4j_server.uri, ("neo4j", neo4j_server.password)) as store:
        yield store


@pytest.fixture
def neo4j(neo4j_store: BoltStore, small_graph_folder: Path) -> BoltStore:
    """The small graph in Neo4j, published again where another test left another graph there."""
    with Ledger.open(small_graph_folder) as ledger:
        publish(neo4j_store, ledger)
    return neo4j_store


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def store(request: pytest.FixtureRequest) -> BoltStore:
    """The small graph in every store, one after the other: the same tests, the same answers."""
    found: BoltStore = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def graph(store: BoltStore) -> KnowledgeGraph:
    """The query API over every store."""
    return KnowledgeGraph(store)


@pytest.fixture(autouse=True)
def _graph_for_examples(request: pytest.FixtureRequest, doctest_namespace: dict[str, Any]) -> None:
    """Give the examples of kg.query their ``graph``; nothing is started for any other test."""
    if isinstance(request.node, pytest.DoctestItem) and request.node.name.startswith("kg.query."):
        doctest_namespace["graph"] = KnowledgeGraph(request.getfixturevalue("embedded"))


def _free_ports(count: int) -> list[int]:
    links = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [link.getsockname()[1] for link in links]
    for link in links:
        link.close()
    return ports
