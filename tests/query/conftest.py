"""The clinic's graph in every store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.query import KnowledgeGraph
from kg.stores.bolt_publish import publish
from kg.stores.embedded import open_embedded, publish_embedded
from kg.stores.ledger import Ledger
from tests.query.clinic import clinic_ledger


@pytest.fixture(scope="session")
def clinic_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the clinic's graph, published."""
    folder = clinic_ledger(tmp_path_factory.mktemp("clinic"))
    with Ledger.open(folder) as ledger:
        publish_embedded(ledger, folder)
    return folder


@pytest.fixture(scope="module", params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def clinic(request: pytest.FixtureRequest, clinic_folder: Path) -> Iterator[KnowledgeGraph]:
    """The clinic's graph to ask, in every store one after the other."""
    if request.param == "neo4j":
        store = request.getfixturevalue("neo4j_store")
        with Ledger.open(clinic_folder) as ledger:
            publish(store, ledger)
        yield KnowledgeGraph(store)
    else:
        with open_embedded(clinic_folder, idle=2) as opened:
            yield KnowledgeGraph(opened)
