"""Other ways to write a name that no vocabulary has: without its salt, with a sister word, without a modifier.

The rules are data in variants.yaml; each variant carries the factor that the score is multiplied by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import yaml

from kg.link.normalise import words as folded

_DATA = Path(__file__).with_name("variants.yaml")
_TOKEN = re.compile(r"[^\s,/()\[\]-]+|[-/,()\[\]]")
_MOST = 24
_MISSPELT = 0.8
ILL = ("", "Disease", "PhenotypicFeature")
_CAUSE = re.compile(r"\S+[- ](?:induced|associated|related|mediated|dependent|like)\s+|-(?:like|type)\b")
_INDUCED = re.compile(r"\S+[- ]induced\s+")
_SUBTYPE = re.compile(r"\b([IVX]{1,4}|[1-9])[A-Ea-e]\b")
_HEAD = re.compile(r"\s(?:of|in|due to|after|with|during|from|secondary to)\s")


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def _sisters() -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for group in _rules()["sisters"]:
        for word in group:
            found.setdefault(word, []).append(tuple(other for other in group if other != word))
    return {word: tuple(others) for word, others in found.items()}


def variants(text: str, category: str) -> Iterator[tuple[str, float, str]]:
    """Yield (variant, factor, reason) for a name, the most trusted first, at most 24.

    >>> next(variants("morphine sulphate", "ChemicalEntity"))
    ('morphine', 0.94, 'without salt')
    >>> [v for v, _, why in variants("renal stones", "Disease") if why == "sister word"]
    ['kidney stones']
    """
    return islice(_all(text, category), _MOST)


def _all(text: str, category: str) -> Iterator[tuple[str, float, str]]:
    words = text.split()
    lowered = [word.lower().strip(",;") for word in words]
    if category in ("", "ChemicalEntity"):
        yield from _without(words, lowered, frozenset(_rules()["salts"]), 0.94, "without salt")
    if category in ("", "ChemicalEntity") and len(words) == 1:
        yield from ((f"{text} {salt}", 0.92, "with its salt") for salt in _rules()["headings"])
    yield from _swapped(words, lowered)
    if category in ILL and words:
        yield from _drug_induced(text)
        yield from _nouns(words, lowered)
    if category != "Gene":
        yield from _without(words, lowered, modifiers(category), 0.85, "without modifier")


def completed(text: str, category: str) -> Iterator[tuple[str, float, str]]:
    """Yield the names of illnesses that a text may leave the last word of: a person's name, or more than one word.

    >>> [name for name, _, _ in completed("McLeod", "Disease")], list(completed("startle", "Disease"))
    (['McLeod syndrome', 'McLeod disease'], [])
    """
    if category in ILL and (" " in text or not text.islower()):
        yield from ((f"{text} {word}", 0.85, f"without {word}") for word in ("syndrome", "disease"))


def says_more(name: str, text: str, category: str) -> bool:
    """Say whether a name that looks like a text adds a word that makes it another, narrower thing.

    >>> says_more("Acupuncture, Ear", "acupuncture", "Treatment")
    True
    >>> says_more("Acupuncture Therapy", "acupuncture", "Treatment"), says_more("Asthma", "asthmatic", "Disease")
    (False, False)
    """
    adds_nothing = _adds_nothing(category)
    given = folded(text)
    joined = "".join(given)
    return any(
        len(word) > 2 and word not in adds_nothing and word not in joined and not _has_form(given, word, category)
        for word in folded(name)
    )


def _has_form(given: tuple[str, ...], word: str, category: str) -> bool:
    """Say whether one of the words begins like this one, or is a misspelling of it; of substances it is another."""
    for one in given:
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, one, strict=False)))
        if same >= min(4, len(word) - 1, len(one) - 1):
            return True
        if category != "ChemicalEntity" and SequenceMatcher(None, word, one).ratio() >= _MISSPELT:
            return True
    return False


@lru_cache(maxsize=16)
def _adds_nothing(category: str) -> frozenset[str]:
    rules = _rules()
    kinds = rules["adds_nothing"]
    own = kinds.get(category, ()) if category else {word for listed in kinds.values() for word in listed}
    return frozenset((*rules["salts"], *rules["vague"], *own))


def modifiers(category: str) -> frozenset[str]:
    """Return the words that a name of this category may do without.

    >>> "severe" in modifiers("Disease")
    True
    """
    return frozenset(_rules()["modifiers"][category or "Disease"])


def broader(text: str, category: str) -> Iterator[tuple[str, float, str]]:
    """Yield what a name of an illness is a kind of, by its words: without its subtype, cause, last words, first words.

    >>> next(broader("type IIB von Willebrand disease", "Disease"))
    ('type II von Willebrand disease', 0.88, 'without subtype')
    >>> [name for name, _, _ in broader("drug-induced masseter muscle rigidity", "Disease")]
    ['masseter muscle rigidity', 'muscle rigidity', 'rigidity']
    >>> [name for name, _, _ in broader("thrombosis of both veins", "Disease")]
    ['thrombosis', 'of both veins', 'both veins', 'veins']
    """
    if category not in ILL:
        return
    vague = frozenset(_rules()["vague"])
    whole = _SUBTYPE.sub(r"\1", text)
    if whole != text:
        yield whole, 0.88, "without subtype"
    without = _CAUSE.sub("", text).strip()
    if without and without != text:
        yield without, 0.86, "without cause"
    words = without.split()
    kept = len(words)
    while kept > 1 and words[kept - 1].lower() in _rules()["trailers"]:
        kept -= 1
    if kept < len(words):
        yield " ".join(words[:kept]), 0.84, "without last words"
    head = _HEAD.split(without, maxsplit=1)[0].split()
    for part in (head, words[:kept]) if head != words[:kept] else (head,):
        for first in range(0 if part is head and len(part) < kept else 1, len(part)):
            rest = part[first:]
            if len(rest) > 1 or (len(rest[0]) > 3 and rest[0].lower() not in vague):
                yield " ".join(rest), 0.8 - 0.005 * first, "broader name"


def _drug_induced(text: str) -> Iterator[tuple[str, float, str]]:
    """What a named substance induces is drug-induced: ``levodopa-induced dyskinesias``."""
    induced = _INDUCED.sub("drug-induced ", text)
    if induced != text:
        yield induced, 0.95, "drug-induced"


def _nouns(words: list[str], lowered: list[str]) -> Iterator[tuple[str, float, str]]:
    """Put the noun for an adjective that ends a name: ``dyskinetic`` is said of dyskinesia."""
    last = lowered[-1]
    for ending, instead in _rules()["adjectives"]:
        if last.endswith(ending) and len(last) > len(ending) + 2:
            yield " ".join((*words[:-1], last[: -len(ending)] + instead)), 0.9, "noun of the adjective"


def _without(
    words: list[str], lowered: list[str], dropped: frozenset[str], factor: float, reason: str
) -> Iterator[tuple[str, float, str]]:
    kept = [word for word, low in zip(words, lowered, strict=True) if low not in dropped]
    if kept and len(kept) < len(words):
        yield " ".join(kept), factor, reason


def _swapped(words: list[str], lowered: list[str]) -> Iterator[tuple[str, float, str]]:
    for place, low in enumerate(lowered):
        for group in _sisters().get(low, ()):
            for other in group:
                yield " ".join((*words[:place], other, *words[place + 1 :])), 0.93, "sister word"
