"""How often: the counts of works, pooled, with an interval."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from kg.errors import DataError
from kg.model import SCORE_DIGITS, Frequency, Vote

_NORMAL_95 = 1.959964


def frequency(count: int, total: int) -> Frequency:
    """Return the share with the 95 % score interval of Wilson (1927, J Am Stat Assoc 22:209-212).

    It holds for small groups and for none or all of them (Newcombe 1998, Stat Med 17:857-872). It is the uncertainty
    of one sample: how far the works differ among themselves is not in it. Raises DataError for impossible counts.

    >>> frequency(12, 34)
    Frequency(count=12, total=34, share=0.353, low=0.215, high=0.521)
    """
    if not 0 <= count <= total or total == 0:
        raise DataError("not a count of a total", count=count, total=total)
    share, weight = count / total, _NORMAL_95**2 / total
    middle, reach = share + weight / 2, sqrt(weight * (share * (1 - share) + weight / 4))
    low, high = max((middle - reach) / (1 + weight), 0.0), min((middle + reach) / (1 + weight), 1.0)
    return Frequency(count, total, *(round(value, SCORE_DIGITS) for value in (share, low, high)))


def pooled(votes: Iterable[Vote]) -> Frequency | None:
    """Add up the counts of the works, one a work; None where nobody counted.

    A work that counts several times (abstract and text, all patients and the women among them) speaks with its largest
    group, and of two counts in groups of one size with the larger. A hypothesis counts nothing. Polarity does not
    matter: "none of 34" is a count like any other.

    >>> def counted(work: str, count: int, total: int) -> Vote:
    ...     return Vote(work, "article", (), "patterns", "supports", "asserted", 0.9, count, total)
    >>> pooled([counted("PMID:1", 3, 10), counted("PMID:1", 12, 34), counted("PMID:2", 1, 6)])
    Frequency(count=13, total=40, share=0.325, low=0.201, high=0.48)
    """
    largest: dict[str, tuple[int, int]] = {}
    for vote in votes:
        if vote.total and vote.certainty != "hypothesis":
            largest[vote.work] = max(largest.get(vote.work, (0, 0)), (vote.total, vote.count))
    if not largest:
        return None
    totals, counts = zip(*largest.values(), strict=True)
    return frequency(sum(counts), sum(totals))
