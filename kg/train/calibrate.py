"""Temperatures, thresholds and the meaning of scores, fitted on dev, so that a score is a probability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from kg.encode.lexicon import Lexicon
from kg.encode.pieces import WordPieces
from kg.extract.calibration import Calibration, calibrated, log_odds
from kg.extract.found import decode
from kg.extract.merge import GROUPS, begin_columns, merge
from kg.extract.network import Network
from kg.extract.schemes import SCHEMES, Scheme
from kg.extract.tags import decode_tags
from kg.extract.weighing import UNCHANGED, features, weigh
from kg.train.batches import collate, concepts_of
from kg.train.corpora.gold import GoldDocument
from kg.train.dev import best_threshold
from kg.train.examples import Example, make_examples

_TRUSTED = 0.75  # share of the relations that the product gives that is right on dev; as many are in docs/precision.md
# BC5CDR's documents were chosen because a drug does harm in most of them; elsewhere more of what is found is wrong
_TRUSTED_OF = {"BC5CDR": 0.8}
_GRID = np.exp(np.linspace(np.log(0.5), np.log(4.0), 61))
_FEW = 50  # answers; from fewer nothing is learnt
_ROUNDS = 20
_SAME = np.asarray([1.0, 0.0])  # slope and shift of no change
_OUTSIDE = np.arange(-3, 9) / 5  # log-scores of "no name" that are tried
_GAIN = 0.0025  # of F1
_SETTLE = 50  # documents; fewer do not settle how many names a head should find
_CONSISTENCY = 1.0  # a place hears the mean of the others as loud as itself; 0.5 to 2 give the same F1 within 0.2
_GROUP_WEIGHT = 0.5  # a corpus judges the groups for which its head counts at least this much

Answers = list[tuple[float, bool]]  # (score, right)


def fit_temperature(scores: np.ndarray, wanted: np.ndarray) -> float:
    """The temperature with the lowest negative log-likelihood for scores [items, classes] and classes [items]."""
    if not len(scores):
        return 1.0
    losses = []
    for temperature in _GRID:
        logs = log_softmax(scores / temperature)
        losses.append(-logs[np.arange(len(wanted)), wanted].mean())
    return round(float(_GRID[int(np.argmin(losses))]), 4)


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Log-probabilities over the last axis."""
    scaled = scores - scores.max(-1, keepdims=True, initial=-np.inf)
    logs: np.ndarray = scaled - np.log(np.exp(scaled).sum(-1, keepdims=True))
    return logs


