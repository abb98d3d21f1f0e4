"""From readings to evidence: linked arguments, a claim that the schema allows, and the words it was read in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.errors import SchemaError
from kg.model import Candidate, Evidence, Link, Reading, Segmented, Sentence, Span
from kg.schema import claim_of

# An abstract is about one thing, and corpora annotate what its sentences say together; longer texts go on to something
# else: of what the extractor read across sentences of guidelines and full texts 8 of 37 pieces were right, of the rest
# 82 of 128 (docs/precision.md).
_ABSTRACT = 60  # sentences


@dataclass(frozen=True, slots=True)
class Claims:
    """What became of a document's readings: the evidence, and how many stayed readings and why.

    ``unlinked``: an argument has no concept. ``refused``: the schema does not allow the triple, or the text is long and
    the arguments stand in different sentences.
    """

    evidence: tuple[Evidence, ...]
    unlinked: int
    refused: int


def claims(segmented: Segmented, links: Iterable[Link], readings: Iterable[Reading], terminology_digest: str) -> Claims:
    """Turn the readings of one document into evidence.

    A mention that names several concepts ("breast and ovarian cancer") gives evidence for each. Where the arguments
    stand in different sentences, the quoted passage reaches from the first to the last.
    """
    linked: dict[Span, list[Candidate]] = {}
    for link in links:
        if link.best is not None:
            linked.setdefault(link.mention.span, []).append(link.best)
    found: dict[str, Evidence] = {}
    unlinked = refused = 0
    for reading in readings:
        subjects, objects = (linked.get(m.span, []) for m in (reading.subject, reading.object))
        if not subjects or not objects:
            unlinked += 1
            continue
        if is_apart(reading, segmented.sentences):
            refused += 1
            continue
        for subject in subjects:
            for obj in objects:
                try:
                    triple = claim_of(reading, segmented.document.kind, subject, obj)
                except SchemaError:
                    refused += 1
                    continue
                turned = triple.subject == obj.concept.id
                first, second = (reading.object, reading.subject) if turned else (reading.subject, reading.object)
                passage, section = _passage(segmented, reading.subject.span, reading.object.span)
                evidence = Evidence(
                    triple=triple,
                    document=segmented.document.id,
                    work=segmented.document.work,
                    text_hash=segmented.document.text_hash,
                    reader=reading.reader,
                    score=reading.score,
                    section=section,
                    sentence=passage,
                    text=passage.of(segmented.document.text),
                    subject_span=first.span,
                    object_span=second.span,
                    polarity=reading.polarity,
                    certainty=reading.certainty,
                    cue=reading.cue,
                    terminology=terminology_digest,
                    strength=reading.strength,
                    count=reading.count,
                    total=reading.total,
                )
                known = found.get(evidence.id)
                # Two patterns may read the same words as the same claim: the surer one stands.
                if known is None or (evidence.score, evidence.strength) > (known.score, known.strength):
                    found[evidence.id] = evidence
    return Claims(tuple(found[key] for key in sorted(found)), unlinked, refused)


def is_apart(reading: Reading, sentences: Sequence[Sentence]) -> bool:
    """Say whether a reading joins different sentences of a text that is longer than an abstract."""
    if len(sentences) <= _ABSTRACT:
        return False
    return _index(sentences, reading.subject.span.start) != _index(sentences, reading.object.span.start)


def _passage(segmented: Segmented, one: Span, other: Span) -> tuple[Span, str]:
    """The sentences from the first argument's to the last one's, and the section of the first."""
    sentences: Sequence[Sentence] = segmented.sentences
    low, high = min(one, other), max(one, other, key=lambda span: span.end)
    first = max(_index(sentences, low.start), 0)
    last = max(_index(sentences, high.end - 1), first)
    start = min(sentences[first].span.start, low.start)
    end = max(sentences[last].span.end, high.end)
    return Span(start, end), sentences[first].section


def _index(sentences: Sequence[Sentence], offset: int) -> int:
    """Return the number of the last sentence that begins at or before an offset, -1 before the first."""
    return bisect_right(sentences, offset, key=lambda sentence: sentence.span.start) - 1
