"""What a curated knowledge base says, before its concepts are looked up: a document of rows and a claim for each."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Certainty, Document, Polarity, Reader, Span


@dataclass(frozen=True, slots=True)
class Named:
    """A concept as a file names it: used as it is where the terminology knows neither the id nor an ``equivalents``."""

    id: str
    name: str
    category: str
    equivalents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One row: who relates what under which label, how many of how many; ``row`` is its place in the document.

    ``strength`` keeps what narrows it, as the source has it: ``frequency HP:0040283; onset HP:0003593; sex MALE``, and
    what kind of knowledge it is, where each row says so: ``knowledge_level prediction; agent_type automated_agent``.
    """

    subject: Named
    label: str
    object: Named
    row: Span
    polarity: Polarity = "supports"
    strength: str = ""
    count: int | None = None
    total: int | None = None
    certainty: Certainty = "asserted"
    score: float = 1.0
    qualifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CuratedDocument:
    """The rows of a knowledge base about one disease that rest on one work; the document's work is that work."""

    document: Document
    reader: Reader
    said: tuple[Said, ...]


def lay_out(rows: list[str]) -> tuple[str, list[Span]]:
    r"""Return one text of all rows, a line each, and where each stands.

    >>> lay_out(["a", "bc"])
    ('a\nbc', [Span(start=0, end=1), Span(start=2, end=4)])
    """
    spans, at = [], 0
    for row in rows:
        spans.append(Span(at, at + len(row)))
        at += len(row) + 1
    return "\n".join(rows), spans
