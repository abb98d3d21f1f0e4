"""From an RDF export back to a ledger: the same statements, evidence and beliefs, in an empty graph folder.

What an export does not hold cannot come back: texts, mentions, withdrawn evidence. Building the same documents again
reads them as if they were new.
"""

from __future__ import annotations

import gzip
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Literal, NamedNode, RdfFormat, Store
from pyoxigraph import Triple as RdfTriple

from kg.errors import DataError, KGError, StoreError
from kg.ids import content_id
from kg.model import Concept, Document, Evidence, Reader, Span, Triple, Withdrawal
from kg.schema import QUALIFIERS
from kg.stores import rdf_terms as rdf
from kg.stores.ledger import DocumentReading, Ledger

_KEY = content_id("key", "imported")
_BATCH = 500
_ENDS = ("subject", "predicate", "object")


def import_rdf(path: Path, ledger: Ledger) -> int:
    """Record what an RDF export of medkg says in an empty ledger; return how many pieces of evidence that is.

    The name ends in .nq, .trig, .ttl, .nt or .jsonld, and maybe .gz. The statements must be assembled afterwards
    (``Ledger.refresh``). Raises DataError for a file that is no such export or was damaged, StoreError for a ledger
    that holds documents.
    """
    if ledger.counts()["documents"]:
        raise StoreError("an import makes a new graph: name an empty folder", folder=str(ledger.folder))
    with tempfile.TemporaryDirectory() as folder:
        graph = _Graph(_loaded(path, Path(folder)), path)
        batch: list[DocumentReading] = []
        # The whole file is understood before anything of it is recorded.
        count = sum(len(reading.evidence) for reading in graph.readings())
        for reading in graph.readings():
            batch.append(reading)
            if len(batch) == _BATCH:
                ledger.record_batch(batch)
                batch.clear()
        ledger.record_batch(batch)
        ledger.withdraw(graph.withdrawals())
    return count


def _loaded(path: Path, folder: Path) -> Store:
    packed = path.suffix == ".gz"
    form = RdfFormat.from_extension((path.with_suffix("") if packed else path).suffix.removeprefix("."))
    if form is None:
        raise DataError("the name does not say which RDF this is: .nq, .trig, .ttl, .nt, .jsonld", file=str(path))
    store = Store(folder / "store")
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            store.bulk_load(cast(IO[bytes], file), form)
    except (SyntaxError, OSError, EOFError, ValueError) as error:
        raise DataError(f"cannot be read as RDF: {error}", file=str(path)) from error
    return store


