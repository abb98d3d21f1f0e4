"""Names that look alike: an index of character trigrams, built in memory in a fraction of a second.

Names are squeezed (lower case, letters and digits only, American spelling, no final s), so that ``co-trimoxazole``
and ``cotrimoxazole`` are the same string. Likeness is the cosine of the trigram vectors, weighted by rarity.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_EDGES = ("^", "$")
_CODES = np.zeros(256, dtype=np.uint32)
_CODES[np.frombuffer(b"abcdefghijklmnopqrstuvwxyz0123456789^$", dtype=np.uint8)] = np.arange(1, 39)
_SIDE = 39
_GRAMS = _SIDE**3
_REWRITES = (("sulph", "sulf"), ("ae|oe", "e"), ("our", "or"), ("[^a-z0-9]+", ""), ("s$", ""))
_PLURALS = r"([a-z]{3,}[^s])s\b"
_COMMON = 6000
_ENOUGH = 5
_REFINED = 32
_SHORT = 6  # letters: with fewer, likeness is coincidence (LABA, long-acting beta agonists, is no aba, abscisic acid)


def squeeze(text: str) -> str:
    """Return the text as the index sees it.

    >>> squeeze("Co-trimoxazole"), squeeze("Oesophageal tumours")
    ('cotrimoxazole', 'esophagealtumor')
    """
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = re.sub(_PLURALS, r"\1", "".join(c for c in plain if c.isascii()))
    for pattern, instead in _REWRITES:
        plain = re.sub(pattern, instead, plain)
    return plain


def _squeeze_all(texts: pa.Array) -> pa.Array:
    plain = pc.utf8_normalize(pc.utf8_lower(texts), form="NFKD")
    plain = pc.replace_substring_regex(plain, pattern=r"[^\x00-\x7f]", replacement="")
    plain = pc.replace_substring_regex(plain, pattern=_PLURALS, replacement=r"\1")
    for pattern, instead in _REWRITES:
        plain = pc.replace_substring_regex(plain, pattern=pattern, replacement=instead)
    return plain


def _grams(edged: pa.Array) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.int64]]:
    """Return the trigrams of all strings, one after the other, and where those of each string start."""
    edged = edged.cast(pa.large_string())
    offsets = np.frombuffer(edged.buffers()[1], dtype=np.int64)[edged.offset : edged.offset + len(edged) + 1]
    raw = np.frombuffer(edged.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]]
    codes = _CODES[raw]
    grams = (codes[:-2] * _SIDE + codes[1:-1]) * _SIDE + codes[2:]
    lengths = np.diff(offsets)
    counts = np.maximum(lengths - 2, 0)
    inside = np.ones(len(codes), dtype=bool)
    ends = np.cumsum(lengths)
    for back in (1, 2):
        inside[ends[lengths >= back] - back] = False
    starts = np.concatenate(([0], np.cumsum(counts)))
    return grams[inside[: len(grams)]].astype(np.uint16), starts


def _grams_of(squeezed: str) -> npt.NDArray[np.uint16]:
    """Return the different trigrams of one squeezed string, in ascending order."""
    codes = _CODES[np.frombuffer(f"{_EDGES[0]}{squeezed}{_EDGES[1]}".encode("ascii"), dtype=np.uint8)]
    return np.unique(((codes[:-2] * _SIDE + codes[1:-1]) * _SIDE + codes[2:]).astype(np.uint16))


class NameIndex:
    """Trigrams of numbered names. ``numbers`` says which of ``texts`` are in it."""

    def __init__(self, texts: pa.Array, numbers: npt.NDArray[np.int32]) -> None:
        self._numbers = numbers
        squeezed = _squeeze_all(texts.take(pa.array(numbers)))
        self._grams, self._firsts = _grams(pc.binary_join_element_wise(_EDGES[0], squeezed, _EDGES[1], ""))
        counts = np.bincount(self._grams, minlength=_GRAMS)
        self._starts = np.concatenate(([0], np.cumsum(counts)))
        owners = np.repeat(np.arange(len(numbers), dtype=np.int32), np.diff(self._firsts))
        self._postings = owners[np.argsort(self._grams, kind="stable")]
        self._weights = np.log((1 + len(numbers)) / (1 + counts)) ** 2
        sums = np.bincount(owners, weights=self._weights[self._grams], minlength=len(numbers))
        self._norms = np.sqrt(np.maximum(sums, 1e-6)).astype(np.float32)

    def like(self, text: str, limit: int = 10, least: float = 0.5) -> list[tuple[int, float]]:
        """Return up to ``limit`` (name number, likeness) pairs with a likeness of at least ``least``, best first.

        Likeness lies in [0, 1], rounded to three decimals; equal ones are in the order of the numbers. Trigrams that
        very many names share do not propose names, but count when the proposed ones are compared.
        """
        squeezed = squeeze(text)
        if len(squeezed) < 3:
            return []
        if len(squeezed) < _SHORT:
            least = 1.0
        wanted = _grams_of(squeezed)
        norm = float(np.sqrt(self._weights[wanted].sum()))
        sizes = self._starts[wanted + 1] - self._starts[wanted]
        rare = wanted[np.argsort(sizes, kind="stable")[: max(_ENOUGH, int((sizes <= _COMMON).sum()))]]
        parts = [self._postings[self._starts[gram] : self._starts[gram + 1]] for gram in rare.tolist()]
        weights = np.repeat(self._weights[rare], [len(part) for part in parts])
        named = np.concatenate(parts)
        shared = np.bincount(named, weights=weights, minlength=len(self._numbers))
        proposed = np.unique(named[shared[named] >= 0.5 * least * norm * self._norms[named]])
        if len(proposed) > _REFINED:
            proposed = proposed[np.argsort(-shared[proposed] / self._norms[proposed], kind="stable")[:_REFINED]]
        likeness = self._likeness(proposed, wanted, norm).tolist()
        scored = zip(self._numbers[proposed].tolist(), likeness, strict=True)
        return sorted((pair for pair in scored if pair[1] >= least), key=lambda pair: (-pair[1], pair[0]))[:limit]

    def _likeness(
        self, proposed: npt.NDArray[np.int32], wanted: npt.NDArray[np.uint16], norm: float
    ) -> npt.NDArray[np.float64]:
        """Return the likeness of each proposed name: over its different trigrams and those that are wanted."""
        firsts = self._firsts[proposed]
        counts = self._firsts[proposed + 1] - firsts
        places = np.repeat(firsts - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))
        owners, grams = np.divmod(
            np.unique(np.repeat(np.arange(len(proposed)), counts) * _GRAMS + self._grams[places]), _GRAMS
        )
        weights = self._weights[grams]
        asked = np.zeros(_GRAMS, dtype=bool)
        asked[wanted] = True
        common = np.bincount(owners, weights=weights * asked[grams], minlength=len(proposed))
        others = np.sqrt(np.bincount(owners, weights=weights, minlength=len(proposed)))
        found: npt.NDArray[np.float64] = np.round(common / np.maximum(norm * others, 1e-9), 3)
        return found
