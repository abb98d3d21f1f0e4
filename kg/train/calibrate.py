"""Temperatures and thresholds, fitted on dev, so that a score is a probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from kg.encode.lexicon import Lexicon
from kg.encode.pieces import WordPieces
from kg.extract.network import Network
from kg.extract.package import Calibration
from kg.extract.schemes import SCHEMES
from kg.train.batches import collate, concepts_of
from kg.train.corpora.gold import GoldDocument
from kg.train.dev import best_threshold
from kg.train.examples import Example, make_examples

_TRUSTED = 0.7
_GRID = np.exp(np.linspace(np.log(0.5), np.log(4.0), 61))


def fit_temperature(scores: np.ndarray, wanted: np.ndarray) -> float:
    """The temperature with the lowest negative log-likelihood for scores [items, classes] and classes [items]."""
    if not len(scores):
        return 1.0
    losses = []
    for temperature in _GRID:
        scaled = scores / temperature
        scaled = scaled - scaled.max(1, keepdims=True)
        logs = scaled - np.log(np.exp(scaled).sum(1, keepdims=True))
        losses.append(-logs[np.arange(len(wanted)), wanted].mean())
    return round(float(_GRID[int(np.argmin(losses))]), 4)


def trusted_score(scores: np.ndarray, right: np.ndarray) -> float:
    """The lowest score from which on at least 70 % are right; 0.5 at least, 0.9 where nothing else will do."""
    order = np.argsort(-scores, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(shares >= _TRUSTED)
    lowest = float(scores[order[good[-1]]]) if len(good) else 0.9
    return round(max(lowest, 0.5), 3)


@torch.inference_mode()
def _scores(network: Network, example: Example) -> tuple[np.ndarray, np.ndarray]:
    batch = collate([example])
    states = network.encode(batch.ids, batch.features)
    tags = network.tag(states.hidden[0], batch.first, batch.last)[:, network.tag_slices[example.scheme]]
    if not len(example.pairs):
        return tags.float().numpy(), np.zeros((0, 1), dtype=np.float32)
    pairs = network.relations(states.hidden[0], states.query[0], states.key[0], concepts_of(example))
    return tags.float().numpy(), pairs[:, network.relation_slices[example.scheme]].float().numpy()


def calibrate(
    network: Network, dev: Mapping[str, Sequence[GoldDocument]], pieces: WordPieces, lexicon: Lexicon
) -> Calibration:
    """Fit every head on its corpus's dev half; a relation counts from the threshold with the best F1 by type."""
    tags: dict[str, float] = {}
    relations: dict[str, float] = {}
    thresholds: dict[str, float] = {}
    trusted: dict[str, float] = {}
    for number, scheme in enumerate(SCHEMES):
        examples = make_examples(dev.get(scheme.name, ()), scheme, number, pieces, lexicon, overlap=0)
        if not examples:
            continue
        judged = [_scores(network, example) for example in examples]
        labels = np.maximum(np.concatenate([example.tags for example in examples]), 0)
        tags[scheme.name] = fit_temperature(np.concatenate([one for one, _ in judged]), labels)
        related = [(two, example.pairs[:, 2]) for (_, two), example in zip(judged, examples, strict=True) if len(two)]
        if not related:
            continue
        scores = np.concatenate([two for two, _ in related])
        wanted = np.concatenate([classes for _, classes in related])
        relations[scheme.name] = fit_temperature(scores, wanted)
        scaled = np.exp((scores - scores.max(1, keepdims=True)) / relations[scheme.name])
        chances = scaled / scaled.sum(1, keepdims=True)
        right = (chances[:, 1:].argmax(1) + 1) == wanted
        threshold, _ = best_threshold((1 - chances[:, 0]).tolist(), right.tolist(), int((wanted > 0).sum()))
        thresholds[scheme.name] = round(threshold, 3)
        trusted[scheme.name] = trusted_score(chances[:, 1:].max(1), right)
    return Calibration(tags, relations, thresholds, trusted)