class _Graph:
    """An export in a store; every method reads the facts of one kind of node."""

    def __init__(self, store: Store, path: Path) -> None:
        self._store = store
        self._path = path
        self._sent: set[str] = set()
        self.concept = lru_cache(maxsize=8192)(self._concept)
        self.reader = lru_cache(maxsize=1024)(self._reader)

    def readings(self) -> Iterator[DocumentReading]:
        """Yield the documents with their evidence."""
        nodes = self._of_type("foaf:Document")
        first = next(nodes, None)
        if first is None:
            raise DataError("no export of medkg: it describes no document", file=str(self._path))
        yield self._reading(first)
        yield from map(self._reading, nodes)

    def withdrawals(self) -> Iterator[Withdrawal]:
        """Yield the works that are retracted."""
        for node in self._of_type("biolink:Publication"):
            facts = self._facts(node)
            if facts.one("mkv:state") == "retracted":
                yield Withdrawal(facts.one("dcterms:identifier"), "retracted", facts.maybe("mkv:stateReason"))

    def _of_type(self, name: str) -> Iterator[NamedNode]:
        for quad in self._store.quads_for_pattern(None, _node("rdf:type"), _node(name), None):
            yield cast(NamedNode, quad.subject)

    def _facts(self, node: NamedNode) -> _Facts:
        return _Facts(self._store, node, self._path)

    def _reading(self, node: NamedNode) -> DocumentReading:
        facts = self._facts(node)
        (work,) = facts.all("prov:specializationOf") or ("",)
        licence = facts.maybe("dcterms:license").removeprefix(rdf.SPDX) or facts.maybe("dcterms:rights")
        document = Document(
            id=facts.one("dcterms:identifier"), work=self._facts(NamedNode(work)).one("dcterms:identifier"), text="",
            source=facts.one("mkv:source"), kind=facts.one("dcterms:type"), title=facts.maybe("dcterms:title"),  # type: ignore[arg-type]
            language=facts.maybe("dcterms:language"), identifiers=facts.all("mkv:identifier"),
            publication_types=facts.all("mkv:publicationType"), mesh=facts.all("mkv:mesh"), url=facts.maybe("mkv:url"),
            published=facts.maybe("dcterms:issued"), version=facts.maybe("mkv:version"), license=licence,
        )  # fmt: skip
        # The text itself is not exported; its hash is, and the ids of the evidence are made with it.
        object.__setattr__(document, "text_hash", facts.one("mkv:textHash"))
        pattern = self._store.quads_for_pattern(None, _node("prov:wasDerivedFrom"), node, None)
        evidence = tuple(self._evidence(cast(NamedNode, quad.subject), document) for quad in pattern)
        ends = {end for one in evidence for end in (one.triple.subject, one.triple.object)}
        return DocumentReading(document, _KEY, (), evidence, self._known(ends), unread=facts.maybe("mkv:unread"))

    def _known(self, names: set[str]) -> tuple[Concept, ...]:
        """The concepts of these names with all that they are a kind of, as far as the file describes them."""
        found: dict[str, Concept] = {}
        wanted = sorted(names)
        while wanted:
            name = wanted.pop()
            node = NamedNode(rdf.concept(name)[1:-1])
            if name in found or (name not in names and not self._described(node)):
                continue
            found[name] = self.concept(node)
            wanted += found[name].parents
        return tuple(found[name] for name in sorted(found))

    def _described(self, node: NamedNode) -> bool:
        return next(self._store.quads_for_pattern(node, _node("dcterms:identifier"), None, None), None) is not None

    def _evidence(self, node: NamedNode, document: Document) -> Evidence:
        facts = self._facts(node)
        target = self._facts(NamedNode(facts.one("oa:hasTarget")))
        selectors = [self._facts(NamedNode(part)) for part in target.all("oa:hasSelector")]
        sentence = next((part.span() for part in selectors if part.maybe("oa:start")), None)
        text = next((part.one("oa:exact") for part in selectors if part.maybe("oa:exact")), facts.maybe("mkv:words"))
        places = {role: facts.maybe(f"mkv:{role}At") for role in ("subject", "object", "cue")}
        spans = {role: self._facts(NamedNode(place)).span() if place else None for role, place in places.items()}
        count, total = (facts.maybe(f"biolink:has_{name}") for name in ("count", "total"))
        evidence = Evidence(
            triple=self._triple(NamedNode(facts.one("oa:hasBody"))), document=document.id, work=document.work,
            text_hash=document.text_hash, reader=self.reader(NamedNode(facts.one("prov:wasAttributedTo"))),
            score=float(facts.one("mkv:score")), section=facts.maybe("mkv:section"), sentence=sentence, text=text,
            subject_span=spans["subject"], object_span=spans["object"], polarity=facts.one("mkv:polarity"),  # type: ignore[arg-type]
            certainty=facts.one("mkv:certainty"), cue=spans["cue"], terminology=facts.maybe("mkv:terminology"),  # type: ignore[arg-type]
            strength=facts.maybe("mkv:strength"), count=int(count) if count else None,
            total=int(total) if total else None,
        )  # fmt: skip
        if rdf.evidence(evidence.id) != f"<{node.value}>":
            raise DataError("an evidence is not what its id says: the file was changed", evidence=node.value)
        return evidence

    def _triple(self, node: NamedNode) -> Triple:
        facts = self._facts(node)
        subject, predicate, obj = self._reified(node) or (facts.one(f"rdf:{end}") for end in _ENDS)
        qualifiers = tuple((key, value) for key in QUALIFIERS if (value := facts.maybe(f"mkv:{key}")))
        ends = [self.concept(NamedNode(end)).id for end in (subject, obj)]
        return Triple(ends[0], rdf.curie(predicate), ends[1], qualifiers)

    def _reified(self, node: NamedNode) -> tuple[str, str, str] | None:
        """The IRIs of the triple that a node reifies in RDF 1.2."""
        for quad in self._store.quads_for_pattern(node, _node("rdf:reifies"), None, None):
            match quad.object:
                case RdfTriple(subject=NamedNode() as subject, predicate=predicate, object=NamedNode() as obj):
                    return subject.value, predicate.value, obj.value
        return None

    def _concept(self, node: NamedNode) -> Concept:
        facts = self._facts(node)
        return Concept(
            facts.one("dcterms:identifier"), facts.one("rdfs:label"),
            facts.one("biolink:category").removeprefix(rdf.BIOLINK), facts.all("skos:altLabel"),
            tuple(map(rdf.curie, facts.all("biolink:subclass_of"))), facts.all("oboInOwl:hasDbXref"),
            facts.maybe("dcterms:source"),
        )  # fmt: skip

    def _reader(self, node: NamedNode) -> Reader:
        facts = self._facts(node)
        return Reader(facts.one("rdfs:label"), facts.maybe("mkv:version"), facts.maybe("mkv:digest"))


class _Facts:
    """What is said of one node, by word: values as text, sorted."""

    def __init__(self, store: Store, node: NamedNode, path: Path) -> None:
        self._node = node
        self._path = path
        self._values: dict[str, set[str]] = defaultdict(set)
        for quad in store.quads_for_pattern(node, None, None, None):
            if isinstance(quad.object, Literal | NamedNode):
                self._values[quad.predicate.value].add(quad.object.value)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a word."""
        return tuple(sorted(self._values.get(rdf.term(name)[1:-1], ())))

    def maybe(self, name: str) -> str:
        """The one value of a word, or the empty text."""
        found = self.all(name)
        if len(found) > 1:
            raise DataError(f"has more than one {name}", node=self._node.value, file=str(self._path))
        return found[0] if found else ""

    def one(self, name: str) -> str:
        """The one value of a word. Raises DataError where there is none."""
        found = self.maybe(name)
        if not found:
            raise DataError(f"has no {name}", node=self._node.value, file=str(self._path))
        return found

    def span(self) -> Span:
        """The place of a TextPositionSelector."""
        try:
            return Span(int(self.one("oa:start")), int(self.one("oa:end")))
        except (ValueError, KGError) as error:
            raise DataError(f"is no place in a text: {error}", node=self._node.value, file=str(self._path)) from error


def _node(name: str) -> NamedNode:
    return NamedNode(rdf.term(name)[1:-1])
