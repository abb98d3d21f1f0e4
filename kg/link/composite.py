"""Names that join several: "breast and ovarian cancer", "hepatitis B and C", "nausea/vomiting"."""

from __future__ import annotations

import re

_JOINT = re.compile(r"\s*(?:,\s*and/or|,\s*and|,\s*or|\band/or\b|\band\b|\bor\b|,|/|&|\+)\s*", re.IGNORECASE)

_SHARED = re.compile(r"(?P<head>.{1,60}? (?:of|in|on)) (?:both )?(?P<joined>.+)", re.DOTALL)


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


def splits(text: str) -> list[list[str]]:
    """Return the ways in which a text may join names, the likeliest first: what comes first may belong to all.

    >>> splits("ventricular tachycardia and fibrillation")[1]
    ['ventricular tachycardia', 'ventricular fibrillation']
    >>> splits("thrombosis of both the carotid artery and the venous sinus")[1]
    ['thrombosis of the carotid artery', 'thrombosis of the venous sinus']
    >>> splits("asthma")
    []
    """
    plain = parts(text)
    found = [plain] if plain else []
    pieces = [piece for piece in _JOINT.split(text.strip()) if piece]
    first = pieces[0].split() if pieces else []
    if plain and len(first) > 1 and all(len(piece.split()) == 1 for piece in pieces[1:]):
        head = " ".join(first[:-1])
        found.append([pieces[0], *(f"{head} {piece}" for piece in pieces[1:])])
    shared = _SHARED.match(text)
    joined = parts(shared["joined"]) if shared else []
    if shared and joined:
        found.append([f"{shared['head']} {piece}" for piece in joined])
    return [way for place, way in enumerate(found) if way not in found[:place]]
