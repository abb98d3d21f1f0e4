"""What the query API answers with: frozen values. The JSON form of each is what pydantic makes of it, and stable.

``as_json`` gives plain values for ``json.dumps``; ``TypeAdapter(StatementResult)`` reads them back and gives the JSON
Schema, which the REST interface publishes as OpenAPI. Qualifiers are an object there, spans ``{"start", "end"}``.
Every value names in ``graph`` what it was read from: the ledger's id and the number of its last change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter

from kg.model import Frequency, Span

Json = dict[str, Any]
_SPANS = ("sentence", "subject", "object")
_COUNTED = ("count", "total", "frequency", "frequency_low", "frequency_high")


def _pairs(value: Any) -> Any:
    return tuple(sorted(value.items())) if isinstance(value, dict) else value


Qualifiers = Annotated[
    tuple[tuple[str, str], ...],
    BeforeValidator(_pairs),
    PlainSerializer(lambda pairs: dict(pairs), return_type=dict[str, str]),
]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@dataclass(frozen=True, slots=True)
class Result:
    """Anything that the query API answers with."""

    def as_json(self) -> Json:
        """Return the JSON form: plain values, the same for the same answer."""
        kind: Any = type(self)
        value: Json = _adapter(kind).dump_python(self, mode="json")
        return value


@dataclass(frozen=True, slots=True)
class ConceptResult(Result):
    """A concept in the graph."""

    id: str
    name: str
    category: str
    synonyms: tuple[str, ...]
    xrefs: tuple[str, ...]
    parents: tuple[str, ...]
    source: str
    graph: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> ConceptResult:
        """Make one of a row of ``texts.CONCEPT``."""
        facts: Json = {name: row[name] for name in ("id", "name", "category", "graph")}
        facts |= {name: tuple(row[name] or ()) for name in ("synonyms", "xrefs", "parents")}
        return cls(**facts, source=row["source"] or "")


@dataclass(frozen=True, slots=True)
class StatementResult(Result):
    """A statement: what is claimed, how far it is believed, the works it rests on, and the ids of its evidence.

    ``frequency`` is how often the finding was counted, pooled over works; None: nobody counted.
    """

    id: str
    subject: str
    predicate: str
    object: str
    qualifiers: Qualifiers
    belief: float
    support: float
    refute: float
    works: tuple[str, ...]
    frequency: Frequency | None
    evidence: tuple[str, ...]
    graph: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> StatementResult:
        """Make one of a row of ``texts.STATEMENT``."""
        names = ("id", "subject", "predicate", "object", "belief", "support", "refute", "graph")
        return cls(
            **{name: row[name] for name in names},
            qualifiers=tuple(sorted(json.loads(row["qualifiers"]).items())),
            works=tuple(row["works"] or ()),
            frequency=None if row["total"] is None else Frequency(*(row[name] for name in _COUNTED)),
            evidence=tuple(sorted(row["evidence"] or ())),
        )


@dataclass(frozen=True, slots=True)
class EvidenceResult(Result):
    """One piece of evidence: who says the statement, where, in which words.

    ``sentence``, ``subject`` and ``object`` are offsets into the document's text, ``text`` is that of ``sentence``;
    curated sources have none. ``count`` of ``total`` is what a source says of a frequency: "12 of 34 patients".
    """

    id: str
    statement: str
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
    count: int | None
    total: int | None
    graph: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> EvidenceResult:
        """Make one of a row of ``texts.EVIDENCE``."""
        facts: Json = {name: row[name] for name in cls.__slots__ if name not in _SPANS}
        facts |= {name: _span(row, name) for name in _SPANS}
        return cls(**facts)


@dataclass(frozen=True, slots=True)
class PathResult(Result):
    """A chain of statements between two concepts; ``belief`` is the product of theirs.

    ``concepts`` are the ids on the way, both ends included; ``steps[i]`` joins ``concepts[i]`` and ``concepts[i + 1]``,
    whichever way it points.
    """

    concepts: tuple[str, ...]
    steps: tuple[StatementResult, ...]
    belief: float
    graph: str


@dataclass(frozen=True, slots=True)
class Answer(Result):
    """A concept that answers a question, with the statements that say so; ``belief`` is that of the most believed."""

    concept: ConceptResult
    belief: float
    statements: tuple[StatementResult, ...]
    graph: str


@dataclass(frozen=True, slots=True)
class Treatments(Result):
    """What is said to treat a disease, and what was left out because of other conditions, with the reason.

    Going through it gives what was not left out. The statements of an excluded answer are the contraindications.
    """

    disease: ConceptResult
    offered: tuple[Answer, ...]
    excluded: tuple[Answer, ...]
    graph: str

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.offered)

    def __len__(self) -> int:
        return len(self.offered)


@dataclass(frozen=True, slots=True)
class Finding(Result):
    """A finding of a disease. ``frequency`` is how often it was counted, pooled over works; None: nobody counted."""

    concept: ConceptResult
    frequency: Frequency | None
    belief: float
    statements: tuple[StatementResult, ...]
    graph: str


@dataclass(frozen=True, slots=True)
class DocumentResult(Result):
    """A document that speaks of the concepts asked for, with the sentences that do."""

    id: str
    work: str
    title: str
    url: str
    kind: str
    published: str
    sentences: tuple[EvidenceResult, ...]
    graph: str


def _span(row: Mapping[str, Any], name: str) -> Span | None:
    start, end = row[f"{name}_start"], row[f"{name}_end"]
    return None if start is None or end is None else Span(start, end)
