"""The status of mentions: negated, hedged, hypothetical, conditional, family, historical, else affirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import cast

from kg.assertion.places import Place, Sentences, Words
from kg.assertion.rules import Cue, rules
from kg.model import Mention, Segmented, Status

# Where several cues govern a mention, the first of these statuses holds: what is denied is not merely doubted.
_ORDER = ("negated", "family", "hypothetical", "conditional", "hedged", "historical")
_JOINTS = frozenset({",", "/", "or", "and", "nor", "and/or"})
_BETWEEN, _ADJECTIVES = 4, 2  # words from one member of a list to the next, and those that are no joints


def assess(segmented: Segmented, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions, in their order, with status and cue filled in.

    A mention outside all sentences stays as it is. The cue is a span of the document's text.
    """
    sentences = Sentences(segmented)
    standing: dict[int, list[int]] = {}
    for number, mention in enumerate(mentions):
        index = sentences.index(mention.span)
        if index is not None:
            standing.setdefault(index, []).append(number)
    assessed = list(mentions)
    for index, numbers in standing.items():
        words = sentences.words(index)
        cues = list(rules().cues(words.lowered, "mention"))
        if not cues:
            continue
        places = {number: place for number in numbers if (place := words.place(mentions[number].span))}
        for number, governing in _governing(cues, places, words.lowered).items():
            assessed[number] = _with_status(mentions[number], governing, words)
    return tuple(assessed)


def _with_status(mention: Mention, governing: Iterable[Cue], words: Words) -> Mention:
    first = min(governing, key=lambda cue: (_ORDER.index(cue.rule.status), -cue.first))
    return replace(mention, status=cast(Status, first.rule.status), cue=words.span(first.first, first.last))


def _governing(cues: Sequence[Cue], places: dict[int, Place], words: Sequence[str]) -> dict[int, list[Cue]]:
    """Return the cues that govern each mention, where any do.

    What governs one member of a list governs the next one too, however long the list is: from left to right for cues
    that look forward, from right to left for those that look back.
    """
    found = {number: [cue for cue in cues if governs(cue, place, words)] for number, place in places.items()}
    ordered = sorted(places, key=lambda number: places[number])
    for forward in (True, False):
        chain = ordered if forward else ordered[::-1]
        for one, other in pairwise(chain):
            left, right = (one, other) if forward else (other, one)
            between = words[places[left][1] : places[right][0]]
            if found[one] and _lists(between):
                found[other] += [
                    cue for cue in found[one] if cue not in found[other] and _carries(cue, forward, between)
                ]
    return {number: governing for number, governing in found.items() if governing}


def _carries(cue: Cue, forward: bool, between: Sequence[str]) -> bool:
    rule = cue.rule
    return rule.lists and rule.forward == forward and not (rule.ends - _JOINTS).intersection(between)


def _lists(between: Sequence[str]) -> bool:
    """Say whether the words between two mentions make them members of one list."""
    others = sum(word not in _JOINTS for word in between)
    return others < len(between) <= _BETWEEN and others <= _ADJECTIVES


def governs(cue: Cue, place: Place, words: Sequence[str]) -> bool:
    """Say whether a mention at ``place`` lies in the cue's scope."""
    first, last = (cue.last, place[0]) if cue.rule.forward else (place[1], cue.first)
    return 0 <= last - first <= cue.rule.scope and not cue.rule.ends.intersection(words[first:last])
