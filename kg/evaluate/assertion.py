"""How often a mention's status, and what a sentence says of a drug and its reaction, are what people said.

Protocol: gold mentions with gold boundaries, in sentences as a build makes them; counted are the mentions of the types
that the corpus gives a status to. A status that the corpus does not know counts as its nearest (``NEAREST``): what
happened to somebody before is affirmed, what is doubted or waits for a condition is hypothetical. Documents fall into
two halves by a hash of the work's name: the rules were written with the errors of the first half in view, the second
half was only measured. In a drug label (TAC) the sentences that name the label's drug are judged as relations too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from kg.assertion import assess, judge
from kg.assertion.places import Sentences
from kg.errors import DataError
from kg.evaluate.extractor_counts import Count
from kg.model import Document, DocumentKind, Mention, Reader, Reading, Segmented, Span
from kg.text import Segmenter
from kg.train.corpora import GoldDocument, GoldMention, read_corpus
from kg.train.overlap import work_of

NEAREST = {"historical": "affirmed", "family": "affirmed", "conditional": "hypothetical", "hedged": "hypothetical"}
_TURNED = {"hypothetical": "hedged"}  # for a corpus that knows doubt and no hypothesis
_LEAST = 0.01  # of the mentions of a type: rarer statuses are slips of the pen
_READER = Reader("gold", "1", "0")
HALVES = ("first", "second")


@dataclass(frozen=True, slots=True)
class Case:
    """One answer: what people said (``because``: which mention made them say so) and what the system says."""

    work: str
    type: str
    gold: str
    found: str
    because: str
    said: str
    sentence: str

    @property
    def half(self) -> str:
        """The half that the work is in."""
        return HALVES[sha256(self.work.encode()).digest()[0] % 2]


@dataclass(slots=True)
class AssertionEvaluation:
    """The answers on one corpus; ``relations`` only where documents are drug labels."""

    corpus: str
    documents: int
    statuses: tuple[str, ...]
    types: tuple[str, ...]
    mentions: list[Case] = field(default_factory=list)
    relations: list[Case] = field(default_factory=list)

    @property
    def protocol(self) -> str:
        """How it was counted."""
        others = [f"{one} counts as {nearest(one, self.statuses)}" for one in NEAREST if one not in self.statuses]
        return (
            f"gold mentions of {', '.join(self.types)}; statuses {', '.join(self.statuses)}; {', '.join(others)}; "
            "halves by a hash of the document's name, rules written in view of the first half only"
        )

    def as_json(self) -> dict[str, Any]:
        """The one value of ``--json``; shares in [0, 1]."""
        value = {
            "corpus": self.corpus,
            "protocol": self.protocol,
            "documents": self.documents,
            "mentions": figures(self.mentions, self.statuses),
        }
        return {**value, "relations": figures(self.relations, self.statuses)} if self.relations else value


def figures(cases: Sequence[Case], statuses: Sequence[str]) -> dict[str, Any]:
    """Figures of all answers and of each half: by status, confusion (gold, then found), recall by what made it so."""
    return {
        part: {
            "statuses": {name: count.as_json() for name, count in counts(chosen, statuses).items()},
            "confusion": confusion(chosen, statuses),
            "because": by_because(chosen),
        }
        for part in ("all", *HALVES)
        if (chosen := [one for one in cases if part in ("all", one.half)])
    }


def counts(cases: Sequence[Case], statuses: Sequence[str]) -> dict[str, Count]:
    """Right answers, answers and wanted ones of each status."""
    return {
        name: Count(
            sum(one.gold == one.found == name for one in cases),
            sum(one.found == name for one in cases),
            sum(one.gold == name for one in cases),
        )
        for name in statuses
    }


def confusion(cases: Sequence[Case], statuses: Sequence[str]) -> dict[str, dict[str, int]]:
    """Gold status -> found status -> how many."""
    table = Counter((one.gold, one.found) for one in cases)
    return {gold: {found: table[gold, found] for found in statuses} for gold in statuses}


def by_because(cases: Sequence[Case]) -> dict[str, dict[str, float | int]]:
    """Gold status and the type of the mention that made it so -> recall and support."""
    groups: dict[str, list[Case]] = {}
    for one in cases:
        if one.because:
            groups.setdefault(f"{one.gold}: {one.because}", []).append(one)
    return {
        name: {"recall": round(sum(c.gold == c.found for c in group) / len(group), 4), "support": len(group)}
        for name, group in sorted(groups.items())
    }


def nearest(status: str, known: Sequence[str]) -> str:
    """Return the status of a corpus that comes nearest to one of ours.

    >>> nearest("hedged", ("affirmed", "negated", "hypothetical")), nearest("hedged", ("affirmed", "hedged"))
    ('hypothetical', 'hedged')
    """
    if status in known:
        return status
    other = NEAREST.get(status, status)
    other = other if other in known else _TURNED.get(other, other)
    return other if other in known else "affirmed"


def evaluate_assertion(
    corpus: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> AssertionEvaluation:
    """Assess the gold mentions of a corpus whose mentions have a status: TAC labels, brat with attributes.

    Raises DataError for a corpus without statuses, and what kg.train.corpora raises.
    """
    documents = read_corpus(corpus)
    types = _types(documents)
    if not types:
        raise DataError("no mention of this corpus has a status", corpus=corpus.name)
    known = Counter(mention.status for one in documents for mention in one.mentions if mention.type in types)
    statuses = ("affirmed", *sorted(name for name in known if name not in ("", "affirmed")))
    result = AssertionEvaluation(corpus.name, len(documents), statuses, types)
    segmenter = Segmenter()
    for done, gold in enumerate(documents, 1):
        kind: DocumentKind = "label" if "/" in gold.id else "article"
        segmented = segmenter.segment(Document(gold.id, work_of(gold.id), gold.text, corpus.name, kind))
        wanted = [one for one in gold.mentions if one.type in types]
        _add(result, segmented, wanted)
        progress(done, len(documents))
    return result


def _types(documents: Sequence[GoldDocument]) -> tuple[str, ...]:
    mentions = [mention for one in documents for mention in one.mentions]
    every = Counter(one.type for one in mentions)
    told = Counter(one.type for one in mentions if one.status not in ("", "affirmed"))
    return tuple(sorted(kind for kind, count in told.items() if count >= _LEAST * every[kind]))


def _add(result: AssertionEvaluation, segmented: Segmented, wanted: Sequence[GoldMention]) -> None:
    document = segmented.document
    mentions = [Mention(document.id, Span(one.start, one.end), one.text, one.type, 1.0) for one in wanted]
    sentences = Sentences(segmented)
    places = [sentences.index(mention.span) for mention in mentions]
    spans = [one.span if at is None else segmented.sentences[at].span for one, at in zip(mentions, places, strict=True)]
    found = list(zip(wanted, assess(segmented, mentions), spans, strict=True))
    for gold, mention, span in found:
        result.mentions.append(_case(segmented, gold, mention.status, mention.cue, span, result.statuses))
    if document.kind != "label":
        return
    pairs = [(gold, span, reading) for gold, mention, span in found for reading in _readings(segmented, mention, span)]
    judged = judge(segmented, [reading for *_, reading in pairs])
    for (gold, span, _), reading in zip(pairs, judged, strict=True):
        result.relations.append(_case(segmented, gold, _as_status(reading), reading.cue, span, result.statuses))


def _readings(segmented: Segmented, reaction: Mention, sentence: Span) -> Iterator[Reading]:
    """Yield what a reader would say where the sentence names the label's drug: the nearest name, if there is one."""
    name, text = segmented.document.work.lower(), sentence.of(segmented.document.text).lower()
    places = [at for at in range(len(text)) if text.startswith(name, at)]
    spans = [Span(at, at + len(name)).shifted(sentence.start) for at in places]
    if found := [span for span in spans if not span.overlaps(reaction.span)]:
        span = min(found, key=lambda one: abs(one.start - reaction.span.start))
        drug = Mention(reaction.document, span, span.of(segmented.document.text), "ChemicalEntity", 1.0)
        yield Reading(reaction.document, drug, "pattern:adverse_event", reaction, 1.0, _READER)


