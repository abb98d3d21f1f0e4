"""Publishing, the same suite for the embedded graph and a real Neo4j: what is sent, what goes, what stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.assemble import assemble
from kg.errors import SchemaError
from kg.model import Evidence, Triple
from kg.stores import bolt_batches
from kg.stores.bolt import BoltStore
from kg.stores.bolt_publish import Published, publish
from kg.stores.ledger import DocumentReading, Ledger
from tests.stores import ledger_samples
from tests.stores.graphs import HOSTILE, READINGS, dump
from tests.stores.ledger_samples import CONCEPTS, build, paper, read

Rows = list[dict[str, Any]]


class Target:
    """A place to publish to and to look at."""

    def __init__(self, send: Callable[[Ledger], Published], ask: Callable[[str], Rows]) -> None:
        self.send = send
        self.ask = ask

    def publish(self, folder: Path) -> Published:
        with Ledger.open(folder) as ledger:
            return self.send(ledger)

    def dump(self) -> tuple[Rows, Rows]:
        """Every node and relationship of the graph."""
        return dump(self.ask)


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def target(request: pytest.FixtureRequest) -> Target:
    """An empty graph behind each kind of server."""
    store: BoltStore = request.getfixturevalue(f"{request.param}_store")
    store.write("MATCH (n) DETACH DELETE n")
    return Target(lambda ledger: publish(store, ledger, embedded=request.param == "embedded"), store.run)


def change(folder: Path, *readings: DocumentReading, forget: str = "", retract: str = "") -> None:
    with Ledger.open(folder, write=True) as ledger:
        ledger.record_batch(readings)
        if forget:
            ledger.forget(forget)
        if retract:
            ledger.retract(retract, "fraud")
        ledger.refresh(assemble)


def test_sends_what_changed_and_nothing_else(target: Target, tmp_path: Path) -> None:
    build(tmp_path / "g", READINGS)
    assert target.publish(tmp_path / "g") == Published(True, concepts=4, documents=4, statements=3, evidence=4)
    before = target.dump()
    assert target.publish(tmp_path / "g").unchanged
    assert target.dump() == before
    change(
        tmp_path / "g", read(paper(5, "Metformin causes lactic acidosis."), ("Metformin", "causes", "Lactic acidosis"))
    )
    assert target.publish(tmp_path / "g") == Published(False, documents=1, statements=1, evidence=2)
    assert target.publish(tmp_path / "g").unchanged


def test_following_and_building_anew_give_the_same_graph(target: Target, tmp_path: Path) -> None:
    build(tmp_path / "g", READINGS)
    target.publish(tmp_path / "g")
    change(tmp_path / "g", read(paper(5)), forget="PMID:2", retract="PMID:1")
    assert target.publish(tmp_path / "g") == Published(False, documents=2, statements=1, evidence=2, deleted=3)
    followed = target.dump()
    states = target.ask("MATCH (d:Document) RETURN d.id AS id, d.state AS state ORDER BY id")
    assert [(row["id"], row["state"]) for row in states] == [
        ("PMID:1", "retracted"),
        ("PMID:3", "current"),
        ("PMID:4", "current"),
        ("PMID:5", "current"),
    ]
    assert {dict(row["properties"])["document"] for row in followed[0] if row["labels"] == ["Evidence"]} == {
        "PMID:3",
        "PMID:4",
        "PMID:5",
    }
    # Another ledger with nothing in it, then the first one again: everything is built anew.
    build(tmp_path / "other", [])
    assert target.publish(tmp_path / "other").anew
    assert target.dump() == ([], [])
    assert target.publish(tmp_path / "g").anew
    assert target.dump() == followed


@pytest.mark.neo4j
@pytest.mark.parametrize("writers", [1, 3])
def test_what_is_partly_there_is_completed(
    neo4j_store: BoltStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writers: int
) -> None:
    monkeypatch.setattr(bolt_batches, "BATCH_ROWS", 2)
    neo4j_store.write("MATCH (n) DETACH DELETE n")
    build(tmp_path / "g", READINGS)
    with Ledger.open(tmp_path / "g") as ledger:
        publish(neo4j_store, ledger, writers=writers)
        before = dump(neo4j_store.run)
        neo4j_store.write("MATCH (p:Projection) DELETE p")
        neo4j_store.write("MATCH (s:Statement) WITH s ORDER BY s.id LIMIT 1 MATCH (s)-->(e) DETACH DELETE s, e")
        neo4j_store.write("MATCH ()-[r:CAUSES]->() SET r.belief = 0.001")
        assert publish(neo4j_store, ledger, writers=writers).anew
    assert dump(neo4j_store.run) == before


def test_a_concept_may_change_its_category(target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path / "g", READINGS)
    target.publish(tmp_path / "g")
    moved = replace(CONCEPTS["Hemorrhage"], category="Disease")
    monkeypatch.setitem(ledger_samples.CONCEPTS, "Hemorrhage", moved)
    change(tmp_path / "g", read(paper(6)))
    target.publish(tmp_path / "g")
    (row,) = target.ask("MATCH (c:Concept {name: 'Hemorrhage'}) RETURN labels(c) AS labels")
    assert sorted(row["labels"]) == ["Concept", "Disease"]
    edges = target.ask("MATCH (c:Concept {name: 'Hemorrhage'})-[r]-(other) RETURN type(r) AS type, other.name AS other")
    assert sorted((row["type"], row["other"]) for row in edges) == [
        ("ASSOCIATED_WITH", "Lactic acidosis"),
        ("CAUSES", "Aspirin"),
    ]


def test_text_is_never_part_of_a_query(target: Target, tmp_path: Path) -> None:
    readings = []
    for number, text in enumerate(HOSTILE):
        says = f"{text} Aspirin causes hemorrhage."
        document = paper(number, says, f"file:{text}", title=text, url=text, license=text, source=text, published=text)
        readings.append(read(document))
    hostile = {
        name: replace(
            concept,
            name=f"{HOSTILE[0]}{name}",
            synonyms=(name.lower(), *HOSTILE),
            xrefs=tuple(HOSTILE),
            source=HOSTILE[0],
        )
        for name, concept in CONCEPTS.items()
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, concept in hostile.items():
            patch.setitem(ledger_samples.CONCEPTS, name, concept)
        build(tmp_path / "g", [read(r.document) for r in readings])
    target.publish(tmp_path / "g")
    with Ledger.open(tmp_path / "g") as ledger:
        documents = {d.id: d.title for d in ledger.documents()}
        sentences = {e.id: e.text for e in ledger.evidences()}
        names = {c.id: (c.name, list(c.synonyms), list(c.xrefs)) for c in ledger.concepts()}
    assert len(documents) == len(sentences) == len(HOSTILE)
    rows = target.ask("MATCH (d:Document) RETURN d.id AS id, d.title AS title")
    assert {row["id"]: row["title"] for row in rows} == documents
    rows = target.ask("MATCH (e:Evidence) RETURN e.id AS id, e.text AS text")
    assert {row["id"]: row["text"] for row in rows} == sentences
    rows = target.ask("MATCH (c:Concept) RETURN c.id AS id, c.name AS name, c.synonyms AS s, c.xrefs AS x")
    assert {row["id"]: (row["name"], row["s"], row["x"]) for row in rows} == names


def test_qualifiers_stand_on_the_edge(target: Target, tmp_path: Path) -> None:
    document = paper(1)
    plain = read(document)
    triple = Triple("MESH:D001241", "biolink:causes", "MESH:D006470", (("object_direction_qualifier", "increased"),))
    build(tmp_path / "g", [replace(plain, evidence=(_about(plain.evidence[0], triple),))])
    target.publish(tmp_path / "g")
    rows = target.ask("MATCH (:Concept)-[r:CAUSES]->() RETURN r.object_direction_qualifier AS direction")
    assert rows == [{"direction": "increased"}]
    (row,) = target.ask("MATCH (s:Statement) RETURN s.qualifiers AS qualifiers")
    assert row == {"qualifiers": '{"object_direction_qualifier": "increased"}'}


def test_a_predicate_that_the_schema_does_not_know_is_refused(target: Target, tmp_path: Path) -> None:
    plain = read(paper(1))
    triple = Triple("MESH:D001241", "biolink:causes]->() DETACH DELETE n //", "MESH:D006470")
    build(tmp_path / "g", [replace(plain, evidence=(_about(plain.evidence[0], triple),))])
    with pytest.raises(SchemaError, match="no such predicate"):
        target.publish(tmp_path / "g")


def _about(evidence: Evidence, triple: Triple) -> Evidence:
    return replace(evidence, triple=triple)