def fit_line(answers: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and shift of Platt scaling (logistic regression on log-odds), drawn a little towards (1, 0).

    (1, 0), no change, where there are few answers or where lines fitted on one half make the other half less likely.
    """
    if len(answers) < _FEW:
        return 1.0, 0.0
    given = np.asarray([[log_odds(score), 1.0] for score, _ in answers])
    slope, shift = _fit_crossed(given, np.asarray([float(one) for _, one in answers]), _SAME)
    return round(max(float(slope), 0.05), 4), round(float(shift), 4)


def fit_weights(given: np.ndarray, related: np.ndarray) -> tuple[float, ...]:
    """Weights of `kg.extract.weighing.features` [P, 6] by logistic regression, drawn a little towards no change.

    No change where there are few related pairs or where what is learnt from one half does not help the other.
    """
    same = np.asarray(UNCHANGED)
    if related.sum() < _FEW:
        return UNCHANGED
    return tuple(round(float(one), 4) for one in _fit_crossed(given, related.astype(np.float64), same))


def _fit_crossed(given: np.ndarray, right: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Weights of `given` [N, K], or `same` where those of one half make the other half less likely than `same` does."""
    one, other = slice(None, len(right) // 2), slice(len(right) // 2, None)
    crossed = _loss(given[other], right[other], _fit(given[one], right[one], same))
    crossed += _loss(given[one], right[one], _fit(given[other], right[other], same))
    return same if crossed >= _loss(given, right, same) else _fit(given, right, same)


def _loss(given: np.ndarray, right: np.ndarray, line: np.ndarray) -> float:
    """Negative log-likelihood of right answers [N] under weights of given [N, K]."""
    return float(np.logaddexp(0.0, np.where(right > 0, -1.0, 1.0) * (given @ line)).sum())


def _fit(given: np.ndarray, right: np.ndarray, same: np.ndarray) -> np.ndarray:
    """The weights of least loss and distance from `same`, by Newton's method; the objective is convex."""
    line = same.copy()
    for _ in range(_ROUNDS):
        chances = 1 / (1 + np.exp(-given @ line))
        slope = given.T @ (chances - right) + (line - same)
        curve = (given * (chances * (1 - chances))[:, None]).T @ given + np.eye(len(same))
        line = line - np.linalg.solve(curve, slope)
    return line


def trusted_score(scores: np.ndarray, right: np.ndarray, share: float = _TRUSTED) -> float:
    """The lowest score from which on at least this share is right; 0.5 at least, 0.9 where nothing else will do."""
    order = np.argsort(-scores, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(shares >= share)
    lowest = float(scores[order[good[-1]]]) if len(good) else 0.9
    return round(max(lowest, 0.5), 3)


@torch.inference_mode()
def _scores(network: Network, example: Example) -> tuple[np.ndarray, np.ndarray]:
    """Scores of all tag heads [words, labels] and of the pairs under the example's scheme [pairs, classes]."""
    batch = collate([example])
    states = network.encode(batch.ids, batch.features)
    tags = network.tag(states.hidden[0], batch.first, batch.last).float().numpy()
    if not len(example.pairs):
        return tags, np.zeros((0, 1), dtype=np.float32)
    pairs = network.relations(states.hidden[0], states.query[0], states.key[0], concepts_of(example))
    return tags, pairs[:, network.relation_slices[example.scheme]].float().numpy()


def _names(
    logs: np.ndarray, types: Sequence[str], gold: Iterable[tuple[int, int, str]]
) -> list[tuple[str, float, bool]]:
    """(type, score, right) of the names decoded from log-probabilities, places counted in words."""
    words = [(number, number + 1) for number in range(len(logs))]
    wanted = set(gold)
    return [(one.type, one.score, (one.start, one.end, one.type) in wanted) for one in decode(logs, types, words)]


def fit_outside(
    scores: Sequence[np.ndarray], gold: Sequence[Iterable[tuple[int, int, str]]], types: Sequence[str]
) -> float:
    """What to add to the log-score of "no name" for the best F1 of names decoded from `scores` [words, labels].

    Trained word by word, a head finds too many names: one false word makes a false name. The figure of a value is the
    mean of its own F1 and its neighbours', because those of small corpora are rough; 0 unless it gains enough.
    """
    figures = []
    wanted = [set(one) for one in gold]
    for shift in _OUTSIDE:
        right = found = 0
        for one, names in zip(scores, wanted, strict=True):
            shifted = one.copy()
            shifted[:, 0] += shift
            told = _names(shifted, types, names)
            right, found = right + sum(hit for _, _, hit in told), found + len(told)
        figures.append(2 * right / max(found + sum(map(len, wanted)), 1))
    smooth = np.convolve(np.pad(figures, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")
    best = int(smooth.argmax())
    return round(float(_OUTSIDE[best]), 2) if smooth[best] - smooth[_OUTSIDE == 0][0] > _GAIN else 0.0


def groups_of(scheme: Scheme) -> dict[str, str]:
    """Type of a scheme -> the product's group that the scheme can judge."""
    return {
        kind: group
        for group, heads in GROUPS.items()
        for name, types, weight in heads
        if name == scheme.name and weight >= _GROUP_WEIGHT
        for kind in types
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Dev:
    """One corpus's dev half after the network: its scores of all tag heads and of its own pairs, by example."""

    scheme: Scheme
    number: int
    examples: tuple[Example, ...]
    tags: tuple[np.ndarray, ...]
    pairs: tuple[np.ndarray, ...]


@dataclass(frozen=True, slots=True)
class _Relations:
    """What is fitted for the relations of a corpus."""

    temperature: float
    weights: tuple[float, ...]
    threshold: float
    trusted: float
    line: tuple[float, float]


def _relation_head(dev: _Dev) -> _Relations | None:
    """Everything about a corpus's relations, each fitted on what the former make of the head; None without any."""
    read = [(one, example) for one, example in zip(dev.pairs, dev.examples, strict=True) if len(one)]
    if not read:
        return None
    wanted = np.concatenate([example.pairs[:, 2] for _, example in read])
    temperature = fit_temperature(np.concatenate([scores for scores, _ in read]), wanted)
    windows = [np.exp(log_softmax(scores / temperature)) for scores, _ in read]
    given = np.concatenate(
        [
            features(1 - one[:, 0], example.pairs[:, :2], example.mentions[:, 2], example.kinds)
            for one, (_, example) in zip(windows, read, strict=True)
        ]
    )
    weights = fit_weights(given, wanted > 0)
    chances = weigh(np.concatenate(windows), given, weights)
    right = (chances[:, 1:].argmax(1) + 1) == wanted
    likely = chances[:, 1:].max(1)
    threshold, _ = best_threshold(likely.tolist(), right.tolist(), int((wanted > 0).sum()))
    found = likely >= threshold
    answers = list(zip(likely[found].tolist(), right[found].tolist(), strict=True))
    line = fit_line(answers)
    meant = np.asarray([calibrated(score, {"": line}, "") for score, _ in answers])
    trusted = trusted_score(meant, right[found], _TRUSTED_OF.get(dev.scheme.name, _TRUSTED))
    return _Relations(temperature, weights, round(threshold, 3), trusted, line)


def _head_logs(
    scored: np.ndarray, network: Network, schemes: Sequence[Scheme], fitted: Calibration
) -> list[np.ndarray]:
    """Log-probabilities of every head as `kg.extract.extractor` decodes names from them."""
    heads = []
    for one, part in zip(schemes, network.tag_slices, strict=True):
        scaled = scored[:, part].astype(np.float64) / fitted.tag_temperature.get(one.name, 1.0)
        scaled[:, 0] += fitted.outside.get(one.name, 0.0)
        heads.append(log_softmax(scaled))
    return heads


def _gold(dev: _Dev, example: Example) -> list[tuple[int, int, str]]:
    return [(start, end, dev.scheme.types[kind]) for start, end, kind in decode_tags(np.maximum(example.tags, 0))]


def _name_lines(
    read: Sequence[_Dev], network: Network, schemes: Sequence[Scheme], fitted: Calibration
) -> dict[str, tuple[float, float]]:
    """Lines of the names of every scheme and of every group of the product."""
    columns = begin_columns(schemes, network.tag_slices)
    answers: dict[str, Answers] = {}
    for dev in read:
        scheme, groups = dev.scheme, groups_of(dev.scheme)
        for example, scored in zip(dev.examples, dev.tags, strict=True):
            heads = _head_logs(scored, network, schemes, fitted)
            gold = _gold(dev, example)
            for _, score, right in _names(heads[dev.number], scheme.types, gold):
                answers.setdefault(scheme.name, []).append((score, right))
            named = [(start, end, groups[kind]) for start, end, kind in gold if kind in groups]
            for group, score, right in _names(merge(np.concatenate(heads, 1), columns), tuple(GROUPS), named):
                if group in groups.values():
                    answers.setdefault(group, []).append((score, right))
    return {name: fit_line(one) for name, one in answers.items()}


def calibrate(
    network: Network, dev: Mapping[str, Sequence[GoldDocument]], pieces: WordPieces, lexicon: Lexicon
) -> Calibration:
    """Fit every head on its corpus's dev half; a relation counts from the threshold with the best F1 by type.

    Lines of names and relations are fitted on what the head would answer: decoded names, relations over the threshold.
    """
    schemes = SCHEMES[: len(network.tag_slices)]
    read: list[_Dev] = []
    for number, scheme in enumerate(schemes):
        examples = tuple(make_examples(dev.get(scheme.name, ()), scheme, number, pieces, lexicon, overlap=0))
        scored = [_scores(network, example) for example in examples]
        if examples:
            read.append(
                _Dev(scheme, number, examples, tuple(one for one, _ in scored), tuple(two for _, two in scored))
            )
    named = [one for one in read if one.scheme.names]
    temperatures = {
        one.scheme.name: fit_temperature(
            np.concatenate([scores[:, network.tag_slices[one.number]] for scores in one.tags]),
            np.maximum(np.concatenate([example.tags for example in one.examples]), 0),
        )
        for one in named
    }
    relations = {one.scheme.name: head for one in read if (head := _relation_head(one)) is not None}
    fitted = Calibration(
        temperatures,
        {name: one.temperature for name, one in relations.items()},
        {name: one.threshold for name, one in relations.items()},
        {name: one.trusted for name, one in relations.items()},
        pairs={name: one.line for name, one in relations.items()},
        consistency=_CONSISTENCY,
        relation_weights={name: one.weights for name, one in relations.items()},
    )
    outside = {}
    for one in named:
        if len({example.document for example in one.examples}) < _SETTLE:
            continue
        logs = [_head_logs(scored, network, schemes, fitted)[one.number] for scored in one.tags]
        gold = [_gold(one, example) for example in one.examples]
        outside[one.scheme.name] = fit_outside(logs, gold, one.scheme.types)
    fitted = replace(fitted, outside=outside)
    return replace(fitted, names=_name_lines(named, network, schemes, fitted))
