"""Names as vectors: names that mean the same point the same way, also where they share no word.

A name is the sum of the vectors of its words and of their trigrams and quadrigrams, each found by a hash; ``kg train
names`` learned these vectors from pairs of synonyms, so that the names of one concept are near each other and far from
others (contrastive learning as in SapBERT: Liu et al. 2021, https://doi.org/10.18653/v1/2021.naacl-main.334, on
hashed subwords as in fastText: Bojanowski et al. 2017, https://doi.org/10.1162/tacl_a_00051). NumPy alone, so that a
name costs microseconds; nothing depends on the names beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from safetensors import SafetensorError
from safetensors.numpy import load_file

from kg.errors import ModelError
from kg.link.identity import WEIGHTS
from kg.link.normalise import stem, words

_IDLE = frozenset("a an and at by due for from in nos of on or the to with".split())
_GRAMS = (3, 4)
_CHUNK = 8192
_FEW = 15  # coordinates: with their rest 16 of 64 numbers, and one name of a hundred is left to compare
_SLACK = 1e-4  # for rounding

Vectors = npt.NDArray[np.float32]


@lru_cache(maxsize=65536)
def features(written: str) -> tuple[int, ...]:
    """Return the hashes that a written word is made of: of its folded words, their trigrams and quadrigrams.

    >>> features("Tumours,") == features("tumor"), features("of")
    (True, ())
    """
    return tuple(part for word in words(written) if word not in _IDLE for part in _of_word(word))


def _of_word(word: str) -> list[int]:
    whole = stem(word)
    edged = f"^{whole}$"
    parts = {edged[start : start + size] for size in _GRAMS for start in range(len(edged) - size + 1)}
    return sorted({crc32(part.encode()) for part in (f" {whole}", *parts)})


class NameEncoder:
    """Turns names into vectors of length 1. ``table``: [features, width], a feature's row is its hash modulo them."""

    def __init__(self, table: Vectors) -> None:
        self._table = table

    @classmethod
    def load(cls, folder: Path) -> NameEncoder:
        """Read the vectors that ``kg train names`` wrote. Raises ModelError when they are missing or damaged."""
        try:
            return cls(unpacked(load_file(folder / WEIGHTS)))
        except (OSError, KeyError, SafetensorError) as error:
            raise ModelError(f"no readable vectors of names here: {error}", folder=str(folder)) from error

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of names, [names, width]; zeros for a name without words."""
        place: dict[str, int] = {}
        written = [[place.setdefault(word, len(place)) for word in text.split()] for text in texts]
        rows = len(self._table)
        of_words = _sums(self._table, [[part % rows for part in features(word)] for word in place])
        sums = _sums(of_words, written)
        vectors: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
        return vectors


def _sums(table: Vectors, rows: Sequence[Sequence[int]]) -> Vectors:
    """Return for each list of rows of the table their sum, a few thousand lists at a time."""
    found = np.zeros((len(rows), table.shape[1]), np.float32)
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        counts = np.array([len(one) for one in part])
        flat = np.fromiter(chain.from_iterable(part), dtype=np.int64, count=int(counts.sum()))
        if len(flat):
            some = np.flatnonzero(counts)
            found[start + some] = np.add.reduceat(table[flat], (np.cumsum(counts) - counts)[some], axis=0)
    return found


class MeaningIndex:
    """Numbered names by their vectors. ``numbers`` says which of ``texts`` are in it; encoded at the first question.

    A cosine is at most that of the first few coordinates plus the product of the lengths of the rest
    (Cauchy-Schwarz). In the coordinates in which the names vary most, few names reach a bound of ``least`` by a
    quarter of the numbers; only those are compared whole.
    """

    def __init__(self, encoder: NameEncoder, texts: pa.Array, numbers: npt.NDArray[np.int32]) -> None:
        self._encoder, self._texts, self._numbers = encoder, texts, numbers

    @cached_property
    def _vectors(self) -> Vectors:
        return self._encoder(self._texts.take(pa.array(self._numbers)).to_pylist())

    @cached_property
    def _axes(self) -> Vectors:
        """The coordinates in which the names vary most, [width, few]."""
        axes: Vectors = np.linalg.eigh(self._vectors.T @ self._vectors)[1][:, : -_FEW - 1 : -1]
        return axes

    @cached_property
    def _bounds(self) -> Vectors:
        """The names in few coordinates and the length of what those leave out, [few + 1, names]."""
        return np.ascontiguousarray(_shortened(self._vectors, self._axes).T)

    def near(self, text: str, limit: int, least: float) -> list[tuple[int, float]]:
        """Return up to ``limit`` (name number, cosine) pairs with a cosine of at least ``least``, best first.

        Cosines are rounded to three decimals; equal ones are in the order of the numbers.
        """
        asked = self._encoder([text])
        # einsum: one thread, in one order, the same bits on any number of cores (a BLAS waits for its other threads)
        bounds = np.einsum("wn,w->n", self._bounds, _shortened(asked, self._axes)[0])
        proposed = np.flatnonzero(bounds >= least - _SLACK)
        cosines = np.einsum("nw,w->n", self._vectors[proposed], asked[0])
        near = np.flatnonzero(cosines >= least)
        best = near[np.argsort(-cosines[near], kind="stable")[: 2 * limit]]
        pairs = [(int(self._numbers[proposed[one]]), round(float(cosines[one]), 3)) for one in best]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:limit]


def _shortened(vectors: Vectors, axes: Vectors) -> Vectors:
    """Return vectors of length 1 in the coordinates of the axes, and the length of the rest in one more."""
    kept = vectors @ axes
    left = np.sqrt(np.maximum(1 - np.square(kept).sum(axis=1, keepdims=True), 0))
    return np.concatenate((kept, left), axis=1)


def packed(table: Vectors) -> dict[str, npt.NDArray[Any]]:
    """Return a table in half bytes, as it is stored: two numbers from -7 to 7 a byte, and a scale for every row.

    >>> table = np.array([[0.7, -0.1, 0.3, 0.0]], np.float32)
    >>> unpacked(packed(table)).round(3).tolist() == table.round(3).tolist()
    True
    """
    scale = (np.maximum(np.abs(table).max(axis=1), 1e-8) / 7).astype(np.float32)
    steps = (np.round(table / scale[:, None]) + 8).astype(np.uint8)
    return {"table": steps[:, ::2] << 4 | steps[:, 1::2], "scale": scale}


def unpacked(stored: Mapping[str, npt.NDArray[Any]]) -> Vectors:
    """Return the table that ``packed`` stored."""
    steps = np.stack((stored["table"] >> 4, stored["table"] & 15), axis=-1).reshape(len(stored["table"]), -1)
    table: Vectors = (steps.astype(np.float32) - 8) * stored["scale"][:, None]
    return table
