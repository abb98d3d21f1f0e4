"""KGX files from a ledger: the exchange form of the Biolink world, as TSV or JSON lines.

Nodes are the concepts, edges the statements with their belief. The same ledger gives the same bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.errors import ConfigError, StoreError
from kg.model import Concept, Statement
from kg.stores.selection import Selection

FORMATS = ("tsv", "jsonl")
_NODE = ("id", "category", "name", "synonym", "xref", "provided_by")
_EDGE = (
    "id", "subject", "predicate", "object", "category", "qualifiers", "publications", "has_evidence", "belief",
    "support", "refute", "knowledge_level", "agent_type", "primary_knowledge_source",
)  # fmt: skip
_Row = dict[str, Any]


def export_kgx(selection: Selection, output: Path, format: str = "tsv") -> tuple[int, int]:
    """Write ``<output>_nodes.<format>`` and ``<output>_edges.<format>``; return how many nodes and edges.

    Lists are joined by ``|`` in TSV, where ``qualifiers`` are ``key=value`` pairs; tabs and line ends in names become
    spaces, and a ``|`` within a value ``/``. Each file appears whole or not at all. Raises ConfigError for another
    format, StoreError when a file cannot be written.
    """
    if format not in FORMATS:
        raise ConfigError("no such KGX format", format=format, formats=", ".join(FORMATS))
    nodes = _write(output, f"_nodes.{format}", _NODE, map(_node, selection.concepts()))
    edges = _write(output, f"_edges.{format}", _EDGE, map(_edge, selection.statements()))
    return nodes, edges


def _node(concept: Concept) -> _Row:
    values = (
        concept.id, [f"biolink:{concept.category}"], concept.name, list(concept.synonyms), list(concept.xrefs),
        concept.source,
    )  # fmt: skip
    return dict(zip(_NODE, values, strict=True))


def _edge(statement: Statement) -> _Row:
    triple = statement.triple
    values = (
        statement.id, triple.subject, triple.predicate, triple.object, ["biolink:Association"],
        [f"{key}={value}" for key, value in triple.qualifiers], list(statement.works), list(statement.evidence),
        statement.belief, statement.support, statement.refute, "not_provided", "text_mining_agent", "infores:medkg",
    )  # fmt: skip
    return dict(zip(_EDGE, values, strict=True))


def _write(output: Path, ending: str, columns: tuple[str, ...], rows: Iterable[_Row]) -> int:
    target = output.with_name(output.name + ending)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    line: Callable[[_Row], str] = _json_line if ending.endswith("jsonl") else _tab_line
    count = 0
    try:
        try:
            with partial.open("w", encoding="utf-8", newline="") as file:
                if line is _tab_line:
                    file.write("\t".join(columns) + "\n")
                for row in rows:
                    file.write(line(row))
                    count += 1
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write the export: {error.strerror or error}", file=str(target)) from error
    return count


def _json_line(row: _Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _tab_line(row: _Row) -> str:
    return "\t".join(_cells(row.values())) + "\n"


def _cells(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, list):
            yield "|".join(" ".join(item.replace("|", "/").split()) for item in value)
        elif isinstance(value, float):
            yield f"{value:.3f}"
        else:
            yield " ".join(str(value).split())
