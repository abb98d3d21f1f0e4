"""The saved questions of docs/cypher: each runs, and gives the same answer on the embedded graph and on Neo4j."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kg.query import KnowledgeGraph

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "cypher"
ASPIRIN = "Aspirin causes hemorrhage."
HEDGED = "Aspirin may cause hemorrhage."

ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "01-what-does-it-cause": [("Hemorrhage", 0.734, 2, 2014)],
    "02-what-is-said-to-cause-it": [("Aspirin", "ChemicalEntity", 0.734, 2)],
    "03-who-says-so": [
        ("PMID:1", "2014-03", "supports", "asserted", 0.9, ASPIRIN),
        ("PMID:3", "2019-11-02", "supports", "asserted", 0.7, HEDGED),
    ],
    "04-everything-about-it": [
        ("Hemorrhage", "ASSOCIATED_WITH", "Lactic acidosis", 0.64),
        ("Metformin", "CAUSES", "Lactic acidosis", 0.569),
    ],
    "05-how-are-they-connected": [
        (["Aspirin", "Hemorrhage", "Lactic acidosis", "Metformin"], ["CAUSES", "ASSOCIATED_WITH", "CAUSES"])
    ],
    "06-found-by-any-name": [("MESH:D006470", "Hemorrhage", ["hemorrhage"])],
    "07-shared-effects": [("Lactic acidosis", "Hemorrhage", "ASSOCIATED_WITH", 0.64)],
    "08-disputed": [],
    "09-what-does-a-document-say": [("Aspirin", "biolink:causes", "Hemorrhage", "abstract", HEDGED)],
    "10-how-much-of-what": [("biolink:causes", 2, 0.734), ("biolink:associated_with", 1, 0.64)],
}


def test_every_question_has_an_answer_here() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.cypher")) == sorted(ANSWERS)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_question(graph: KnowledgeGraph, name: str) -> None:
    text = (FOLDER / f"{name}.cypher").read_text(encoding="utf-8")
    parameters = dict(re.findall(r"^// :param (\w+) => '(.*)'$", text, flags=re.MULTILINE))
    assert [tuple(row.values()) for row in graph.cypher(text, parameters)] == ANSWERS[name]
