"""Everything that was read in one document, for whoever looks at it: names, relations, and what was refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kg.assemble.claims import is_apart
from kg.errors import SchemaError
from kg.model import Candidate, Evidence, Link, Mention, Reading, Sentence, Span
from kg.schema import claim_of
from kg.schema.vocabulary import LABELS, PREDICATES
from kg.stores.ledger import DocumentReading

# What PubTator calls the categories of the schema; what it has no word for keeps its own.
PUBTATOR_TYPES: Mapping[str, str] = {
    "Disease": "Disease",
    "PhenotypicFeature": "Disease",
    "ChemicalEntity": "Chemical",
    "Gene": "Gene",
    "SequenceVariant": "Variant",
    "OrganismTaxon": "Species",
    "CellLine": "CellLine",
}


@dataclass(frozen=True, slots=True)
class Name:
    """A mention with a number in the document, and its links: one, or one for each part of a composite name."""

    id: str
    mention: Mention
    links: tuple[Link, ...]

    @property
    def concepts(self) -> tuple[Candidate, ...]:
        """The best candidate of each link."""
        return tuple(link.best for link in self.links if link.best)


@dataclass(frozen=True, slots=True)
class Relation:
    """A reading with what became of it: its evidence, or why there is none."""

    id: str
    reading: Reading
    predicate: str
    evidence: tuple[Evidence, ...]
    refused: str

    @property
    def kind(self) -> str:
        """The predicate; what is refuted or only supposed bears another name, so that nobody takes it for said."""
        if self.reading.polarity == "refutes":
            return f"refuted_{self.predicate}"
        return f"hypothetical_{self.predicate}" if self.reading.certainty == "hypothesis" else self.predicate


def names(reading: DocumentReading) -> tuple[Name, ...]:
    """Return the mentions of a document in the order of the text, each once."""
    links: dict[tuple[Span, str], list[Link]] = defaultdict(list)
    for link in reading.links:
        links[link.mention.span, link.mention.category].append(link)
    return tuple(
        Name(f"T{number}", links[key][0].mention, tuple(links[key])) for number, key in enumerate(sorted(links), 1)
    )


def relations(reading: DocumentReading) -> tuple[Relation, ...]:
    """Return the readings of a document in the order of the text."""
    heard: dict[tuple[object, ...], list[Evidence]] = defaultdict(list)
    for said in reading.evidence:
        spans = frozenset((said.subject_span, said.object_span))
        heard[said.reader, said.triple.predicate, spans, said.polarity, said.certainty].append(said)
    named = {name.mention.span: name for name in names(reading)}
    ordered = sorted(reading.readings, key=lambda r: (min(r.subject.span, r.object.span), r.subject.span, r.label))
    found = []
    for number, one in enumerate(ordered, 1):
        meaning = LABELS[one.label]
        predicate = PREDICATES[dict(meaning.kinds).get(reading.document.kind, meaning.predicate)]
        spans = frozenset((one.subject.span, one.object.span))
        evidence = tuple(heard[one.reader, predicate.curie, spans, one.polarity, one.certainty])
        refused = "" if evidence else _why(one, reading, named)
        found.append(Relation(f"R{number}", one, predicate.name, evidence, refused))
    return tuple(found)


def _why(one: Reading, reading: DocumentReading, named: Mapping[Span, Name]) -> str:
    sides = [named[side.span].concepts if side.span in named else () for side in (one.subject, one.object)]
    for side, concepts in zip((one.subject, one.object), sides, strict=True):
        if not concepts:
            return f"not linked: {side.text}"
    if is_apart(one, reading.sentences):
        return "in different sentences of a long text"
    try:
        claim_of(one, reading.document.kind, sides[0][0], sides[1][0])
    except SchemaError as error:
        return error.message
    return "said by a surer reading"


def as_json(reading: DocumentReading) -> dict[str, Any]:
    """Return everything as plain values; offsets are code points into ``text``."""
    document = reading.document
    facts = ("id", "work", "kind", "source", "title", "language", "published", "url", "license", "text")
    text = document.text
    return {
        **{name: getattr(document, name) for name in facts},
        "identifiers": list(document.identifiers),
        "publication_types": list(document.publication_types),
        "unread": reading.unread,
        "sections": [{"kind": s.kind, "title": s.title, **_offsets(s.span)} for s in document.sections],
        "sentences": [{"section": s.section, **_offsets(s.span), "text": s.span.of(text)} for s in reading.sentences],
        "mentions": [_mention(name, text) for name in names(reading)],
        "relations": [_relation(relation, reading) for relation in relations(reading)],
        "rejections": [asdict(rejection) for rejection in reading.rejections],
    }


def sentence_of(span: Span, sentences: Sequence[Sentence]) -> Sentence | None:
    """Return the sentence that a span begins in, if any."""
    return next((sentence for sentence in sentences if sentence.span.start <= span.start < sentence.span.end), None)


def _mention(name: Name, text: str) -> dict[str, Any]:
    mention = name.mention
    return {
        "id": name.id,
        **_offsets(mention.span),
        "text": mention.text,
        "category": mention.category,
        "score": mention.score,
        "status": mention.status,
        "cue": _cue(mention.cue, text),
        "links": [
            {
                "concept": best.concept.id,
                "name": best.concept.name,
                "category": best.concept.category,
                "score": best.score,
                "matched": best.matched,
                "method": best.method,
            }
            for best in name.concepts
        ],
    }


def _relation(relation: Relation, reading: DocumentReading) -> dict[str, Any]:
    one, text = relation.reading, reading.document.text
    sentence = sentence_of(min(one.subject.span, one.object.span), reading.sentences)
    return {
        "id": relation.id,
        "subject": {**_offsets(one.subject.span), "text": one.subject.text},
        "object": {**_offsets(one.object.span), "text": one.object.text},
        "label": one.label,
        "predicate": f"biolink:{relation.predicate}",
        "polarity": one.polarity,
        "certainty": one.certainty,
        "cue": _cue(one.cue, text),
        "score": one.score,
        "reader": one.reader.id,
        "strength": one.strength,
        "count": one.count,
        "total": one.total,
        "section": sentence.section if sentence else "",
        "claims": [
            {
                "statement": evidence.triple.id,
                "evidence": evidence.id,
                "subject": evidence.triple.subject,
                "predicate": evidence.triple.predicate,
                "object": evidence.triple.object,
                "qualifiers": dict(evidence.triple.qualifiers),
            }
            for evidence in relation.evidence
        ],
        "refused": relation.refused or None,
    }


def _cue(span: Span | None, text: str) -> dict[str, Any] | None:
    return {**_offsets(span), "text": span.of(text)} if span else None


def _offsets(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}
