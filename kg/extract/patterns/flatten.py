"""A sentence as the rules see it: each mention one slot, lists of mentions one slot, brackets taken out.

``Metformin (Glucophage) and insulin are recommended`` becomes ``[metformin, insulin] are recommended``: the rules
then speak of one subject, and a reading is made for every member of the list.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.extract.patterns.grammar import BORDER, GERUND, MARK, NUMBER, UNKNOWN
from kg.model import Link, Mention, Sentence, Span

_PIECE = re.compile(r"\w+|[^\w\s]")
_DASHES = str.maketrans({"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "’": "'", "‘": "'", "®": " ", "™": " "})
_IGNORED = frozenset("*_`\\")
_OPEN, _CLOSE = {"(": ")", "[": "]"}, {")", "]"}


@dataclass(frozen=True, slots=True)
class Lists:
    """The words that hold a list together: ``and``; ``plus``; ``include``, after which a list is expected."""

    conjunctions: frozenset[str]
    joints: frozenset[str]
    openers: frozenset[str]
    examples: frozenset[str]
    modifiers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Name:
    """A mention with its final category and the concept it means (``""`` for none)."""

    mention: Mention
    category: str
    concept: str

    @classmethod
    def of(cls, link: Link) -> Name:
        """Return the name of a link: the category of its concept where it has one, else the mention's."""
        if link.best is None:
            return cls(link.mention, link.mention.category, "")
        return cls(link.mention, link.best.concept.category, link.best.concept.id)

    @property
    def span(self) -> Span:
        """Where the mention stands."""
        return self.mention.span


@dataclass(frozen=True, slots=True)
class Item:
    """A word (``members`` empty) or a slot. ``word`` is what the rules match, ``span`` where it stands."""

    word: str
    span: Span
    members: tuple[Name, ...] = ()


def flatten(
    text: str,
    sentence: Sentence,
    names: Sequence[Name],
    kinds: Mapping[str, str],
    known: Container[str],
    lists: Lists,
) -> list[Item]:
    """Return the items of a sentence; ``kinds`` says which slot word a category has, ``known`` the rules' words.

    What stands in brackets comes after the sentence, behind a border that no rule crosses. Words that no rule knows
    are replaced by a class, so that memory does not grow with the vocabulary of the documents.
    """
    items = _items(text, sentence, _outermost(names), kinds)
    main, asides = _without_brackets(items, lists)
    flat: list[Item] = []
    for part in (main, *asides):
        if flat:
            flat.append(Item(BORDER, part[0].span))
        flat.extend(_join_examples(_join_lists([_classed(item, known) for item in part], lists), lists))
    return flat


def _outermost(names: Sequence[Name]) -> list[Name]:
    """Return the names in the order of the text; of those that overlap the longest, then the surest."""
    kept: list[Name] = []
    for name in sorted(names, key=lambda n: (n.span.start - n.span.end, -n.mention.score, n.span.start, n.category)):
        if not any(name.span.overlaps(other.span) for other in kept):
            kept.append(name)
    return sorted(kept, key=lambda n: n.span.start)


def _items(text: str, sentence: Sentence, names: list[Name], kinds: Mapping[str, str]) -> list[Item]:
    items: list[Item] = []
    done = sentence.span.start
    at = 0
    for token in sentence.tokens:
        start = max(token.start, done)
        while at < len(names) and names[at].span.start < token.end:
            name = names[at]
            _pieces(text, start, name.span.start, items)
            if _is_denied(items):  # a non-benzodiazepine is another drug
                items.append(Item(UNKNOWN, name.span))
            else:
                items.append(Item(kinds[name.category], name.span, (name,)))
            start = done = max(done, name.span.end)
            at += 1
        _pieces(text, start, token.end, items)
    return items


def _is_denied(items: list[Item]) -> bool:
    return len(items) > 1 and items[-1].word == "-" and items[-2].word == "non" and not items[-1].members


def _pieces(text: str, start: int, end: int, items: list[Item]) -> None:
    if start >= end:
        return
    part = text[start:end]
    if part.isalpha():
        items.append(Item(part.lower(), Span(start, end)))
        return
    for match in _PIECE.finditer(part.translate(_DASHES)):
        if match.group() not in _IGNORED or _is_bullet(text, start + match.start()):
            items.append(Item(match.group().lower(), Span(start + match.start(), start + match.end())))


def _is_bullet(text: str, at: int) -> bool:
    """Say whether a mark stands free, so that it divides a list rather than emphasises a word."""
    return text[at - 1 : at].isspace() and text[at + 1 : at + 2].isspace()


def _classed(item: Item, known: Container[str]) -> Item:
    word = item.word
    if item.members or word in known:
        return item
    if word[0].isdigit():
        return replace(item, word=NUMBER)
    if not word[0].isalpha():
        return replace(item, word=MARK)
    return replace(item, word=GERUND if word.endswith("ing") else UNKNOWN)


