"""From the ledger to a graph behind Bolt: what changed since the mark that the graph holds, or everything anew.

Every step is safe to repeat: rows are merged by id, the mark is written last, and whatever an interrupted or older
build left behind is swept. So a publish that died, wherever, is made good by the next one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Protocol

from kg.model import Evidence, Statement
from kg.stores import bolt_schema as texts
from kg.stores.bolt_batches import BATCH_ROWS, batches, slices, weighed, with_evidence
from kg.stores.bolt_hierarchy import detach, write_hierarchy
from kg.stores.bolt_rows import MODEL, Row, concept_row, document_row, edge_row, evidence_row, statement_row, year
from kg.stores.source import LedgerView

_LOOKED_UP = 2_000


class Writable(Protocol):
    """What publishing needs of a store."""

    def run(self, text: str, parameters: dict[str, Any]) -> list[dict[str, Any]]: ...
    def write(self, text: str, parameters: dict[str, Any]) -> list[dict[str, Any]]: ...
    def write_all(self, texts: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]: ...


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


def publish(store: Writable, ledger: LedgerView, own_full_text: bool = True) -> Published:
    """Bring the graph up to the ledger's last change.

    A graph without a mark, of another ledger or another form is built anew; what earlier builds made and the ledger
    no longer holds is deleted, what others put there stays. ``own_full_text`` False: the index is there already.
    """
    mark = read_mark(store)
    follows = mark is not None and mark["ledger"] == ledger.id and mark["model"] == MODEL
    if mark is not None and follows and mark["change"] == ledger.last_change:
        return Published(anew=False)
    run = _Run(store, ledger, f"{ledger.id}:{ledger.last_change}")
    if mark is not None and follows:
        done = run.follow(int(mark["change"]))
    else:
        made = (*texts.constraints(), *((texts.FULL_TEXT,) if own_full_text else ()))
        store.write_all([(text, {}) for text in made])
        done = run.anew()
    store.write(texts.WRITE_MARK, {**run.build, "ledger": ledger.id, "change": ledger.last_change, "model": MODEL})
    return done


def read_mark(store: Writable) -> dict[str, Any] | None:
    """Return the ledger, change and model that the graph holds, or None where no publish ended yet."""
    rows = store.run(texts.READ_MARK, {})
    return rows[0] if rows else None


class _Run:
    def __init__(self, store: Writable, ledger: LedgerView, build: str) -> None:
        self._store = store
        self._ledger = ledger
        self.build = {"build": build}
        self._years: dict[str, int] = {}
        self._moved: set[str] = set()

    def anew(self) -> Published:
        self._store.write(texts.DROP_MARK, {})
        concepts, gone_concepts = self._concepts(anew=True)
        documents, gone_documents = self._documents(anew=True)
        statements, evidence = self._statements(None)
        deleted = self._sweep()
        deleted += self._drop_nodes("Concept", gone_concepts) + self._drop_nodes("Document", gone_documents)
        return Published(True, concepts, documents, statements, evidence, deleted)

    def follow(self, change: int) -> Published:
        touched = set(self._ledger.changes_since(change))
        concepts, gone_concepts = self._concepts(anew=False)
        touched |= self._moved
        documents, gone_documents = self._documents(anew=False)
        deleted = statements = evidence = 0
        for ids in slices(sorted(touched), _LOOKED_UP):
            said, heard = self._statements(ids)
            statements, evidence = statements + said, evidence + heard
            deleted += self._drop_statements(set(ids) - {s.id for s in self._ledger.statements(ids)})
        deleted += self._drop_nodes("Concept", gone_concepts) + self._drop_nodes("Document", gone_documents)
        return Published(False, concepts, documents, statements, evidence, deleted)

    def _concepts(self, anew: bool) -> tuple[int, list[str]]:
        """Write the concepts that are new or changed; return how many, and which the ledger no longer uses."""
        held = self._held("Concept")
        categories = {row["id"]: row["category"] for row in self._store.run(texts.CONCEPT_CATEGORIES, {})}
        foreign = {row["id"] for row in self._store.run(texts.FOREIGN_CONCEPTS, {})}
        written: set[str] = set()
        parents: dict[str, tuple[str, ...]] = {}
        for batch in batches(concept_row(concept) for concept in self._ledger.concepts()):
            parents.update((row["id"], tuple(row["parents"] or ())) for row in batch)
            by_category: dict[str, list[Row]] = defaultdict(list)
            moved = []
            for row in batch:
                if held.pop(row["id"], None) != row["digest"] or anew:
                    by_category[row["category"]].append(row)
                    if categories.get(row["id"], row["category"]) != row["category"]:
                        moved.append(row["id"])
            if moved:
                # A node cannot change its label under a constraint on the embedded server: it is made again.
                self._moved |= {row["id"] for row in self._store.run(texts.STATEMENTS_ABOUT, {"ids": moved})}
                self._store.write(texts.DROP_CONCEPTS, {"ids": moved})
            for category, rows in sorted(by_category.items()):
                if shared := sorted(foreign.intersection(row["id"] for row in rows)):
                    self._store.write(texts.adopt_concepts(category), {"ids": shared})
                self._store.write(texts.upsert_concepts(category), {**self.build, "rows": rows})
                written.update(row["id"] for row in rows)
        write_hierarchy(self._store, self.build["build"], parents, written)
        detach(self._store, sorted(held))
        return len(written), sorted(held)

    def _documents(self, anew: bool) -> tuple[int, list[str]]:
        held = self._held("Document")
        written = 0
        for batch in batches(document_row(document) for document in self._ledger.documents()):
            for row in batch:
                known = year(row["published"])
                if known is not None:
                    self._years[row["id"]] = known
            rows = [row for row in batch if held.pop(row["id"], None) != row["digest"] or anew]
            if rows:
                self._store.write(texts.UPSERT_DOCUMENTS, {**self.build, "rows": rows})
                written += len(rows)
        return written, sorted(held)

    def _statements(self, ids: list[str] | None) -> tuple[int, int]:
        """Write statements with their edges and evidence, a batch in a transaction; ``ids`` None: all of them."""
        statements = evidence = 0
        for batch in weighed(with_evidence(self._ledger, ids)):
            self._store.write_all(self._batch_texts(batch, drop=ids is not None))
            statements += len(batch)
            evidence += sum(len(heard) for _, heard in batch)
        return statements, evidence

    def _batch_texts(
        self, batch: list[tuple[Statement, list[Evidence]]], drop: bool
    ) -> list[tuple[str, dict[str, Any]]]:
        edges: dict[str, list[Row]] = defaultdict(list)
        for statement, heard in batch:
            years = {self._years[e.document] for e in heard if e.document in self._years}
            edges[texts.relationship(statement.triple.predicate)].append(edge_row(statement, years))
        said = [statement_row(statement) for statement, _ in batch]
        heard_rows = (evidence_row(e) for _, heard in batch for e in heard)
        work: list[tuple[str, dict[str, Any]]] = [(texts.UPSERT_STATEMENTS, {**self.build, "rows": said})]
        for kind, rows in sorted(edges.items()):
            # Writing an edge locks both its ends: one order for everybody means that no two writers wait crosswise.
            rows.sort(key=lambda row: (min(row["subject"], row["object"]), max(row["subject"], row["object"])))
            work.append((texts.upsert_edges(kind), {**self.build, "rows": rows}))
        if drop:
            kept = [{"id": statement.id, "evidence": [e.id for e in heard]} for statement, heard in batch]
            work.append((texts.DROP_EVIDENCE, {"rows": kept}))
        work += [(texts.UPSERT_EVIDENCE, {**self.build, "rows": rows}) for rows in batches(heard_rows)]
        return work

    def _drop_statements(self, ids: set[str]) -> int:
        gone = self._store.run(texts.GONE_STATEMENTS, {"ids": sorted(ids)}) if ids else []
        by_kind: dict[str, list[Row]] = defaultdict(list)
        for row in gone:
            by_kind[texts.relationship(row["predicate"])].append(row)
        work = [(texts.drop_edges(kind), {"rows": rows}) for kind, rows in sorted(by_kind.items())]
        if gone:
            self._store.write_all([*work, (texts.DROP_STATEMENTS, {"ids": sorted(row["id"] for row in gone)})])
        return len(gone)

    def _drop_nodes(self, label: str, ids: list[str]) -> int:
        for some in slices(ids, BATCH_ROWS):
            self._store.write(texts.drop_nodes(label), {"ids": some})
        return len(ids)

    def _sweep(self) -> int:
        swept = [texts.sweep_edges(kind) for kind in texts.RELATIONSHIPS]
        swept += [texts.sweep_nodes("Evidence", detach=True), texts.sweep_nodes("Statement", detach=True)]
        dropped = 0
        for text in swept:
            while count := self._store.write(text, {**self.build, "limit": BATCH_ROWS})[0]["dropped"]:
                dropped += int(count)
        return dropped

    def _held(self, label: str) -> dict[str, str]:
        return {row["id"]: row["digest"] for row in self._store.run(texts.digests(label), {})}
