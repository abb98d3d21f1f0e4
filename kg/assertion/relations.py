"""Polarity and certainty of readings: what the sentence says of the relation, not only of its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.assertion.places import Place, Sentences, Words
from kg.assertion.rules import Cue, rules
from kg.model import Certainty, Mention, Reading, Segmented, Span
from kg.schema.vocabulary import LABELS, PREDICATES

_ORDER = ("negated", "hypothetical", "hedged")
# "Adenosine-induced dyspnea" takes for granted that the one brings the other, whatever the sentence asks of it.
_PRESUPPOSED = frozenset({("-", "induced"), ("induced",), ("induced", "by"), ("-", "related"), ("-", "associated")})
_CERTAINTY: dict[str, Certainty] = {"hypothetical": "hypothesis", "hedged": "hedged"}


def judge(segmented: Segmented, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return the readings, in their order, with polarity, certainty and cue filled in.

    A negated cue that governs the relation, or a negated argument, makes it ``refutes``; an aim, a hypothesis or a
    question makes it a ``hypothesis``; a hedge of the relation or of an argument makes it ``hedged``. So nothing
    denied or merely asked becomes support. The arguments' statuses are taken from their mentions: run ``assess``
    first. What is to be prevented or watched for ("monitored for hypotension") is not yet there as a finding, but
    the relation may well be asserted: such a status stays with the mention. A reading that comes with a cue has read
    that word itself ("should not be used in" says contraindicated): it is not turned by it again. That a study was
    made ("we evaluated A in B") is a hypothesis of most claims, and all that the weakest ones say: see ``studied`` in
    schemas/predicates.yaml.
    """
    sentences = Sentences(segmented)
    cues: dict[int, tuple[Cue, ...]] = {}
    kind = segmented.document.kind
    return tuple(_judge(reading, sentences, cues, _claims_study(reading.label, kind)) for reading in readings)


def _claims_study(label: str, kind: str) -> bool:
    """Say whether a label claims, in a document of this kind, no more than that something was studied."""
    meaning = LABELS.get(label)
    return meaning is not None and PREDICATES[dict(meaning.kinds).get(kind, meaning.predicate)].studied


def _judge(reading: Reading, sentences: Sentences, cues: dict[int, tuple[Cue, ...]], study: bool) -> Reading:
    arguments = (reading.subject, reading.object)
    found: list[tuple[int, Span | None, str]] = [
        (_ORDER.index(one.status), one.cue, one.status) for one in arguments if one.status in ("negated", "hedged")
    ]
    indices = {sentences.index(one.span) for one in arguments}
    if len(indices) == 1 and (index := indices.pop()) is not None:
        words = sentences.words(index)
        if index not in cues:
            cues[index] = tuple(rules().cues(words.lowered, "relation"))
        found += _of_sentence(words, cues[index], arguments, study)
    if own := reading.cue:
        found = [one for one in found if one[1] is None or not one[1].overlaps(own)]
    if not found:
        return reading
    _, cue, status = min(found, key=lambda one: (one[0], one[1] is None, one[1] or Span(0, 0)))
    if status == "negated":
        return replace(reading, polarity="refutes", cue=cue)
    return replace(reading, certainty=_CERTAINTY[status], cue=cue)


def _of_sentence(
    words: Words, cues: Sequence[Cue], arguments: tuple[Mention, Mention], study: bool
) -> list[tuple[int, Span | None, str]]:
    places = [place for one in arguments if (place := words.place(one.span))]
    if len(places) < 2:
        return []
    left, right = sorted(places)
    if words.lowered[left[1] : right[0]] in _PRESUPPOSED:
        return []
    found: list[tuple[int, Span | None, str]] = []
    for cue in cues:
        told = not cue.rule.needs or not cue.rule.needs.isdisjoint(words.lowered)
        asks = cue.rule.study or not told
        if _governs(cue, left, right, words.lowered) and not (study and asks):
            status = cue.rule.status if told else "hypothetical"
            found.append((_ORDER.index(status), words.span(cue.first, cue.last), status))
    if words.lowered[-1] == "?":
        found.append(
            (_ORDER.index("hypothetical"), words.span(len(words.lowered) - 1, len(words.lowered)), "hypothetical")
        )
    return found


def _governs(cue: Cue, left: Place, right: Place, words: Sequence[str]) -> bool:
    """Say whether a cue governs the relation of the arguments at ``left`` and ``right`` (half-open ranges)."""
    if not cue.rule.forward:
        near, between = right[1], words[left[1] if cue.rule.between else right[1] : cue.first]
        return 0 <= cue.first - near <= cue.rule.scope and not cue.rule.ends.intersection(between)
    if cue.last > right[0] or (cue.rule.between and cue.first < left[1]):
        return False
    nearest = left[0] if cue.last <= left[0] else right[0]
    return nearest - cue.last <= cue.rule.scope and not cue.rule.ends.intersection(words[cue.last : right[0]])
