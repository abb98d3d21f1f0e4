"""Abbreviations that a text defines itself, by the algorithm of Schwartz and Hearst (Pac Symp Biocomput 2003, 451-62).

Pure Python over the text, without spaCy, so that training can use it where spaCy is not installed.
"""

from __future__ import annotations

import re

from kg.model import Abbreviation, Span

_PARENTHESIS = re.compile(r"\(([^()\[\]]{2,60})\)")
_SHORT = re.compile(r"[A-Za-z0-9α-ωΑ-Ω][\w/+.'-]*(?: [\w/+.'-]+)?$")
_WORD = re.compile(r"[^\s()\[\]]+")
_PART = re.compile(r"[^\s()\[\]-]+")
_MAX_BACK = 250


def find_abbreviations(text: str) -> tuple[Abbreviation, ...]:
    """Return the pairs ``long form (short form)`` of a text in their order, spans into ``text``.

    A short form has two to ten characters, at least one letter, and at most two words; the long form is the shortest
    run of words before the bracket whose letters give the short form from right to left, its first letter at the
    start of a word. Where the first letters of as many words as it has letters give it, these are the long form.

    >>> text = "tumour necrosis factor (TNF) and interleukin 6 (IL-6)"
    >>> [(a.short.of(text), a.long.of(text)) for a in find_abbreviations(text)]
    [('TNF', 'tumour necrosis factor'), ('IL-6', 'interleukin 6')]
    >>> text = "of attenuated adenomatous polyposis coli (AAPC)"
    >>> [a.long.of(text) for a in find_abbreviations(text)]
    ['attenuated adenomatous polyposis coli']
    """
    found = []
    for match in _PARENTHESIS.finditer(text):
        inner = re.split(r"[;,]", match.group(1), maxsplit=1)[0].rstrip()
        start = match.start(1) + len(inner) - len(inner.lstrip())
        short = inner.strip()
        if not _is_short_form(short):
            continue
        window = text[max(0, match.start() - _MAX_BACK) : match.start()].rstrip()
        # A definition does not reach over a sentence or a paragraph.
        window = re.split(r"\n\s*\n|[.;:!?]\s", window)[-1]
        offset = text.rfind(window, 0, match.start()) if window else -1
        long = (_initials(short, window) or _long_form(short, window)) if offset >= 0 else None
        if long is not None:
            found.append(Abbreviation(Span(start, start + len(short)), long.shifted(offset)))
    return tuple(found)


def _is_short_form(short: str) -> bool:
    if not 2 <= len(short) <= 10 or not _SHORT.match(short):
        return False
    letters = [c for c in short if c.isalpha()]
    # "(see)" and "(mean)" are words: a short form has a capital or a digit.
    return bool(letters) and (any(c.isupper() for c in short) or any(c.isdigit() for c in short))


def _initials(short: str, window: str) -> Span | None:
    """Return the last words of the window if their first letters are those of the short form, a capital each.

    Schwartz and Hearst take the shortest run of words that has the letters: ``polyposis coli`` alone would do for the
    end of ``attenuated adenomatous polyposis coli (AAPC)``.
    """
    if len(short) < 3 or not (short.isalpha() and short.isupper()):
        return None
    words = [match.span() for match in _PART.finditer(window)][-len(short) :]
    if "".join(window[start] for start, _ in words).upper() != short:
        return None
    return Span(words[0][0], len(window))


def _long_form(short: str, window: str) -> Span | None:
    words = [match.span() for match in _WORD.finditer(window)]
    limit = min(len(short) + 5, len(short) * 2)
    if not words:
        return None
    begin = words[max(0, len(words) - limit)][0]
    place, index = len(window) - 1, len(short) - 1
    while index >= 0:
        wanted = short[index].lower()
        if not wanted.isalnum():
            index -= 1
            continue
        while place >= begin and (
            window[place].lower() != wanted or (index == 0 and place > begin and window[place - 1].isalnum())
        ):
            place -= 1
        if place < begin:
            return None
        place, index = place - 1, index - 1
    start = place + 1
    # The first letter may stand inside a hyphenated word: the long form begins with the word.
    while start > begin and not window[start - 1].isspace() and window[start - 1] not in "([":
        start -= 1
    long = window[start:]
    if len(long) <= len(short) or short.lower() in long.lower().split():
        return None
    return Span(start, len(window))
