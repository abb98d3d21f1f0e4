"""One pass of the encoder over documents, window by window; what the heads read afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from kg.encode.device import Precision
from kg.encode.encoder import States
from kg.encode.lexicon import Lexicon, one_hot
from kg.encode.pieces import WordPieces
from kg.encode.windows import Window, plan_windows
from kg.encode.words import split_words
from kg.extract.network import Network
from kg.model import Segmented

SIZE = 512  # word pieces of a window, begin and end included
OVERLAP = 64
KEPT = 64  # windows of a document whose states are kept for the relation head; the rest is encoded again when asked


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Input of one window: `ids` [L], `features` [L, F], `first` and `last` piece of each of its words."""

    window: Window
    ids: Tensor
    features: Tensor
    first: Tensor
    last: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A document after the encoder: `words` (start, end), `scores` [words, labels] of all heads, before calibration."""

    segmented: Segmented
    words: tuple[tuple[int, int], ...]
    scores: np.ndarray
    reads: tuple[Read, ...]
    states: dict[int, States] = field(repr=False)


class Encoding:
    """Turns documents into Encoded. On a CPU every window is computed alone and in its own length, so that its numbers

    cannot depend on what else is read; on a GPU windows are padded to common lengths and computed together.
    """

    def __init__(
        self,
        network: Network,
        pieces: WordPieces,
        lexicon: Lexicon,
        device: torch.device,
        precision: Precision,
        batch: int,
    ) -> None:
        self.network, self.pieces, self.lexicon = network, pieces, lexicon
        self.device, self.precision, self.batch = device, precision, batch

    def reads(self, text: str) -> tuple[tuple[tuple[int, int], ...], tuple[Read, ...]]:
        """The words of a text and the windows over them."""
        places = split_words(text)
        words = [text[start:end] for start, end in places]
        cut = self.pieces(words)
        features = one_hot(self.lexicon.states(words))
        reads = []
        for window in plan_windows(cut.first, SIZE - 2, OVERLAP):
            begin, after = cut.first[window.start], cut.first[window.end]
            inner = cut.ids[begin:after][: SIZE - 2]  # only a single word longer than the window is cut
            ids = np.concatenate([[self.pieces.begin], inner, [self.pieces.end]])
            owner = np.repeat(np.arange(window.start, window.end), np.diff(cut.first[window.start : window.end + 1]))
            known = np.zeros((len(ids), features.shape[1]), dtype=np.float32)
            known[1:-1] = features[owner[: len(inner)]]
            first = np.minimum(cut.first[window.start : window.end] - begin + 1, len(inner))
            last = np.minimum(cut.first[window.start + 1 : window.end + 1] - begin, len(inner))
            reads.append(Read(window, *(torch.from_numpy(array) for array in (ids, known, first, last))))
        return tuple(places), tuple(reads)

    @torch.inference_mode()
    def states(self, reads: Sequence[Read]) -> Iterator[States]:
        """States of each window, in order, without padding: hidden [L, H], query and key [heads, L, H / heads]."""
        for group in _groups(reads, self.batch):
            length = max(len(read.ids) for read in group)
            if len(group) > 1 or self.batch > 1:
                length = -(-length // 64) * 64
            ids = torch.zeros(len(group), length, dtype=torch.int64)
            features = torch.zeros(len(group), length, group[0].features.shape[1])
            mask = torch.zeros(len(group), length, dtype=torch.bool)
            for row, read in enumerate(group):
                size = len(read.ids)
                ids[row, :size], features[row, :size], mask[row, :size] = read.ids, read.features, True
            whole = None if bool(mask.all()) else mask.to(self.device)
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16"):
                got = self.network.encode(ids.to(self.device), features.to(self.device), whole)
            for row, read in enumerate(group):
                size = len(read.ids)
                yield States(got.hidden[row, :size], got.query[row, :, :size], got.key[row, :, :size])

    @torch.inference_mode()
    def encode(self, documents: Sequence[Segmented]) -> Iterator[Encoded]:
        """Encode documents in order. Every word is scored by the window in which it has the most context."""
        prepared = [(document, *self.reads(document.document.text)) for document in documents]
        flat = [read for _, _, reads in prepared for read in reads]
        stream = self.states(flat)
        for document, words, reads in prepared:
            scores = np.zeros((len(words), self.network.tag_slices[-1].stop), dtype=np.float32)
            kept: dict[int, States] = {}
            for number, read in enumerate(reads):
                states = next(stream)
                window = read.window
                part = slice(window.decides_from - window.start, window.decides_to - window.start)
                first, last = read.first[part].to(self.device), read.last[part].to(self.device)
                with torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16"):
                    tagged = self.network.tag(states.hidden, first, last)
                scores[window.decides_from : window.decides_to] = tagged.float().cpu().numpy()
                if number < KEPT:
                    kept[number] = states
            yield Encoded(document, words, scores, reads, kept)


def _groups(reads: Sequence[Read], batch: int) -> Iterator[list[Read]]:
    """Neighbouring windows of the same length bucket, at most `batch` together, in the given order."""
    group: list[Read] = []
    for read in reads:
        if group and (len(group) == batch or -(-len(read.ids) // 64) != -(-len(group[0].ids) // 64)):
            yield group
            group = []
        group.append(read)
    if group:
        yield group
