"""From what curated knowledge bases say to what the ledger records: concepts looked up, claims checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.errors import SchemaError
from kg.model import Concept, Evidence, Reader, Rejection
from kg.readers import Readers
from kg.schema import SCHEMA_VERSION
from kg.schema.rules import claim
from kg.sources.curated.said import CuratedDocument, Named
from kg.stores.ledger import DocumentReading, Ledger, reading_key

if TYPE_CHECKING:
    from kg.link.terminology import Terminology

_EQUIVALENCE = "biolink:exact_match"


def record_curated(curated: Sequence[CuratedDocument], ledger: Ledger, readers: Readers) -> int:
    """Record those that the ledger does not know yet; return how many."""
    by_reader: dict[Reader, list[CuratedDocument]] = {}
    for one in curated:
        by_reader.setdefault(one.reader, []).append(one)
    read = 0
    for reader, same in by_reader.items():
        key = reading_key([reader], readers.terminology_digest, SCHEMA_VERSION, "")
        said = {one.document.id: one for one in same}
        new = ledger.unknown([one.document for one in said.values()], key)
        if new:
            ledger.record_batch(_read((said[document.id] for document in new), key, readers.terminology))
        read += len(new)
    return read


def _read(curated: Iterator[CuratedDocument], key: str, terminology: Terminology) -> Iterator[DocumentReading]:
    for one in curated:
        concepts: dict[str, Concept] = {}
        evidence: dict[str, Evidence] = {}
        rejections = []
        for said in one.said:
            subject, obj = (_concept(named, terminology) for named in (said.subject, said.object))
            if said.label == _EQUIVALENCE and said.polarity == "supports":
                if subject.id == obj.id:
                    continue  # the terminology has made them one: the mapping says nothing new
                subject, obj = _alike(subject, obj), _alike(obj, subject)
            row = said.row.of(one.document.text)
            nameless = next((end.id for end in (subject, obj) if not end.category), "")
            if nameless:
                reason = f"the terminology does not know {nameless}, and the file gives it no category"
                rejections.append(Rejection("curated", "unknown_concept", f"{one.document.id}: {row[:80]}", reason))
                continue
            try:
                triple = claim(said.label, one.document.kind, subject, obj, said.qualifiers)
            except SchemaError as error:
                rejections.append(Rejection("curated", "not_allowed", f"{one.document.id}: {row[:80]}", str(error)))
                continue
            made = Evidence(
                triple=triple, document=one.document.id, work=one.document.work, text_hash=one.document.text_hash,
                reader=one.reader, score=said.score, sentence=said.row, text=row,
                polarity=said.polarity, certainty=said.certainty, terminology=terminology.digest,
                strength=said.strength, count=said.count, total=said.total,
            )  # fmt: skip
            held = evidence.get(made.id)
            # Two rows of one work may say the same: the one that counted more patients stands.
            if held is None or ((made.total or 0), made.strength) > ((held.total or 0), held.strength):
                evidence[made.id] = made
            concepts[subject.id], concepts[obj.id] = subject, obj
        broader = (up for up in terminology.ancestors(concepts) if up.id not in concepts)
        yield DocumentReading(
            one.document, key, evidence=tuple(evidence[id] for id in sorted(evidence)),
            concepts=(*concepts.values(), *broader), rejections=tuple(rejections),
        )  # fmt: skip


def _concept(named: Named, terminology: Terminology) -> Concept:
    for id in (named.id, *named.equivalents):
        row = terminology.row(id)
        if row is not None:
            return terminology.at(row)
    return Concept(named.id, named.name or named.id, named.category, source="curated")


def _alike(one: Concept, other: Concept) -> Concept:
    """What is exactly a concept of some category is of that category too, where the file does not say one."""
    return one if one.category else replace(one, category=other.category)
