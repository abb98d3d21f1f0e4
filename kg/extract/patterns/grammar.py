"""The small notation of the rules: from a line such as ``SUBJECT BE recommended for [the] OBJECT`` to token patterns.

An element is a word (``include``), words to choose from (``for|in``), the name of a word set in capitals (``BE``),
the name of a phrase in angle brackets (``<WHOM>``), or an argument: ``SUBJECT``, ``OBJECT``, or ``PAIR`` (one list
whose members stand to each other). ``<any>`` is whatever stands within one clause, names too: for gaps that cannot
change what is said. ``?``, ``*``, ``+`` and ``{m,n}`` repeat it; square brackets make a part optional. A hyphenated
word is three tokens, as in the flattened sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from kg.errors import ConfigError

SLOT = "\ue000"
UNKNOWN, GERUND, NUMBER, MARK = "\ue001", "\ue002", "\ue003", "\ue004"
BORDER = "\ue005"
ANY = "<any>"
_CLAUSE_ENDS = (",", ";", ":", ".", "?", "!", BORDER)
CLASSES = {"<word>": UNKNOWN, "<gerund>": GERUND, "<number>": NUMBER, "<mark>": MARK}
ARGUMENTS = ("SUBJECT", "OBJECT", "PAIR")
_ELEMENT = re.compile(r"(?P<body>.+?)(?P<repeat>[?*+]|\{\d+,\d+\})?")
_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class Words:
    """The word sets and phrases that forms may use."""

    sets: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Form:
    """One way of saying it: ``tokens`` for spaCy's Matcher; ``places`` says which of them is which argument.

    A sentence can match only if it has a word of every set in ``required``; the first set is the rarest.
    """

    tokens: tuple[dict[str, Any], ...]
    places: tuple[tuple[int, str], ...]
    required: tuple[frozenset[str], ...]

    @property
    def words(self) -> frozenset[str]:
        """All words that the form looks for."""
        return frozenset(word for token in self.tokens for word in _literals(token))


def _literals(token: Mapping[str, Any]) -> Sequence[str]:
    literals: Sequence[str] = token["ORTH"].get("IN", ())
    return literals


def alternatives(form: str, words: Words) -> list[list[str]]:
    """Return every sequence of elements that a line stands for, optional parts and phrases written out.

    Raises ConfigError for a bracket without its partner, an unknown phrase or more than 4,000 sequences.

    >>> alternatives("a [b|c d?] [e] f", Words({}, {}))
    [['a', 'e?', 'f'], ['a', 'b|c', 'd?', 'e?', 'f']]
    """
    found = _sequence(form.replace("[", " [ ").replace("]", " ] ").split(), words, form)
    if len(found) > _LIMIT:
        raise ConfigError(f"a form may stand for {_LIMIT} sequences, this one for {len(found)}", form=form)
    return found


def _sequence(elements: list[str], words: Words, form: str) -> list[list[str]]:
    choices: list[list[list[str]]] = []
    at = 0
    while at < len(elements):
        element = elements[at]
        if element == "[":
            end = _closing(elements, at, form)
            choices.append(_optional(_sequence(elements[at + 1 : end], words, form)))
            at = end
        elif element == "]":
            raise ConfigError("a bracket closes that was never opened", form=form)
        elif element.startswith("<") and element.endswith(">") and element not in CLASSES and element != ANY:
            phrase = words.phrases.get(element[1:-1])
            if phrase is None:
                raise ConfigError("no such phrase", phrase=element, form=form)
            choices.append([found for line in phrase for found in alternatives(line, words)])
        else:
            choices.append([[element]])
        at += 1
    return [[element for part in parts for element in part] for parts in product(*choices)]


def _optional(inside: list[list[str]]) -> list[list[str]]:
    """Return an optional part: one plain word gets a question mark, anything else is there or not."""
    if len(inside) == 1 and len(inside[0]) == 1 and inside[0][0].replace("|", "").isalpha():
        return [[inside[0][0] + "?"]]
    return [[], *inside]


def _closing(elements: list[str], start: int, form: str) -> int:
    depth = 0
    for at in range(start, len(elements)):
        depth += {"[": 1, "]": -1}.get(elements[at], 0)
        if depth == 0:
            return at
    raise ConfigError("a bracket is opened and never closed", form=form)


def compile_form(form: str, words: Words, subjects: Sequence[str], objects: Sequence[str]) -> list[Form]:
    """Return the token patterns of one line; ``subjects`` and ``objects`` are the slot words of the arguments.

    Raises ConfigError for an unknown word set, or a sequence without its two arguments.

    >>> compile_form("SUBJECT first-line? OBJECT", Words({}, {}), ["@drug"], ["@disease"])
    Traceback (most recent call last):
    ...
    kg.errors.ConfigError: only a plain word may be repeated (element=first-line?, form=SUBJECT first-line? OBJECT)
    """
    slots = {"SUBJECT": tuple(subjects), "OBJECT": tuple(objects), "PAIR": tuple(subjects)}
    forms = []
    for elements in alternatives(form, words):
        tokens: list[dict[str, Any]] = []
        places: list[tuple[int, str]] = []
        for element in elements:
            if element in slots:
                places.append((len(tokens), element))
            tokens += _tokens(element, words, slots, form)
        if sorted(name for _, name in places) not in (["OBJECT", "SUBJECT"], ["PAIR"]):
            raise ConfigError("a form names SUBJECT and OBJECT once each, or PAIR once", form=form)
        forms.append(Form(tuple(tokens), tuple(places), _required(tokens, words)))
    return forms


def _tokens(element: str, words: Words, slots: Mapping[str, tuple[str, ...]], form: str) -> list[dict[str, Any]]:
    match = _ELEMENT.fullmatch(element)
    if match is None:
        raise ConfigError("not an element", element=element, form=form)
    body, repeat = match["body"], match["repeat"]
    if body in slots:
        if repeat:
            raise ConfigError("an argument stands once", element=element, form=form)
        return [{"ORTH": {"IN": list(slots[body])}}]
    if body == ANY:
        gap: dict[str, Any] = {"ORTH": {"NOT_IN": list(_CLAUSE_ENDS)}}
        return [gap | {"OP": repeat} if repeat else gap]
    parts = re.findall(r"[^-]+|-", body) if "-" in body and len(body) > 1 else [body]
    if len(parts) > 1 and (repeat or "|" in body):
        raise ConfigError("only a plain word may be repeated", element=element, form=form)
    tokens: list[dict[str, Any]] = [{"ORTH": {"IN": _choose(part, words, form)}} for part in parts]
    if repeat:
        tokens[0]["OP"] = repeat
    return tokens


def _choose(part: str, words: Words, form: str) -> list[str]:
    chosen: list[str] = []
    for word in part.split("|"):
        if word in CLASSES:
            chosen.append(CLASSES[word])
        elif word.isupper() and len(word) > 1:
            if word not in words.sets:
                raise ConfigError("no such word set", set=word, form=form)
            chosen.extend(words.sets[word])
        else:
            chosen.append(word)
    return sorted(set(chosen))


def _required(tokens: Sequence[Mapping[str, Any]], words: Words) -> tuple[frozenset[str], ...]:
    """Return the sets of words of which one each must stand in the sentence, the most telling set first."""
    common = set(words.sets.get("COMMON", ()))
    firm = (_literals(token) for token in tokens if token.get("OP", "1")[0] not in "?*{")
    found = {frozenset(literals) for literals in firm if literals}

    def commonness(choice: frozenset[str]) -> tuple[bool, bool, int, list[str]]:
        is_slot = any(word.startswith(SLOT) for word in choice)
        return is_slot, bool(choice & common), len(choice), sorted(choice)

    return tuple(sorted(found, key=commonness))
