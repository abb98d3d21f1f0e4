"""What the page shows: counted and chosen, names resolved, nothing left to look up."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Certainty, Counts, Polarity, Reader, Rejection, Span

Tally = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that says it: ``subject`` and ``object`` are ranges of ``text``; empty text for curated sources."""

    text: str
    subject: Span | None
    object: Span | None
    document: str
    title: str
    section: str
    reader: str
    polarity: Polarity
    certainty: Certainty
    score: float
    strength: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement with the names of its concepts, their categories, and its best quotes."""

    id: str
    subject: str
    subject_category: str
    predicate: str
    object: str
    object_category: str
    belief: float
    support: float
    refute: float
    works: int
    evidence: int
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """An edge of the picture, between two of its nodes."""

    subject: str
    predicate: str
    object: str
    belief: float


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A concept and those it is most strongly tied to: ``nodes`` are (id, name, category), the hub first."""

    nodes: tuple[tuple[str, str, str], ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class ReportData:
    """All that the page says.

    ``beliefs`` counts statements in ten equal bins of belief; ``evidence_per_work`` and ``mentions`` are tallies
    with their labels; ``mentions`` has (category, linked, unlinked); ``retracted`` has (work, title, reason).
    """

    totals: Counts
    new: Counts
    read: int
    seconds: float
    documents: Tally
    languages: Tally
    mentions: tuple[tuple[str, int, int], ...]
    predicates: Tally
    beliefs: tuple[int, ...]
    evidence_per_work: Tally
    evidence_per_reader: Tally
    readers: tuple[Reader, ...]
    terminologies: tuple[str, ...]
    rejections: tuple[Rejection, ...]
    rejected: int
    strongest: tuple[Shown, ...]
    contradictions: tuple[Shown, ...]
    contradicted: int
    retracted: tuple[tuple[str, str, str], ...]
    neighbourhoods: tuple[Neighbourhood, ...]
