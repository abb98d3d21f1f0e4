"""A graph as Parquet files, a row group at a time: nodes, edges, evidence, for tools that read tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.model import Evidence
from kg.stores.kgx import EDGE, NODE, edge_rows, node_rows
from kg.stores.selection import Selection
from kg.stores.whole_files import whole_files

_GROUP = 10_000
_LISTS = {"category", "synonym", "xref", "publications", "has_evidence", "supporting_text"}
_FLOATS = {"belief", "support", "refute", "has_quotient", "score"}
_INTEGERS = {
    "has_count", "has_total", "sentence_start", "sentence_end", "subject_start", "subject_end", "object_start",
    "object_end",
}  # fmt: skip
_EVIDENCE = (
    "id", "statement", "document", "work", "reader", "section", "polarity", "certainty", "score", "strength",
    "has_count", "has_total", "text", "sentence_start", "sentence_end", "subject_start", "subject_end", "object_start",
    "object_end",
)  # fmt: skip
_Row = dict[str, Any]


def export_parquet(selection: Selection, output: Path) -> tuple[int, int, int]:
    """Write ``<output>_nodes.parquet``, ``_edges.parquet`` and ``_evidence.parquet``; return the numbers of rows.

    Nodes and edges have the columns of KGX; offsets count code points of the document's text. The files appear whole
    or not at all. Raises StoreError when one cannot be written.
    """
    places = [output.with_name(f"{output.name}_{kind}.parquet") for kind in ("nodes", "edges", "evidence")]
    with whole_files(*places) as (nodes, edges, evidence):
        return (
            _write(nodes, NODE, node_rows(selection)),
            _write(edges, EDGE, edge_rows(selection)),
            _write(evidence, _EVIDENCE, map(_evidence, selection.evidences())),
        )


def _evidence(evidence: Evidence) -> _Row:
    spans = (evidence.sentence, evidence.subject_span, evidence.object_span)
    places = (place for span in spans for place in ((span.start, span.end) if span else (None, None)))
    values = (
        evidence.id, evidence.triple.id, evidence.document, evidence.work, evidence.reader.id, evidence.section,
        evidence.polarity, evidence.certainty, evidence.score, evidence.strength, evidence.count, evidence.total,
        evidence.text, *places,
    )  # fmt: skip
    return dict(zip(_EVIDENCE, values, strict=True))


def _write(file: IO[bytes], columns: Iterable[str], rows: Iterator[_Row]) -> int:
    schema = pa.schema([(name, _kind(name)) for name in columns])
    count = 0
    with pq.ParquetWriter(file, schema) as writer:
        while group := list(islice(rows, _GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


def _kind(name: str) -> pa.DataType:
    if name in _LISTS:
        return pa.list_(pa.string())
    if name in _FLOATS:
        return pa.float64()
    return pa.int64() if name in _INTEGERS else pa.bool_() if name == "negated" else pa.string()
