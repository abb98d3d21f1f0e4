"""Disease-symptom pairs of the Human Disease Ontology (``disease-symptom.tsv``, CC0): which symptoms a disease has.

The release table has the columns ``disease_id``, ``disease_label``, ``symptom_id`` and ``symptom_label`` and names no
publication: what it says of a disease is the word of the ontology's own entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from kg.model import Document, Reader, Rejection
from kg.sources.curated.curies import spelt
from kg.sources.curated.rows import Key, Row, Sorter, keep, table_rows
from kg.sources.curated.said import CuratedDocument, Named, Said, lay_out
from kg.sources.stream import Stream

COLUMNS = ("disease_id", "disease_label", "symptom_id", "symptom_label")
_LABEL = "curated:has_phenotype"
_READER = Reader("doid", "1", hashlib.sha256(f"doid 1 {_LABEL}".encode()).hexdigest())


def read(stream: Stream) -> Iterator[CuratedDocument | Rejection]:
    """Yield the symptoms, disease by disease; a row that is broken becomes a Rejection."""
    with Sorter() as kept:
        broken = yield from keep(table_rows(stream), stream.file.name, kept, _pair)
        for (disease,), rows in kept.groups():
            yield _document(disease, list(rows))
    if broken is not None:
        raise broken


def _pair(row: Row) -> Iterator[tuple[Key, list[str]]]:
    disease, symptom = spelt(row.text("disease_id")), spelt(row.text("symptom_id"))
    yield (disease,), [row.text("disease_label"), symptom, row.text("symptom_label")]


def _document(disease: str, rows: list[list[str]]) -> CuratedDocument:
    label = rows[0][0]
    named = Named(disease, label, "Disease")
    text, spans = lay_out([f"{label} ({disease}) has symptom {name} ({symptom})" for _, symptom, name in rows])
    document = Document(
        id=f"doid:{disease}", work=disease, text=text, source="doid", kind="knowledge_base",
        title=f"Symptoms of {label}", license="CC0-1.0",
    )  # fmt: skip
    said = (
        Said(named, _LABEL, Named(symptom, name, "PhenotypicFeature"), span)
        for (_, symptom, name), span in zip(rows, spans, strict=True)
    )
    return CuratedDocument(document, _READER, tuple(said))
