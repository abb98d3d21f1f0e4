"""A small graph to ask, published into whatever store is tested."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.stores.ledger_samples import build, paper, read

READINGS = (
    read(paper(1, published="2014-03", url="https://example.org/1", license="CC0"), counted=(12, 34)),
    read(
        paper(2, "Metformin causes lactic acidosis.", published="2016"),
        ("Metformin", "causes", "Lactic acidosis"),
        score=0.8,
    ),
    read(paper(3, "Aspirin may cause hemorrhage.", published="2019-11-02"), score=0.7),
    read(
        paper(4, "Hemorrhage goes with lactic acidosis."),
        ("Hemorrhage", "associated_with", "Lactic acidosis"),
    ),
)


def small_ledger(folder: Path) -> Path:
    """Build the ledger of the small graph in a folder and return the folder."""
    build(folder, READINGS)
    return folder


HOSTILE = [
    'it\'s "quoted" `ticked` \\ $1 {x} // no; --',
    "'}) DETACH DELETE n //",
    "`) MATCH (n) DETACH DELETE n; //",
    "\\u0027}) RETURN 1 //",
    "line\nbreak\ttab \u2028 \U0001f642 \u202e א",
    "{{7*7}} ${jndi:ldap://x} <script>alert(1)</script>",
]


def dump(ask: Callable[[str], list[dict[str, Any]]]) -> tuple[list[Any], list[Any]]:
    """Return every node and relationship that a graph holds, sorted; without the mark, which says how it came there."""
    nodes = ask("MATCH (n) WHERE NOT n:Projection RETURN labels(n) AS labels, properties(n) AS properties")
    edges = ask("MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS type, properties(r) AS properties, b.id AS b")
    for row in (*nodes, *edges):
        row["properties"] = sorted((key, value) for key, value in row["properties"].items() if key != "medkg")
    for row in nodes:
        row["labels"] = sorted(row["labels"])
    return sorted(nodes, key=repr), sorted(edges, key=repr)
