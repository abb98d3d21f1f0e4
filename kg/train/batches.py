"""Batches of examples of similar length, and the loss of one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from kg.encode.lexicon import one_hot
from kg.extract.network import Concepts, Network
from kg.extract.schemes import Scheme
from kg.train.examples import Example

_SHUFFLE = 40  # batches whose examples are sorted by length together


def plan_batches(examples: Sequence[Example], tokens: int, seed: int, epoch: int) -> list[list[int]]:
    """Numbers of examples, batch by batch; a batch fills at most `tokens` word pieces, padding included."""
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(examples))
    mean = max(sum(len(one.ids) for one in examples) // max(len(examples), 1), 1)
    chunk = max(tokens // mean, 1) * _SHUFFLE
    batches: list[list[int]] = []
    for start in range(0, len(order), chunk):
        batch: list[int] = []
        for number in sorted(order[start : start + chunk].tolist(), key=lambda one: len(examples[one].ids)):
            if batch and (len(batch) + 1) * len(examples[number].ids) > tokens:
                batches.append(batch)
                batch = []
            batch.append(number)
        if batch:
            batches.append(batch)
    return [batches[place] for place in random.permutation(len(batches))]


def hide(states: np.ndarray, spans: float, words: float, random: np.random.Generator, length: int = 24) -> np.ndarray:
    """Feature dropout: blank the lexicon states of a share of passages of `length` words and of single words."""
    passages = random.random(len(states) // length + 1) < spans
    hidden = np.repeat(passages, length)[: len(states)] | (random.random(len(states)) < words)
    return np.where(hidden[:, None], np.uint8(0), states)


def mask_names(example: Example, share: float, mask: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Word pieces [L] with the names of a share of the concepts masked, and which words those are, bool [words].

    What is said about two things has to be read from the sentence then, not remembered of the two names.
    """
    hidden = np.zeros(len(example.first), dtype=bool)
    ids = example.ids.copy()
    if share:
        chosen = random.random(len(example.kinds)) < share
        for first, last, concept in example.mentions:
            if chosen[concept]:
                hidden[first : last + 1] = True
                ids[example.first[first] : example.last[last] + 1] = mask
    return ids, hidden


