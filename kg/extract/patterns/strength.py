"""The grade of a recommendation, as the guideline gives it beside the sentence: ``Strong For``, ``Grade A``, ``I``."""

from __future__ import annotations

import re

from kg.model import Sentence, Span

_REACH = 600
_BRACKET = re.compile(r"[(\[][^()\[\]]{1,240}[)\]]")
_LETTER = re.compile(r"\[\W*((?:SR\s+|EO\s+)?(?:[A-D]|I{1,3}|EO))\W*\]|[(\[]\W*(I{1,3}[A-D])\W*[)\]]")
_GRADE = re.compile(
    r"(?:strong|weak|conditional|moderate|low|high)(?:ly)?[\s-]+(?:for|against|recommendation)\b"
    r"|\b(?:grade|level|category|class|strength|quality|certainty|recommendation)\b[^.;]{0,30}?"
    r"(?:\b[A-D]\b|\b(?:I{1,3}|IV|V)[A-Da-d]?\b|\b[1-5][ABCabc+-]*(?!\w)|\b(?:strong|weak|conditional|high|moderate|low))"
    r"|\b(?:high|moderate|low|very low)[\s-]+(?:quality|certainty)[\s-]+evidence\b"
    r"|^expert (?:opinion|consensus)$|^consensus(?:\W+(?:panel expertise|adapted))?$",
    re.IGNORECASE,
)
_STYLE = re.compile(r"[*_`\\]+")
_PARAGRAPH = re.compile(r"\n\s*\n")


def strength(text: str, sentence: Sentence, after: Span) -> str:
    """Return the grade that follows the span ``after``, in the sentence or its paragraph; ``""`` where none stands.

    A paragraph is a recommendation: what explains it stands before the grade. Only what stands in brackets counts; the
    words are the guideline's, without markup and doubled spaces.

    >>> text = "Offer it. (**Strong For**; Reviewed) Then"
    >>> strength(text, Sentence("d", Span(0, 9), "recommendations", ()), Span(6, 8))
    'Strong For; Reviewed'
    """
    end = min(len(text), sentence.span.end + _REACH)
    for match in _BRACKET.finditer(text, after.end, end):
        if _PARAGRAPH.search(text, sentence.span.end, match.start()):
            break
        if letter := _LETTER.fullmatch(match.group()):
            return letter[1] or letter[2]
        words = " ".join(_STYLE.sub("", match.group()[1:-1]).split())
        if _GRADE.search(words):
            return words
    return ""
