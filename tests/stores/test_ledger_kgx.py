"""KGX files: nodes and edges as the Biolink world exchanges them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from kg.errors import ConfigError
from kg.model import Concept
from kg.stores.kgx import export_kgx
from kg.stores.ledger import DocumentReading, Ledger
from kg.stores.selection import Selection
from tests.stores.ledger_samples import build, paper, read


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
    assert edge["belief"] == "0.734"
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
