"""How often a finding occurs, as HPO annotations say it: counts, a percentage, or a term that stands for a range."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.schema import FREQUENCIES

_COUNTS = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")


@dataclass(frozen=True, slots=True)
class Share:
    """The share of patients who have a finding: counted (``count`` of ``total``), else a range [``low``, ``high``].

    A range is never turned into counts that nobody made.
    """

    low: float
    high: float
    count: int | None = None
    total: int | None = None


def parse(text: str) -> Share | None:
    """Return what a frequency says, None for an empty one; ValueError for what is none.

    >>> parse("12/34").count, parse("HP:0040283")
    (12, Share(low=0.05, high=0.29, count=None, total=None))
    """
    text = text.strip()
    if not text:
        return None
    if text in FREQUENCIES:
        return Share(*FREQUENCIES[text])
    if counted := _COUNTS.fullmatch(text):
        count, total = int(counted[1]), int(counted[2])
        if not 0 < total < 2**31 or count > total:
            raise ValueError(f"{count} of {total} patients is no frequency")
        return Share(count / total, count / total, count, total)
    if percent := _PERCENT.fullmatch(text):
        share = float(percent[1]) / 100
        if share <= 1:
            return Share(share, share)
    raise ValueError(f"not a frequency: {text[:40]!r}")
