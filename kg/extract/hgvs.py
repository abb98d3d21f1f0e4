"""Variants as they are written: a notation says where the name of a variant begins and ends.

The tag head finds most variants and errs at their borders, because a notation is many word pieces of punctuation:
``IVS9+459, A/G`` became two names, ``-1082(G/A)`` two halves. The forms are those of the HGVS nomenclature
(den Dunnen et al. 2016, https://doi.org/10.1002/humu.22981) and of the papers before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extract.found import Found

_BASE = "[ACGT]"
_CHANGE = rf"{_BASE}{{1,9}} ?(?:-{{1,4}}>|→|>|/) ?{_BASE}{{1,9}}"
_GENOTYPE = rf" ?{_BASE}{{2}}(?:\+{_BASE}{{2}})?"
_LETTER = "[ACDEFGHIKLMNPQRSTVWY]"
_THREE = "(?:Ala|Arg|Asn|Asp|Cys|Gln|Glu|Gly|His|Ile|Leu|Lys|Met|Phe|Pro|Ser|Thr|Trp|Tyr|Val|Ter)"
_ACID = (
    "(?:alanine|arginine|asparagine|aspartic acid|aspartate|cysteine|glutamine|glutamic acid|glutamate|glycine"
    "|histidine|isoleucine|leucine|lysine|methionine|phenylalanine|proline|serine|threonine|tryptophan|tyrosine|valine"
    "|(?:a )?(?:premature )?(?:stop|termination)(?: codon)?)"
)
_SPOT = "(?:amino[ -]acid|codon|residue|position)"
_PROTEIN = (
    rf"(?:{_THREE}|[A-Z])\d{{1,5}}(?:_(?:{_THREE}|[A-Z])\d{{1,5}})?"
    rf"(?:(?:{_THREE}|{_LETTER}|[X*=])?fs(?:(?:[X*]|Ter)?\d*)|del|dup|ins(?:{_THREE}|{_LETTER})+|{_THREE}|{_LETTER}|[X*=])"
)
_INDEL = rf"(?:del|dup|ins|inv)(?: ?(?:{_BASE}{{1,40}}|\d{{1,4}}))?(?:ins{_BASE}{{1,40}})?"

# What nothing else in a medical text looks like: a name also where the head has none.
_PLAIN = (
    rf"[cgmnr](?<![\w.].)\. ?[*(\[-]{{0,2}}\d[\d_+*()-]{{0,30}}(?: ?{_CHANGE}| ?{_INDEL})",
    rf"p(?<![\w.].)\. ?(?:{_PROTEIN}|\({_PROTEIN}\))",
    r"[rR](?<!\w.)s ?\d{3,12}",
    rf"IVS(?<!\w...)-?\d{{1,3}} ?[+-] ?\d{{1,5}}(?:,? ?{_CHANGE}|{_GENOTYPE}|(?:del|ins){_BASE}{{1,40}})",
    rf"\d(?<![\w.+-].)\d{{0,4}}(?:[-_]\d{{1,5}})?(?:del|dup|ins) ?(?:{_BASE}{{1,40}}|\d{{1,4}})",
)
# What may also be a cell line, a dose or a reaction: it only says how far a name reaches that the head has found.
_AMBIGUOUS = (
    rf"-(?<![\w.-].)\d{{2,5}}(?:,? ?{_CHANGE}|\({_CHANGE}\)|{_GENOTYPE}|,? (?:deletion|insertion)/{_BASE}{{1,9}})",
    rf"\d(?<![\w.+-].)\d{{0,4}} ?{_CHANGE}",
    rf"{_LETTER}(?<![\w.-].)[1-9]\d{{1,4}}(?:{_LETTER}|X|fs(?:X?\d{{1,4}})?|-?(?:stop|TAG|TGA|TAA))",
    rf"{_THREE}(?<![\w.-]...)[ -]?\d{{1,4}}[ -]?(?:to |-{{1,4}}> ?|→)?(?:{_THREE}|[Ss]top)",
    rf"{_ACID} (?:to|for|by|into) {_ACID}(?: (?:substitution|change|mutation))?(?: at {_SPOT}(?: position)? \d+)?",
    rf"{_ACID} (?:at )?(?:{_SPOT} )*\d+ (?:to|by|with|into|for) (?:a |an )?{_ACID}",
)
_NOTATION = re.compile(rf"(?:(?P<plain>{'|'.join(_PLAIN)})|{'|'.join(_AMBIGUOUS)})(?!\w)")
_SCORE = 0.95  # of what the head has not found: in BioRED's training half all of 275 plain notations are variants


def mend_variants(found: Sequence[Found], text: str, kind: str) -> list[Found]:
    """Give variants, the names of type `kind`, the borders of their notation; add those that are plainly written.

    A notation replaces all variants that it touches, and whatever else it touches with them. In order of the text.

    >>> text = "FOXP3 (IVS9+459, A/G) and rs4073 in T47D cells"
    >>> found = [Found(7, 11, "variant", 0.8), Found(17, 20, "variant", 0.7)]
    >>> [text[one.start : one.end] for one in mend_variants(found, text, "variant")]
    ['IVS9+459, A/G', 'rs4073']
    """
    kept = sorted(found)
    for match in _NOTATION.finditer(text):
        start, end = match.span()
        touched = [one for one in kept if one.start < end and start < one.end]
        scores = [one.score for one in touched if one.type == kind]
        if scores or match["plain"]:
            kept = [one for one in kept if one not in touched]
            kept.append(Found(start, end, kind, max(scores, default=_SCORE)))
    return sorted(kept)
