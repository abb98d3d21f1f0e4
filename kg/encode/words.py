"""Words as the tag heads see them: runs of letters and digits, and every other visible character alone.

BERT's own pre-tokeniser cuts at the same places, so a word never shares a word piece with its neighbour.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+|[^\s]")


def split_words(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of every word of `text`, as half-open code points in rising order."""
    return [match.span() for match in _WORD.finditer(text)]
