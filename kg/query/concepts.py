"""Questions about concepts, and how every question reaches the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from kg.errors import VocabularyError
from kg.ids import name_words
from kg.query import texts
from kg.query.names import Match, ranked
from kg.query.results import ConceptResult
from kg.query.store import Store, version_of

_CANDIDATES = 500
_CHOICES = 6


class Concepts:
    """Finding concepts by any of their names and ids, and walking the is-a hierarchy."""

    def __init__(self, store: Store) -> None:
        """Answer from ``store``; ``kg.open`` chooses one."""
        self._store = store
        self._version = ""

    @property
    def version(self) -> str:
        """What the graph was made of: the ledger's id, a colon and its last change. Empty while a publish goes on.

        >>> graph.version == graph.concept("aspirin").graph
        True
        """
        if not self._version or not self._store.immutable:
            self._version = version_of(self._store)
        return self._version

    def find(self, text: str, limit: int = 10) -> tuple[ConceptResult, ...]:
        """Return concepts by name, synonym or any id, the best match first.

        >>> [concept.name for concept in graph.find("hemorrh")]
        ['Hemorrhage']
        >>> [concept.id for concept in graph.find("MESH:D001241")]
        ['MESH:D001241']
        """
        return tuple(match.concept for match in self._matches(text)[:limit])

    def concept(self, name: str) -> ConceptResult:
        """Return the concept with this id, cross-reference or name.

        Of several with the name those that statements are about are meant: vocabularies name one thing twice. Raises
        VocabularyError when there is none, or when several bear the name; the message lists them.

        >>> graph.concept("aspirin").id
        'MESH:D001241'
        """
        rows = self._rows(texts.CONCEPT, {"id": name})
        if rows:
            return ConceptResult.of(rows[0])
        matches = self._matches(name)
        exact = [match for match in matches if match.exact]
        if len(exact) > 1 and exact[0].rank > 0:
            exact = [match for match in exact if self._stated(match.concept.id)] or exact
        best = [match.concept for match in exact if match.rank == exact[0].rank]
        if len(best) == 1:
            return best[0]
        choices = "; ".join(f"{c.id} ({c.name})" for c in best[:_CHOICES] or [m.concept for m in matches[:_CHOICES]])
        if best:
            raise VocabularyError(f"several concepts bear this name, give the id of one: {choices}", name=name)
        near = f"; near it: {choices}" if choices else "; `kg find` searches by parts of names"
        raise VocabularyError(f"no concept in the graph has this id or name{near}", name=name)

    def _stated(self, concept: str) -> bool:
        return any(self._store.run(text, {"id": concept}) for text in texts.STATED)

    def concepts(self, ids: Iterable[str]) -> dict[str, ConceptResult]:
        """Return the concepts with these ids, those that the graph has.

        >>> [concept.name for concept in graph.concepts(["MESH:D001241", "MESH:D0"]).values()]
        ['Aspirin']
        """
        rows = self._rows(texts.CONCEPTS_BY_ID, {"ids": sorted(set(ids))})
        return {row["id"]: ConceptResult.of(row) for row in rows}

    def descendants(self, concept: str) -> frozenset[str]:
        """Return the ids of all concepts that are a kind of this one, without its own.

        >>> graph.descendants("hemorrhage")
        frozenset()
        """
        own = self.concept(concept).id
        return self._closure(texts.NARROWER, own) - {own}

    def ancestors(self, concept: str) -> frozenset[str]:
        """Return the ids of all concepts that this one is a kind of, without its own.

        >>> graph.ancestors("hemorrhage")
        frozenset()
        """
        own = self.concept(concept).id
        return self._closure(texts.BROADER, own) - {own}

    def cypher(self, query: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run a reading Cypher query; the rows hold plain values. Raises StoreError for one that is wrong or writes.

        >>> graph.cypher("MATCH (c:Concept {name: $name}) RETURN c.id AS id", {"name": "Aspirin"})
        [{'id': 'MESH:D001241'}]
        """
        return self._store.run(query, parameters)

    def counts(self) -> dict[str, int]:
        """Return how much of each noun the graph holds.

        >>> graph.counts()
        {'concepts': 4, 'statements': 3, 'evidence': 4, 'documents': 4}
        """
        return {name: int(self._store.run(text)[0]["n"]) for name, text in texts.COUNTS.items()}

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def _rows(self, text: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Run one of the texts; every row says what graph it is of."""
        rows = self._store.run(text, parameters)
        version = self.version if rows else ""
        return [{**row, "graph": version} for row in rows]

    def _closure(self, text: str, *ids: str) -> frozenset[str]:
        """Return the ids and all that steps of ``text`` lead to; level by level, for any depth and any cycle."""
        found, level = set(ids), sorted(ids)
        while level:
            level = sorted({row["id"] for row in self._store.run(text, {"ids": level})} - found)
            found.update(level)
        return frozenset(found)

    def _matches(self, text: str) -> list[Match]:
        words = name_words(text)
        if not words:
            return []
        # Every word must be there; the last may be the beginning of one. The words are letters and digits only, so
        # nothing in them is an operator of the index's query language.
        query = " ".join([*(f"+{word}" for word in words[:-1]), f"+{words[-1]}*"])
        chosen = {"index": texts.NAME_INDEX, "words": query, "limit": _CANDIDATES}
        return ranked(text, [ConceptResult.of(row) for row in self._rows(texts.NAMED, chosen)])
