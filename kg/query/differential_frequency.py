"""What a frequency without counts is worth beside counted ones: a few patients, so that any real count outweighs it."""

from __future__ import annotations

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
