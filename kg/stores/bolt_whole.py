"""The whole property graph of a ledger as plain rows, for loaders that need no merging: each node and edge once.

What it yields is what ``bolt_publish`` leaves in an empty graph, property by property.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.stores import bolt_schema as texts
from kg.stores.bolt_batches import batches, weighed, with_evidence
from kg.stores.bolt_hierarchy import KIND
from kg.stores.bolt_rows import (
    Row,
    concept_row,
    document_row,
    edge_row,
    evidence_row,
    mark_row,
    statement_row,
    year,
)
from kg.stores.source import LedgerView


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes with the same labels; the first label is the one whose ids are unique."""

    labels: tuple[str, ...]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Edges:
    """Relationships of one type, each between the ids of a ``start`` and an ``end`` node that came before it."""

    type: str
    start: str
    end: str
    pairs: list[tuple[str, str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def add(self, start: str, end: str, row: Row) -> None:
        """Add one relationship with its properties."""
        self.pairs.append((start, end))
        self.rows.append(row)


def whole(ledger: LedgerView, build: str, source: str) -> Iterator[Nodes | Edges]:
    """Yield the graph in bounded batches; ``build`` is the mark on all that is made, ``source`` names the ledger in the
    projection's mark.

    Raises SchemaError for a category or predicate that schemas/ does not know.
    """
    mark = {"medkg": build}
    parents: dict[str, list[str]] = {}
    for batch in batches(map(concept_row, ledger.concepts())):
        by_category: dict[str, list[Row]] = defaultdict(list)
        for row in batch:
            parents[row["id"]] = row["parents"] or []
            by_category[texts.category_label(row["category"])].append(row | mark)
        yield from (Nodes(("Concept", category), rows) for category, rows in sorted(by_category.items()))
    broader = ((child, up) for child, ups in parents.items() for up in dict.fromkeys(ups) if up in parents)
    for pairs in batches({"child": child, "parent": up} for child, up in broader):
        ends = [(pair["child"], pair["parent"]) for pair in pairs]
        yield Edges(KIND, "Concept", "Concept", ends, [mark] * len(ends))
    years: dict[str, int] = {}
    for batch in batches(map(document_row, ledger.documents())):
        years.update((row["id"], known) for row in batch if (known := year(row["published"])) is not None)
        yield Nodes(("Document",), [row | mark for row in batch])
    for said in weighed(with_evidence(ledger, None)):
        edges: dict[str, Edges] = {}
        provenance = Edges("SUPPORTED_BY", "Statement", "Evidence"), Edges("IN", "Evidence", "Document")
        for statement, heard in said:
            triple = statement.triple
            kind = texts.relationship(triple.predicate)
            row = edge_row(statement, {years[e.document] for e in heard if e.document in years})
            edge = edges.setdefault(kind, Edges(kind, "Concept", "Concept"))
            edge.add(triple.subject, triple.object, {"id": triple.id} | row["properties"] | mark)
            for evidence in heard:
                provenance[0].add(triple.id, evidence.id, {})
                provenance[1].add(evidence.id, evidence.document, {})
        yield Nodes(("Statement",), [statement_row(statement) | mark for statement, _ in said])
        yield Nodes(("Evidence",), [evidence_row(evidence) | mark for _, heard in said for evidence in heard])
        yield from (edges[kind] for kind in sorted(edges))
        yield from provenance
    yield Nodes(("Projection",), [mark_row(source, ledger.last_change) | mark])
