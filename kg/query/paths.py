"""Questions about how two concepts hang together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from math import prod
from typing import Unpack

from kg.errors import VocabularyError
from kg.model import SCORE_DIGITS
from kg.query import texts
from kg.query.chains import Tie, chains, gather, growing
from kg.query.filters import LEAST_BELIEF, Filter, Filters
from kg.query.results import PathResult, StatementResult
from kg.query.statements import Statements
from kg.schema.vocabulary import CATEGORIES

MAX_LENGTH = 6
_AT_ONCE = 500


class Paths(Statements):
    """Chains of statements between concepts."""

    def path(self, a: str, b: str, max_length: int = 4) -> tuple[StatementResult, ...]:
        """Return the shortest chain of statements between two concepts, whichever way each points.

        Among equally short chains it is the one whose beliefs multiply to most; what is not believed at all joins
        nothing. Empty: there is none of at most ``max_length`` statements. Raises VocabularyError for a concept that is
        not known or a length out of range, StoreError where too much lies between the two.

        >>> [step.predicate for step in graph.path("aspirin", "metformin")]
        ['biolink:causes', 'biolink:associated_with', 'biolink:causes']
        """
        _check_length(max_length)
        source, target = self.concept(a).id, self.concept(b).id
        if source == target:
            return ()
        webs = growing(lambda ids: self._ties(ids, Filter()), source, target)
        for length, web in enumerate(islice(webs, max_length), 1):
            for _, ties in islice(chains(web, source, target, length), 1):
                found = {statement.id: statement for statement in self._by_id({tie.statement for tie in ties})}
                return tuple(found[tie.statement] for tie in ties)
        return ()

    def paths(
        self,
        a: str,
        b: str,
        *,
        max_length: int = 3,
        through: Sequence[str] = (),
        limit: int = 10,
        **filters: Unpack[Filters],
    ) -> tuple[PathResult, ...]:
        """Return the chains between two concepts whose beliefs multiply to most, the best first, without loops.

        ``through`` is a meta-path: the categories of the concepts on the way, such as ``["Gene"]``; the chain then has
        that length exactly. Between two neighbours a chain takes the most believed statement. Raises VocabularyError
        for a concept, category or length that is not known, StoreError where too much lies between the two.

        >>> [(p.belief, len(p.steps)) for p in graph.paths("aspirin", "metformin")]
        [(0.267, 3)]
        >>> [p.concepts for p in graph.paths("aspirin", "lactic acidosis", through=["PhenotypicFeature"])]
        [('MESH:D001241', 'MESH:D006470', 'MESH:D000140')]
        """
        for category in through:
            if category not in CATEGORIES:
                known = ", ".join(sorted(CATEGORIES))
                raise VocabularyError(f"no such category; there are: {known}", category=category)
        length = len(through) + 1 if through else max_length
        _check_length(length)
        source, target = self.concept(a).id, self.concept(b).id
        if source == target:
            return ()
        chosen = Filter(**filters)
        web = gather(lambda ids: self._ties(ids, chosen), source, target, length)
        found = list(islice(chains(web, source, target, length, through), limit))
        said = {s.id: s for s in self._by_id({tie.statement for _, ties in found for tie in ties})}
        made = []
        for concepts, ties in found:
            steps = tuple(said[tie.statement] for tie in ties)
            belief = round(prod(step.belief for step in steps), SCORE_DIGITS)
            made.append(PathResult(concepts, steps, belief, steps[0].graph))
        return tuple(made)

    def mechanisms(
        self, drug: str, disease: str, *, genes: int = 1, limit: int = 10, **filters: Unpack[Filters]
    ) -> tuple[PathResult, ...]:
        """Return how a drug may act on a disease: chains from the one to the other through ``genes`` genes.

        Raises VocabularyError for a concept that is not known.

        >>> graph.mechanisms("metformin", "lactic acidosis")
        ()
        """
        return self.paths(drug, disease, through=["Gene"] * genes, limit=limit, **filters)

    def _ties(self, ids: Collection[str], chosen: Filter) -> Iterator[Tie]:
        ordered = sorted(ids)
        text = texts.ties(chosen.of_document() and chosen.of_statement())
        # A statement that nobody believes at all joins nothing: its belief has no logarithm.
        values = {**chosen.parameters(), "min_belief": max(chosen.min_belief, LEAST_BELIEF)}
        for at in range(0, len(ordered), _AT_ONCE):
            for row in self._store.run(text, {**values, "ids": ordered[at : at + _AT_ONCE]}):
                yield Tie(**row)


def _check_length(length: int) -> None:
    if not 1 <= length <= MAX_LENGTH:
        raise VocabularyError(f"a path has between 1 and {MAX_LENGTH} statements", max_length=length)
