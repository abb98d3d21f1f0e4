"""The network: one encoder, a tag head for every scheme, a relation head over pairs of concepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from kg.encode.encoder import Encoder, EncoderConfig, States
from kg.extract.schemes import KINDS, Scheme

_GROUPS = 12  # of the bilinear form
_DISTANCES = 12  # buckets of the distance between two concepts, in powers of two of words


@dataclass(frozen=True, slots=True)
class Concepts:
    """The concepts of one window and the pairs to judge, as index tensors (int64).

    `first`, `last` [M]: first and last word piece of every mention; `concept` [M]: its concept;
    `kind` [E]: number in KINDS of every concept; `pairs` [P, 2]: concepts; `distance` [P]: words between the nearest
    mentions of the two.
    """

    first: Tensor
    last: Tensor
    concept: Tensor
    kind: Tensor
    pairs: Tensor
    distance: Tensor

    def to(self, device: torch.device) -> Concepts:
        """The same on another device."""
        return Concepts(*(getattr(self, name).to(device) for name in self.__dataclass_fields__))


class Relations(nn.Module):
    """Localised context pooling and a grouped bilinear form over concept pairs; scores for all relation types."""

    def __init__(self, width: int, heads: int, outputs: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.kinds = nn.Embedding(len(KINDS), width)
        self.distances = nn.Embedding(_DISTANCES, width)
        self.first = nn.Linear(2 * width, width)
        self.second = nn.Linear(2 * width, width)
        self.score = nn.Linear(width * width // _GROUPS, outputs)
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.kinds.weight, std=0.02)
        nn.init.normal_(self.distances.weight, std=0.02)

    def forward(self, hidden: Tensor, query: Tensor, key: Tensor, concepts: Concepts) -> Tensor:
        """Scores [P, outputs] for one window: hidden [L, H], query and key [heads, L, H / heads]."""
        count = len(concepts.kind)
        ends = torch.stack([concepts.first, concepts.last], 1)  # one gather for all mentions
        mentions = hidden[ends.reshape(-1)].view(len(ends), 2, -1).mean(1).float()
        # log-sum-exp over each concept's mentions, written as scatter operations
        peak = torch.full((count, mentions.shape[1]), -torch.inf, dtype=mentions.dtype, device=mentions.device)
        index = concepts.concept[:, None].expand_as(mentions)
        peak = peak.scatter_reduce(0, index, mentions.detach(), "amax")
        total = torch.zeros_like(peak).index_add(0, concepts.concept, (mentions - peak[concepts.concept]).exp())
        pooled = total.log() + peak + self.kinds(concepts.kind)
        looks = query[:, ends.reshape(-1)].view(self.heads, len(ends), 2, -1).mean(2)
        attention = (looks @ key.transpose(1, 2) / looks.shape[-1] ** 0.5).float().softmax(-1)  # [heads, M, L]
        sizes = torch.bincount(concepts.concept, minlength=count).clamp(min=1)
        seen = torch.zeros(self.heads, count, attention.shape[-1], dtype=attention.dtype, device=attention.device)
        seen = seen.index_add(1, concepts.concept, attention) / sizes[None, :, None]
        one, two = concepts.pairs.unbind(1)
        shared = (seen[:, one] * seen[:, two]).mean(0)
        context = (shared / (shared.sum(-1, keepdim=True) + 1e-10)).to(hidden.dtype) @ hidden
        bucket = (concepts.distance.clamp(min=0) + 1).float().log2().long().clamp(max=_DISTANCES - 1)
        context = context + self.distances(bucket)
        left = self.dropout(torch.tanh(self.first(torch.cat([pooled[one].to(context.dtype), context], 1))))
        right = self.dropout(torch.tanh(self.second(torch.cat([pooled[two].to(context.dtype), context], 1))))
        size = left.shape[1] // _GROUPS
        outer = left.view(-1, _GROUPS, size, 1) * right.view(-1, _GROUPS, 1, size)
        scores: Tensor = self.score(outer.reshape(len(outer), -1))
        return scores


class Network(nn.Module):
    """Encoder with lexicon features at the input, and the heads of all schemes."""

    def __init__(
        self,
        config: EncoderConfig,
        schemes: Sequence[Scheme],
        features: int,
        dropout: float = 0.1,
        head_dropout: float = 0.2,
    ) -> None:
        super().__init__()
        self.encoder = Encoder(config, dropout)
        self.features = nn.Linear(features, config.hidden_size, bias=False)
        nn.init.normal_(self.features.weight, std=0.02)
        self.head_dropout = nn.Dropout(head_dropout)
        self.tag_slices = _slices([len(scheme.labels) for scheme in schemes])
        self.tags = nn.Linear(config.hidden_size, self.tag_slices[-1].stop)
        related = [len(scheme.relations) + 1 if scheme.relations else 0 for scheme in schemes]
        self.relation_slices = _slices(related)  # class 0 of every scheme: no relation
        self.relations = Relations(config.hidden_size, config.num_attention_heads, sum(related), head_dropout)

    def encode(self, ids: Tensor, features: Tensor, mask: Tensor | None = None) -> States:
        """Encode ids [B, L] with features [B, L, F] (of the word that each piece belongs to)."""
        states: States = self.encoder(ids, mask, self.features(features))
        return states

    def tag(self, hidden: Tensor, first: Tensor, last: Tensor) -> Tensor:
        """Label scores of all schemes [words, labels] from hidden [L, H] and the first and last piece of each word."""
        words = (hidden[first] + hidden[last]) / 2
        scores: Tensor = self.tags(self.head_dropout(words))
        return scores


def _slices(sizes: Sequence[int]) -> list[slice]:
    start, slices = 0, []
    for size in sizes:
        slices.append(slice(start, start + size))
        start += size
    return slices


def log_probabilities(scores: Tensor, temperature: float = 1.0) -> Tensor:
    """Calibrated log-probabilities over the last dimension."""
    return F.log_softmax(scores.float() / temperature, -1)
