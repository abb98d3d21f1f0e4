"""Building a document's text out of its sections, so that every offset is right by construction."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.ids import content_id
from kg.model import Section, Span
from kg.sources.refusal import Refusal

JOINT = "\n\n"
PAGE = "\ue002"  # a private-use character: where a page begins; it never reaches the text
# Not in any word: byte order mark, soft hyphen, zero-width characters, controls, lone surrogates.
_NOISE = re.compile("[\ufeff\u00ad\u200b-\u200d\u2060\ud800-\udfff\ue000-\ue00f]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_WORD = re.compile(r"[^\W_]+")


def clean(text: str) -> str:
    r"""Return one line of text: every run of white space is one blank, invisible characters are gone.

    >>> clean("  a\u00a0b\n c\u00ad1 ")
    'a b c1'
    """
    line = " ".join(text.split())
    if line.isprintable():  # nearly always, and much cheaper than looking for each invisible character
        return line
    return " ".join(_CONTROL.sub(" ", _NOISE.sub("", line)).split())


def words(text: str) -> str:
    """Return the words of a text in lower case, joined by blanks: equal for spellings that differ in marks only.

    >>> words("VA/DoD: Low-Back Pain (2nd ed.)")
    'va dod low back pain 2nd ed'
    """
    return " ".join(_WORD.findall(text.casefold()))


def slug(text: str, length: int = 48) -> str:
    """Return the first words of a text as part of an id (ASCII letters, digits and dashes).

    >>> slug("Team-based care: to improve!", 12)
    'team-based'
    """
    kept = ""
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        if len(kept) + len(word) + 1 > length:
            break
        kept = f"{kept}-{word}" if kept else word
    return kept


def short_hash(*parts: str) -> str:
    """Return 48 bits of the parts' hash, as 12 hexadecimal digits."""
    return content_id(*parts)[:12]


class Composer:
    """Collects sections; ``text`` is their texts joined by an empty line, ``sections`` their places in it.

    Raises Refusal (text_too_long) as soon as the text passes ``limit`` characters.

    >>> made = Composer()
    >>> made.add("title", "", "Fever")
    >>> made.add("abstract", "Aims", "To cool.")
    >>> made.text
    'Fever\\n\\nTo cool.'
    >>> made.sections[1].span.of(made.text)
    'To cool.'
    """

    def __init__(self, limit: int = 20_000_000) -> None:
        self._limit = limit
        self._parts: list[str] = []
        self._sections: list[Section] = []
        self._length = 0
        self._page_starts: list[int] = []

    def add_lines(self, kind: str, title: str, lines: Iterable[str]) -> None:
        """Append a section of paragraphs, list items or table rows, with an empty line between each and the next."""
        self.add(kind, title, JOINT.join(lines))

    def add(self, kind: str, title: str, text: str) -> None:
        """Append a section; one without text is left out. PAGE marks in it are taken out and remembered."""
        start = self._length + (len(JOINT) if self._parts else 0)
        if PAGE in text:
            pieces = text.split(PAGE)
            at = start
            for piece in pieces[:-1]:
                at += len(piece)
                self._page_starts.append(at)
            text = "".join(pieces)
        if not text:
            return
        self._length = start + len(text)
        if self._length > self._limit:
            raise Refusal(f"more than {self._limit} characters (max_text_chars)", reject="text_too_long")
        self._parts.append(text)
        self._sections.append(Section(kind, title, Span(start, self._length)))

    @property
    def text(self) -> str:
        """The text so far."""
        return JOINT.join(self._parts)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections so far, in the order of the text."""
        return tuple(self._sections)

    @property
    def pages(self) -> tuple[Span, ...]:
        """The pages, each up to where the next begins; empty for a source without pages."""
        starts = [min(start, self._length) for start in self._page_starts]
        ends = [*starts, self._length][1:]
        return tuple(map(Span, starts, ends))

    def __bool__(self) -> bool:
        return bool(self._parts)
