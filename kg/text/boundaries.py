"""Where sentences end: rules for clinical and scientific English, over the characters of a text.

A full stop ends a sentence when white space and something that can begin a sentence follow, unless the word before it
is an abbreviation, an initial, a species name or the number of a list item. A blank line, a list item and a table row
always begin anew.
"""

from __future__ import annotations

import re

# Never the end of a sentence: something always follows.
_NEVER = frozenset(
    "e.g i.e eg ie vs cf fig figs eq eqs ref refs tab suppl dr prof mr mrs ms st approx ca resp viz nos vol pp subsp "
    "var cv pv ser gen jan feb mar apr jun jul aug sept oct nov dec no".split()
)
# The end of a sentence only if the next word can do nothing but begin one.
_MAYBE = frozenset("al etc sp spp inc ltd co corp dept univ a.m p.m u.s u.k".split())
_DOTTED = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]$")
_STARTERS = frozenset(
    "a after all although among an and as at because both but by during each eight eleven few finally first five for "
    "four from however if in it its many most nevertheless nine no none of on one our patients results second seven "
    "several six some ten that the their then there therefore these they this those three thus to twelve two under "
    "we when whereas while with methods conclusion conclusions background objective objectives treatment".split()
)
# "vitamin D. We": after these words a single capital is a name's end, not an initial.
_LETTERED = frozenset(
    "vitamin vitamins hepatitis type group factor grade class table appendix phase stage arm influenza "
    "schedule category level immunoglobulin protein part panel cohort".split()
)
_CANDIDATE = re.compile(
    r"""[.!?]["'”’)\]]*(?:\[[\d,\s–-]+\])?(?P<gap>\s+)(?=["'“‘(\[]?(?:[^\W_a-z]|[a-z]{1,4}[A-Z0-9]|\*\*))"""
)
_BREAK = re.compile(r"\n\s*\n\s*|\n(?=\s*(?:[-*•·–]\s|\(?\d{1,2}[.)]\s|\(?[a-z][.)]\s|\|))")
_LAST_WORD = re.compile(r"[^\s(\[“\"]*$")
_NEXT_WORD = re.compile(r"[\"'“‘(\[*]*([\w-]*)")
_ITEM = re.compile(r"(?:^|\n)[\s\-*•(]*(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})$")


def sentence_starts(text: str) -> list[int]:
    """Return the offsets at which a new sentence begins after the first, in order, without doubles.

    >>> text = "Give 0.5 mg i.v. daily (Fig. 2). E. coli grew, e.g. in urine. No fever."
    >>> [text[start:][:7] for start in sentence_starts(text)]
    ['E. coli', 'No feve']
    """
    starts = {match.end() for match in _BREAK.finditer(text)}
    starts.update(match.end("gap") for match in _CANDIDATE.finditer(text) if _ends(text, match))
    return sorted(start for start in starts if 0 < start < len(text))


def _ends(text: str, match: re.Match[str]) -> bool:
    stop = match.start()
    if text[stop] != ".":
        return True
    before = text[max(0, stop - 60) : stop]
    word = _LAST_WORD.search(before)
    last = word.group().lstrip("(['\"").lower() if word else ""
    following = _NEXT_WORD.match(text, match.end())
    next_word = following.group(1) if following else ""
    if _ITEM.search(before):
        return False
    if last in _NEVER:
        # "no" ends a sentence as a word, but "no. 5" does not; a number follows the abbreviation.
        return last == "no" and not next_word[:1].isdigit()
    if last in _MAYBE or _DOTTED.match(last):
        return next_word.lower() in _STARTERS
    if len(last) == 1 and last.isalpha() and before[-1:].isupper():
        words = before[: len(before) - 1].split()
        return bool(words) and words[-1].lower().strip("(,") in _LETTERED
    return True
