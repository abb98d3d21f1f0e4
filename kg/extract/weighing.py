"""What the other pairs of a window say about a pair: the relation head judges each pair by itself.

A corpus annotates what a text is about. So a pair counts for more when its concepts are those that are named most, and
for less when one of them is more likely related to something else. Worth 1.8 points of F1 on CID (docs/extractor.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

UNCHANGED = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)  # weights of `features`
_SURE = 6.0  # log-odds of a pair beyond which nothing counts; a concept without another pair has a rival of minus this


def features(related: np.ndarray, pairs: np.ndarray, concept: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """What is weighed, [P, 6], for the probability [P] that each of a window's pairs is related.

    `pairs` [P, 2]: concepts; `concept` [M]: of every mention; `kind` [E]: of every concept. Columns: the log-odds of
    the pair; how often its first and its second concept is named, as a share of the most named concept of their kind;
    the highest log-odds of another pair with the first and with the second; one.
    """
    bounded = np.clip(related, 1e-9, 1 - 1e-9)
    odds = np.clip(np.log(bounded / (1 - bounded)), -_SURE, _SURE)
    counts = np.bincount(concept, minlength=len(kind)).astype(np.float64)
    most = np.asarray([counts[kind == one].max() for one in kind])
    best = np.full((len(kind), 2), -_SURE)  # the highest and the second highest log-odds of each concept's pairs
    for pair, value in zip(pairs, odds, strict=True):
        for one in pair:
            best[one] = max(best[one][0], value), min(best[one][0], max(best[one][1], value))
    rivals = [np.where(best[side, 0] == odds, best[side, 1], best[side, 0]) for side in pairs.T]
    shares = [(counts / np.maximum(most, 1))[side] for side in pairs.T]
    return np.stack([odds, *shares, *rivals, np.ones(len(odds))], 1)


def weigh(chances: np.ndarray, given: np.ndarray, weights: Sequence[float]) -> np.ndarray:
    """Probabilities [P, 1 + types] after weighing; types keep their shares of what is related. `given`: `features`."""
    related = 1 / (1 + np.exp(-given @ np.asarray(weights)))
    shares = chances[:, 1:] / np.maximum(1 - chances[:, :1], 1e-9)
    weighed: np.ndarray = np.concatenate([1 - related[:, None], shares * related[:, None]], 1)
    return weighed
