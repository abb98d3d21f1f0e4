"""Which concept is broader than which, from MeSH tree numbers."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Tree:
    """Concept id -> its tree numbers (``C10.228.140``); an ancestor's number is a prefix of its descendants'.

    >>> tree = Tree({"D009422": ("C10",), "D001927": ("C10.228.140",)})
    >>> tree.broader("D009422", "D001927"), tree.broader("D001927", "D009422")
    (True, False)
    """

    numbers: Mapping[str, tuple[str, ...]]

    def broader(self, one: str, two: str) -> bool:
        """Whether ``one`` is an ancestor of ``two``."""
        above, below = self.numbers.get(one, ()), self.numbers.get(two, ())
        return any(lower.startswith(upper + ".") for upper in above for lower in below)

    def without_broader(
        self, judged: Sequence[tuple[int, int, int]], idents: Sequence[str]
    ) -> list[tuple[int, int, int]]:
        """Drop pairs of class 0 whose second concept is broader than one that the same first concept is related to."""
        related: dict[int, list[str]] = {}
        for first, second, label in judged:
            if label:
                related.setdefault(first, []).append(idents[second])
        return [
            (first, second, label)
            for first, second, label in judged
            if label or not any(self.broader(idents[second], one) for one in related.get(first, ()))
        ]


def read_tree(path: Path) -> Tree:
    """Read a table with ``tree_number`` and ``mesh_descriptor_uid``; an empty tree where there is no such file."""
    numbers: dict[str, list[str]] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                numbers.setdefault(row["mesh_descriptor_uid"], []).append(row["tree_number"])
    return Tree({ident: tuple(found) for ident, found in numbers.items()})
