"""Small nouns for the tests of the ledger: two readers, a few concepts, documents that say one thing each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.assemble import assemble
from kg.model import (
    Candidate,
    Certainty,
    Concept,
    Document,
    Evidence,
    Link,
    Mention,
    Polarity,
    Reader,
    Section,
    Span,
    Triple,
)
from kg.stores.ledger import DocumentReading, Ledger

EXTRACTOR = Reader("extractor", "1", "a" * 64)
RETRAINED = Reader("extractor", "2", "b" * 64)
PATTERNS = Reader("patterns", "1", "c" * 64)

CONCEPTS = {
    name: Concept(curie, name, category, synonyms=(name.lower(),), source="MeSH 2026")
    for name, curie, category in (
        ("Aspirin", "MESH:D001241", "ChemicalEntity"),
        ("Hemorrhage", "MESH:D006470", "PhenotypicFeature"),
        ("Asthma", "MESH:D001249", "Disease"),
        ("Metformin", "MESH:D008687", "ChemicalEntity"),
        ("Lactic acidosis", "MESH:D000140", "Disease"),
    )
}


def paper(
    number: int, says: str = "Aspirin causes hemorrhage.", document: str = "", work: str = "", **fields: object
) -> Document:
    """A citation whose text is one sentence, unless ``fields`` say otherwise."""
    identity = {"id": document or f"PMID:{number}", "work": work or document or f"PMID:{number}"}
    facts = {"source": "pubmed", "kind": "article", "title": f"Paper {number}", "version": "1"}
    sections = (Section("abstract", "", Span(0, len(says))),)
    return Document(**{**identity, "text": says, "sections": sections, **facts, **fields})  # type: ignore[arg-type]


def read(
    document: Document,
    *claims: tuple[str, str, str],
    key: str = "k",
    reader: Reader = EXTRACTOR,
    score: float = 0.9,
    polarity: Polarity = "supports",
    certainty: Certainty = "asserted",
    counted: tuple[int, int] | None = None,
) -> DocumentReading:
    """Read the claims (subject, predicate, object; names as they stand in the text) in a document."""
    claims = claims or (("Aspirin", "causes", "Hemorrhage"),)
    links = {}
    evidence = []
    for subject, predicate, obj in claims:
        spans = [_place(document, name) for name in (subject, obj)]
        for name, span in zip((subject, obj), spans, strict=True):
            mention = Mention(document.id, span, span.of(document.text), CONCEPTS[name].category, 0.9)
            links[name] = Link(mention, (Candidate(CONCEPTS[name], 1.0, name, "exact"),))
        triple = Triple(CONCEPTS[subject].id, f"biolink:{predicate}", CONCEPTS[obj].id)
        evidence.append(
            Evidence(
                triple, document.id, document.work, document.text_hash, reader, score, "abstract",
                Span(0, len(document.text)), document.text, spans[0], spans[1], polarity, certainty, terminology="t1",
                count=counted[0] if counted else None, total=counted[1] if counted else None,
            )
        )  # fmt: skip
    return DocumentReading(document, key, tuple(links.values()), tuple(evidence))


def _place(document: Document, name: str) -> Span:
    start = document.text.lower().index(name.lower())
    return Span(start, start + len(name))


def build(folder: Path, readings: Sequence[DocumentReading], batch: int = 100) -> None:
    """Record the readings that the ledger does not know, in batches, and refresh: a build in small."""
    with Ledger.open(folder, write=True) as ledger:
        for start in range(0, len(readings), batch):
            part = readings[start : start + batch]
            ledger.record_batch([r for r in part if not ledger.known(r.document, r.key)])
        ledger.refresh(assemble)


def graph(folder: Path) -> tuple[object, ...]:
    """Everything that a projection can see of a ledger."""
    with Ledger.open(folder) as ledger:
        streams = (ledger.documents(), ledger.mentions(), ledger.concepts(), ledger.statements(), ledger.evidences())
        return (*(tuple(stream) for stream in streams), ledger.counts())
