"""Vectors of names from pairs of synonyms: ``kg train names``.

Two names of one concept are a pair; all other pairs of a batch are what they must not be near (InfoNCE: van den Oord
et al. 2018, https://arxiv.org/abs/1807.03748). Names that were learned from corpora come in more often: they are what
texts say. One thread and a fixed seed: the same terminology gives the same vectors on one kind of processor.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save
from torch import Tensor, nn
from torch.nn import functional as F

from kg.link.identity import WEIGHTS
from kg.link.meaning import Vectors, features, packed
from kg.link.terminology import Terminology
from kg.link.variants import ILL
from kg.train.progress import Reporter

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NameRecipe:
    """How vectors of names are learned. ``rows``: of the table of hashed features; ``learned``: how often an epoch
    shows a name learned from a corpus; ``temperature``: of the softmax over a batch.
    """

    rows: int = 1 << 14
    width: int = 64
    epochs: int = 4
    batch: int = 1024
    learned: int = 6
    rate: float = 0.01
    temperature: float = 0.05
    seed: int = 0


class Synonyms:
    """The names of all illnesses, numbered; ``owners``: the row of each name's concept."""

    def __init__(self, terminology: Terminology) -> None:
        rows = np.repeat(np.arange(len(terminology)), np.diff(terminology.offsets))
        numbers = np.flatnonzero(terminology.in_categories(ILL)[rows])
        self.texts: list[str] = terminology.texts.take(numbers).to_pylist()
        self.owners: Numbers = rows[numbers]
        self._said: dict[int, list[int]] = defaultdict(list)
        self._learned: dict[int, list[int]] = defaultdict(list)
        of_corpus = terminology.learned[terminology.origins_of[numbers]].tolist()
        for name, (owner, corpus) in enumerate(zip(self.owners.tolist(), of_corpus, strict=True)):
            (self._learned if corpus else self._said)[owner].append(name)

    def pairs(self, learned: int, chance: random.Random) -> Numbers:
        """Return the pairs of one epoch, [pairs, 2], shuffled: two of each concept, and ``learned`` of each name that
        was learned from a corpus with one that a vocabulary gives.
        """
        found = [chance.sample(names, 2) for names in self._said.values() for _ in range(2) if len(names) > 1]
        for owner, names in self._learned.items():
            said = self._said.get(owner)
            found += [[one, chance.choice(said)] for one in names for _ in range(learned) if said]
        chance.shuffle(found)
        return np.array(found, dtype=np.int64)


class _Table(nn.Module):
    """The vectors of features; a name is the sum of its features', brought to length 1."""

    def __init__(self, recipe: NameRecipe, texts: list[str]) -> None:
        super().__init__()
        self.features = nn.EmbeddingBag(recipe.rows, recipe.width, mode="sum")
        nn.init.normal_(self.features.weight, std=0.1)
        found = [[part for word in text.split() for part in features(word)] for text in texts]
        self._bounds = np.concatenate(([0], np.cumsum([len(one) for one in found])))
        self._flat = np.fromiter(chain.from_iterable(found), dtype=np.int64) % recipe.rows

    def forward(self, names: Numbers) -> Tensor:
        starts = self._bounds[names]
        counts = self._bounds[names + 1] - starts
        offsets = np.cumsum(counts) - counts
        flat = self._flat[np.repeat(starts - offsets, counts) + np.arange(counts.sum())]
        return F.normalize(self.features(torch.from_numpy(flat), torch.from_numpy(offsets)), dim=1)


def train_names(terminology: Terminology, output: Path, recipe: NameRecipe | None = None) -> Path:
    """Learn the vectors and write them to ``output``; returns the folder."""
    recipe = recipe or NameRecipe()
    table = _learn(Synonyms(terminology), recipe)
    output.mkdir(parents=True, exist_ok=True)
    made = {"made": f"terminology {terminology.digest}, {recipe}"}  # one entry: the order of several is not fixed
    (output / WEIGHTS).write_bytes(save(packed(table), made))
    return output


def _learn(synonyms: Synonyms, recipe: NameRecipe) -> Vectors:
    torch.set_num_threads(1)
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)
    table = _Table(recipe, synonyms.texts)
    optimizer = torch.optim.Adam(table.parameters(), lr=recipe.rate)
    reporter = Reporter()
    reporter.begin("vectors of names: epochs", recipe.epochs)
    for epoch in range(recipe.epochs):
        batches = list(_batches(synonyms.pairs(recipe.learned, chance), recipe.batch))
        losses = []
        for place, pairs in enumerate(batches):
            left = 1 - (epoch + place / len(batches)) / recipe.epochs
            optimizer.param_groups[0]["lr"] = recipe.rate * max(0.02, left)
            loss = _contrast(table(pairs[:, 0]), table(pairs[:, 1]), synonyms.owners[pairs[:, 0]], recipe.temperature)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            losses.append(loss.item())
        reporter.reached(epoch + 1, f"loss {np.mean(losses):.3f}")
    vectors: Vectors = table.features.weight.detach().numpy()
    return vectors


def _batches(pairs: Numbers, size: int) -> Iterator[Numbers]:
    for start in range(0, max(len(pairs) - size, 0) + 1, size):
        yield pairs[start : start + size]


def _contrast(one: Tensor, other: Tensor, owners: Numbers, temperature: float) -> Tensor:
    """Return the loss of telling each name's partner among all of the batch; names of the same concept do not count."""
    same = torch.from_numpy(owners[:, None] == owners[None]).fill_diagonal_(False)
    scores = (one @ other.T / temperature).masked_fill(same, -1e4)
    right = torch.arange(len(scores))
    return (F.cross_entropy(scores, right) + F.cross_entropy(scores.T, right)) / 2
