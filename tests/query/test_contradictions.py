"""Contradictions: only what is both supported and refuted, the strongest first, with the words of both sides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.app import app
from kg.opening import open_graph
from kg.stores.embedded import publish_embedded
from kg.stores.ledger import Ledger
from tests.stores.ledger_samples import build, paper, read

DENIED = "Aspirin does not cause hemorrhage."
ASTHMA = ("Aspirin", "causes", "Asthma")


@pytest.fixture(scope="module")
def disputed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hemorrhage is disputed, asthma weakly so; lactic acidosis is only denied, or only wondered about."""
    folder = tmp_path_factory.mktemp("disputed")
    acidosis = ("Metformin", "causes", "Lactic acidosis")
    readings = [
        read(paper(1)),
        read(paper(2, DENIED), score=0.8, polarity="refutes"),
        read(paper(3, "Aspirin causes asthma."), ASTHMA),
        read(paper(4, "Aspirin may not cause asthma."), ASTHMA, polarity="refutes", certainty="hedged"),
        read(paper(5, "Does metformin cause lactic acidosis?"), acidosis, certainty="hypothesis"),
        read(paper(6, "Metformin does not cause lactic acidosis."), acidosis, polarity="refutes"),
    ]
    build(folder, readings)
    with Ledger.open(folder) as ledger:
        publish_embedded(ledger, folder)
    return folder


def test_the_strongest_contradiction_first_with_both_sentences(disputed: Path) -> None:
    with open_graph(str(disputed)) as graph:
        strong, weak = graph.contradictions()
        assert graph.contradictions(limit=1) == (strong,)
    assert [one.text for one in strong.supporting] == ["Aspirin causes hemorrhage."]
    assert [one.text for one in strong.refuting] == [DENIED]
    assert strong.strength == min(strong.statement.support, strong.statement.refute) == strong.statement.refute
    assert weak.statement.object == "MESH:D001249"
    assert 0 < weak.strength < strong.strength


def test_the_command_shows_both_sides(disputed: Path) -> None:
    said = CliRunner().invoke(app, ["contradictions", "--graph", str(disputed), "--json"])
    first = json.loads(said.stdout)[0]
    assert (first["supporting"][0]["text"], first["refuting"][0]["text"]) == ("Aspirin causes hemorrhage.", DENIED)
    shown = CliRunner().invoke(app, ["contradictions", "--graph", str(disputed), "--limit", "1"])
    (row,) = shown.stdout.splitlines()
    told = [first["statement"][side] for side in ("support", "refute")]
    assert row.split("\t") == [
        *(first["statement"]["id"], "Aspirin", "biolink:causes", "Hemorrhage"),
        *(f"{value:.3f}" for value in told),
        *("Aspirin causes hemorrhage.", DENIED),
    ]
