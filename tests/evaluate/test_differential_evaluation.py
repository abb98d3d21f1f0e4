"""kg evaluate differential: files told apart by content, evidence of evaluated publications left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.app import app
from kg.config import load_settings
from kg.errors import DataError
from kg.evaluate.differential import Knowledge, evaluate, evaluate_files, read_knowledge
from kg.link.terminology import Terminology

CASES = Path("tests/data/curated/cases.jsonl")
ANNOTATIONS = Path("tests/data/curated/phenotype.hpoa")


@pytest.fixture(scope="module")
def terminology() -> Terminology:
    """The one that ships."""
    return Terminology.load(load_settings().terminology)


def write(path: Path, cases: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    return path


def case(name: str, pmid: str, disease: str, present: list[str]) -> dict[str, object]:
    return {"id": name, "pmid": pmid, "disease_id": disease, "present": [[one, one] for one in present], "sex": "MALE"}


def test_files_are_told_apart_by_content(tmp_path: Path) -> None:
    renamed = tmp_path / "anything.txt"
    renamed.write_bytes(ANNOTATIONS.read_bytes())
    found = read_knowledge([renamed, CASES])
    assert (len(found.annotations), len(found.cases)) == (51, 10)
    with pytest.raises(DataError, match="neither HPO annotations"):
        read_knowledge([Path("pyproject.toml")])


def test_evidence_of_an_evaluated_publication_never_counts(terminology: Terminology, tmp_path: Path) -> None:
    known = [case("a", "PMID:1", "OMIM:1", ["HP:0001250"]), case("b", "PMID:2", "OMIM:2", ["HP:0001250"])]
    tested = [case("t", "PMID:1", "OMIM:1", ["HP:0001250"]), case("u", "PMID:3", "OMIM:2", ["HP:0001250"])]
    result = evaluate_files([write(tmp_path / "k", known)], write(tmp_path / "t", tested), terminology)
    assert (result["cases"], result["candidates"], result["without_evidence"], result["top1"]) == (1, 1, 1, 1.0)
    rows = read_knowledge([ANNOTATIONS]).annotations
    own = [row for row in rows if row.disease == "OMIM:619340"]
    (patient,) = read_knowledge(
        [write(tmp_path / "own", [case("p", own[0].references[0], "OMIM:619340", [own[0].finding])])]
    ).cases
    with pytest.raises(DataError, match="none of the cases' diseases"):
        evaluate(Knowledge(annotations=own), [patient], terminology)


def test_the_command_prints_one_value() -> None:
    told = ["--knowledge", str(ANNOTATIONS), "--knowledge", str(CASES), "--folds", "2", "--json"]
    found = CliRunner().invoke(app, ["evaluate", "differential", *told])
    assert found.exit_code == 0, found.output
    value = json.loads(found.stdout)
    assert list(value)[:7] == ["cases", "candidates", "top1", "top3", "top10", "mrr", "seconds"]
    assert 0 < value["top1"] <= value["top3"] <= value["top10"] == 1.0


def test_a_broken_row_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text(CASES.read_text(encoding="utf-8") + '{"id": "x", "pmid": 7}\n', encoding="utf-8")
    with pytest.raises(DataError, match="line 11"):
        read_knowledge([broken])
