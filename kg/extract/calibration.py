"""From what a head says to a probability: fitted on dev, carried by the model's config."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

_EDGE = 1e-3  # scores this near to 0 or 1 say no more than this


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted on dev, by scheme name: temperatures of both heads, and from which probability on a relation counts.

    `relation_threshold`: of the likeliest type, for the best F1 (what an evaluation counts). `trusted_score`: of the
    relation's type, calibrated, where 75 % of what remains are right, of CID 80 % (what the product says). `names`,
    `pairs`: (slope, shift) from the score of a whole name or relation to the share that is right; `names` also has the
    groups of `kg.extract.merge`. `outside`: what is added to the log-score of "no name" before names are decoded, for
    the best F1. `consistency`: how much the places of one name in a document hear of each other
    (`kg.extract.consistency`). `relation_weights`: of a pair among the other pairs of its window
    (`kg.extract.weighing`). Models older than these five carry none.
    """

    tag_temperature: dict[str, float]
    relation_temperature: dict[str, float]
    relation_threshold: dict[str, float]
    trusted_score: dict[str, float]
    names: dict[str, tuple[float, float]] = field(default_factory=dict)
    pairs: dict[str, tuple[float, float]] = field(default_factory=dict)
    outside: dict[str, float] = field(default_factory=dict)
    consistency: float = 0.0
    relation_weights: dict[str, tuple[float, ...]] = field(default_factory=dict)


def log_odds(score: float) -> float:
    """ln(p / (1 - p)), bounded near 0 and 1."""
    bounded = min(max(score, _EDGE), 1 - _EDGE)
    return math.log(bounded / (1 - bounded))


def calibrated(score: float, lines: Mapping[str, tuple[float, float]], name: str) -> float:
    """The share that is right among answers with this score: Platt scaling on log-odds; rises with the score.

    >>> round(calibrated(0.9, {"NCBI": (0.5, -0.4)}, "NCBI"), 3), calibrated(0.9, {}, "NCBI")
    (0.668, 0.9)
    """
    if name not in lines:
        return score
    slope, shift = lines[name]
    return 1 / (1 + math.exp(-(slope * log_odds(score) + shift)))
