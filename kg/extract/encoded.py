"""One pass of the encoder over documents, window by window; what the heads read afterwards."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import torch
from torch import Tensor

from kg.encode.compute import Compute
from kg.encode.encoder import States
from kg.encode.lexicon import Lexicon, one_hot
from kg.encode.pieces import WordPieces
from kg.encode.windows import Window, plan_windows
from kg.encode.words import split_words
from kg.extract.network import Network
from kg.model import Section, Segmented

SIZE = 512  # word pieces of a window, begin and end included
OVERLAP = 64
KEPT = 64  # windows of a document whose states are kept for the relation head; the rest is encoded again when asked
_BUCKET = 64  # lengths are padded to multiples of this where windows are computed together
_BATCH = 64  # windows computed together on a GPU
_SILENT = ("admin", "references")  # kinds of sections in which nothing is read: they name funders, authors and titles
_SURE = 20.0  # score of "outside" for their words


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Input of one window: `ids` [L], `known` [L, columns] lexicon states, `first`, `last` piece of each word."""

    window: Window
    ids: Tensor
    known: np.ndarray
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
    """Turns documents into Encoded. On a CPU every window is computed alone, in its own length and by one thread, so

    its numbers depend neither on what else is read nor on the number of cores. On a GPU windows are padded to common
    lengths and computed together.
    """

    def __init__(self, network: Network, pieces: WordPieces, lexicon: Lexicon, compute: Compute) -> None:
        self.network, self.pieces, self.lexicon, self.compute = network, pieces, lexicon, compute

    def reads(self, text: str) -> tuple[tuple[tuple[int, int], ...], tuple[Read, ...]]:
        """The words of a text and the windows over them."""
        places = split_words(text)
        words = [text[start:end] for start, end in places]
        cut = self.pieces(words)
        states = self.lexicon.states(words)
        reads = []
        for window in plan_windows(cut.first, SIZE - 2, OVERLAP):
            begin, after = cut.first[window.start], cut.first[window.end]
            inner = cut.ids[begin:after][: SIZE - 2]  # only a single word longer than the window is cut
            ids = np.concatenate([[self.pieces.begin], inner, [self.pieces.end]])
            owner = np.repeat(np.arange(window.start, window.end), np.diff(cut.first[window.start : window.end + 1]))
            known = np.zeros((len(ids), states.shape[1]), dtype=np.uint8)
            known[1:-1] = states[owner[: len(inner)]]
            first = np.minimum(cut.first[window.start : window.end] - begin + 1, len(inner))
            last = np.minimum(cut.first[window.start + 1 : window.end + 1] - begin, len(inner))
            tensors = [torch.from_numpy(array) for array in (ids, first, last)]
            reads.append(Read(window, tensors[0], known, tensors[1], tensors[2]))
        return tuple(places), tuple(reads)

    def states(self, reads: Iterable[Read]) -> Iterator[States]:
        """States of each window, in order, without padding: hidden [L, H], query and key [heads, L, H / heads]."""
        if self.compute.together:
            for group in _groups(reads, _BATCH):
                yield from self.compute.here(self._together, group)
        else:
            yield from self.compute.spread(self._alone, reads)

    def _alone(self, read: Read) -> States:
        got = self.network.encode(read.ids[None], torch.from_numpy(one_hot(read.known))[None])
        return States(got.hidden[0], got.query[0], got.key[0])

    def _together(self, group: Sequence[Read]) -> list[States]:
        length = -(-max(len(read.ids) for read in group) // _BUCKET) * _BUCKET
        ids = torch.zeros(len(group), length, dtype=torch.int64)
        features = torch.zeros(len(group), length, self.lexicon.width)
        mask = torch.zeros(len(group), length, dtype=torch.bool)
        for row, read in enumerate(group):
            size = len(read.ids)
            ids[row, :size], mask[row, :size] = read.ids, True
            features[row, :size] = torch.from_numpy(one_hot(read.known))
        device = self.compute.device
        got = self.network.encode(ids.to(device), features.to(device), mask.to(device))
        sizes = [len(read.ids) for read in group]
        return [
            States(got.hidden[row, :size], got.query[row, :, :size], got.key[row, :, :size])
            for row, size in enumerate(sizes)
        ]

    def _tag(self, read: Read, states: States) -> np.ndarray:
        window = read.window
        part = slice(window.decides_from - window.start, window.decides_to - window.start)
        device = self.compute.device
        tagged = self.network.tag(states.hidden, read.first[part].to(device), read.last[part].to(device))
        return np.asarray(tagged.float().cpu().numpy())

    def _prepared(
        self, documents: Iterable[Segmented]
    ) -> Iterator[tuple[Segmented, tuple[tuple[int, int], ...], tuple[Read, ...], Iterator[States]]]:
        """Documents with their words and windows, and one stream of states over all of them: a few windows ahead."""
        waiting: deque[tuple[Segmented, tuple[tuple[int, int], ...], tuple[Read, ...]]] = deque()

        def flat() -> Iterator[Read]:
            for document in documents:
                places, reads = self.reads(document.document.text)
                silent = silent_words(document.document.sections, places)
                spoken = tuple(
                    one for one in reads if not silent[one.window.decides_from : one.window.decides_to].all()
                )
                waiting.append((document, places, spoken))
                yield from spoken

        stream = self.states(flat())
        for first in stream:
            while waiting and not waiting[0][2]:
                yield *waiting.popleft(), iter(())
            yield *waiting.popleft(), chain([first], stream)
        while waiting:
            yield *waiting.popleft(), iter(())

    def encode(self, documents: Iterable[Segmented]) -> Iterator[Encoded]:
        """Encode documents in order. Every word is scored by the window in which it has the most context.

        Words of references and administrative matter are outside every name; windows that hold nothing else are not
        computed.
        """
        outside = np.zeros(self.network.tag_slices[-1].stop, dtype=np.float32)
        outside[[part.start for part in self.network.tag_slices]] = _SURE
        for document, words, reads, stream in self._prepared(documents):
            scores = np.zeros((len(words), self.network.tag_slices[-1].stop), dtype=np.float32)
            kept: dict[int, States] = {}
            for number, read in enumerate(reads):
                states = next(stream)
                scores[read.window.decides_from : read.window.decides_to] = self.compute.here(self._tag, read, states)
                if number < KEPT:
                    kept[number] = states
            scores[silent_words(document.document.sections, words)] = outside
            yield Encoded(document, words, scores, reads, kept)


def silent_words(sections: Sequence[Section], words: Sequence[tuple[int, int]]) -> np.ndarray:
    """Which words stand in references or administrative matter, bool [words]."""
    starts = np.asarray([start for start, _ in words], dtype=np.int64)
    silent = np.zeros(len(words), dtype=bool)
    for section in sections:
        if section.kind in _SILENT:
            silent |= (section.span.start <= starts) & (starts < section.span.end)
    return silent


def _groups(reads: Iterable[Read], batch: int) -> Iterator[list[Read]]:
    """Neighbouring windows of the same length bucket, at most `batch` together, in the given order."""
    group: list[Read] = []
    for read in reads:
        if group and (len(group) == batch or -(-len(read.ids) // _BUCKET) != -(-len(group[0].ids) // _BUCKET)):
            yield group
            group = []
        group.append(read)
    if group:
        yield group
