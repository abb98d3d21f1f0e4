"""What the query API answers with: frozen values, each with its stable JSON form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.model import Span

Json = dict[str, Any]
_SPANS = ("sentence", "subject", "object")


@dataclass(frozen=True, slots=True)
class ConceptResult:
    """A concept in the graph."""

    id: str
    name: str
    category: str
    synonyms: tuple[str, ...]
    xrefs: tuple[str, ...]
    parents: tuple[str, ...]
    source: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> ConceptResult:
        """Make one of a row of ``texts.CONCEPT``."""
        lists = {name: tuple(row[name] or ()) for name in ("synonyms", "xrefs", "parents")}
        return cls(id=row["id"], name=row["name"], category=row["category"], source=row["source"] or "", **lists)

    def as_json(self) -> Json:
        """Return the JSON form."""
        return {
            "id": self.id,
            "name": self.name,
            "category": self.category,
            "synonyms": list(self.synonyms),
            "xrefs": list(self.xrefs),
            "parents": list(self.parents),
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class StatementResult:
    """A statement: what is claimed, how far it is believed, and the works it rests on."""

    id: str
    subject: str
    predicate: str
    object: str
    qualifiers: tuple[tuple[str, str], ...]
    belief: float
    support: float
    refute: float
    works: tuple[str, ...]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> StatementResult:
        """Make one of a row of ``texts.STATEMENT``."""
        plain = {name: row[name] for name in ("id", "subject", "predicate", "object", "belief", "support", "refute")}
        qualifiers = tuple(sorted(json.loads(row["qualifiers"]).items()))
        return cls(**plain, qualifiers=qualifiers, works=tuple(row["works"] or ()))

    def as_json(self) -> Json:
        """Return the JSON form."""
        return {
            "id": self.id,
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "qualifiers": dict(self.qualifiers),
            "belief": self.belief,
            "support": self.support,
            "refute": self.refute,
            "works": list(self.works),
        }


@dataclass(frozen=True, slots=True)
class EvidenceResult:
    """One piece of evidence. ``sentence``, ``subject`` and ``object`` are offsets into the document's text; curated
    sources have none.
    """

    id: str
    document: str
    work: str
    title: str
    url: str
    kind: str
    published: str
    section: str
    text: str
    sentence: Span | None
    subject: Span | None
    object: Span | None
    polarity: str
    certainty: str
    score: float
    reader: str
    strength: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> EvidenceResult:
        """Make one of a row of ``texts.EVIDENCE``."""
        fields: Json = {name: row[name] for name in cls.__slots__ if name not in _SPANS}
        fields |= {name: _span(row, name) for name in _SPANS}
        return cls(**fields)

    def as_json(self) -> Json:
        """Return the JSON form."""
        return {
            "id": self.id,
            "document": self.document,
            "section": self.section,
            "text": self.text,
            "subject": _offsets(self.subject),
            "object": _offsets(self.object),
            "polarity": self.polarity,
            "certainty": self.certainty,
            "score": self.score,
            "reader": self.reader,
        }


def _span(row: Mapping[str, Any], name: str) -> Span | None:
    start, end = row[f"{name}_start"], row[f"{name}_end"]
    return None if start is None or end is None else Span(start, end)


def _offsets(span: Span | None) -> Json | None:
    return {"start": span.start, "end": span.end} if span else None
