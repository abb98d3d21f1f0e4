"""What a document says that a substance brings about: ``levodopa-induced dyskinesias``, ``hepatitis due to isoniazid``.

An illness that a substance brings about is often a concept of its own (Dyskinesia, Drug-Induced). A document says so
once, and later calls it by its short name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from kg.link.normalise import key
from kg.link.variants import ILL
from kg.model import Mention

# A cause is tried at its beginning only, and is short: a run of a million letters takes no longer than reading it.
_INDUCED = re.compile(r"(?<![\w.-])(?P<cause>[\w.-]{1,60}?)[- ]induced (?P<name>\w{1,60}(?: \w{1,60}){0,2})")
_DRUG = ("drug", "medication", "substance", "treatment", "stimulant", "neuroleptic", "antipsychotic", "opioid")
_APART = 60  # characters between a name and its cause, at most
_THEN = re.compile(
    r"[- ](?:induced|associated|related|evoked|provoked|produced|mediated)(?: [\w-]+){0,3} "
    r"| (?:(?:can|may|might|could|to) )?(?:induce[sd]?|cause[sd]?|produce[sd]?|provoke[sd]?)(?: [\w-]+){0,3} ",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?: [\w-]+)? (?:(?:induced|caused|provoked|produced|precipitated|triggered) by|(?:associated|related|attributed|"
    r"attributable|secondary|due|owing) (?:with|to)|resulting from|to|from|during|following|after)(?: [\w-]+){0,4} ",
    re.IGNORECASE,
)


def brought_about(text: str, ordered: Sequence[Mention], is_substance: Callable[[str], bool]) -> frozenset[str]:
    """Return the keys of the names of illnesses that the text says a substance brings about.

    ``ordered``: the mentions of the text by where they begin.
    """
    found = set(_told(text, ordered))
    if "induced" in text:
        for match in _INDUCED.finditer(text):
            if match["cause"].lower() in _DRUG or is_substance(match["cause"]):
                found.update(_heads(match["name"]))
    return frozenset(found)


def _told(text: str, ordered: Sequence[Mention]) -> Iterable[str]:
    """Yield the keys of the illnesses that stand beside a substance and a word that makes it their cause."""
    for place, first in enumerate(ordered):
        for later in range(place + 1, len(ordered)):
            second = ordered[later]
            if second.span.start - first.span.end > _APART:
                break
            between = text[first.span.end : second.span.start]
            if first.category == "ChemicalEntity" and second.category in ILL and _THEN.fullmatch(between):
                yield key(second.text)
            elif first.category in ILL and second.category == "ChemicalEntity" and _FROM.fullmatch(between):
                yield key(first.text)


def _heads(words: str) -> list[str]:
    """Return the keys of the beginnings of what follows ``induced``, one to three words.

    >>> _heads("liver injuries again")
    ['liver', 'injury liver', 'again injury liver']
    """
    found = words.split()
    return [key(" ".join(found[:count])) for count in range(1, len(found) + 1)]
