"""The grade of a recommendation, as the guideline gives it beside the sentence: ``Strong For``, ``Grade A``, ``I``."""

from __future__ import annotations

import re

from kg.model import Sentence, Span

_REACH = 160
_BRACKET = re.compile(r"[(\[][^()\[\]]{1,120}[)\]]")
_LETTER = re.compile(r"\[\W*((?:SR\s+|EO\s+)?(?:[A-D]|I{1,3}|I[AB]|II[AB]|EO))\W*\]")
_GRADE = re.compile(
    r"(?:strong|weak|conditional|moderate|low|high)(?:ly)?[\s-]+(?:for|against|recommendation)\b"
    r"|\b(?:grade|level|category|class|strength|quality|certainty|recommendation)\b[^.;]{0,30}?"
    r"(?:\b[A-D]\b|\b(?:I{1,3}|IV|V)[ABCabc]?\b|\b[1-5][ABCabc+-]*(?!\w)|\b(?:strong|weak|conditional|high|moderate|low))"
    r"|\b(?:high|moderate|low|very low)[\s-]+(?:quality|certainty)[\s-]+evidence\b"
    r"|^expert (?:opinion|consensus)$|^consensus$",
    re.IGNORECASE,
)
_STYLE = re.compile(r"[*_`\\]+")


def strength(text: str, sentence: Sentence, after: Span) -> str:
    """Return the grade that follows the span ``after``, in the sentence or just behind it; ``""`` where none stands.

    Only what stands in brackets counts; the words are the guideline's, without markup and doubled spaces.

    >>> text = "Offer it. (**Strong For**; Reviewed) Then"
    >>> strength(text, Sentence("d", Span(0, 9), "recommendations", ()), Span(6, 8))
    'Strong For; Reviewed'
    """
    end = min(len(text), sentence.span.end + _REACH)
    for match in _BRACKET.finditer(text, after.end, end):
        if match.start() >= sentence.span.end and not _beside(text, sentence, match.start()):
            break
        letter = _LETTER.fullmatch(match.group())
        if letter:
            return letter[1]
        words = " ".join(_STYLE.sub("", match.group()[1:-1]).split())
        if _GRADE.search(words):
            return words
    return ""


def _beside(text: str, sentence: Sentence, start: int) -> bool:
    """Say whether nothing but marks stands between the sentence's end and the bracket: the grade is this one's."""
    return not re.search(r"\w|\n\s*\n", text[sentence.span.end : start])
