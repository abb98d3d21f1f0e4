"""Questions about statements, their evidence and their documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from kg.errors import StoreError, VocabularyError
from kg.query import texts
from kg.query.concepts import Concepts
from kg.query.filters import Filter, Filters
from kg.query.results import ConceptResult, DocumentResult, EvidenceResult, StatementResult
from kg.schema.vocabulary import PREDICATES

if TYPE_CHECKING:
    import networkx

_PARTS = ("subject", "predicate", "object")


class Statements(Concepts):
    """Listing statements, and following each to its sentences."""

    def statement(self, id: str) -> StatementResult:
        """Return one statement. Raises StoreError when the graph has none with this id.

        >>> graph.statement(graph.statements(subject="metformin")[0].id).object
        'MESH:D000140'
        """
        found = self._by_id([id])
        if not found:
            raise StoreError("the graph has no statement with this id; `kg statements` lists them", statement=id)
        return found[0]

    def statements(
        self,
        subject: str | None = None,
        predicate: str | Collection[str] | None = None,
        object: str | None = None,
        *,
        include_descendants: bool = False,
        limit: int = 100,
        **filters: Unpack[Filters],
    ) -> tuple[StatementResult, ...]:
        """Return statements, the most believed first; ``predicate``: one or several, with or without ``biolink:``.

        ``include_descendants``: also those about kinds of ``subject`` and of ``object``. ``filters`` are those of
        kg.query.filters.Filters: ``min_belief``, ``kinds``, ``since``, ``until``. Raises VocabularyError for a concept,
        predicate or filter that is not known.

        >>> [(s.object, s.belief, s.works) for s in graph.statements(subject="aspirin", predicate="causes")]
        [('MESH:D006470', 0.734, ('PMID:1', 'PMID:3'))]
        >>> len(graph.statements(since="2015", kinds=["article"]))
        2
        """
        chosen: dict[str, Collection[str] | None] = {
            "subject": None if subject is None else self._meant(subject, include_descendants),
            "predicate": None if predicate is None else _predicates(predicate),
            "object": None if object is None else self._meant(object, include_descendants),
        }
        return self._statements(Filter(**filters), limit, **chosen)

    def evidence(self, statement: str, **filters: Unpack[Filters]) -> tuple[EvidenceResult, ...]:
        """Return the evidence of a statement, the best score first; of ``filters`` those on documents are used.

        Raises StoreError for an unknown statement.

        >>> graph.evidence(graph.statements(subject="metformin")[0].id)[0].text
        'Metformin causes lactic acidosis.'
        """
        chosen = Filter(**filters)
        rows = self._rows(texts.evidence(chosen.of_document()), {"id": statement, **chosen.parameters()})
        if not rows:
            self.statement(statement)
        return _best_first(EvidenceResult.of(row) for row in rows)

    def neighbourhood(
        self, concept: str, *, include_descendants: bool = False, limit: int = 100, **filters: Unpack[Filters]
    ) -> tuple[StatementResult, ...]:
        """Return the statements about a concept, as subject or object, the most believed first.

        >>> len(graph.neighbourhood("hemorrhage"))
        2
        """
        meant, chosen = self._meant(concept, include_descendants), Filter(**filters)
        both = (self._statements(chosen, limit, **{part: meant}) for part in ("subject", "object"))
        return _strongest(statement for side in both for statement in side)[:limit]

    def between(
        self, concepts: Iterable[str], *, limit: int = 100, **filters: Unpack[Filters]
    ) -> tuple[StatementResult, ...]:
        """Return the statements that join any two of these concepts, given by id, the most believed first.

        >>> [s.predicate for s in graph.between(["MESH:D001241", "MESH:D006470"])]
        ['biolink:causes']
        """
        ids = frozenset(concepts)
        return self._statements(Filter(**filters), limit, subject=ids, object=ids)

    def documents_about(
        self,
        concepts: str | Sequence[str],
        *,
        include_descendants: bool = True,
        limit: int = 10,
        **filters: Unpack[Filters],
    ) -> tuple[DocumentResult, ...]:
        """Return the documents that speak of all these concepts, with the sentences that do.

        A sentence counts for a concept when a reader took a statement about it from there; the document with the most
        comes first. A document that only names the concepts is not found: mentions stay in the ledger and are not
        published, so that a graph has its evidence and not every name in every text. Raises VocabularyError for a
        concept that is not known.

        >>> [(d.id, d.sentences[0].text) for d in graph.documents_about(["aspirin", "hemorrhage"], limit=1)]
        [('PMID:1', 'Aspirin causes hemorrhage.')]
        """
        asked = [concepts] if isinstance(concepts, str) else list(concepts)
        chosen = Filter(**filters)
        spoken = [self._spoken(self._meant(concept, include_descendants), chosen) for concept in asked]
        if not spoken:
            return ()
        common = set.intersection(*(set(by_document) for by_document in spoken))
        said = {
            document: {piece: score for by_document in spoken for piece, score in by_document[document].items()}
            for document in common
        }
        pieces = {document: sum(len(by_document[document]) for by_document in spoken) for document in common}
        order = sorted(common, key=lambda document: (-pieces[document], -max(said[document].values()), document))[
            :limit
        ]
        wanted = sorted(piece for document in order for piece in said[document])
        evidence = [EvidenceResult.of(row) for row in self._rows(texts.EVIDENCE_BY_ID, {"ids": wanted})]
        return tuple(
            DocumentResult(
                id=document,
                work=heard[0].work,
                title=heard[0].title,
                url=heard[0].url,
                kind=heard[0].kind,
                published=heard[0].published,
                sentences=heard,
                graph=heard[0].graph,
            )
            for document in order
            if (heard := _best_first(piece for piece in evidence if piece.document == document))
        )

    def to_networkx(self, min_belief: float = 0.0) -> networkx.MultiDiGraph[str]:
        """Return the concepts and statements as a MultiDiGraph: nodes by concept id, edges keyed by statement id.

        >>> graph.to_networkx().number_of_edges("MESH:D001241", "MESH:D006470")
        1
        """
        import networkx

        made: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(graph=self.version)
        for row in self._rows(texts.CONCEPTS, {}):
            concept = ConceptResult.of(row)
            made.add_node(concept.id, name=concept.name, category=concept.category)
        for row in self._rows(texts.STATEMENTS, {}):
            statement = StatementResult.of(row)
            if statement.belief >= min_belief:
                facts = {
                    key: value
                    for key, value in statement.as_json().items()
                    if key not in ("id", "subject", "object", "graph")
                }
                made.add_edge(statement.subject, statement.object, key=statement.id, **facts)
        return made

    def _meant(self, concept: str, include_descendants: bool = False) -> frozenset[str]:
        own = self.concept(concept).id
        return self._closure(texts.NARROWER, own) if include_descendants else frozenset((own,))

    def _statements(self, chosen: Filter, limit: int, **parts: Collection[str] | None) -> tuple[StatementResult, ...]:
        given = [name for name in _PARTS if parts.get(name) is not None]
        # A concept narrows more than a predicate does: the part that the index looks up comes first.
        given.sort(key=lambda name: name == "predicate")
        values: dict[str, Any] = {name: sorted(parts[name] or ()) for name in given}
        text = texts.statements(given, chosen.of_statement())
        rows = self._rows(text, {**chosen.parameters(), **values, "limit": limit})
        return _strongest(StatementResult.of(row) for row in rows)

    def _by_id(self, ids: Collection[str]) -> tuple[StatementResult, ...]:
        rows = self._rows(texts.STATEMENTS_BY_ID, {"ids": sorted(set(ids))})
        return _strongest(StatementResult.of(row) for row in rows)

    def _spoken(self, ids: Collection[str], chosen: Filter) -> dict[str, dict[str, float]]:
        """Return for each document the evidence in it about any of the concepts, with its score."""
        found: dict[str, dict[str, float]] = {}
        for part in ("subject", "object"):
            text = texts.speaking(part, chosen.of_document())
            for row in self._store.run(text, {**chosen.parameters(), "ids": sorted(ids)}):
                found.setdefault(row["document"], {}).update(row["pieces"])
        return found


def _strongest(statements: Iterable[StatementResult]) -> tuple[StatementResult, ...]:
    once = {statement.id: statement for statement in statements}
    return tuple(sorted(once.values(), key=lambda statement: (-statement.belief, statement.id)))


def _best_first(evidence: Iterable[EvidenceResult]) -> tuple[EvidenceResult, ...]:
    return tuple(sorted(evidence, key=lambda piece: (-piece.score, piece.id)))


def _predicates(names: str | Collection[str]) -> list[str]:
    return [_predicate(name) for name in ([names] if isinstance(names, str) else names)]


def _predicate(name: str) -> str:
    known = PREDICATES.get(name.removeprefix("biolink:"))
    if known is None:
        raise VocabularyError(f"no such predicate; there are: {', '.join(sorted(PREDICATES))}", predicate=name)
    return known.curie
