"""kg evaluate evidence: verdicts meet the evidence that they were given on, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.app import app
from kg.errors import DataError
from kg.evaluate.judged import COLUMNS, VERDICTS, JudgedGraph, judged_graph, read_verdicts, write_rows
from kg.query import KnowledgeGraph
from kg.stores.embedded import open_embedded, publish_embedded
from kg.stores.ledger import Ledger
from tests.stores.ledger_samples import PATTERNS, build, paper, read

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "judged" / "examples.tsv"
BLEEDS = "Aspirin causes\n hemorrhage."
CLAIM = ("Aspirin", "causes", "Hemorrhage")
READINGS = (
    read(paper(1, BLEEDS)),
    read(paper(2, f"Hm. {BLEEDS}"), reader=PATTERNS),
    read(paper(3, BLEEDS), reader=PATTERNS),
    read(paper(4, "Aspirin may cause hemorrhage."), certainty="hypothesis"),
    read(paper(5, "Metformin and lactic acidosis."), ("Metformin", "causes", "Lactic acidosis"), reader=PATTERNS),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judged")
    build(folder, READINGS)
    with Ledger.open(folder) as ledger:
        publish_embedded(ledger, folder)
    return folder


@pytest.fixture(scope="module")
def graph(folder: Path) -> Iterator[KnowledgeGraph]:
    with open_embedded(folder, idle=2) as opened:
        yield KnowledgeGraph(opened)


def verdicts(path: Path, graph: KnowledgeGraph, said: dict[str, str]) -> Path:
    """Write verdicts by sentence, as a person fills them into what was not judged."""
    path.write_text("\t".join(COLUMNS) + "\n", encoding="utf-8")
    rows = [dict(row) for row in judged_graph(graph, path).unjudged()]
    write_rows([row | {"verdict": said[row["sentence"]]} for row in rows if row["sentence"] in said], path)
    return path


def test_one_verdict_is_of_the_same_words_in_every_document_and_of_every_reader(
    graph: KnowledgeGraph, tmp_path: Path
) -> None:
    said = {"Aspirin causes hemorrhage.": "right", "Metformin and lactic acidosis.": "relation"}
    result = judged_graph(graph, verdicts(tmp_path / "v.tsv", graph, said)).as_json()
    assert result["evidence"]["all"] == {
        "right": 2, "judged": 3, "of": 5, "precision": 0.667, "low": 0.208, "high": 0.939,
    }  # fmt: skip
    assert result["evidence"]["extractor causes"]["of"] == 2
    assert result["evidence"]["patterns causes"]["judged"] == 2
    assert result["errors"] == {"extractor": {}, "patterns": {"relation": 1}}
    assert [row["sentence"] for row in judged_graph(graph, tmp_path / "v.tsv").unjudged()] == [
        "Hm. Aspirin causes hemorrhage.",
        "Aspirin may cause hemorrhage.",
    ]


def test_a_statement_is_right_if_one_supporting_piece_is_and_a_hypothesis_supports_nothing(
    graph: KnowledgeGraph, tmp_path: Path
) -> None:
    def truth(said: dict[str, str]) -> list[bool | None]:
        judged: JudgedGraph = judged_graph(graph, verdicts(tmp_path / "v.tsv", graph, said))
        return sorted(judged.statements().values(), key=str)

    metformin, hm = "Metformin and lactic acidosis.", "Hm. Aspirin causes hemorrhage."
    assert truth({"Aspirin may cause hemorrhage.": "right", metformin: "link"}) == [False, None]
    assert truth({hm: "right", metformin: "link"}) == [False, True]
    assert truth({hm: "name", "Aspirin causes hemorrhage.": "name", metformin: "right"}) == [False, True]


def test_the_command_writes_what_is_left_to_judge(folder: Path, graph: KnowledgeGraph, tmp_path: Path) -> None:
    file = verdicts(tmp_path / "v.tsv", graph, {"Metformin and lactic acidosis.": "right"})
    command = ["evaluate", "evidence", str(file), "--graph", str(folder)]
    told = CliRunner().invoke(app, [*command, "--unjudged", str(tmp_path / "u.tsv"), "--json"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert found["evidence"]["all"] == {"right": 1, "judged": 1, "of": 5, "precision": 1.0, "low": 0.207, "high": 1.0}
    assert found["statements"]["all"]["judged"] == 1
    left = (tmp_path / "u.tsv").read_text(encoding="utf-8").splitlines()
    assert len(left) == 1 + 3
    with pytest.raises(DataError, match="not a verdict"):
        read_verdicts(tmp_path / "u.tsv")
    assert "patterns causes\t1\t1\t3" in CliRunner().invoke(app, command).stdout


@pytest.mark.parametrize("text", ["", "verdict\tsentence\n", "\t".join(COLUMNS) + "\nperhaps" + "\tx" * 10 + "\n"])
def test_what_is_no_file_of_verdicts_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "v.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        read_verdicts(tmp_path / "v.tsv")


def test_the_verdicts_that_ship_are_such_a_file_and_each_is_given_once() -> None:
    found = read_verdicts(SHIPPED)
    assert len(found) == len(SHIPPED.read_text(encoding="utf-8").splitlines()) - 1 > 250
    assert set(found.values()) == set(VERDICTS)
