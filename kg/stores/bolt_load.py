"""Writes what a publish has to write: concepts, documents and statements with their evidence, then what must go."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from kg.model import Evidence
from kg.stores import bolt_batches
from kg.stores import bolt_schema as texts
from kg.stores.bolt import Taken
from kg.stores.bolt_batches import Said, ahead, batches, slices, weighed, with_evidence
from kg.stores.bolt_hierarchy import write_hierarchy
from kg.stores.bolt_lease import Lease
from kg.stores.bolt_partition import rounds
from kg.stores.bolt_rows import Row, concept_row, document_row, edge_row, evidence_row, statement_row, year
from kg.stores.bolt_writing import Making, Merging, Text, Writing
from kg.stores.source import Watch, WholeLedger

_LOOKED_UP = 2_000
_Work = list[Text]
"""What one transaction runs."""


class Writable(Protocol):
    """What publishing needs of a store."""

    def read(self, text: str, parameters: dict[str, Any]) -> list[dict[str, Any]]: ...
    def write(self, text: str, parameters: dict[str, Any]) -> list[dict[str, Any]]: ...
    def write_all(self, texts: Sequence[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did: how many of each it wrote, how many it deleted, and whether it began anew."""

    anew: bool
    concepts: int = 0
    documents: int = 0
    statements: int = 0
    evidence: int = 0
    deleted: int = 0

    @property
    def unchanged(self) -> bool:
        """Whether the graph was up to date: nothing was sent."""
        return self == Published(anew=False)


