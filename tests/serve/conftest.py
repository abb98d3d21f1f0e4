"""The clinic's graph served on loopback, and a real Chromium to look at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import nullcontext

import httpx
import pytest
import uvicorn

from kg.query import KnowledgeGraph
from kg.serve.app import make_app
from kg.serve.server import address, listening
from kg.stores.embedded import open_embedded, publish_embedded
from kg.stores.ledger import Ledger
from tests.browser import Browser, chromium
from tests.query.clinic import clinic_ledger


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """The clinic's graph, embedded."""
    folder = clinic_ledger(tmp_path_factory.mktemp("served"))
    with Ledger.open(folder) as ledger:
        publish_embedded(ledger, folder)
    with open_embedded(folder, idle=2) as store:
        yield KnowledgeGraph(store)


@pytest.fixture(scope="session")
def served(graph: KnowledgeGraph) -> Iterator[str]:
    """The address of the explorer over the clinic's graph."""
    link = listening("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(make_app(lambda: nullcontext(graph), seconds=120), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [link]})
    thread.start()
    yield address(link)
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def client(served: str) -> Iterator[httpx.Client]:
    """Someone who asks the REST interface."""
    with httpx.Client(base_url=served, timeout=120) as client:
        yield client


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A real Chromium."""
    if chromium() is None:
        pytest.skip("there is no Chromium here; `apt-get install chromium` brings Debian's")
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser
