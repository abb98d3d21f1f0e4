"""Word pieces: the tokenizer of the encoder, applied word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

_CHUNK = 4096  # words given to the tokenizer at once


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Word pieces of one text. `ids`: int64 [pieces]; `first`: int64 [words + 1], where each word's pieces begin."""

    ids: np.ndarray
    first: np.ndarray

    @property
    def words(self) -> int:
        """Number of words."""
        return len(self.first) - 1


class WordPieces:
    """A Hugging Face `tokenizer.json`, applied to words. One instance remembers the pieces of words it has seen."""

    def __init__(self, tokenizer: Tokenizer, remember: int = 200_000) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer = tokenizer
        self.unknown = self._special("[UNK]")
        self.begin = self._special("[CLS]")
        self.end = self._special("[SEP]")
        self._remember = remember
        self._known: dict[str, tuple[int, ...]] = {}

    @classmethod
    def load(cls, path: Path) -> WordPieces:
        """Read `tokenizer.json`. Raises ValueError for a file that is none."""
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises no narrower one
            raise ValueError(f"{path.name} is no tokenizer: {error}") from error
        return cls(tokenizer)

    @property
    def mask(self) -> int:
        """The piece that stands for a hidden one; only training needs it. Raises ValueError where there is none."""
        return self._special("[MASK]")

    def _special(self, token: str) -> int:
        found = self.tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(f"the tokenizer has no {token}")
        return int(found)

    def __call__(self, words: Sequence[str]) -> Pieces:
        """Cut each word into at least one piece (a word the tokenizer drops, a lone accent say, becomes [UNK])."""
        unseen = list(dict.fromkeys(word for word in words if word not in self._known))
        if len(self._known) + len(unseen) > self._remember:
            self._known.clear()
            unseen = list(dict.fromkeys(words))
        for start in range(0, len(unseen), _CHUNK):
            part = unseen[start : start + _CHUNK]
            for word, encoding in zip(part, self.tokenizer.encode_batch(part, add_special_tokens=False), strict=True):
                self._known[word] = tuple(encoding.ids) or (self.unknown,)
        ids: list[int] = []
        first = [0]
        for word in words:
            ids.extend(self._known[word])
            first.append(len(ids))
        return Pieces(np.asarray(ids, dtype=np.int64), np.asarray(first, dtype=np.int64))
