"""Work for several writers at once that never wait for each other: writing a relationship locks both its ends.

Ends fall into twice as many groups as there are writers, and a row belongs to the pair of its ends' groups. The pairs
are played like a tournament: within a round no two pairs share a group, so no two writers share an end, and no two
transactions can wait for each other crosswise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar
from zlib import crc32

_T = TypeVar("_T")


def rounds(rows: Iterable[_T], ends: Callable[[_T], tuple[str, str]], writers: int) -> list[list[list[_T]]]:
    """Return rounds of parts: the parts of one round can be written at the same time, the rounds one after the other.

    >>> rounds(["ab", "bc"], tuple, writers=1)
    [[['ab', 'bc']]]
    """
    if writers == 1:
        return [[list(rows)]]
    groups = 2 * writers
    parts: dict[tuple[int, int], list[_T]] = defaultdict(list)
    for row in rows:
        first, second = sorted(crc32(end.encode()) % groups for end in ends(row))
        parts[first, second].append(row)
    made = ([parts[pair] for pair in pairs if pair in parts] for pairs in _tournament(groups))
    return [round for round in made if round]


def _tournament(groups: int) -> list[list[tuple[int, int]]]:
    """Pair an even number of groups with themselves, then each with each other, by the circle method."""
    found = [[(group, group) for group in range(groups)]]
    turning = list(range(1, groups))
    for _ in turning:
        circle = [0, *turning]
        half = groups // 2
        found.append([(min(pair), max(pair)) for pair in zip(circle[:half], reversed(circle[half:]), strict=True)])
        turning = [turning[-1], *turning[:-1]]
    return found