def _without_brackets(items: list[Item], lists: Lists) -> tuple[list[Item], list[list[Item]]]:
    """Take bracketed parts out; a list of examples behind a slot joins it, other parts are returned beside."""
    main: list[Item] = []
    asides: list[list[Item]] = []
    at = 0
    while at < len(items):
        end = _closing(items, at)
        if end is None:
            main.append(items[at])
            at += 1
            continue
        inside = items[at + 1 : end]
        if main and main[-1].members and _only_names(inside, main[-1].word, lists):
            names = [item.members[0] for item in inside if item.members]
            if len(names) > 1 or len(inside) > 1:
                main[-1] = replace(main[-1], members=(*main[-1].members, *names))
        elif sum(1 for item in inside if item.members) > 1 and inside[0].word != "see":
            asides.append([item for item in inside if item.word not in "()[]"])
        at = end + 1
    return main, asides


def _closing(items: list[Item], start: int) -> int | None:
    close = _OPEN.get(items[start].word)
    if close is None:
        return None
    depth = 0
    for at in range(start, len(items)):
        word = items[at].word
        depth += (word in _OPEN) - (word in _CLOSE)
        if depth == 0:
            return at if word == close else None
    return None


def _only_names(inside: list[Item], kind: str, lists: Lists) -> bool:
    between = lists.conjunctions | lists.joints | lists.examples | {".", "e", "g", "i"}
    return any(item.members for item in inside) and all(
        item.word == kind if item.members else item.word in between for item in inside
    )


def _join_lists(items: list[Item], lists: Lists) -> list[Item]:
    """Make one slot of ``A, B and C``: names of one kind with nothing between them but joints and adjectives."""
    joined: list[Item] = []
    at = 0
    while at < len(items):
        item = items[at]
        if not item.members:
            joined.append(item)
            at += 1
            continue
        opened = bool(joined) and (joined[-1].word in lists.openers)
        chain, end = _chain(items, at, lists, opened)
        joined.append(chain)
        at = end
    return joined


def _chain(items: list[Item], start: int, lists: Lists, opened: bool) -> tuple[Item, int]:
    """Return the list that starts here as one slot, and where the sentence goes on."""
    slots = [items[start]]
    ends = [start + 1]
    last_is_and = False
    while True:
        step = _next_name(items, ends[-1], items[start].word, lists, opened)
        if step is None:
            break
        at, last_is_and = step
        slots.append(items[at])
        ends.append(at + 1)
        if last_is_and and not _goes_on(items, at + 1, lists):
            break
    if len(slots) == 2 and not last_is_and and not opened and not _ends_unnamed(items, ends[-1], lists):
        return items[start], ends[0]
    members = tuple(member for slot in slots for member in slot.members)
    return Item(items[start].word, Span(slots[0].span.start, slots[-1].span.end), members), ends[-1]


def _next_name(items: list[Item], at: int, kind: str, lists: Lists, opened: bool) -> tuple[int, bool] | None:
    """Find the next name of the list behind joints; in a list that was announced, over names that nobody found."""
    skipped = 0
    while True:
        joints, has_and = 0, False
        while at < len(items) and (items[at].word in lists.joints or items[at].word in lists.conjunctions):
            has_and = has_and or items[at].word in lists.conjunctions
            joints += 1
            at += 1
        if not joints:
            return None
        words = 0
        while at < len(items) and items[at].word in lists.modifiers and words < 5:
            words += 1
            at += 1
        if at >= len(items):
            return None
        if items[at].members:
            return (at, has_and) if items[at].word == kind and words <= (4 if opened else 2) else None
        skipped += 1
        if not opened or not words or skipped > 3:
            return None


def _goes_on(items: list[Item], at: int, lists: Lists) -> bool:
    return at < len(items) and (items[at].word in lists.conjunctions or items[at].word in ("/", ","))


def _ends_unnamed(items: list[Item], at: int, lists: Lists) -> bool:
    """Say whether ``, and something`` follows: the list has a last member that nobody found."""
    if at < len(items) and items[at].word == ",":
        at += 1
    return at < len(items) and items[at].word in lists.conjunctions


def _join_examples(items: list[Item], lists: Lists) -> list[Item]:
    """Make one slot of ``opioids such as morphine``."""
    joined: list[Item] = []
    at = 0
    while at < len(items):
        item = items[at]
        if item.members and joined and joined[-1].word in lists.examples:
            back = len(joined) - 1
            while back >= 0 and (joined[back].word in lists.examples or joined[back].word == ","):
                back -= 1
            if back >= 0 and joined[back].members and joined[back].word == item.word:
                head = joined[back]
                members = (*head.members, *item.members)
                joined[back:] = [Item(head.word, Span(head.span.start, item.span.end), members)]
                at += 1
                if at < len(items) and items[at].word == ",":
                    at += 1
                continue
        joined.append(item)
        at += 1
    return joined
