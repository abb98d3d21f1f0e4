"""KGX files from a graph: the exchange form of the Biolink world, as TSV or JSON lines.

Nodes are the concepts, edges the statements with their belief; a statement that is only refuted is ``negated``, one
that is only supposed is no edge. The same graph gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from kg.errors import ConfigError
from kg.model import Concept, Evidence, Statement
from kg.schema import QUALIFIERS
from kg.stores.knowledge import knowledge, negated
from kg.stores.ledger import Origin
from kg.stores.selection import Selection
from kg.stores.whole_files import whole_files

FORMATS = ("tsv", "jsonl")
NODE = ("id", "category", "name", "synonym", "xref", "provided_by")
EDGE = (
    "id", "subject", "predicate", "object", "category", "negated", "publications", "has_evidence", "supporting_text",
    "belief", "support", "refute", "has_count", "has_total", "has_quotient",
    *(f"{key}_qualifier" for key in QUALIFIERS), "knowledge_level", "agent_type", "primary_knowledge_source",
)  # fmt: skip
Row = dict[str, Any]


def export_kgx(selection: Selection, output: Path, format: str = "tsv") -> tuple[int, int]:
    """Write ``<output>_nodes.<format>`` and ``<output>_edges.<format>``; return how many nodes and edges.

    Lists are joined by ``|`` in TSV; tabs and line ends become spaces, and a ``|`` within a value of a list ``/``.
    What is not known is left out of JSON and empty in TSV. Both files appear whole or not at all. Raises ConfigError
    for another format, StoreError when a file cannot be written.
    """
    if format not in FORMATS:
        raise ConfigError("no such KGX format", format=format, formats=", ".join(FORMATS))
    places = (output.with_name(f"{output.name}_{kind}.{format}") for kind in ("nodes", "edges"))
    with whole_files(*places) as (nodes, edges):
        return _write(nodes, NODE, node_rows(selection), format), _write(edges, EDGE, edge_rows(selection), format)


def node_rows(selection: Selection) -> Iterator[Row]:
    """Yield the concepts as KGX nodes, by id."""
    return map(_node, selection.concepts())


def edge_rows(selection: Selection) -> Iterator[Row]:
    """Yield the statements as KGX edges, by id."""
    return (_edge(statement, said) for statement, said in selection.supported() if statement.works)


def _node(concept: Concept) -> Row:
    values = (
        concept.id, [f"biolink:{concept.category}"], concept.name, list(concept.synonyms), list(concept.xrefs),
        concept.source,
    )  # fmt: skip
    return dict(zip(NODE, values, strict=True))


def _edge(statement: Statement, said: Sequence[tuple[Evidence, Origin]]) -> Row:
    triple, counted, qualifiers = statement.triple, statement.frequency, dict(statement.triple.qualifiers)
    known = knowledge(statement, said)
    values = (
        statement.id, triple.subject, triple.predicate, triple.object, ["biolink:Association"],
        negated(statement), list(statement.works), list(statement.evidence),
        [evidence.text for evidence, _ in said if evidence.text],
        statement.belief, statement.support, statement.refute,
        *((counted.count, counted.total, counted.share) if counted else (None, None, None)),
        *(qualifiers.get(key) for key in QUALIFIERS),
        known.knowledge_level, known.agent_type, "infores:medkg",
    )  # fmt: skip
    return dict(zip(EDGE, values, strict=True))


def _write(file: IO[bytes], columns: tuple[str, ...], rows: Iterable[Row], format: str) -> int:
    line: Callable[[Row], str] = _json_line if format == "jsonl" else _tab_line
    if format == "tsv":
        file.write(("\t".join(columns) + "\n").encode())
    count = 0
    for row in rows:
        file.write(line(row).encode())
        count += 1
    return count


def _json_line(row: Row) -> str:
    return (
        json.dumps({key: value for key, value in row.items() if value not in (None, "", [])}, ensure_ascii=False) + "\n"
    )


def _tab_line(row: Row) -> str:
    return "\t".join(_cells(row.values())) + "\n"


def _cells(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, list):
            yield "|".join(" ".join(item.replace("|", "/").split()) for item in value)
        elif isinstance(value, bool):
            yield str(value).lower()
        elif isinstance(value, float):
            yield f"{value:.3f}"
        else:
            yield "" if value is None else " ".join(str(value).split())
