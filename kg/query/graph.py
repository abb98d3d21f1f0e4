"""The query API: a graph that answers, on any store that speaks Cypher. Answers are evidence, never advice."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from kg.errors import StoreError, VocabularyError
from kg.ids import name_words
from kg.query import texts
from kg.query.names import Match, ranked
from kg.query.results import ConceptResult, EvidenceResult, StatementResult
from kg.query.store import Store
from kg.schema.vocabulary import PREDICATES

if TYPE_CHECKING:
    import networkx

MAX_LENGTH = 6
_CANDIDATES = 500
_CHOICES = 6


class KnowledgeGraph:
    """A graph to ask. Close it when done, or use it in a ``with`` block.

    Concepts are given by id (``MESH:D001241``), by any cross-reference, or by a name that only one concept has.
    The examples run on a small graph: aspirin causes hemorrhage (two papers), metformin causes lactic acidosis, and
    lactic acidosis is associated with hemorrhage.

    >>> graph.counts()["statements"]
    3
    """

    def __init__(self, store: Store) -> None:
        """Answer from ``store``; ``kg.open`` chooses one."""
        self._store = store

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

        Raises VocabularyError when there is none, or when several bear the name; the message lists them.

        >>> graph.concept("aspirin").id
        'MESH:D001241'
        """
        rows = self._store.run(texts.CONCEPT, {"id": name})
        if rows:
            return ConceptResult.of(rows[0])
        matches = self._matches(name)
        exact = [match for match in matches if match.exact]
        best = [match.concept for match in exact if match.rank == exact[0].rank]
        if len(best) == 1:
            return best[0]
        choices = "; ".join(f"{c.id} ({c.name})" for c in best[:_CHOICES] or [m.concept for m in matches[:_CHOICES]])
        if best:
            raise VocabularyError(f"several concepts bear this name, give the id of one: {choices}", name=name)
        near = f"; near it: {choices}" if choices else "; `kg find` searches by parts of names"
        raise VocabularyError(f"no concept in the graph has this id or name{near}", name=name)

    def statement(self, id: str) -> StatementResult:
        """Return one statement. Raises StoreError when the graph has none with this id.

        >>> graph.statement(graph.statements(subject="metformin")[0].id).object
        'MESH:D000140'
        """
        rows = self._store.run(texts.STATEMENT, {"id": id})
        if not rows:
            raise StoreError("the graph has no statement with this id; `kg statements` lists them", statement=id)
        return StatementResult.of(rows[0])

    def statements(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        object: str | None = None,
        min_belief: float = 0.0,
        limit: int = 100,
    ) -> tuple[StatementResult, ...]:
        """Return statements, the most believed first; ``predicate`` with or without ``biolink:``.

        Raises VocabularyError for a concept or predicate that is not known.

        >>> [(s.object, s.belief, s.works) for s in graph.statements(subject="aspirin", predicate="causes")]
        [('MESH:D006470', 0.69, ('PMID:1', 'PMID:3'))]
        """
        chosen: dict[str, Any] = {"min_belief": min_belief, "limit": limit}
        if subject is not None:
            chosen["subject"] = self.concept(subject).id
        if predicate is not None:
            chosen["predicate"] = _predicate(predicate)
        if object is not None:
            chosen["object"] = self.concept(object).id
        text = texts.statements(subject is not None, predicate is not None, object is not None)
        return tuple(StatementResult.of(row) for row in self._store.run(text, chosen))

    def evidence(self, statement: str) -> tuple[EvidenceResult, ...]:
        """Return the evidence of a statement, the best score first. Raises StoreError for an unknown statement.

        >>> graph.evidence(graph.statements(subject="metformin")[0].id)[0].text
        'Metformin causes lactic acidosis.'
        """
        rows = self._store.run(texts.EVIDENCE, {"id": statement})
        if not rows:
            self.statement(statement)
        return tuple(EvidenceResult.of(row) for row in rows)

    def path(self, a: str, b: str, max_length: int = 4) -> tuple[StatementResult, ...]:
        """Return the shortest chain of statements between two concepts, whichever way each points.

        Among equally short chains it is the one whose beliefs multiply to most. Empty: there is none of at most
        ``max_length`` statements. Raises VocabularyError for a concept that is not known or a length out of range.

        >>> [step.predicate for step in graph.path("aspirin", "metformin")]
        ['biolink:causes', 'biolink:associated_with', 'biolink:causes']
        """
        if not 1 <= max_length <= MAX_LENGTH:
            raise VocabularyError(f"a path has between 1 and {MAX_LENGTH} statements", max_length=max_length)
        source, target = self.concept(a).id, self.concept(b).id
        if source == target:
            return ()
        rows = self._store.run(texts.path(max_length), {"source": source, "target": target})
        return tuple(self.statement(id) for id in rows[0]["ids"]) if rows else ()

    def neighbourhood(self, concept: str, min_belief: float = 0.0, limit: int = 100) -> tuple[StatementResult, ...]:
        """Return the statements about a concept, as subject or object, the most believed first.

        >>> len(graph.neighbourhood("hemorrhage"))
        2
        """
        chosen = {"id": self.concept(concept).id, "min_belief": min_belief, "limit": limit}
        return tuple(StatementResult.of(row) for row in self._store.run(texts.NEIGHBOURHOOD, chosen))

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
        plural = {"concept": "concepts", "statement": "statements", "document": "documents"}
        return {plural.get(name, name): int(self._store.run(text)[0]["n"]) for name, text in texts.COUNTS.items()}

    def to_networkx(self, min_belief: float = 0.0) -> networkx.MultiDiGraph[str]:
        """Return the concepts and statements as a MultiDiGraph: nodes by concept id, edges keyed by statement id.

        >>> graph.to_networkx().number_of_edges("MESH:D001241", "MESH:D006470")
        1
        """
        import networkx

        made: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        for row in self._store.run(texts.CONCEPTS):
            concept = ConceptResult.of(row)
            made.add_node(concept.id, name=concept.name, category=concept.category)
        for row in self._store.run(texts.STATEMENTS):
            statement = StatementResult.of(row)
            if statement.belief >= min_belief:
                facts = {
                    key: value for key, value in statement.as_json().items() if key not in ("id", "subject", "object")
                }
                made.add_edge(statement.subject, statement.object, key=statement.id, **facts)
        return made

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def __enter__(self) -> KnowledgeGraph:
        """Return self."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def _matches(self, text: str) -> list[Match]:
        words = name_words(text)
        if not words:
            return []
        # Every word must be there; the last may be the beginning of one. The words are letters and digits only, so
        # nothing in them is an operator of the index's query language.
        query = " ".join([*(f"+{word}" for word in words[:-1]), f"+{words[-1]}*"])
        chosen = {"index": texts.NAME_INDEX, "words": query, "limit": _CANDIDATES}
        return ranked(text, [ConceptResult.of(row) for row in self._store.run(texts.NAMED, chosen)])


def _predicate(name: str) -> str:
    known = PREDICATES.get(name.removeprefix("biolink:"))
    if known is None:
        raise VocabularyError(f"no such predicate; there are: {', '.join(sorted(PREDICATES))}", predicate=name)
    return known.curie
