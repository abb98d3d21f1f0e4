"""The nouns of medkg: frozen values that the stages exchange. No stage knows another; all know these.

Offsets are half-open ranges of Unicode code points into ``Document.text``. Scores and beliefs lie in [0, 1] and are
rounded to three decimals, so that the same input gives the same bytes on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kg.errors import OffsetError
from kg.ids import content_id, text_hash

DocumentKind = Literal["article", "guideline", "trial", "label", "case", "knowledge_base"]
Polarity = Literal["supports", "refutes"]
Certainty = Literal["asserted", "hedged", "hypothesis"]
Status = Literal["affirmed", "negated", "hedged", "hypothetical", "conditional", "family", "historical"]
WorkState = Literal["current", "retracted", "deleted"]

SCORE_DIGITS = 3


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range [start, end) of code points.

    >>> Span(0, 5).of("fever and cough")
    'fever'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise OffsetError("not a span", start=self.start, end=self.end)

    def of(self, text: str) -> str:
        """Return the part of ``text`` that this span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Say whether the two spans share a code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Say whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def shifted(self, by: int) -> Span:
        """Return the span moved by ``by`` code points."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document: ``kind`` is a lower-case word such as title, abstract, methods, table, caption."""

    kind: str
    title: str
    span: Span


@dataclass(frozen=True, slots=True)
class Document:
    """One text from one source. Several documents can be one ``work`` (abstract, full text, file formats).

    ``id`` names the document (``PMID:123``, ``PMCID:PMC123``, ``file:ngc-10302.pdf``); ``work`` what was published
    (PMID, else DOI, else PMCID; guideline number and edition). ``identifiers`` are CURIEs of the work.
    ``language`` is an ISO 639-1 code. ``published`` is an ISO date, as exact as the source gives it (``2014``,
    ``2014-03``, ``2014-03-09``). ``version`` orders revisions of one document as text: the larger one wins.
    ``retracts`` names works that this document says are retracted.
    """

    id: str
    work: str
    text: str
    source: str
    kind: DocumentKind
    title: str = ""
    language: str = "en"
    sections: tuple[Section, ...] = ()
    identifiers: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    url: str = ""
    pages: tuple[Span, ...] = ()
    published: str = ""
    version: str = ""
    license: str = ""
    retracts: tuple[str, ...] = ()
    text_hash: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text_hash", text_hash(self.text))
        for section in self.sections:
            if section.span.end > len(self.text):
                raise OffsetError("section ends after the text", document=self.id, section=section.kind)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A source's word that a work is gone: retracted by a notice, or deleted from the source."""

    work: str
    state: Literal["retracted", "deleted"]
    reason: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document: its place, the kind of section it stands in, and the spans of its tokens."""

    document: str
    span: Span
    section: str
    tokens: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and the long form that the document gives for it, both where they are defined."""

    short: Span
    long: Span


