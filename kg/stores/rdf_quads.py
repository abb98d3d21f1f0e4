"""The ledger as quads, streamed in the order of its ids: the same ledger gives the same quads in the same order.

The plain triple stands in one named graph per source that supports it. An association node (``rdf:Statement``, as
Biolink has it) carries the belief and points to its evidence; each evidence is a Web Annotation whose target is a
sentence of a document, and names the reader that found it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.errors import StoreError
from kg.model import Concept, Evidence, Reader, Span, Statement, WorkState
from kg.schema import BIOLINK_VERSION, SCHEMA_VERSION
from kg.stores import rdf_terms as rdf
from kg.stores.ledger import HeldDocument, Ledger
from kg.stores.rdf_terms import term

_VOCABULARIES = ("biolink", "rdf", "rdfs", "skos", "dcterms", "prov", "oa")
_Pairs = Iterable[tuple[str, NamedNode | Literal]]


def quads(ledger: Ledger) -> Iterator[Quad]:
    """Yield all quads of a ledger: header, concepts, readers, works, documents, statements with their evidence.

    Raises StoreError while evidence is recorded that no statement shows yet.
    """
    if not ledger.assembled:
        raise StoreError("the last build did not end; run `kg build` again first", folder=str(ledger.folder))
    yield from _header()
    for concept in ledger.concepts():
        yield from _concept(concept)
    for reader in ledger.readers():
        yield from _reader(reader)
    for work, state, reason in ledger.works():
        yield from _work(work, state, reason)
    for document in ledger.documents():
        yield from _document(document)
    evidences = groupby(ledger.sourced_evidences(), key=lambda said: said[0].triple.id)
    for statement, (_, said) in zip(ledger.statements(), evidences, strict=True):
        yield from _statement(statement, list(said))


def _node(subject: NamedNode, graph: NamedNode | DefaultGraph, pairs: _Pairs) -> Iterator[Quad]:
    for name, value in pairs:
        if not isinstance(value, Literal) or value.value:
            yield Quad(subject, term(name), value, graph)


def _header() -> Iterator[Quad]:
    yield from _node(
        NamedNode(f"{rdf.MEDKG}dataset"),
        DefaultGraph(),
        (
            ("rdf:type", term("void:Dataset")),
            ("dcterms:title", Literal("A medical knowledge graph made with medkg")),
            ("dcterms:description", Literal("Statements with their evidence; not a diagnosis and not advice.")),
            ("void:uriSpace", Literal(rdf.MEDKG)),
            ("mkv:schemaVersion", Literal(SCHEMA_VERSION)),
            ("mkv:biolinkVersion", Literal(BIOLINK_VERSION)),
            *(("void:vocabulary", NamedNode(rdf.NAMESPACES[name])) for name in _VOCABULARIES),
        ),
    )


def _concept(concept: Concept) -> Iterator[Quad]:
    matches = [(xref, rdf.known(xref)) for xref in concept.xrefs]
    parents = [rdf.known(parent) for parent in concept.parents]
    category = term(f"biolink:{concept.category}")
    yield from _node(
        rdf.concept(concept.id),
        rdf.graph("concepts"),
        (
            ("rdf:type", category),
            ("biolink:category", category),
            ("rdfs:label", Literal(concept.name)),
            *(("skos:altLabel", Literal(name)) for name in concept.synonyms),
            *(("biolink:subclass_of", parent) for parent in parents if parent),
            *(("skos:exactMatch", match) for _, match in matches if match),
            *(("oboInOwl:hasDbXref", Literal(xref)) for xref, match in matches if not match),
            ("dcterms:source", Literal(concept.source)),
        ),
    )


def _reader(reader: Reader) -> Iterator[Quad]:
    yield from _node(
        rdf.reader(reader),
        rdf.graph("readers"),
        (
            ("rdf:type", term("prov:SoftwareAgent")),
            ("rdfs:label", Literal(reader.name)),
            ("mkv:version", Literal(reader.version)),
            ("mkv:digest", Literal(reader.digest)),
        ),
    )


def _work(name: str, state: WorkState, reason: str) -> Iterator[Quad]:
    yield from _node(
        rdf.work(name),
        rdf.graph("works"),
        (
            ("rdf:type", term("biolink:Publication")),
            ("dcterms:identifier", Literal(name)),
            ("mkv:state", Literal(state)),
            ("mkv:stateReason", Literal(reason)),
        ),
    )


def _document(document: HeldDocument) -> Iterator[Quad]:
    yield from _node(
        rdf.document(document.id),
        rdf.graph(document.source),
        (
            ("rdf:type", term("foaf:Document")),
            ("prov:specializationOf", rdf.work(document.work)),
            ("dcterms:identifier", Literal(document.id)),
            ("dcterms:title", Literal(document.title)),
            ("dcterms:type", Literal(document.kind)),
            *(("mkv:publicationType", Literal(name)) for name in document.publication_types),
            ("dcterms:language", Literal(document.language)),
            ("dcterms:issued", Literal(document.published)),
            ("dcterms:license", Literal(document.license)),
            ("mkv:url", Literal(document.url)),
            ("mkv:textHash", Literal(document.text_hash)),
            ("mkv:unread", Literal(document.unread)),
        ),
    )


def _statement(statement: Statement, said: list[tuple[Evidence, str]]) -> Iterator[Quad]:
    triple = statement.triple
    subject, predicate, obj = map(rdf.concept, (triple.subject, triple.predicate, triple.object))
    if statement.belief > 0:
        # What is only refuted or only supposed is not asserted.
        for source in sorted({s for e, s in said if e.polarity == "supports" and e.certainty != "hypothesis"}):
            yield Quad(subject, predicate, obj, rdf.graph(source))
    node = rdf.statement(statement.id)
    yield from _node(
        node,
        rdf.graph("statements"),
        (
            ("rdf:type", term("rdf:Statement")),
            ("rdf:type", term("biolink:Association")),
            ("rdf:subject", subject),
            ("rdf:predicate", predicate),
            ("rdf:object", obj),
            *((f"mkv:{key}", Literal(value)) for key, value in triple.qualifiers),
            ("mkv:belief", rdf.decimal(statement.belief)),
            ("mkv:support", rdf.decimal(statement.support)),
            ("mkv:refute", rdf.decimal(statement.refute)),
            *(("biolink:publications", rdf.work(work)) for work in statement.works),
            *(("biolink:has_evidence", rdf.evidence(evidence.id)) for evidence, _ in said),
        ),
    )
    for evidence, source in said:
        yield from _evidence(evidence, node, rdf.graph(source))


def _evidence(evidence: Evidence, statement: NamedNode, graph: NamedNode) -> Iterator[Quad]:
    node, document = rdf.evidence(evidence.id), rdf.document(evidence.document)
    numbers = (("mkv:count", evidence.count), ("mkv:total", evidence.total))
    places = {"subject": evidence.subject_span, "object": evidence.object_span}
    target = rdf.evidence(evidence.id, "target") if evidence.sentence else document
    yield from _node(
        node,
        graph,
        (
            ("rdf:type", term("oa:Annotation")),
            ("oa:hasBody", statement),
            ("oa:hasTarget", target),
            ("prov:wasAttributedTo", rdf.reader(evidence.reader)),
            ("prov:wasDerivedFrom", document),
            ("mkv:polarity", Literal(evidence.polarity)),
            ("mkv:certainty", Literal(evidence.certainty)),
            ("mkv:score", rdf.decimal(evidence.score)),
            ("mkv:section", Literal(evidence.section)),
            ("mkv:terminology", Literal(evidence.terminology)),
            ("mkv:strength", Literal(evidence.strength)),
            *((name, rdf.integer(number)) for name, number in numbers if number is not None),
            *((f"mkv:{name}At", rdf.evidence(evidence.id, name)) for name, span in places.items() if span),
        ),
    )
    if evidence.sentence:
        quote, position = rdf.evidence(evidence.id, "quote"), rdf.evidence(evidence.id, "position")
        selectors = (("oa:hasSelector", quote), ("oa:hasSelector", position))
        yield from _node(
            target, graph, (("rdf:type", term("oa:SpecificResource")), ("oa:hasSource", document), *selectors)
        )
        yield from _node(
            quote, graph, (("rdf:type", term("oa:TextQuoteSelector")), ("oa:exact", Literal(evidence.text)))
        )
        yield from _position(position, evidence.sentence, graph)
    for name, span in places.items():
        if span:
            yield from _position(rdf.evidence(evidence.id, name), span, graph)


def _position(node: NamedNode, span: Span, graph: NamedNode) -> Iterator[Quad]:
    """Offsets count Unicode code points of the document's text, as the Web Annotation model asks."""
    pairs = (("oa:start", rdf.integer(span.start)), ("oa:end", rdf.integer(span.end)))
    yield from _node(node, graph, (("rdf:type", term("oa:TextPositionSelector")), *pairs))