def concepts_of(example: Example) -> Concepts:
    """The concepts of an example as tensors."""
    mentions = torch.from_numpy(example.mentions)
    first, last = torch.from_numpy(example.first), torch.from_numpy(example.last)
    return Concepts(
        first[mentions[:, 0]], last[mentions[:, 1]], mentions[:, 2], torch.from_numpy(example.kinds),
        torch.from_numpy(example.pairs[:, :2]), torch.from_numpy(example.distance),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors of some examples; `first`, `last` index the flattened [B x L] pieces."""

    examples: tuple[Example, ...]
    ids: Tensor
    mask: Tensor | None
    features: Tensor
    first: Tensor
    last: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same on another device."""
        mask = None if self.mask is None else self.mask.to(device)
        moved = (one.to(device) for one in (self.features, self.first, self.last))
        return Batch(self.examples, self.ids.to(device), mask, *moved)


def collate(
    examples: Sequence[Example],
    states: Sequence[np.ndarray] | None = None,
    pieces: Sequence[np.ndarray] | None = None,
) -> Batch:
    """Pad examples to the longest; `states`, `pieces` replace their lexicon states and word pieces."""
    length = max(len(one.ids) for one in examples)
    ids = torch.zeros(len(examples), length, dtype=torch.int64)
    mask = torch.zeros(len(examples), length, dtype=torch.bool)
    width = examples[0].states.shape[1] * 5
    features = torch.zeros(len(examples), length, width)
    first, last = [], []
    for row, example in enumerate(examples):
        size = len(example.ids)
        ids[row, :size] = torch.from_numpy(example.ids if pieces is None else pieces[row])
        mask[row, :size] = True
        known = one_hot(example.states if states is None else states[row])
        features[row, 1 : size - 1] = torch.from_numpy(known[example.word[1:-1]])
        first.append(torch.from_numpy(example.first) + row * length)
        last.append(torch.from_numpy(example.last) + row * length)
    return Batch(tuple(examples), ids, None if bool(mask.all()) else mask, features, torch.cat(first), torch.cat(last))


def judge(network: Network, batch: Batch) -> tuple[Tensor, list[tuple[int, Tensor, Tensor]]]:
    """Scores of all tag heads [words, labels] of one pass, and what is to be learnt from it.

    That is (which of LOSSES: tags or relations; scores [items, classes]; classes wanted [items]). A word counts
    only under the scheme of its document, a pair only under the relations of its corpus.
    """
    states = network.encode(batch.ids, batch.features, batch.mask)
    scores = network.tag(states.hidden.flatten(0, 1), batch.first, batch.last)
    device = scores.device
    sizes = np.asarray([len(one.first) for one in batch.examples])
    schemes = np.repeat([one.scheme for one in batch.examples], sizes)
    tags = np.concatenate([one.tags for one in batch.examples])
    judged = []
    for scheme in np.unique(schemes).tolist():
        rows = np.flatnonzero((schemes == scheme) & (tags >= 0))
        if len(rows):
            wanted = torch.from_numpy(tags[rows]).to(device)
            part = scores[torch.from_numpy(rows).to(device), network.tag_slices[scheme]]
            judged.append((0, part.float(), wanted))
    for row, example in enumerate(batch.examples):
        if not len(example.pairs):
            continue
        size = len(example.ids)
        pairs = network.relations(
            states.hidden[row, :size],
            states.query[row, :, :size],
            states.key[row, :, :size],
            concepts_of(example).to(device),
        )[:, network.relation_slices[example.scheme]]
        judged.append((1, pairs.float(), torch.from_numpy(example.pairs[:, 2]).to(device)))
    return scores.float(), judged


def types_apart(pairs: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy of the type among related pairs, summed; 0 where there is one type only.

    pairs [P, classes], wanted [P]: class 0 is "not related".
    """
    related = wanted > 0
    if pairs.shape[1] <= 2 or not bool(related.any()):
        return pairs.new_zeros(())
    return F.cross_entropy(pairs[related, 1:], wanted[related] - 1, reduction="sum")


def away(scores: Tensor, before: Tensor, heads: Sequence[slice]) -> Tensor:
    """Kullback-Leibler divergence of tag heads from what they said before, summed over words and heads.

    `scores` [words, labels]; `before` [words, labels]: log-probabilities, UNSAID for a word that does not count
    (learning without forgetting, Li & Hoiem 2016).
    """
    parts = [(before[:, part].exp() * (before[:, part] - F.log_softmax(scores[:, part], -1))).sum() for part in heads]
    return torch.stack(parts).sum()


def apart(one: Tensor, other: Tensor) -> Tensor:
    """Symmetric Kullback-Leibler divergence of two score tables [items, classes], summed over items (R-Drop)."""
    left, right = F.log_softmax(one, -1), F.log_softmax(other, -1)
    return ((left.exp() - right.exp()) * (left - right)).sum() / 2


UNSAID = -1e4  # a log-probability of nothing: finite, for nothing times infinity is no number
LOSSES = ("tags", "relations", "types", "names moved")


def loss_sums(network: Network, batch: Batch, r_drop: float = 0.0, before: Tensor | None = None) -> Tensor:
    """The four LOSSES of a batch: cross-entropy summed over words, over pairs, over related pairs (which type), and how

    far the tag heads are from `before` [words, labels], log-probabilities of the weights that a refinement began with.

    With `r_drop` the batch is read twice, each time with other units dropped; the mean of both is taken and what the
    two readings differ by is added, `r_drop` times (Wu et al. 2021, R-Drop).
    """
    readings = [judge(network, batch) for _ in range(2 if r_drop else 1)]
    sums = [torch.zeros((), device=batch.ids.device) for _ in LOSSES]
    for parts in zip(*(judged for _, judged in readings), strict=True):
        head = parts[0][0]
        losses = [F.cross_entropy(scores, wanted, reduction="sum") for _, scores, wanted in parts]
        sums[head] = sums[head] + torch.stack(losses).mean()
        if r_drop:
            sums[head] = sums[head] + r_drop * apart(parts[0][1], parts[1][1])
        if head == 1:
            sums[2] = sums[2] + torch.stack([types_apart(scores, wanted) for _, scores, wanted in parts]).mean()
    if before is not None:
        sums[3] = torch.stack([away(scores, before, network.tag_slices) for scores, _ in readings]).mean()
    return torch.stack(sums)


def counts_of(examples: Sequence[Example], schemes: Sequence[Scheme]) -> tuple[int, int, int, int]:
    """Over how many words, pairs, related pairs and words the LOSSES of these examples are the sums."""
    words, pairs = sum(len(one.first) for one in examples), sum(len(one.pairs) for one in examples)
    typed = sum(int((one.pairs[:, 2] > 0).sum()) for one in examples if len(schemes[one.scheme].relations) > 1)
    return words, pairs, typed, words


def backward(sums: Tensor, counts: Sequence[int], weights: Sequence[float]) -> Tensor:
    """Add the gradients of the LOSSES' means, each times its weight.

    `counts`: of the whole step, of which `sums` may be a part. Returns the means' shares, detached.
    """
    means = sums / sums.new_tensor([max(one, 1) for one in counts])
    (means * sums.new_tensor(weights)).sum().backward()  # type: ignore[no-untyped-call]
    return means.detach()
