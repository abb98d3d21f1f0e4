"""What a frequency without counts is worth beside counted ones: a few patients, so that any real count outweighs it."""

from __future__ import annotations

# The frequency terms of HPO with the ranges that their definitions give.
RANGES = {
    "HP:0040280": (1.0, 1.0),
    "HP:0040281": (0.8, 0.99),
    "HP:0040282": (0.3, 0.79),
    "HP:0040283": (0.05, 0.29),
    "HP:0040284": (0.01, 0.04),
    "HP:0040285": (0.0, 0.0),
}
_RANGE_WORTH = 4.0
_UNCOUNTED_WORTH, _UNCOUNTED_SHARE = 2.0, 0.6


def worth(low: float | None = None, high: float | None = None) -> tuple[float, float]:
    """Return (present, total) for a range of shares, by its middle; without one, for "has it" that nobody counted.

    >>> worth(0.05, 0.29)
    (0.68, 4.0)
    """
    if low is None or high is None:
        return _UNCOUNTED_WORTH * _UNCOUNTED_SHARE, _UNCOUNTED_WORTH
    return round(_RANGE_WORTH * (low + high) / 2, 6), _RANGE_WORTH
