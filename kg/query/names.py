"""Which of the concepts that a search gave is meant: the same order whatever store searched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kg.ids import name_words
from kg.query.results import ConceptResult

Rank = Literal[0, 1, 2, 3, 4, 5]
_EXACT = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A concept with how well a text names it: 0 its id, 1 its name, 2 a cross-reference or synonym, 3 a name that
    begins so, 4 a synonym that begins so, 5 words of its names.
    """

    concept: ConceptResult
    rank: Rank

    @property
    def exact(self) -> bool:
        """Whether the whole text is an id or a name of the concept."""
        return self.rank < _EXACT


def ranked(text: str, concepts: Iterable[ConceptResult]) -> list[Match]:
    """Return the concepts with their ranks, the best first.

    Among equals the one whose name is nearest to the text in length, then the shorter name, then the id.
    """
    wanted = name_words(text)
    found = [(*_rank(wanted, concept), concept) for concept in concepts]
    found.sort(key=lambda one: (one[0], one[1], len(one[2].name), one[2].id))
    return [Match(concept, rank) for rank, _, concept in found]


def _rank(wanted: tuple[str, ...], concept: ConceptResult) -> tuple[Rank, int]:
    """Return how well the text names a concept, and the number of letters of the shortest name that does so."""
    name = name_words(concept.name)
    others = [name_words(other) for other in (*concept.synonyms, *concept.xrefs)]
    begun = " ".join(wanted)
    if wanted == name_words(concept.id):
        return 0, 0
    if wanted == name:
        return 1, 0
    if wanted in others:
        return 2, 0
    if " ".join(name).startswith(begun):
        return 3, len(concept.name)
    longer = [len(words) for other in others if (words := " ".join(other)).startswith(begun)]
    return (4, min(longer)) if longer else (5, 0)
