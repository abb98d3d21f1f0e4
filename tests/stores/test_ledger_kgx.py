"""KGX files: nodes and edges as the Biolink world exchanges them."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import biolink_model
import duckdb
import networkx as nx
import pytest
import yaml

from kg.errors import ConfigError, DataError
from kg.model import Concept, Polarity, Reader, Triple
from kg.schema import READERS
from kg.stores.graphml import export_graphml, to_networkx
from kg.stores.kgx import EDGE, NODE, edge_rows, export_kgx
from kg.stores.ledger import DocumentReading, Ledger
from kg.stores.parquet import export_parquet
from kg.stores.rdf import export
from kg.stores.selection import Selection
from tests.stores.ledger_samples import EXTRACTOR, build, paper, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(tmp_path, [read(paper(1)), read(paper(2))])
    return tmp_path


def test_tsv(folder: Path) -> None:
    with Ledger.open(folder) as ledger:
        assert export_kgx(Selection(ledger), folder / "graph") == (2, 1)
    with (folder / "graph_nodes.tsv").open(encoding="utf-8", newline="") as file:
        nodes = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [node["id"] for node in nodes] == ["MESH:D001241", "MESH:D006470"]
    assert nodes[1]["category"] == "biolink:PhenotypicFeature"
    with (folder / "graph_edges.tsv").open(encoding="utf-8", newline="") as file:
        (edge,) = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    assert (edge["subject"], edge["predicate"], edge["object"]) == ("MESH:D001241", "biolink:causes", "MESH:D006470")
    assert edge["publications"] == "PMID:1|PMID:2"
    assert edge["belief"] == "0.761"
    assert len(edge["has_evidence"].split("|")) == 2


def test_jsonl(folder: Path) -> None:
    with Ledger.open(folder) as ledger:
        export_kgx(Selection(ledger), folder / "graph", "jsonl")
    nodes = [json.loads(line) for line in (folder / "graph_nodes.jsonl").read_text().splitlines()]
    edges = [json.loads(line) for line in (folder / "graph_edges.jsonl").read_text().splitlines()]
    assert nodes[1]["category"] == ["biolink:PhenotypicFeature"]
    assert {edges[0]["subject"], edges[0]["object"]} == {node["id"] for node in nodes}
    assert edges[0]["agent_type"] == "text_mining_agent"


def test_names_with_tabs_and_bars_keep_their_column(tmp_path: Path) -> None:
    odd = Concept("MESH:D001241", 'Aspirin\t"A|B"\n', "ChemicalEntity", ("ASA", "a|b"), source="MeSH")
    other = Concept("MESH:D006470", "Hemorrhage", "PhenotypicFeature")
    said = read(paper(1))
    build(tmp_path, [DocumentReading(said.document, "k", (), said.evidence, (odd, other))])
    with Ledger.open(tmp_path) as ledger:
        export_kgx(Selection(ledger), tmp_path / "graph")
    line = (tmp_path / "graph_nodes.tsv").read_text().splitlines()[1]
    assert line.split("\t") == ["MESH:D001241", "biolink:ChemicalEntity", 'Aspirin "A|B"', "ASA|a/b", "", "MeSH"]


def test_another_format_is_refused(folder: Path) -> None:
    with Ledger.open(folder) as ledger, pytest.raises(ConfigError, match="formats=tsv, jsonl"):
        export_kgx(Selection(ledger), folder / "graph", "csv")


def test_a_refuted_statement_is_negated_and_a_supposed_one_is_no_edge(tmp_path: Path) -> None:
    refuted = read(paper(1, "Aspirin does not cause hemorrhage."), polarity="refutes")
    supposed = read(paper(2, "Metformin may cause asthma."), ("Metformin", "causes", "Asthma"), certainty="hypothesis")
    build(tmp_path, [refuted, supposed])
    with Ledger.open(tmp_path) as ledger:
        assert export_kgx(Selection(ledger), tmp_path / "graph", "jsonl") == (4, 1)
    (edge,) = map(json.loads, (tmp_path / "graph_edges.jsonl").read_text().splitlines())
    assert (edge["object"], edge["negated"], edge["belief"]) == ("MESH:D006470", True, 0.0)
    assert edge["supporting_text"] == ["Aspirin does not cause hemorrhage."]


HPOA, CASES = Reader("hpoa", "2026", "d" * 64), Reader("cases", "1", "e" * 64)


@pytest.mark.parametrize(
    ("given", "level", "agent"),
    [
        ([(1, EXTRACTOR, "supports")], "not_provided", "text_mining_agent"),
        ([(1, EXTRACTOR, "supports"), (2, CASES, "supports")], "observation", "manual_agent"),
        ([(1, CASES, "supports"), (2, HPOA, "supports")], "knowledge_assertion", "manual_agent"),
        # A curated refutation does not make a manual assertion of what a text supports.
        ([(1, EXTRACTOR, "supports"), (2, HPOA, "refutes")], "not_provided", "text_mining_agent"),
        ([(1, HPOA, "refutes")], "knowledge_assertion", "manual_agent"),
        ([(1, Reader("stranger", "1", "f" * 64), "supports")], "not_provided", "not_provided"),
    ],
)
def test_level_and_agent_come_from_the_readers_that_count(
    tmp_path: Path, given: list[tuple[int, Reader, Polarity]], level: str, agent: str
) -> None:
    build(tmp_path, [read(paper(number), reader=reader, polarity=polarity) for number, reader, polarity in given])
    with Ledger.open(tmp_path) as ledger:
        (edge,) = edge_rows(Selection(ledger))
        export(Selection(ledger), tmp_path / "graph.nq")
    assert (edge["knowledge_level"], edge["agent_type"]) == (level, agent)
    found = (tmp_path / "graph.nq").read_text()
    assert f'<https://w3id.org/biolink/vocab/knowledge_level> "{level}"' in found
    assert f'<https://w3id.org/biolink/vocab/agent_type> "{agent}"' in found


def test_every_shipped_reader_says_what_it_knows() -> None:
    """Those that the readers of curated files and texts give their evidence, under the names that they give."""
    assert {name: (kind.knowledge_level, kind.agent_type) for name, kind in READERS.items()} == {
        "hpoa": ("knowledge_assertion", "manual_agent"),
        "doid": ("knowledge_assertion", "manual_agent"),
        "cases": ("observation", "manual_agent"),
        "extractor": ("not_provided", "text_mining_agent"),
        "patterns": ("not_provided", "text_mining_agent"),
    }


def test_edges_use_the_words_of_biolink(folder: Path) -> None:
    """Every column is a slot of the installed Biolink Model, but the three figures of belief and our one qualifier."""
    model = yaml.safe_load((Path(next(iter(biolink_model.__path__))) / "schema" / "biolink_model.yaml").read_text())
    slots = {name.replace(" ", "_") for name in model["slots"]}
    assert set(EDGE) - slots == {"belief", "support", "refute", "relation_kind_qualifier"}
    assert set(NODE) - slots == set()
    with Ledger.open(folder) as ledger:
        (edge,) = edge_rows(Selection(ledger))
    for slot in ("knowledge level", "agent type"):
        values = model["enums"][model["slots"][slot]["range"]]["permissible_values"]
        assert edge[slot.replace(" ", "_")] in values


def test_graphml_and_networkx_are_one_graph(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1, "Aspirin \x01 <causes> & hemorrhage.\r\n"), counted=(12, 34)), read(paper(2))])
    with Ledger.open(tmp_path) as ledger:
        made = to_networkx(Selection(ledger))
        assert export_graphml(Selection(ledger), tmp_path / "graph.graphml") == (2, 1)
    found = nx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    assert dict(found.nodes(data=True)) == dict(made.nodes(data=True))
    assert list(found.edges(keys=True, data=True)) == list(made.edges(keys=True, data=True))
    ((subject, obj, _, facts),) = made.edges(keys=True, data=True)
    assert (subject, obj, facts["predicate"]) == ("MESH:D001241", "MESH:D006470", "biolink:causes")
    assert (facts["has_count"], facts["has_total"], facts["negated"]) == (12, 34, False)
    assert "Aspirin \ufffd <causes> & hemorrhage.\ufffd\n" in facts["supporting_text"]


@pytest.mark.parametrize("odd", ["MESH:D00\x011241", "MESH:D\ufffe", "MESH:D\r1"])
def test_an_id_that_xml_cannot_hold_is_named_and_leaves_no_file(tmp_path: Path, odd: str) -> None:
    said = read(paper(1))
    (evidence,) = said.evidence
    triple = Triple(odd, "biolink:causes", evidence.triple.object)
    concepts = (Concept(odd, "Aspirin", "ChemicalEntity"), Concept(triple.object, "Hemorrhage", "PhenotypicFeature"))
    build(tmp_path, [DocumentReading(said.document, "k", (), (replace(evidence, triple=triple),), concepts)])
    with Ledger.open(tmp_path) as ledger, pytest.raises(DataError) as raised:
        export_graphml(Selection(ledger), tmp_path / "graph.graphml")
    assert raised.value.context == {"id": repr(odd)}
    assert not list(tmp_path.glob("*graph.graphml*"))


def test_parquet_tables_join(folder: Path) -> None:
    with Ledger.open(folder) as ledger:
        assert export_parquet(Selection(ledger), folder / "graph") == (2, 1, 2)
    query = f"""
        SELECT n.name, e.publications, v.text[v.subject_start + 1 : v.subject_end], e.belief
        FROM '{folder}/graph_edges.parquet' e JOIN '{folder}/graph_evidence.parquet' v ON v.statement = e.id
            JOIN '{folder}/graph_nodes.parquet' n ON n.id = e.subject ORDER BY v.id"""
    assert duckdb.sql(query).fetchall() == [("Aspirin", ["PMID:1", "PMID:2"], "Aspirin", 0.761)] * 2
    assert not list(folder.glob(".*.partial"))
