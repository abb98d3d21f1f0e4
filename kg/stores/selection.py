"""The part of a ledger that may be given away: what every export reads.

A selection by licence is the graph as if only the documents under these licences had been read: beliefs are computed
anew from the evidence that is left. Without quotations every evidence keeps its offsets and loses its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import groupby

from kg.errors import ConfigError, StoreError
from kg.model import Concept, Evidence, Reader, Statement, Vote, WorkState
from kg.stores.ledger import Assemble, HeldDocument, Ledger, Origin
from kg.stores.ledger_runs import Run

_Said = tuple[Evidence, Origin]


class Selection:
    """A ledger to export from, whole unless ``licences`` are given; ``quotations`` says whether the words may go out.

    ``licences`` are names or patterns (``CC-BY*``, without regard to case) of ``Document.license``; the empty name
    stands for documents that tell none. With licences, ``assemble`` must turn votes into statements, as
    ``Ledger.refresh`` takes it. Raises ConfigError for a pattern that no document's licence matches, StoreError while
    evidence is recorded that no statement shows yet.
    """

    def __init__(
        self,
        ledger: Ledger,
        licences: Sequence[str] = (),
        quotations: bool = True,
        assemble: Assemble | None = None,
    ) -> None:
        if not ledger.assembled:
            raise StoreError("the last build did not end; run `kg build` again first", folder=str(ledger.folder))
        self._ledger = ledger
        self._assemble = assemble
        self._quotations = quotations
        self._licences = _chosen(licences, {licence for _, licence, _ in ledger.origins()}) if licences else None

    @property
    def id(self) -> str:
        """The ledger's id."""
        return self._ledger.id

    @property
    def complete(self) -> bool:
        """Whether this is the whole ledger with all its words."""
        return self._licences is None and self._quotations

    @property
    def last_change(self) -> int:
        """The number of the ledger's last change."""
        return self._ledger.last_change

    def changes_since(self, change: int) -> tuple[str, ...]:
        """The ids of the triples touched after ``change``, whether selected or not."""
        return self._ledger.changes_since(change)

    def origins(self) -> tuple[tuple[str, str, int], ...]:
        """(source, licence, number of documents), sorted."""
        return tuple(origin for origin in self._ledger.origins() if self._has(origin[1]))

    def concepts(self, since: int | None = None, stated: bool = False) -> Iterator[Concept]:
        """The concepts of the whole ledger: their names come from terminologies, not from documents."""
        return self._ledger.concepts(since, stated)

    def readers(self) -> Iterator[Reader]:
        """The readers, by id."""
        return self._ledger.readers()

    def works(self) -> Iterator[tuple[str, WorkState, str]]:
        """(work, state, reason of the state), by work."""
        return self._ledger.works(self._licences)

    def runs(self) -> Iterator[Run]:
        """The runs that made this evidence, in their order."""
        return self._ledger.runs(self._licences)

    def generated(self) -> Iterator[tuple[str, str]]:
        """(evidence, run), by evidence."""
        return self._ledger.generated(self._licences)

    def documents(self) -> Iterator[HeldDocument]:
        """The documents, by id."""
        return (document for document in self._ledger.documents() if self._has(document.license))

    def sourced_evidences(self, triples: Iterable[str] | None = None) -> Iterator[_Said]:
        """The evidence by triple and id, each with where its document comes from."""
        for evidence, origin in self._ledger.sourced_evidences(triples):
            if self._has(origin.license):
                yield evidence if self._quotations else replace(evidence, text=""), origin

    def evidences(self, triples: Iterable[str] | None = None) -> Iterator[Evidence]:
        """The evidence by triple and id."""
        return (evidence for evidence, _ in self.sourced_evidences(triples))

    def statements(self, triples: Iterable[str] | None = None) -> Iterator[Statement]:
        """The statements by id, each with the ids of its evidence."""
        if self._licences is None:
            return self._ledger.statements(triples)
        return (statement for statement, _ in self.supported(triples))

    def supported(self, triples: Iterable[str] | None = None) -> Iterator[tuple[Statement, list[_Said]]]:
        """The statements by id, each with its evidence."""
        groups = groupby(self.sourced_evidences(triples), key=lambda said: said[0].triple.id)
        if self._licences is None or self._assemble is None:
            for statement, (_, same) in zip(self._ledger.statements(triples), groups, strict=True):
                yield statement, list(same)
            return
        for _, same in groups:
            said = list(same)
            made = self._assemble(said[0][0].triple, [vote_of(*one) for one in said])
            yield replace(made, evidence=tuple(evidence.id for evidence, _ in said)), said

    def _has(self, licence: str) -> bool:
        return self._licences is None or licence in self._licences


def vote_of(evidence: Evidence, origin: Origin) -> Vote:
    """One vote for each evidence: ``assemble`` counts a work once, with its best sentence and its largest group."""
    count, total = evidence.count, evidence.total
    counted = (count, total) if count is not None and total and 0 <= count <= total else (0, 0)
    return Vote(
        evidence.work, origin.kind, origin.publication_types, evidence.reader.name, evidence.polarity,
        evidence.certainty, evidence.score, *counted,
    )  # fmt: skip


def _chosen(patterns: Sequence[str], held: set[str]) -> tuple[str, ...]:
    found: set[str] = set()
    for pattern in patterns:
        matching = {name for name in held if fnmatchcase(name.casefold(), pattern.casefold())}
        if not matching:
            known = ", ".join(sorted(held)) or "none"
            raise ConfigError("no document has such a licence", licence=pattern, there_are=known)
        found |= matching
    return tuple(sorted(found))
