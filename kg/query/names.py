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
    """Return the concepts with their ranks, the best first; among equals the shorter name, then the id."""
    wanted = name_words(text)
    matches = [Match(concept, _rank(wanted, concept)) for concept in concepts]
    return sorted(matches, key=lambda match: (match.rank, len(match.concept.name), match.concept.id))


def _rank(wanted: tuple[str, ...], concept: ConceptResult) -> Rank:
    name = name_words(concept.name)
    others = [name_words(other) for other in (*concept.synonyms, *concept.xrefs)]
    if wanted == name_words(concept.id):
        return 0
    if wanted == name:
        return 1
    if wanted in others:
        return 2
    if _begins(name, wanted):
        return 3
    return 4 if any(_begins(other, wanted) for other in others) else 5


def _begins(name: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return " ".join(name).startswith(" ".join(wanted))
