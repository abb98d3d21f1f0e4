"""Figures on dev while a run lasts: strict F1 per type, relations with gold mentions at the best threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from kg.extract.network import Network, log_probabilities
from kg.extract.schemes import SCHEMES
from kg.extract.tags import best_path, decode_tags
from kg.train.batches import collate, concepts_of, plan_batches
from kg.train.examples import Example


def f1(right: int, found: int, wanted: int) -> float:
    """F1 in percent; 0 when nothing is right."""
    return round(200 * right / (found + wanted), 2) if right else 0.0


@torch.inference_mode()
def predict(network: Network, examples: Sequence[Example], tokens: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Log-probabilities of each example's scheme: words x labels, pairs x classes; `tokens` pieces computed at once."""
    device = next(network.parameters()).device
    results: list[tuple[np.ndarray, np.ndarray]] = [(np.zeros((0, 1)), np.zeros((0, 1)))] * len(examples)
    for numbers in plan_batches(examples, tokens, 0, 0):
        batch = collate([examples[number] for number in numbers]).to(device)
        states = network.encode(batch.ids, batch.features, batch.mask)
        scores = network.tag(states.hidden.flatten(0, 1), batch.first, batch.last)
        parts = torch.split(scores, [len(one.first) for one in batch.examples])
        for row, (number, part) in enumerate(zip(numbers, parts, strict=True)):
            example = examples[number]
            size = len(example.ids)
            tags = log_probabilities(part[:, network.tag_slices[example.scheme]]).cpu().numpy()
            pairs = np.zeros((0, 1))
            if len(example.pairs):
                judged = network.relations(
                    states.hidden[row, :size],
                    states.query[row, :, :size],
                    states.key[row, :, :size],
                    concepts_of(example).to(device),
                )[:, network.relation_slices[example.scheme]]
                pairs = log_probabilities(judged).cpu().numpy()
            results[number] = (tags, pairs)
    return results


def best_threshold(scores: Sequence[float], right: Sequence[bool], wanted: int) -> tuple[float, float]:
    """The (threshold, F1) that is best when everything that scores at least the threshold is found."""
    order = np.argsort(-np.asarray(scores))
    hits = np.cumsum(np.asarray(right, dtype=np.int64)[order])
    values = 200 * hits / (np.arange(1, len(order) + 1) + wanted)
    if not len(values):
        return 0.5, 0.0
    place = int(values.argmax())
    return float(np.asarray(scores)[order[place]]), round(float(values[place]), 2)


def evaluate_dev(network: Network, examples: Sequence[Example], tokens: int) -> dict[str, float]:
    """Strict mention F1 per scheme and type, relation F1 (type, gold mentions, best threshold) per scheme.

    Mentions are compared as spans of words, window by window: make the examples without overlap.
    """
    predicted = predict(network, examples, tokens)
    figures: dict[str, float] = {}
    for number, scheme in enumerate(SCHEMES):
        members = [place for place, example in enumerate(examples) if example.scheme == number]
        if not members:
            continue
        counts = np.zeros((len(scheme.types), 3), dtype=np.int64)
        scores: list[float] = []
        right: list[bool] = []
        wanted = 0
        for example, (tags, pairs) in ((examples[place], predicted[place]) for place in members):
            found = set(decode_tags(best_path(tags)))
            gold = set(decode_tags(np.maximum(example.tags, 0)))
            for kind in range(len(scheme.types)):
                ours = {one for one in found if one[2] == kind}
                theirs = {one for one in gold if one[2] == kind}
                counts[kind] += (len(ours & theirs), len(ours), len(theirs))
            if len(example.pairs):
                chosen = pairs[:, 1:].argmax(1) + 1
                scores += np.exp(pairs[:, 1:].max(1)).tolist()
                right += (chosen == example.pairs[:, 2]).tolist()
                wanted += int((example.pairs[:, 2] > 0).sum())
        if scheme.names:
            figures[f"{scheme.name}"] = f1(*counts.sum(0).tolist())
            if len(scheme.types) > 1:
                for kind, name in enumerate(scheme.types):
                    figures[f"{scheme.name}/{name}"] = f1(*counts[kind].tolist())
        if wanted:
            threshold, best = best_threshold(scores, right, wanted)
            figures[f"{scheme.name}/relations"] = best
            figures[f"{scheme.name}/threshold"] = round(threshold, 3)
    return figures


def dev_score(figures: Mapping[str, float]) -> float:
    """What early stopping looks at: the mean over corpora of mention F1 and of relation F1, in percent."""
    chosen = [value for name, value in figures.items() if "/" not in name or name.endswith("/relations")]
    return round(sum(chosen) / len(chosen), 3) if chosen else 0.0
