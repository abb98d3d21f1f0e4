"""A graph as GraphML or as a networkx MultiDiGraph: concepts, and one edge for each statement under its id.

GraphML knows no lists: their values stand in lines of their own within one text. A character that XML cannot hold
becomes U+FFFD, in both forms, so that networkx reads from the file the graph that ``to_networkx`` makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import networkx as nx
from lxml import etree

from kg.errors import DataError
from kg.stores.kgx import EDGE, NODE, Row, edge_rows, node_rows
from kg.stores.selection import Selection
from kg.stores.whole_files import whole_files

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPES = {
    **dict.fromkeys(("belief", "support", "refute", "has_quotient"), "double"),
    **dict.fromkeys(("has_count", "has_total"), "long"),
    "negated": "boolean",
}


def to_networkx(selection: Selection) -> nx.MultiDiGraph:
    """Return the graph; it must fit into memory. Nodes and edges carry the columns of KGX that have a value."""
    graph = nx.MultiDiGraph()
    for row in node_rows(selection):
        graph.add_node(row["id"], **_facts(row, NODE[1:]))
    for row in edge_rows(selection):
        graph.add_edge(
            row["subject"], row["object"], key=row["id"], **_facts(row, EDGE[4:], predicate=row["predicate"])
        )
    return graph


def export_graphml(selection: Selection, output: Path) -> tuple[int, int]:
    """Write a GraphML file as a stream and return how many nodes and edges; ``.gz`` compresses it.

    The file appears whole or not at all. Raises DataError for an id with a character that XML cannot hold (another
    character in its place would make it another id), StoreError when the file cannot be written.
    """
    nodes = edges = 0
    with whole_files(output) as (file,), etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("graphml", nsmap={None: _NAMESPACE}):
            for kind, columns in (("node", NODE[1:]), ("edge", ("predicate", *EDGE[4:]))):
                for name in columns:
                    facts = {"attr.name": name, "attr.type": _TYPES.get(name, "string")}
                    xml.write(etree.Element("key", {"id": f"{kind}_{name}", "for": kind, **facts}))
            with xml.element("graph", edgedefault="directed"):
                for row in node_rows(selection):
                    xml.write(_element("node", {"id": row["id"]}, _facts(row, NODE[1:])))
                    nodes += 1
                for row in edge_rows(selection):
                    ends = {"id": row["id"], "source": row["subject"], "target": row["object"]}
                    xml.write(_element("edge", ends, _facts(row, EDGE[4:], predicate=row["predicate"])))
                    edges += 1
    return nodes, edges


def _facts(row: Row, columns: Iterable[str], **more: str) -> dict[str, Any]:
    values = {**more, **{name: row[name] for name in columns}}
    joined = {name: "\n".join(value) if isinstance(value, list) else value for name, value in values.items()}
    clean = {name: _UNFIT.sub("\ufffd", value) if isinstance(value, str) else value for name, value in joined.items()}
    return {name: value for name, value in clean.items() if value not in (None, "")}


def _element(kind: str, attributes: dict[str, str], facts: dict[str, Any]) -> etree._Element:
    unfit = next((value for value in attributes.values() if _UNFIT.search(value)), None)
    if unfit is not None:
        raise DataError(
            "GraphML cannot hold this id: it has a control character; mend it at its source", id=repr(unfit)
        )
    made = etree.Element(kind, attributes)
    for name, value in facts.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        etree.SubElement(made, "data", key=f"{kind}_{name}").text = text
    return made
