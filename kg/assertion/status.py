"""The status of mentions: negated, hedged, hypothetical, conditional, family, historical, else affirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from kg.assertion.places import Sentences
from kg.assertion.rules import Cue, rules
from kg.model import Mention, Segmented, Status

# Where several cues govern a mention, the first of these statuses holds: what is denied is not merely doubted.
_ORDER = ("negated", "family", "hypothetical", "conditional", "hedged", "historical")


def assess(segmented: Segmented, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions, in their order, with status and cue filled in.

    A mention outside all sentences stays as it is. The cue is a span of the document's text.
    """
    sentences = Sentences(segmented)
    cues: dict[int, list[Cue]] = {}
    assessed = []
    for mention in mentions:
        index = sentences.index(mention.span)
        if index is None:
            assessed.append(mention)
            continue
        words = sentences.words(index)
        if index not in cues:
            cues[index] = list(rules().cues(words.lowered, "mention"))
        place = words.place(mention.span)
        governing = [cue for cue in cues[index] if place and governs(cue, place, words.lowered)]
        if governing:
            first = min(governing, key=lambda cue: (_ORDER.index(cue.rule.status), -cue.first))
            status = cast(Status, first.rule.status)
            mention = replace(mention, status=status, cue=words.span(first.first, first.last))
        assessed.append(mention)
    return tuple(assessed)


def governs(cue: Cue, place: tuple[int, int], words: Sequence[str]) -> bool:
    """Say whether a mention at ``place`` (a half-open range of words) lies in the cue's scope."""
    first, last = (cue.last, place[0]) if cue.rule.forward else (place[1], cue.first)
    return 0 <= last - first <= cue.rule.scope and not cue.rule.ends.intersection(words[first:last])
