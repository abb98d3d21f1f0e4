"""The saved questions of docs/sparql: the answers of docs/cypher, on the same graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.stores.rdf_query import sparql
from tests.query.test_questions import ANSWERS

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "sparql"


def as_cypher(cell: str | None, wanted: Any) -> Any:
    """A cell as Cypher gives it: lists and numbers are text in a SPARQL answer."""
    if cell is None or isinstance(wanted, str):
        return cell
    return cell.split(", ") if isinstance(wanted, list) else type(wanted)(cell)


def test_the_same_questions_are_asked() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.rq")) == sorted(ANSWERS)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_question(small_graph_folder: Path, name: str) -> None:
    found = sparql(small_graph_folder, (FOLDER / f"{name}.rq").read_text(encoding="utf-8"), timeout=120)
    wanted = ANSWERS[name]
    assert len(found.rows) == len(wanted), found.rows
    for row, expected in zip(found.rows, wanted, strict=True):
        assert tuple(as_cypher(cell, value) for cell, value in zip(row, expected, strict=True)) == expected
