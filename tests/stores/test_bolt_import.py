"""One graph by every way in: merged over Bolt, neo4j-admin import, bulk loading of the embedded graph."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.app import app
from kg.errors import SchemaError, StoreError
from kg.model import Triple
from kg.stores.bolt import BoltStore
from kg.stores.bolt_import import export_import
from kg.stores.bolt_publish import Published, publish
from kg.stores.embedded import open_embedded, publish_embedded
from kg.stores.ledger import Ledger
from kg.stores.selection import Selection
from tests.stores import ledger_samples
from tests.stores.graphs import HOSTILE, READINGS, dump
from tests.stores.ledger_samples import CONCEPTS, build, paper, read
from tools.neo4j.server import Neo4j


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger with everything that a row can hold: qualifiers, counts, a hierarchy, names that are hostile."""
    broader = replace(
        CONCEPTS["Hemorrhage"],
        parents=(CONCEPTS["Asthma"].id, "MESH:nowhere"),
        synonyms=tuple(HOSTILE),
        xrefs=("DOID:1",),
    )
    monkeypatch.setitem(ledger_samples.CONCEPTS, "Hemorrhage", broader)
    hostile = [
        read(paper(100 + n, f"{text} Aspirin causes hemorrhage.", f"file:{text}", title=text, url=text, source=text))
        for n, text in enumerate(HOSTILE)
    ]
    counted = read(paper(9, published="2020"), ("Aspirin", "causes", "Hemorrhage"))
    qualified = Triple("MESH:D001241", "biolink:causes", "MESH:D006470", (("object_direction_qualifier", "increased"),))
    said = replace(counted.evidence[0], triple=qualified, count=3, total=7)
    asthma = read(paper(10, "Asthma goes with hemorrhage."), ("Asthma", "associated_with", "Hemorrhage"))
    build(tmp_path / "g", READINGS)
    build(tmp_path / "g", [*hostile, replace(counted, evidence=(said,)), asthma])
    return tmp_path / "g"


@pytest.mark.neo4j
def test_every_way_in_gives_the_same_graph(
    neo4j_store: BoltStore, neo4j_server: Neo4j, folder: Path, tmp_path: Path
) -> None:
    neo4j_store.write("MATCH (n) DETACH DELETE n")
    with Ledger.open(folder) as ledger:
        publish(neo4j_store, ledger, writers=3)
        merged = dump(neo4j_store.run)
        assert "SUBCLASS_OF" in {edge["type"] for edge in merged[1]}
        assert sorted(HOSTILE) in [dict(node["properties"]).get("synonyms") for node in merged[0]]
        publish_embedded(ledger, folder)
    with open_embedded(folder, idle=1) as embedded:
        assert dump(embedded.run) == merged
    run = CliRunner().invoke(
        app, ["export", "--format", "neo4j-admin", "--output", str(tmp_path / "files"), "--graph", str(folder)]
    )
    assert run.exit_code == 0, run.output
    neo4j_server.load(tmp_path / "files")
    assert dump(neo4j_store.read) == merged
    # The mark came along: the next publish makes the indexes, and the one after it sends what changed.
    with Ledger.open(folder) as ledger:
        assert publish(neo4j_store, ledger) == Published(anew=False)
        assert publish(neo4j_store, ledger).unchanged
    names = [row["name"] for row in neo4j_store.run("SHOW CONSTRAINTS YIELD name RETURN name")]
    assert {"concept_id", "causes_id", "statement_id"} <= set(names)
    words = "CALL db.index.fulltext.queryNodes('Concept[names]', 'metformin') YIELD node RETURN node.name AS name"
    assert neo4j_store.run(words) == [{"name": "Metformin"}]
    build(folder, [read(paper(11, "Metformin causes asthma."), ("Metformin", "causes", "Asthma"))])
    with Ledger.open(folder) as ledger:
        followed = publish(neo4j_store, ledger)
        assert (followed.anew, followed.statements, followed.documents) == (False, 1, 1)
        publish_embedded(ledger, folder)
    with open_embedded(folder, idle=1) as embedded:
        assert dump(embedded.run) == dump(neo4j_store.run)


def test_the_files_are_whole_and_the_same_each_time(folder: Path, tmp_path: Path) -> None:
    with Ledger.open(folder) as ledger:
        counts = [export_import(Selection(ledger), tmp_path / name) for name in ("one", "two")]
        one, two = ({p.name: p.read_bytes() for p in sorted((tmp_path / n).iterdir())} for n in ("one", "two"))
        assert one == two
        assert counts[0] == counts[1]
        with pytest.raises(StoreError, match="something here already"):
            export_import(Selection(ledger), tmp_path / "one")
    named = re.findall(r"=(\S+),(\S+)", one["import.args"].decode())
    assert sorted(["import.args", *(name for pair in named for name in pair)]) == sorted(one)
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_a_property_name_cannot_become_a_column_of_its_own(tmp_path: Path) -> None:
    plain = read(paper(1))
    triple = Triple("MESH:D001241", "biolink:causes", "MESH:D006470", (("x:LABEL,y", "v"),))
    build(tmp_path / "g", [replace(plain, evidence=(replace(plain.evidence[0], triple=triple),))])
    with Ledger.open(tmp_path / "g") as ledger, pytest.raises(SchemaError, match="not a name for a property"):
        export_import(Selection(ledger), tmp_path / "files")
    assert not (tmp_path / "files").exists()