class Loader:
    """One publish under a lease."""

    def __init__(
        self,
        store: Writable,
        ledger: WholeLedger,
        build: str,
        lease: Lease,
        writers: int,
        watch: Watch,
        creates: bool,
    ) -> None:
        """``creates``: the server tells what is there already from other errors, so that a first load need not look."""
        self._store = store
        self._ledger = ledger
        self._build = {"build": build}
        self._lease = lease
        self._after = lease.after
        self._writers = writers
        self._watch = watch
        self._creates = creates
        self._years: dict[str, int] = {}
        self._moved: set[str] = set()

    def anew(self) -> Published:
        """Write everything, and sweep what earlier builds made and this one did not."""
        self._store.write(texts.DROP_MARK, {})
        empty = self._store.read(texts.COUNT_STATEMENTS, {}) == [{"n": 0}]
        # Of a build that was cut short, concepts and documents that are there as they should be are there.
        concepts, gone_concepts = self._concepts(all=self._after is None)
        documents, gone_documents = self._documents(all=self._after is None)
        statements, evidence = self._statements(None, self._ledger.counts()["statements"])
        # Edges and evidence are never there without their statements.
        deleted = 0 if empty else self._sweep()
        deleted += self._drop_nodes("Concept", gone_concepts) + self._drop_nodes("Document", gone_documents)
        return Published(True, concepts, documents, statements, evidence, deleted)

    def follow(self, change: int) -> Published:
        """Write what was touched after a change."""
        touched = set(self._ledger.changes_since(change))
        concepts, gone_concepts = self._concepts(all=False)
        touched |= self._moved
        documents, gone_documents = self._documents(all=False)
        statements, evidence = self._statements(sorted(touched), len(touched))
        deleted = 0
        for ids in slices(sorted(touched), _LOOKED_UP):
            deleted += self._drop_statements(set(ids) - {s.id for s in self._ledger.statements(ids)})
        deleted += self._drop_nodes("Concept", gone_concepts) + self._drop_nodes("Document", gone_documents)
        return Published(False, concepts, documents, statements, evidence, deleted)

    def _concepts(self, all: bool) -> tuple[int, list[str]]:
        """Write the concepts that are new or changed; return how many, and which the ledger no longer uses."""
        self._watch.begin("sending concepts", 0)
        held = self._held("Concept")
        categories = {row["id"]: row["category"] for row in self._store.read(texts.CONCEPT_CATEGORIES, {})}
        foreign = {row["id"] for row in self._store.read(texts.FOREIGN_CONCEPTS, {})}
        parents: dict[str, list[str]] = {}
        written = 0
        for batch in batches(concept_row(concept) for concept in self._ledger.concepts()):
            parents.update((row["id"], row["parents"] or []) for row in batch)
            by_category: dict[str, list[Row]] = defaultdict(list)
            moved = []
            for row in batch:
                if held.pop(row["id"], None) != row["digest"] or all:
                    by_category[row["category"]].append(row)
                    if categories.get(row["id"], row["category"]) != row["category"]:
                        moved.append(row["id"])
            if moved:
                self._make_again(moved)
            for category, rows in sorted(by_category.items()):
                if shared := sorted(foreign.intersection(row["id"] for row in rows)):
                    self._store.write(texts.adopt_concepts(category), {"ids": shared})
                self._store.write(texts.upsert_concepts(category), {**self._build, "rows": rows})
                written += len(rows)
        write_hierarchy(self._store, self._build["build"], parents)
        return written, sorted(held)

    def _make_again(self, ids: list[str]) -> None:
        """Delete concepts with another label than they should have, which the embedded server cannot change.

        Their edges go with them. Without the mark a publish that is cut short now begins anew, from the first one on.
        """
        self._after = None
        self._store.write(texts.DROP_MARK, {})
        self._moved |= {row["id"] for row in self._store.read(texts.STATEMENTS_ABOUT, {"ids": ids})}
        self._store.write(texts.DROP_CONCEPTS, {"ids": ids})

    def _documents(self, all: bool) -> tuple[int, list[str]]:
        self._watch.begin("sending documents", 0)
        held = self._held("Document")
        written = 0
        for batch in batches(document_row(document) for document in self._ledger.documents()):
            for row in batch:
                known = year(row["published"])
                if known is not None:
                    self._years[row["id"]] = known
            rows = [row for row in batch if held.pop(row["id"], None) != row["digest"] or all]
            if rows:
                self._store.write(texts.UPSERT_DOCUMENTS, {**self._build, "rows": rows})
                written += len(rows)
        return written, sorted(held)

    def _statements(self, ids: list[str] | None, total: int) -> tuple[int, int]:
        """Write statements with their edges and evidence; ``ids`` None: all of them, ``total`` in number."""
        self._watch.begin("sending statements", total)
        statements = evidence = 0
        began = time.monotonic()
        with ThreadPoolExecutor(self._writers) as pool:
            for batch, made in ahead(self._prepared(ids)):
                note = self._lease.reached(batch[-1][0].id)
                if not self._made(made, pool, note):
                    dropping = [] if ids is None else [_dropped(batch)]
                    self._send([*dropping, *self._phases(batch, Merging(self._build["build"]))], pool, note)
                statements += len(batch)
                evidence += sum(len(heard) for _, heard in batch)
                rate = statements / (time.monotonic() - began)
                self._watch.reached(statements, f"{statements:,}, {rate:,.0f} a second")
        return statements, evidence

    def _prepared(self, ids: list[str] | None) -> Iterator[tuple[list[Said], list[list[_Work]]]]:
        """Yield batches, each with the phases that make it where nothing of it can be there yet, else with none."""
        for batch in weighed(self._said(ids), bolt_batches.BATCH_ROWS * self._writers):
            yield batch, self._phases(batch, Making(self._build["build"])) if self._creates and ids is None else []

    def _made(self, phases: list[list[_Work]], pool: Executor, note: Text) -> bool:
        """Make a batch of which nothing is there yet, which is quicker than to merge it; say whether that was so.

        Something is there where an earlier build wrote to this graph, or where a server died and nobody knows whether
        the last batch held: from then on everything is merged.
        """
        if phases:
            try:
                self._send(phases, pool, note)
            except Taken:
                self._creates = False
                return False
        return bool(phases)

    def _send(self, phases: list[list[_Work]], pool: Executor, note: Text) -> None:
        """Run the phases one after the other, in one transaction where there is one writer."""
        if self._writers == 1:
            self._store.write_all([*chain.from_iterable(chain.from_iterable(phases)), note])
        else:
            for phase in phases:
                list(pool.map(self._store.write_all, phase))
            self._store.write(*note)

    def _said(self, ids: list[str] | None) -> Iterator[Said]:
        """Yield statements with their evidence, those behind which an earlier publish was cut short."""
        parts = [None] if ids is None else slices(ids, _LOOKED_UP)
        for part in parts:
            for statement, heard in with_evidence(self._ledger, part):
                if self._after is None or statement.id > self._after:
                    yield statement, heard

    def _phases(self, batch: list[Said], how: Writing) -> list[list[_Work]]:
        """Return what to run one after the other; the transactions within a phase may run at once."""
        said = [statement_row(statement) for statement, _ in batch]
        heard_rows = [evidence_row(e) for _, heard in batch for e in heard]
        share = -(-len(said) // self._writers)
        phases: list[list[_Work]] = [[[how.statements(rows)] for rows in slices(said, share)]]
        for parts in rounds(heard_rows, lambda row: (row["statement"], row["document"]), self._writers):
            phases.append([[how.evidence(rows) for rows in batches(part)] for part in parts])
        edges = [(texts.relationship(s.triple.predicate), edge_row(s, self._known_years(heard))) for s, heard in batch]
        for split in rounds(edges, lambda edge: (edge[1]["subject"], edge[1]["object"]), self._writers):
            phases.append([self._edge_texts(part, how) for part in split])
        return phases

    def _edge_texts(self, edges: list[tuple[str, Row]], how: Writing) -> _Work:
        by_kind: dict[str, list[Row]] = defaultdict(list)
        for kind, row in edges:
            by_kind[kind].append(row)
        return [how.edges(kind, rows) for kind, rows in sorted(by_kind.items())]

    def _known_years(self, heard: list[Evidence]) -> set[int]:
        return {self._years[e.document] for e in heard if e.document in self._years}

    def _drop_statements(self, ids: set[str]) -> int:
        gone = self._store.read(texts.GONE_STATEMENTS, {"ids": sorted(ids)}) if ids else []
        by_kind: dict[str, list[Row]] = defaultdict(list)
        for row in gone:
            by_kind[texts.relationship(row["predicate"])].append(row)
        work = [(texts.drop_edges(kind), {"rows": rows}) for kind, rows in sorted(by_kind.items())]
        if gone:
            self._store.write_all([*work, (texts.DROP_STATEMENTS, {"ids": sorted(row["id"] for row in gone)})])
        return len(gone)

    def _drop_nodes(self, label: str, ids: list[str]) -> int:
        for some in slices(ids, bolt_batches.BATCH_ROWS):
            self._store.write(texts.drop_nodes(label), {"ids": some})
        return len(ids)

    def _sweep(self) -> int:
        swept = [texts.sweep_edges(kind) for kind in texts.RELATIONSHIPS]
        swept += [texts.sweep_nodes("Evidence", detach=True), texts.sweep_nodes("Statement", detach=True)]
        dropped = 0
        for text in swept:
            while count := self._store.write(text, {**self._build, "limit": bolt_batches.BATCH_ROWS})[0]["dropped"]:
                dropped += int(count)
        return dropped

    def _held(self, label: str) -> dict[str, str]:
        return {row["id"]: row["digest"] for row in self._store.read(texts.digests(label), {})}


def _dropped(batch: list[Said]) -> list[_Work]:
    """Return the phase that deletes what statements have lost."""
    kept = [{"id": statement.id, "evidence": [e.id for e in heard]} for statement, heard in batch]
    return [[(texts.DROP_EVIDENCE, {"rows": kept})]]
