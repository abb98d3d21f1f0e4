"""Figures on dev while a run lasts: strict F1 per type, relations with gold mentions at the best threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from kg.encode.lexicon import Lexicon
from kg.encode.pieces import WordPieces
from kg.extract.network import Network, log_probabilities
from kg.extract.schemes import SCHEMES
from kg.extract.tags import best_path, decode_tags
from kg.train.batches import collate, concepts_of
from kg.train.corpora.gold import GoldDocument
from kg.train.examples import Example, make_examples
from kg.train.recipe import Recipe


def f1(right: int, found: int, wanted: int) -> float:
    """F1 in percent; 0 when nothing is right."""
    return round(200 * right / (found + wanted), 2) if right else 0.0


@torch.inference_mode()
def predict(network: Network, example: Example) -> tuple[np.ndarray, np.ndarray]:
    """Log-probabilities of an example's scheme: words x labels, pairs x classes."""
    batch = collate([example])
    states = network.encode(batch.ids, batch.features)
    scores = network.tag(states.hidden[0], batch.first, batch.last)[:, network.tag_slices[example.scheme]]
    tags = log_probabilities(scores).numpy()
    if not len(example.pairs):
        return tags, np.zeros((0, 1))
    pairs = network.relations(states.hidden[0], states.query[0], states.key[0], concepts_of(example))
    return tags, log_probabilities(pairs[:, network.relation_slices[example.scheme]]).numpy()


def best_threshold(scores: Sequence[float], right: Sequence[bool], wanted: int) -> tuple[float, float]:
    """The (threshold, F1) that is best when everything that scores at least the threshold is found."""
    order = np.argsort(-np.asarray(scores))
    hits = np.cumsum(np.asarray(right, dtype=np.int64)[order])
    values = 200 * hits / (np.arange(1, len(order) + 1) + wanted)
    if not len(values):
        return 0.5, 0.0
    place = int(values.argmax())
    return float(np.asarray(scores)[order[place]]), round(float(values[place]), 2)


def evaluate_split(
    network: Network, dev: Mapping[str, Sequence[GoldDocument]], pieces: WordPieces, lexicon: Lexicon, recipe: Recipe
) -> dict[str, float]:
    """Strict mention F1 per scheme and type, relation F1 (type, gold mentions, best threshold) per scheme.

    Mentions are compared as spans of words, window by window (windows do not overlap here).
    """
    figures: dict[str, float] = {}
    for number, scheme in enumerate(SCHEMES):
        examples = make_examples(dev.get(scheme.name, ()), scheme, number, pieces, lexicon, recipe.window, 0)
        if not examples:
            continue
        counts = np.zeros((len(scheme.types), 3), dtype=np.int64)
        scores: list[float] = []
        right: list[bool] = []
        wanted = 0
        for example in examples:
            tags, pairs = predict(network, example)
            found = set(decode_tags(best_path(tags)))
            gold = set(decode_tags(np.maximum(example.tags, 0)))
            for kind in range(len(scheme.types)):
                ours = {one for one in found if one[2] == kind}
                theirs = {one for one in gold if one[2] == kind}
                counts[kind] += (len(ours & theirs), len(ours), len(theirs))
            if len(example.pairs):
                chosen = pairs[:, 1:].argmax(1) + 1
                scores += (1 - np.exp(pairs[:, 0])).tolist()
                right += (chosen == example.pairs[:, 2]).tolist()
                wanted += int((example.pairs[:, 2] > 0).sum())
        figures[f"{scheme.name}"] = f1(*counts.sum(0).tolist())
        if len(scheme.types) > 1:
            for kind, name in enumerate(scheme.types):
                figures[f"{scheme.name}/{name}"] = f1(*counts[kind].tolist())
        if wanted:
            threshold, best = best_threshold(scores, right, wanted)
            figures[f"{scheme.name}/relations"] = best
            figures[f"{scheme.name}/threshold"] = round(threshold, 3)
    return figures
