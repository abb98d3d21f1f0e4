"""One suite over every store: the same questions to the embedded graph and to a real Neo4j, the same answers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from kg.errors import StoreError, VocabularyError
from kg.model import Span
from kg.query import EvidenceResult, KnowledgeGraph, StatementResult

ASPIRIN, HEMORRHAGE = "MESH:D001241", "MESH:D006470"
METFORMIN, ACIDOSIS = "MESH:D008687", "MESH:D000140"


def test_counts(graph: KnowledgeGraph) -> None:
    assert graph.counts() == {"concepts": 4, "statements": 3, "evidence": 4, "documents": 4}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("aspirin", [ASPIRIN]),
        ("ASPIRIN", [ASPIRIN]),
        ("aspi", [ASPIRIN]),
        (ASPIRIN, [ASPIRIN]),
        ("mesh:d001241", [ASPIRIN]),
        ("lactic acid", [ACIDOSIS]),
        ("acidosis lactic", [ACIDOSIS]),
        ("gout", []),
        ("", []),
        ('!!! +-&&|| {}[]^"~*?:\\/', []),
        ("aspirin'); MATCH (n) DETACH DELETE n //", []),
    ],
)
def test_find(graph: KnowledgeGraph, text: str, ids: list[str]) -> None:
    assert [concept.id for concept in graph.find(text)] == ids


def test_find_keeps_to_its_limit(graph: KnowledgeGraph) -> None:
    assert graph.find("aspirin", limit=0) == ()


def test_concept_by_id_and_by_name(graph: KnowledgeGraph) -> None:
    found = graph.concept(ASPIRIN)
    assert found == graph.concept("Aspirin")
    assert found.as_json() == {
        "id": ASPIRIN,
        "name": "Aspirin",
        "category": "ChemicalEntity",
        "synonyms": ["aspirin"],
        "xrefs": [],
        "parents": [],
        "source": "MeSH 2026",
        "graph": graph.version,
    }


def test_an_unknown_concept_is_told_with_what_is_near(graph: KnowledgeGraph) -> None:
    with pytest.raises(VocabularyError, match=r"no concept .* near it: MESH:D000140 \(Lactic acidosis\)"):
        graph.concept("lactic")
    with pytest.raises(VocabularyError, match="no concept in the graph"):
        graph.statements(subject="gout")


def test_concepts_and_what_joins_them(graph: KnowledgeGraph) -> None:
    found = graph.concepts([HEMORRHAGE, ASPIRIN, "MESH:D0"])
    assert {id: concept.name for id, concept in found.items()} == {ASPIRIN: "Aspirin", HEMORRHAGE: "Hemorrhage"}
    assert [s.id for s in graph.between([ASPIRIN, HEMORRHAGE, METFORMIN])] == ["e9f7a0f869217cf5d852f390b72b69e1"]
    assert graph.between([ASPIRIN, METFORMIN]) == ()


def test_statements_the_most_believed_first(graph: KnowledgeGraph) -> None:
    found = graph.statements()
    assert [(s.subject, s.object) for s in found] == [
        (ASPIRIN, HEMORRHAGE),
        *[(s.subject, s.object) for s in found[1:]],
    ]
    assert sorted(found, key=lambda s: (-s.belief, s.id)) == list(found)
    assert [s.id for s in graph.statements(limit=1)] == [found[0].id]
    assert graph.statements(min_belief=found[0].belief) == found[:1]


def test_statements_by_each_part(graph: KnowledgeGraph) -> None:
    (one,) = graph.statements(subject="aspirin", predicate="causes", object="hemorrhage")
    assert graph.statements(predicate="biolink:causes", object=HEMORRHAGE) == (one,)
    assert [s.subject for s in graph.statements(object="lactic acidosis", predicate="causes")] == [METFORMIN]
    assert graph.statements(subject="hemorrhage", predicate="causes") == ()
    with pytest.raises(VocabularyError, match="no such predicate; there are: affects, "):
        graph.statements(predicate="heals")


def test_a_statement_as_json(graph: KnowledgeGraph) -> None:
    (one,) = graph.statements(subject="aspirin")
    assert json.loads(json.dumps(one.as_json())) == {
        "id": "e9f7a0f869217cf5d852f390b72b69e1",
        "subject": ASPIRIN,
        "predicate": "biolink:causes",
        "object": HEMORRHAGE,
        "qualifiers": {},
        "belief": one.belief,
        "support": one.support,
        "refute": 0.0,
        "works": ["PMID:1", "PMID:3"],
        "evidence": sorted(evidence.id for evidence in graph.evidence(one.id)),
        "graph": graph.version,
        "frequency": {"count": 12, "total": 34, "share": 0.353, "low": 0.215, "high": 0.521},
    }
    assert TypeAdapter(StatementResult).validate_json(json.dumps(one.as_json())) == one
    assert graph.statement(one.id) == one


def test_evidence_points_into_the_document(graph: KnowledgeGraph) -> None:
    best, other = graph.evidence("e9f7a0f869217cf5d852f390b72b69e1")
    assert (best.document, best.url, best.published, best.score) == ("PMID:1", "https://example.org/1", "2014-03", 0.9)
    assert (other.document, other.text, other.score) == ("PMID:3", "Aspirin may cause hemorrhage.", 0.7)
    assert (other.sentence, other.subject, other.object) == (Span(0, 29), Span(0, 7), Span(18, 28))
    assert best.as_json() == {
        "id": best.id,
        "statement": "e9f7a0f869217cf5d852f390b72b69e1",
        "document": "PMID:1",
        "work": "PMID:1",
        "title": "Paper 1",
        "url": "https://example.org/1",
        "kind": "article",
        "published": "2014-03",
        "section": "abstract",
        "text": "Aspirin causes hemorrhage.",
        "sentence": {"start": 0, "end": 26},
        "subject": {"start": 0, "end": 7},
        "object": {"start": 15, "end": 25},
        "polarity": "supports",
        "certainty": "asserted",
        "score": 0.9,
        "reader": "extractor/1/aaaaaaaaaaaa",
        "strength": "",
        "count": 12,
        "total": 34,
        "graph": graph.version,
    }
    assert TypeAdapter(EvidenceResult).validate_json(json.dumps(best.as_json())) == best


def test_an_unknown_statement_is_an_error(graph: KnowledgeGraph) -> None:
    for asked in (graph.statement, graph.evidence):
        with pytest.raises(StoreError, match="no statement with this id"):
            asked("0" * 32)


def test_path(graph: KnowledgeGraph) -> None:
    steps = graph.path("aspirin", "metformin")
    assert [(s.subject, s.object) for s in steps] == [
        (ASPIRIN, HEMORRHAGE),
        (HEMORRHAGE, ACIDOSIS),
        (METFORMIN, ACIDOSIS),
    ]
    assert graph.path("aspirin", "metformin", max_length=2) == ()
    assert graph.path("aspirin", "aspirin") == ()
    with pytest.raises(VocabularyError, match="between 1 and 6"):
        graph.path("aspirin", "metformin", max_length=7)


def test_neighbourhood(graph: KnowledgeGraph) -> None:
    about = graph.neighbourhood("lactic acidosis")
    assert {(s.subject, s.object) for s in about} == {(METFORMIN, ACIDOSIS), (HEMORRHAGE, ACIDOSIS)}
    assert graph.neighbourhood("lactic acidosis", limit=1) == about[:1]
    assert graph.neighbourhood("lactic acidosis", min_belief=0.99) == ()


def test_to_networkx(graph: KnowledgeGraph) -> None:
    made = graph.to_networkx()
    assert sorted(made.nodes) == sorted([ASPIRIN, HEMORRHAGE, METFORMIN, ACIDOSIS])
    assert made.nodes[ASPIRIN] == {"name": "Aspirin", "category": "ChemicalEntity"}
    (key, facts), *rest = made[ASPIRIN][HEMORRHAGE].items()
    assert (key, facts["predicate"], facts["works"]) == (
        "e9f7a0f869217cf5d852f390b72b69e1",
        "biolink:causes",
        ["PMID:1", "PMID:3"],
    )
    assert not rest
    assert graph.to_networkx(min_belief=0.7).number_of_edges() == 1


def test_cypher_reads_edges_with_their_years(graph: KnowledgeGraph) -> None:
    query = """MATCH (a:ChemicalEntity)-[r:CAUSES]->(b:PhenotypicFeature)
    RETURN a.name AS a, r.first_year AS first, r.last_year AS last, r.works AS works, b.name AS b"""
    assert graph.cypher(query) == [{"a": "Aspirin", "first": 2014, "last": 2019, "works": 2, "b": "Hemorrhage"}]


def test_cypher_gives_nodes_as_plain_values(graph: KnowledgeGraph) -> None:
    (row,) = graph.cypher(
        "MATCH p = (a {name: 'Aspirin'})-[r:CAUSES]->() RETURN a, r, p, [1, 'x'] AS list, null AS none"
    )
    assert row["a"]["labels"] == ["ChemicalEntity", "Concept"]
    assert row["r"]["type"] == "CAUSES"
    assert [node["properties"]["name"] for node in row["p"]["nodes"]] == ["Aspirin", "Hemorrhage"]
    assert (row["list"], row["none"]) == ([1, "x"], None)
    json.dumps(row)


@pytest.mark.parametrize(
    "query",
    [
        "CREATE (n:Concept {id: 'x'})",
        "MATCH (n) DETACH DELETE n",
        "MATCH (n:Concept) SET n.name = 'x'",
        "CREATE INDEX x IF NOT EXISTS FOR (n:Concept) ON (n.name)",
        "MATCH (n RETURN n",
        "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    ],
)
def test_cypher_neither_writes_nor_swallows_mistakes(graph: KnowledgeGraph, query: str) -> None:
    with pytest.raises(StoreError, match="refused"):
        graph.cypher(query)
    assert graph.counts()["concepts"] == 4
    assert graph.concept(ASPIRIN).name == "Aspirin"


def test_every_method_of_the_api_is_asked_of_every_store() -> None:
    """The fixtures ``graph`` and ``clinic`` give a graph in each store: whoever adds a method asks it through them."""
    texts = (path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    asked = {name for text in texts for name in re.findall(r"\b(?:graph|clinic)\.(\w+)", text)}
    assert {name for name in dir(KnowledgeGraph) if not name.startswith("_")} - asked == {"close"}
