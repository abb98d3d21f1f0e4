"""Names of illnesses by the senses of their words: ``decline of kidney function`` is ``Decreased renal function``.

A word's sense is its group in senses.yaml, else its root, which an adjective shares with its noun (``psychotic``,
``psychosis``). A name is the set of its senses: order, repetition and idle words do not count; numbers and single
letters do. The key of a set is the sum of the hashes of its senses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from kg.link.normalise import roman, stem, words

_DATA = Path(__file__).with_name("senses.yaml")
_ENDINGS = re.compile(r"(?:atous|icity|ivity|ility|ically|ness|ious|ive|ion|ity|ing|ous|ed|al|ic|is|ia|a|e|y|um)$")
_ALTERNATE = re.compile(r"(?<=[aeoyp])[tz]$")
_LEAST = 5
_WHOLE = 2**64
_SAME, _VAGUE, _MODIFIED = 0.9, 0.82, 0.93


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    return {word: group[0] for group in _rules()["same"] for word in group}


@lru_cache(maxsize=1)
def _idle() -> frozenset[str]:
    return frozenset(_rules()["idle"])


@lru_cache(maxsize=65536)
def sense(word: str) -> str:
    """Return the sense of a folded word: its group's first word, else its root.

    >>> [sense(word) for word in ("renal", "tumours", "psychotic", "psychosis", "hypertensive", "hypertension")]
    ['kidney', 'neoplasm', 'psychos', 'psychos', 'hypertens', 'hypertens']
    """
    word = stem(roman(word))
    group = _groups().get(word)
    if group is not None:
        return group
    root = _ENDINGS.sub("", word)
    return _ALTERNATE.sub("s", root) if len(root) >= _LEAST else word


def senses(text: str) -> frozenset[str]:
    """Return the senses of a name.

    >>> sorted(senses("Decline of kidney function")) == sorted(senses("decreased renal function"))
    True
    """
    return frozenset(sense(word) for word in words(text) if word not in _idle())


def opposed(own: Iterable[str], others: Iterable[str]) -> bool:
    """Say whether the senses of one name have a pole (increase) whose opposite (decrease) is among those of the other.

    >>> low = senses("low blood calcium")
    >>> opposed(low, senses("Hypercalcemia")), opposed(low, senses("Hypocalcemia"))
    (True, False)
    """
    one = {pole for sense in own for pole in _poles(sense)}
    if not one:
        return False
    other = {pole for sense in others for pole in _poles(sense)}
    return any((pair, not side) in other - one and (pair, side) not in other for pair, side in one)


@lru_cache(maxsize=65536)
def _poles(sense: str) -> tuple[tuple[int, bool], ...]:
    """Return which side of which pair of opposites a sense begins with."""
    pairs = enumerate(_rules()["opposites"])
    return tuple((number, side == 1) for number, pair in pairs for side in (0, 1) if sense.startswith(pair[side]))


def rewritten(text: str, modifiers: Iterable[str]) -> Iterator[tuple[frozenset[str], float, str]]:
    """Yield (senses, factor, reason) that a name may be known by, the most trusted first.

    >>> [(sorted(one), why) for one, _, why in rewritten("venous complications", ())]
    [(['complicas', 'vein'], 'same sense'), (['disease', 'vein'], 'vague word')]
    """
    own = senses(text)
    bare = own - {sense(word) for word in modifiers}
    ways = ((own, 1.0), (bare, _MODIFIED)) if bare and bare != own else ((own, 1.0),)
    for known, factor in ways:
        yield known, _SAME * factor, "same sense"
    for known, factor in ways:
        for vague, others in _vague():
            rest = known - vague
            if rest and rest != known:
                for other in others:
                    yield rest | {other}, _VAGUE * factor, "vague word"


@lru_cache(maxsize=1)
def _vague() -> tuple[tuple[frozenset[str], tuple[str, ...]], ...]:
    return tuple((frozenset(map(sense, rule["for"])), tuple(map(sense, rule["known"]))) for rule in _rules()["vague"])


@lru_cache(maxsize=65536)
def _hash(one: str) -> int:
    return int.from_bytes(blake2b(one.encode(), digest_size=8).digest(), "big")


def _hashes(known: list[str]) -> npt.NDArray[np.uint64]:
    return np.array([_hash(one) for one in known], dtype=np.uint64)


class SenseIndex:
    """Numbered names by their senses. ``numbers`` says which of ``texts`` are in it."""

    def __init__(self, texts: pa.Array, numbers: npt.NDArray[np.int32]) -> None:
        written = pc.utf8_split_whitespace(texts.take(pa.array(numbers)))
        encoded = written.values.dictionary_encode()
        known = [sorted(senses(one)) for one in encoded.dictionary.to_pylist()]
        every = sorted({one for many in known for one in many})
        place = {one: index for index, one in enumerate(every)}
        flat = np.array([place[one] for many in known for one in many], dtype=np.int64)
        counts = np.array([len(many) for many in known], dtype=np.int64)
        used = encoded.indices.to_numpy()
        owners = np.repeat(np.arange(len(numbers)), np.diff(written.offsets.to_numpy()))
        pairs = np.unique(np.repeat(owners, counts[used]) * len(every) + flat[_ranges(counts, used)])
        sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(_hashes(every)[pairs % len(every)])))
        bounds = np.searchsorted(pairs // len(every), np.arange(len(numbers) + 1))
        keys = sums[bounds[1:]] - sums[bounds[:-1]]
        order = np.argsort(keys, kind="stable")
        self._keys, self._numbers = keys[order], numbers[order]

    def named(self, known: Collection[str]) -> list[int]:
        """Return the numbers of the names with just these senses, in their order."""
        key = np.uint64(sum(map(_hash, known)) % _WHOLE)
        first, last = np.searchsorted(self._keys, key, "left"), np.searchsorted(self._keys, key, "right")
        return [int(one) for one in self._numbers[first:last]]


def _ranges(counts: npt.NDArray[np.int64], used: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return the places of the senses of the used words, one word after the other.

    >>> _ranges(np.array([2, 1]), np.array([1, 0, 1])).tolist()
    [2, 0, 1, 2]
    """
    firsts = np.concatenate(([0], np.cumsum(counts)[:-1]))[used]
    lengths = counts[used]
    ends = np.cumsum(lengths)
    found: npt.NDArray[np.int64] = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(
        ends - lengths - firsts, lengths
    )
    return found
