"""Known names as input features: which words of a text lie inside a name of which list.

A lexicon keeps no names, only sorted 64-bit hashes of normalised names with one bit per list ("column"), so the model
carries what it was trained with and reads no vocabulary at run time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np

LONGEST = 10  # words; 99 % of names are shorter
STATES = 5  # outside, begin, inside, end, single
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_CASED = 6  # letters: a shorter symbol that is not all lower case is also looked up as it is written


@lru_cache(maxsize=200_000)
def _word_hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


def fold(word: str) -> str:
    """Lower-case a word and strip the plural, so that "Seizures" and "seizure" are one."""
    word = word.lower()
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    return word


def _combine(hashes: np.ndarray, count: int) -> np.ndarray:
    """Hash of the `count` words from each position on; uint64 [positions]."""
    total = len(hashes) - count + 1
    combined = np.zeros(max(total, 0), dtype=np.uint64)
    for offset in range(count):
        combined = (combined ^ hashes[offset : offset + len(combined)]) * _PRIME
        combined ^= combined >> np.uint64(29)
    return combined


def _cased(words: Sequence[str]) -> np.ndarray:
    return np.asarray([_word_hash("=" + word) for word in words], dtype=np.uint64)


def _folded(words: Sequence[str]) -> np.ndarray:
    return np.asarray([_word_hash(fold(word)) for word in words], dtype=np.uint64)


def is_cased(words: Sequence[str]) -> bool:
    """Whether a name is a short symbol that counts only as it is written (MAX, not max; Pain is pain)."""
    return len(words) == 1 and len(words[0]) <= _CASED and any(letter.isupper() for letter in words[0][1:])


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """`columns`: names of the lists; `hashes`: sorted uint64 [names]; `bits`: uint16 [names], bit i = column i."""

    columns: tuple[str, ...]
    hashes: np.ndarray
    bits: np.ndarray

    @property
    def width(self) -> int:
        """Number of features per word: columns x states."""
        return len(self.columns) * STATES

    @classmethod
    def build(cls, names: Mapping[str, Iterable[Sequence[str]]]) -> Lexicon:
        """Build from column -> names, each name a sequence of words; short symbols keep their case."""
        table: dict[int, int] = {}
        columns = tuple(names)
        for number, column in enumerate(columns):
            for words in names[column]:
                if not words or len(words) > LONGEST:
                    continue
                hashed = _cased(words) if is_cased(words) else _folded(words)
                key = int(_combine(hashed, len(words))[0])
                table[key] = table.get(key, 0) | 1 << number
        order = sorted(table)
        return cls(
            columns,
            np.asarray(order, dtype=np.uint64),
            np.asarray([table[key] for key in order], dtype=np.uint16),
        )

    def _look_up(self, keys: np.ndarray) -> np.ndarray:
        if not len(self.hashes):
            return np.zeros(len(keys), dtype=np.uint16)
        place = np.minimum(np.searchsorted(self.hashes, keys), len(self.hashes) - 1)
        return np.where(self.hashes[place] == keys, self.bits[place], 0).astype(np.uint16)

    def states(self, words: Sequence[str]) -> np.ndarray:
        """State of every word in every column, uint8 [words, columns]: 0 outside, 1 begin, 2 inside, 3 end, 4 single.

        Per column the longest name from the left wins and names do not overlap.
        """
        states = np.zeros((len(words), len(self.columns)), dtype=np.uint8)
        if not len(words):
            return states
        folded = _folded(words)
        found = [self._look_up(_combine(folded, count)) for count in range(1, min(LONGEST, len(words)) + 1)]
        short = [number for number, word in enumerate(words) if is_cased((word,))]
        if short:
            found[0][short] |= self._look_up(_combine(_cased([words[number] for number in short]), 1))
        for column in range(len(self.columns)):
            bit = np.uint16(1 << column)
            longest = np.zeros(len(words), dtype=np.int64)
            for count, hits in enumerate(found, 1):
                longest[: len(hits)][(hits & bit) != 0] = count
            free = 0
            for start in np.flatnonzero(longest):
                if start < free:
                    continue
                free = start + longest[start]
                if longest[start] == 1:
                    states[start, column] = 4
                else:
                    states[start:free, column] = 2
                    states[start, column] = 1
                    states[free - 1, column] = 3
        return states


def one_hot(states: np.ndarray) -> np.ndarray:
    """Turn states [words, columns] into features, float32 [words, columns x STATES]; "outside" is all zeros."""
    words, columns = states.shape
    features = np.zeros((words, columns, STATES), dtype=np.float32)
    rows, places = np.nonzero(states)
    features[rows, places, states[rows, places]] = 1.0
    return features.reshape(words, columns * STATES)
