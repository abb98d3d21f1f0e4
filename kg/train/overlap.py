"""Which texts hold a document that something is measured on, however it is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from kg.train.corpora.gold import GoldDocument

_SENTENCE = re.compile(r"[.!?]\s+")
_LETTERS = re.compile(r"[^a-z0-9]+")
_LONG = 40  # letters; shorter sentences ("Methods and results.") say nothing about whose they are


def work_of(ident: str) -> str:
    """The id of the work: sections of one drug label (`ADREVIEW/S1`, `ADREVIEW:warnings`) belong together.

    >>> work_of("ADREVIEW/S1"), work_of("ADREVIEW:warnings"), work_of("227508")
    ('ADREVIEW', 'ADREVIEW', '227508')
    """
    return re.split(r"[/:]", ident, maxsplit=1)[0]


def _sentences(text: str) -> set[bytes]:
    folded = (_LETTERS.sub("", sentence) for sentence in _SENTENCE.split(text.lower()))
    return {blake2b(one.encode(), digest_size=8).digest() for one in folded if len(one) >= _LONG}


class HeldBack:
    """Documents that training must not see. Found by id, or by half of their sentences, or by a text that lies in one
    whole."""

    def __init__(self, documents: Iterable[GoldDocument]) -> None:
        self.works: set[str] = set()
        self._owners: dict[bytes, list[int]] = {}
        self._sizes: list[int] = []
        for number, document in enumerate(documents):
            self.works.add(work_of(document.id))
            found = _sentences(document.text)
            self._sizes.append(len(found))
            for sentence in found:
                self._owners.setdefault(sentence, []).append(number)

    def holds(self, idents: Sequence[str | None], text: str) -> bool:
        """Whether a text with these ids is, contains, or lies inside a document that is held back."""
        if any(ident and work_of(ident) in self.works for ident in idents):
            return True
        found = _sentences(text)
        shared = Counter(number for one in found for number in self._owners.get(one, ()))
        return any(2 * count >= self._sizes[number] or count == len(found) for number, count in shared.items())
