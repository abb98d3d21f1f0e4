"""KGX files of others (https://github.com/biolink/kgx): edges in Biolink's words, as TSV or JSON lines.

One document for what a file says of one subject on the word of one work: a publication of the edge (each votes), else
the knowledge source itself. The reader is the primary knowledge source, so that two of them are two voices. What the
schema cannot say without changing its meaning (an unknown predicate or qualifier) is refused by name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from itertools import groupby
from typing import Any

from kg.ids import content_id
from kg.model import Document, Reader, Rejection, Span
from kg.schema import AGENT_TYPES, KNOWLEDGE_LEVELS, PREDICATES, QUALIFIERS
from kg.sources.curated.curies import spelt
from kg.sources.curated.kgx_nodes import Nodes
from kg.sources.curated.rows import Key, Row, Sorter, Unusable, json_rows, keep, table_rows
from kg.sources.curated.said import CuratedDocument, Named, Said, lay_out
from kg.sources.refusal import Refusal
from kg.sources.stream import Stream

COLUMNS = ("subject", "predicate", "object")
_QUALIFIED = ("qualifier", "qualifiers")
_VALUE = re.compile(r"[\w .:/+-]{1,200}")
# These narrow an edge without making another claim of it: they stay beside the evidence.
_BESIDE = ("frequency_qualifier", "onset_qualifier", "sex_qualifier")


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge. ``works`` are its publications, or the ``source``; ``text`` is all that the row says, as one line."""

    subject: str
    predicate: str
    object: str
    qualifiers: list[list[str]]
    negated: bool
    strength: str
    hedged: bool
    count: int | None
    total: int | None
    source: str
    works: list[str]
    license: str
    text: str


def read_table(stream: Stream) -> Iterator[CuratedDocument | Rejection]:
    """Yield what ``NAME_edges.tsv`` says; names and categories come from ``NAME_nodes.tsv`` beside it."""
    return _read(stream, table_rows(stream))


def read_json(stream: Stream) -> Iterator[CuratedDocument | Rejection]:
    """Yield what ``NAME_edges.jsonl`` says; names and categories come from ``NAME_nodes.jsonl`` beside it."""
    return _read(stream, json_rows(stream))


def _read(stream: Stream, rows: Iterable[Row | Refusal]) -> Iterator[CuratedDocument | Rejection]:
    file = stream.file.name

    def voices(row: Row) -> Iterator[tuple[Key, Any]]:
        edge = _edge(row, file)
        for work in edge.works:
            yield (edge.source, edge.subject, work), astuple(edge)

    with Sorter() as kept, Nodes(stream) as nodes:
        broken = yield from keep(rows, file, kept, voices)
        if nodes.broken is not None:
            yield nodes.broken
        for (source, subject, work), same in kept.groups():
            yield _document(source, subject, work, [Edge(*values) for values in same], nodes)
    if broken is not None:
        raise broken


def _edge(row: Row, file: str) -> Edge:
    subject, object = (spelt(row.text(end), f"the id of {end}") for end in ("subject", "object"))
    predicate = row.text("predicate").removeprefix("biolink:").replace(" ", "_")
    if predicate not in PREDICATES:
        raise Unusable("unknown_predicate", f"{predicate[:80] or 'no predicate'}: not in schemas/predicates.yaml")
    qualifiers = []
    for column in row.cells:
        if column in _BESIDE or not column.endswith(_QUALIFIED):
            continue
        if (key := column.removesuffix("_qualifier")) not in QUALIFIERS:
            raise Unusable("unknown_qualifier", f"{column[:80]}: without it the edge would say something else")
        value = row.text(column)
        if not _VALUE.fullmatch(value):
            raise ValueError(f"{column} is no qualifier: {value[:40]!r}")
        qualifiers.append([key, value])
    level = _of("knowledge_level", row, KNOWLEDGE_LEVELS)
    told = [("knowledge_level", level), ("agent_type", _of("agent_type", row, AGENT_TYPES))]
    told += [(column.removesuffix("_qualifier"), row.text(column).replace(";", ",")) for column in _BESIDE]
    count, total = _counted(row)
    source = row.one("primary_knowledge_source", "knowledge_source", "provided_by") or file.rpartition("/")[2]
    source = " ".join(source.split())[:200]
    works = [spelt(work, "a publication") for work in row.many("publications")]
    return Edge(
        subject, predicate, object, sorted(qualifiers), _negated(row),
        "; ".join(f"{name} {value}" for name, value in told if value), level in ("prediction", "text_co_occurrence"),
        count, total, source, sorted(set(works)) or [f"kgx:{source}"], row.text("license"), _worded(row),
    )  # fmt: skip


def _document(source: str, subject: str, work: str, edges: list[Edge], nodes: Nodes) -> CuratedDocument:
    edges.sort(key=lambda edge: (_claim(edge), edge.text))
    names = {id: nodes.named(id) for edge in edges for id in (edge.subject, edge.object)}
    text, spans = lay_out([_line(edge, names) for edge in edges])
    document = Document(
        id=f"kgx:{content_id(source, subject, work)}", work=work, text=text, source=f"kgx:{source}",
        kind="knowledge_base", title=f"{source} on {names[subject].name or subject}", license=edges[0].license,
    )  # fmt: skip
    reader = Reader(f"kgx:{source}", "1", hashlib.sha256(f"kgx {source}".encode()).hexdigest())
    said, at = [], 0
    for _, alike in groupby(edges, key=_claim):
        same = list(alike)
        first, start = same[0], spans[at].start
        at += len(same)
        said.append(
            Said(
                names[subject], f"biolink:{first.predicate}", names[first.object], Span(start, spans[at - 1].end),
                "refutes" if first.negated else "supports", first.strength, first.count, first.total,
                "hedged" if first.hedged else "asserted", 1.0, tuple((key, value) for key, value in first.qualifiers),
            )
        )  # fmt: skip
    return CuratedDocument(document, reader, tuple(said))


def _claim(edge: Edge) -> tuple[Any, ...]:
    """What makes edges of one work the same word: several sentences behind it are one passage of the document."""
    counted = (edge.count is not None, edge.count or 0, edge.total or 0)
    return edge.predicate, edge.object, edge.qualifiers, edge.negated, edge.strength, counted


def _line(edge: Edge, names: dict[str, Named]) -> str:
    ends = [f"{names[id].name} ({id})" if names[id].name else id for id in (edge.subject, edge.object)]
    return f"{ends[0]} {'not ' if edge.negated else ''}biolink:{edge.predicate} {ends[1]} | {edge.text}"


def _worded(row: Row) -> str:
    told = [name for name in row.cells if name not in COLUMNS]
    told.sort(key=lambda name: (name != "supporting_text", name))
    return " | ".join(f"{name}: {' '.join(row.one(name).split())}" for name in told)


def _of(column: str, row: Row, known: tuple[str, ...]) -> str:
    value = row.text(column)
    return value if value in known else known[-1]


def _negated(row: Row) -> bool:
    value = row.text("negated").lower()
    if value not in ("", "true", "false"):
        raise ValueError(f"negated must be true or false, not {value[:40]!r}")
    return value == "true"


def _counted(row: Row) -> tuple[int | None, int | None]:
    count, total = (row.text(name) for name in ("has_count", "has_total"))
    if not count or not total:
        return None, None
    if not re.fullmatch(r"\d{1,9}", count) or not re.fullmatch(r"\d{1,9}", total) or not 0 <= int(count) <= int(total):
        raise ValueError(f"{count[:20]} of {total[:20]} is no frequency")
    return (int(count), int(total)) if int(total) else (None, None)
