"""Names that join several: "breast and ovarian cancer", "hepatitis B and C", "nausea/vomiting"."""

from __future__ import annotations

import re

_JOINT = re.compile(r"\s*(?:,\s*and/or|,\s*and|,\s*or|\band/or\b|\band\b|\bor\b|,|/|&|\+)\s*", re.IGNORECASE)


def parts(text: str) -> list[str]:
    """Return the names that a text joins, each made whole; empty when it joins none.

    >>> parts("breast and ovarian cancer")
    ['breast cancer', 'ovarian cancer']
    >>> parts("hepatitis B and C")
    ['hepatitis B', 'hepatitis C']
    >>> parts("nausea/vomiting"), parts("asthma")
    (['nausea', 'vomiting'], [])
    """
    pieces = [piece for piece in _JOINT.split(text.strip()) if piece]
    if len(pieces) < 2:
        return []
    first, last = pieces[0].split(), pieces[-1].split()
    if len(first) > 1 and all(len(piece.split()) == 1 and len(piece) <= 3 for piece in pieces[1:]):
        head = " ".join(first[:-1])
        return [pieces[0], *(f"{head} {piece}" for piece in pieces[1:])]
    if len(last) > 1 and all(len(piece.split()) < len(last) for piece in pieces[:-1]):
        tail = last[-1]
        return [*(f"{piece} {tail}" for piece in pieces[:-1]), pieces[-1]]
    return pieces
