"""How many of how many: counts that stand beside a finding and belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.assertion.counted import FINDING, OTHER, RIVAL, SUBJECT, Counted, counted, number_rules
from kg.assertion.places import Sentences
from kg.model import Mention, Reading, Segmented, Span

_CONDITIONS = ("Disease", "PhenotypicFeature")
_DRUGS = ("ChemicalEntity", "Treatment")
_LETTERS = {**dict.fromkeys(_CONDITIONS, OTHER), **dict.fromkeys(_DRUGS, RIVAL)}


def count(segmented: Segmented, readings: Sequence[Reading], mentions: Sequence[Mention]) -> tuple[Reading, ...]:
    """Return the readings, in their order, with ``count`` of ``total`` where the sentence counts their finding.

    The finding is the reading's object, and the count is that of the group which the subject names: of several groups
    in one sentence ("12 of 34 on A and 3 of 33 on B") each has its own. "None of 34" refutes, whatever the reader took
    it for; any other count in a refuted reading is left out, for it may count those who did not have the finding.
    """
    labels = number_rules().labels
    sentences = Sentences(segmented)
    return tuple(
        _counted(reading, segmented, sentences, mentions) if reading.label in labels else reading
        for reading in readings
    )


def _counted(reading: Reading, segmented: Segmented, sentences: Sentences, mentions: Sequence[Mention]) -> Reading:
    index = sentences.index(reading.object.span)
    if index is None or index != sentences.index(reading.subject.span):
        return reading
    span = segmented.sentences[index].span
    if not any(letter.isdigit() for letter in span.of(segmented.document.text)):
        return reading
    found = counted(_overlaid(span, segmented.document.text, reading, mentions))
    if found is None or (found.count and reading.polarity == "refutes"):
        return reading
    return _with(reading, found)


def _with(reading: Reading, found: Counted) -> Reading:
    polarity = reading.polarity if found.count else "refutes"
    return replace(reading, polarity=polarity, count=found.count, total=found.total)


def _overlaid(span: Span, text: str, reading: Reading, mentions: Sequence[Mention]) -> str:
    # Letter by letter, so that offsets stay: a few capitals have two small letters.
    letters = [small if len(small := letter.lower()) == 1 else letter for letter in span.of(text)]
    overlays = [(one.span, _LETTERS[one.category]) for one in mentions if one.category in _LETTERS]
    named = reading.subject.text.lower()
    overlays += [(one.span, SUBJECT) for one in mentions if one.text.lower() == named and span.covers(one.span)]
    for one, letter in (*overlays, (reading.subject.span, SUBJECT), (reading.object.span, FINDING)):
        for place in range(max(one.start, span.start), min(one.end, span.end)):
            letters[place - span.start] = letter
    return "".join(letters)