@dataclass(frozen=True, slots=True)
class Segmented:
    """A document with what kg.text found in it; what the extractor reads."""

    document: Document
    sentences: tuple[Sentence, ...]
    abbreviations: tuple[Abbreviation, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text. ``category`` is a Biolink category (``Disease``); ``cue`` is where the status is said.

    >>> Mention("d", Span(0, 5), "fever", "PhenotypicFeature", 0.9).status
    'affirmed'
    """

    document: str
    span: Span
    text: str
    category: str
    score: float
    status: Status = "affirmed"
    cue: Span | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """A meaning in a terminology, named by a CURIE. ``source`` is the terminology with its version."""

    id: str
    name: str
    category: str
    synonyms: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept that a mention may mean; ``matched`` is the name that matched, ``method`` how it was found."""

    concept: Concept
    score: float
    matched: str
    method: str


@dataclass(frozen=True, slots=True)
class Link:
    """A mention with its candidates, best first. No candidate: the mention is kept as unlinked."""

    mention: Mention
    candidates: tuple[Candidate, ...] = ()

    @property
    def best(self) -> Candidate | None:
        """The first candidate, or None for an unlinked mention."""
        return self.candidates[0] if self.candidates else None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who read: an extractor, a set of patterns, a curated knowledge base. ``digest`` pins weights and rules."""

    name: str
    version: str
    digest: str

    @property
    def id(self) -> str:
        """The name, the version and the first digits of the digest, as evidence quotes them."""
        return f"{self.name}/{self.version}/{self.digest[:12]}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader says before linking: ``label`` is the reader's own word (``CID``, ``BioRED:Association``, ...).

    ``schemas/predicates.yaml`` says which predicate a label means. With an unlinked argument a reading stays a
    reading and never becomes a statement.
    """

    document: str
    subject: Mention
    label: str
    object: Mention
    score: float
    reader: Reader
    polarity: Polarity = "supports"
    certainty: Certainty = "asserted"
    cue: Span | None = None
    strength: str = ""
    count: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Triple:
    """What is claimed. ``qualifiers`` are sorted (key, value) pairs; the id comes from the content.

    >>> Triple("MESH:D001241", "biolink:causes", "MESH:D006471").id
    '979e4f5eff11ac017ccb094bdbcfdc99'
    """

    subject: str
    predicate: str
    object: str
    qualifiers: tuple[tuple[str, str], ...] = ()
    id: str = field(init=False)

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.qualifiers))
        object.__setattr__(self, "qualifiers", ordered)
        flat = (part for pair in ordered for part in pair)
        object.__setattr__(self, "id", content_id("triple", self.subject, self.predicate, self.object, *flat))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reading with linked arguments: who says the triple, where, in which words.

    ``sentence`` is the span of ``text`` in the document (a passage where the arguments stand in two sentences);
    ``subject_span`` and ``object_span`` are offsets into the document's text. Curated sources have neither.
    ``count`` of ``total`` people had the finding, whatever the polarity: "none of 34 had a rash" refutes with 0 of 34.
    """

    triple: Triple
    document: str
    work: str
    text_hash: str
    reader: Reader
    score: float
    section: str = ""
    sentence: Span | None = None
    text: str = ""
    subject_span: Span | None = None
    object_span: Span | None = None
    polarity: Polarity = "supports"
    certainty: Certainty = "asserted"
    cue: Span | None = None
    terminology: str = ""
    strength: str = ""
    count: int | None = None
    total: int | None = None
    id: str = field(init=False)

    def __post_init__(self) -> None:
        spans = [self.subject_span, self.object_span]
        places = (f"{span.start}-{span.end}" if span else "" for span in spans)
        parts = (self.document, self.text_hash, self.triple.id, self.polarity, self.certainty, self.reader.id)
        object.__setattr__(self, "id", content_id("evidence", *parts, *places))


@dataclass(frozen=True, slots=True, order=True)
class Vote:
    """What one work says of a triple through one reader in one tone: the best score among such evidence.

    ``kind`` and ``publication_types`` are those of the documents it was read in; ``reader`` is the reader's name (a
    retrained reader is still the same voice). ``total`` is the largest group that this evidence counted in, and
    ``count`` how many of it had the finding; 0 and 0 where nobody counted. kg.assemble turns the votes of a triple
    into a Statement.
    """

    work: str
    kind: DocumentKind
    publication_types: tuple[str, ...]
    reader: str
    polarity: Polarity
    certainty: Certainty
    score: float
    count: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Frequency:
    """``count`` of ``total`` counted people had the finding, pooled over works; ``share`` with a 95 % interval.

    kg.assemble counts, and says which interval it is.
    """

    count: int
    total: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Statement:
    """All evidence of one triple and the belief that follows. ``works`` are the works that support or refute it.

    ``frequency`` says how often the finding was counted; None where nobody counted.
    """

    triple: Triple
    belief: float
    support: float
    refute: float
    works: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    frequency: Frequency | None = None

    @property
    def id(self) -> str:
        """The id of the triple."""
        return self.triple.id


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that was not used: the stage that refused it, a code, what it was, and why."""

    stage: str
    code: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of each noun there is. ``unread`` documents are in a language that has no reader."""

    documents: int = 0
    works: int = 0
    mentions: int = 0
    concepts: int = 0
    evidence: int = 0
    statements: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a build made: the totals of the graph, what this run added to them, and what it could not use.

    ``read`` counts the documents that this run read anew; ``seconds`` is its wall time.
    """

    totals: Counts
    new: Counts
    read: int
    rejections: tuple[Rejection, ...]
    readers: tuple[Reader, ...]
    seconds: float