def _as_status(reading: Reading) -> str:
    if reading.polarity == "refutes":
        return "negated"
    return {"asserted": "affirmed", "hedged": "hedged", "hypothesis": "hypothetical"}[reading.certainty]


def _case(
    segmented: Segmented, gold: GoldMention, found: str, cue: Span | None, sentence: Span, statuses: Sequence[str]
) -> Case:
    text = segmented.document.text
    said = f'{gold.text}: {found} "{cue.of(text)}"' if cue else f"{gold.text}: {found}"
    words = " ".join(sentence.of(text).split())
    status = gold.status or "affirmed"
    return Case(segmented.document.work, gold.type, status, nearest(found, statuses), gold.because, said, words)


def worst(cases: Sequence[Case]) -> list[str]:
    """The errors of the first half as text, those of rare statuses first, one for each sentence and kind of error."""
    often = Counter(one.gold for one in cases)
    kinds: dict[tuple[str, str, str], str] = {}
    for one in sorted(cases, key=lambda one: often[one.gold]):
        if one.half == HALVES[0] and one.gold != one.found:
            because = f" ({one.because})" if one.because else ""
            said = f"{one.gold}{because}, found {one.said}\n    {one.work}: {one.sentence}"
            kinds.setdefault((one.gold, one.found, one.sentence), said)
    return list(kinds.values())
