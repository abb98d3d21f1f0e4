"""Which concepts of a window may be related, and which of their mentions stand for them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch

from kg.encode.windows import Window
from kg.extract.network import Concepts
from kg.extract.schemes import KINDS, Scheme
from kg.model import Mention, Segmented

_ABSTRACT = ("title", "abstract")
_APART = 3  # sentences


@dataclass(frozen=True, slots=True)
class Argument:
    """A mention with what the relation head needs: its concept key, kind, and first and last word."""

    mention: Mention
    concept: str
    kind: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """The concepts of one window (`members` per concept) and the pairs of concept numbers to judge."""

    members: tuple[tuple[Argument, ...], ...]
    pairs: tuple[tuple[int, int], ...]


def candidates(arguments: Sequence[Argument], window: Window, scheme: Scheme) -> Candidates:
    """Group the arguments inside a window into concepts and pair them as the scheme's corpus would.

    Two concepts of one kind stand in the order of the text.
    """
    inside = [one for one in arguments if window.start <= one.first and one.last < window.end]
    groups: dict[tuple[str, str], list[Argument]] = {}
    for one in inside:
        groups.setdefault((one.concept, one.kind), []).append(one)
    members = tuple(tuple(group) for group in groups.values())
    kinds = dict(scheme.kinds)
    allowed = {(kinds[one], kinds[two]) for one, two in scheme.pairs}
    pairs = tuple(
        (one, two)
        for one in range(len(members))
        for two in range(len(members))
        if one != two
        and (members[one][0].kind, members[two][0].kind) in allowed
        and members[one][0].concept != members[two][0].concept
        and (members[one][0].kind != members[two][0].kind or one < two)
    )
    return Candidates(members, pairs)


def gap(one: Argument, two: Argument) -> int:
    """Words from the nearer ends of one mention to the other; 0 when they touch."""
    return max(one.first - two.last, two.first - one.last, 0)


def as_tensors(found: Candidates, start: int, first: torch.Tensor, last: torch.Tensor) -> Concepts:
    """Candidates as index tensors; `first`, `last`: pieces of the window's words, whose first word is `start`."""
    mentions = [(one.first, one.last, number) for number, group in enumerate(found.members) for one in group]
    begin = torch.tensor([one for one, _, _ in mentions]) - start
    end = torch.tensor([two for _, two, _ in mentions]) - start
    distance = [
        min(gap(one, two) for one in found.members[left] for two in found.members[right]) for left, right in found.pairs
    ]
    return Concepts(
        first[begin], last[end], torch.tensor([three for _, _, three in mentions]),
        torch.tensor([KINDS.index(group[0].kind) for group in found.members]),
        torch.tensor(found.pairs), torch.tensor(distance),
    )  # fmt: skip


def nearest(
    one: Sequence[Argument], two: Sequence[Argument], sentences: Mapping[int, int]
) -> tuple[Argument, Argument]:
    """The pair of mentions that best shows a relation: in one sentence if there is such a pair, else the nearest.

    `sentences`: word -> number of its sentence.
    """
    return min(
        ((left, right) for left in one for right in two),
        key=lambda pair: (
            sentences.get(pair[0].first, -1) != sentences.get(pair[1].first, -2),
            gap(*pair),
            pair[0].first,
            pair[1].first,
        ),
    )


def word_sentences(words: Sequence[tuple[int, int]], starts: Sequence[int], of: Sequence[Argument]) -> dict[int, int]:
    """Word -> number of its sentence, for the first words of arguments; `starts`: where sentences begin, rising."""
    return {one.first: bisect_right(starts, words[one.first][0]) for one in of}


def neighbours(segmented: Segmented) -> Callable[[Mention, Mention], bool]:
    """Whether two mentions stand near enough to be related.

    In a title or an abstract, as in the training corpora, everything is near. Elsewhere both have to stand in the same
    innermost section and at most three sentences apart.
    """
    sections = segmented.document.sections
    starts = [sentence.span.start for sentence in segmented.sentences]

    def section(mention: Mention) -> tuple[int, int, str]:
        inside = [one for one in sections if one.span.covers(mention.span)]
        if not inside:
            return (-1, -1, "")
        found = min(inside, key=lambda one: (one.span.end - one.span.start, one.span.start))
        return found.span.start, found.span.end, found.kind

    def near(one: Mention, two: Mention) -> bool:
        if not sections:
            return True
        first, second = section(one), section(two)
        if first[2] in _ABSTRACT and second[2] in _ABSTRACT:
            return True
        apart = abs(bisect_right(starts, one.span.start) - bisect_right(starts, two.span.start))
        return first == second and apart <= _APART

    return near
