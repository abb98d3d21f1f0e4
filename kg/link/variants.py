"""Other ways to write a name that no vocabulary has: without its salt, with a sister word, without a modifier.

The rules are data in variants.yaml; each variant carries the factor that the score is multiplied by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

_DATA = Path(__file__).with_name("variants.yaml")
_TOKEN = re.compile(r"[^\s,/()\[\]-]+|[-/,()\[\]]")
_MOST = 24


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
    yield from _swapped(words, lowered)
    if category != "Gene":
        yield from _without(
            words, lowered, frozenset(_rules()["modifiers"][category or "Disease"]), 0.85, "without modifier"
        )


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
