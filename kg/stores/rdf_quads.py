"""A graph as lines of N-Quads, in the order of its ids: the same graph gives the same lines in the same order.

The plain triple stands in one named graph per source that supports it. An association node (``rdf:Statement``, as
Biolink has it; in RDF 1.2 a reifier of the triple) carries the belief and points to its evidence; each evidence is a
Web Annotation whose target is a sentence of a document, and names the reader that found it. A block of lines is about
one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from kg.model import Concept, Evidence, Reader, Span, Statement, WorkState
from kg.schema import BIOLINK_VERSION, SCHEMA_VERSION
from kg.stores import rdf_terms as rdf
from kg.stores.knowledge import knowledge, negated
from kg.stores.ledger import HeldDocument, Origin
from kg.stores.rdf_terms import lines, literal, term
from kg.stores.selection import Selection

_VOCABULARIES = ("biolink", "rdf", "rdfs", "skos", "dcterms", "prov", "oa")
RIGHTS = "Each document keeps its own licence: a statement says what documents say, and where they say it."
_ROLES = {"subject": "subject_span", "object": "object_span", "cue": "cue"}

Naming = Callable[[Statement], Iterable[tuple[str, str]]]
"""The pairs of words and terms by which an association node names its triple."""


def blocks(selection: Selection, named: Naming | None = None) -> Iterator[str]:
    """Yield all lines of a graph: header, concepts, readers, works, documents, statements with their evidence.

    ``named`` says which triple an association node is about; without it that is ``statement_facts``.
    """
    yield from context(selection)
    for statement, said in selection.supported():
        yield claimed(statement, said) + association(statement, said, named or statement_facts)


def context(selection: Selection) -> Iterator[str]:
    """Yield the lines about everything but the statements."""
    yield from _header(selection)
    yield from map(_concept, selection.concepts(stated=True))
    yield from map(_reader, selection.readers())
    for work, state, reason in selection.works():
        yield _work(work, state, reason)
    yield from map(_document, selection.documents())


def _header(selection: Selection) -> Iterator[str]:
    """The VoID and DCAT description; what the whole file amounts to is said at its end."""
    sources = [(source, list(same)) for source, same in groupby(selection.origins(), key=lambda origin: origin[0])]
    yield lines(
        rdf.DATASET,
        "",
        ("rdf:type", term("void:Dataset")),
        ("rdf:type", term("dcat:Dataset")),
        ("dcterms:title", literal("A medical knowledge graph made with medkg")),
        ("dcterms:description", literal("Statements with their evidence; not a diagnosis and not advice.")),
        ("dcterms:rights", literal(RIGHTS)),
        ("void:uriSpace", literal(rdf.MEDKG)),
        ("mkv:schemaVersion", literal(SCHEMA_VERSION)),
        ("mkv:biolinkVersion", literal(BIOLINK_VERSION)),
        *(("void:vocabulary", f"<{rdf.NAMESPACES[name]}>") for name in _VOCABULARIES),
        *(("void:subset", rdf.graph(source)) for source, _ in sources),
    )
    for source, same in sources:
        yield lines(
            rdf.graph(source),
            "",
            ("rdf:type", term("void:Dataset")),
            ("rdf:type", term("dcat:Dataset")),
            ("dcterms:title", literal(source)),
            ("void:documents", rdf.integer(sum(count for _, _, count in same))),
            *(rdf.licence(licence) for _, licence, _ in same),
        )


def _concept(concept: Concept) -> str:
    category = term(f"biolink:{concept.category}")
    return lines(
        rdf.concept(concept.id),
        rdf.graph("concepts"),
        ("rdf:type", category),
        ("biolink:category", category),
        ("dcterms:identifier", literal(concept.id)),
        ("rdfs:label", literal(concept.name)),
        *(("skos:altLabel", literal(name)) for name in concept.synonyms),
        *(("biolink:subclass_of", rdf.concept(parent)) for parent in concept.parents),
        *(("skos:exactMatch", rdf.known(xref)) for xref in concept.xrefs),
        *(("oboInOwl:hasDbXref", literal(xref)) for xref in concept.xrefs),
        ("dcterms:source", literal(concept.source)),
    )


def _reader(reader: Reader) -> str:
    return lines(rdf.reader(reader), rdf.graph("readers"), *reader_facts(reader))


def reader_facts(reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield what is known of a reader."""
    yield "rdf:type", term("prov:SoftwareAgent")
    yield "rdfs:label", literal(reader.name)
    yield "mkv:version", literal(reader.version)
    yield "mkv:digest", literal(reader.digest)


def _work(name: str, state: WorkState, reason: str) -> str:
    return lines(
        rdf.work(name),
        rdf.graph("works"),
        ("rdf:type", term("biolink:Publication")),
        ("dcterms:identifier", literal(name)),
        ("mkv:state", literal(state)),
        ("mkv:stateReason", literal(reason)),
    )


def _document(document: HeldDocument) -> str:
    return lines(
        rdf.document(document.id),
        rdf.graph(document.source),
        ("rdf:type", term("foaf:Document")),
        ("prov:specializationOf", rdf.work(document.work)),
        ("dcterms:identifier", literal(document.id)),
        ("mkv:source", literal(document.source)),
        *(("mkv:identifier", literal(name)) for name in document.identifiers),
        ("dcterms:title", literal(document.title)),
        ("dcterms:type", literal(document.kind)),
        *(("mkv:publicationType", literal(name)) for name in document.publication_types),
        *(("mkv:mesh", literal(name)) for name in document.mesh),
        ("dcterms:language", literal(document.language)),
        ("dcterms:issued", literal(document.published)),
        rdf.licence(document.license),
        ("mkv:url", literal(document.url)),
        ("mkv:version", literal(document.version)),
        ("mkv:textHash", literal(document.text_hash)),
        ("mkv:unread", literal(document.unread)),
    )


def claimed(statement: Statement, said: Iterable[tuple[Evidence, Origin]]) -> str:
    """Return the plain triple, once for each source that supports it; nothing for what is only refuted or supposed."""
    if not statement.belief:
        return ""
    subject, predicate, obj = spo(statement)
    sources = {o.source for e, o in said if e.polarity == "supports" and e.certainty != "hypothesis"}
    return "".join([f"{subject} {predicate} {obj} {rdf.graph(source)} .\n" for source in sorted(sources)])


def association(statement: Statement, said: list[tuple[Evidence, Origin]], named: Naming) -> str:
    """Return the association node of a statement, and its evidence."""
    node = rdf.statement(statement.id)
    about = lines(node, rdf.graph("statements"), *named(statement), *facts(statement, said))
    return about + "".join([told(evidence, node, rdf.graph(origin.source)) for evidence, origin in said])


def statement_facts(statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield of which triple an association node speaks, as RDF 1.1 says it."""
    subject, predicate, obj = spo(statement)
    yield "rdf:type", term("rdf:Statement")
    yield "rdf:type", term("biolink:Association")
    yield "rdf:subject", subject
    yield "rdf:predicate", predicate
    yield "rdf:object", obj


def reifier_facts(statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield of which triple an association node speaks, as RDF 1.2 says it: with a triple term, never asserting it."""
    yield "rdf:type", term("biolink:Association")
    yield "rdf:reifies", f"<<( {' '.join(spo(statement))} )>>"


def facts(statement: Statement, said: list[tuple[Evidence, Origin]]) -> Iterator[tuple[str, str]]:
    """Yield what is known of a statement beside subject, predicate and object."""
    yield from ((f"mkv:{key}", literal(value)) for key, value in statement.triple.qualifiers)
    yield "mkv:belief", rdf.decimal(statement.belief)
    yield "mkv:support", rdf.decimal(statement.support)
    yield "mkv:refute", rdf.decimal(statement.refute)
    if counted := statement.frequency:
        yield "biolink:has_count", rdf.integer(counted.count)
        yield "biolink:has_total", rdf.integer(counted.total)
        yield "biolink:has_quotient", rdf.decimal(counted.share)
        yield "mkv:frequencyLow", rdf.decimal(counted.low)
        yield "mkv:frequencyHigh", rdf.decimal(counted.high)
    known = knowledge(statement, said)
    yield "biolink:knowledge_level", literal(known.knowledge_level)
    yield "biolink:agent_type", literal(known.agent_type)
    if negated(statement):
        yield "biolink:negated", f'"true"^^<{rdf.XSD}boolean>'
    yield from (("biolink:publications", rdf.work(work)) for work in statement.works)
    yield from (("biolink:has_evidence", rdf.evidence(evidence.id)) for evidence, _ in said)


def spo(statement: Statement) -> tuple[str, str, str]:
    """Return the IRIs of subject, predicate and object."""
    triple = statement.triple
    return rdf.concept(triple.subject), rdf.concept(triple.predicate), rdf.concept(triple.object)


def told(evidence: Evidence, statement: str, graph: str) -> str:
    """Return an evidence: who says the statement, where, in which words."""
    node, document = rdf.evidence(evidence.id), rdf.document(evidence.document)
    target = rdf.evidence(evidence.id, "target")
    places: list[tuple[str, Span]] = [
        (role, span) for role, name in _ROLES.items() if (span := getattr(evidence, name)) is not None
    ]
    about = lines(
        node,
        graph,
        ("rdf:type", term("oa:Annotation")),
        ("oa:hasBody", statement),
        ("oa:hasTarget", target if evidence.sentence else document),
        ("prov:wasAttributedTo", rdf.reader(evidence.reader)),
        ("prov:wasDerivedFrom", document),
        ("mkv:polarity", literal(evidence.polarity)),
        ("mkv:certainty", literal(evidence.certainty)),
        ("mkv:score", rdf.decimal(evidence.score)),
        ("mkv:section", literal(evidence.section)),
        ("mkv:terminology", literal(evidence.terminology)),
        ("mkv:strength", literal(evidence.strength)),
        ("biolink:has_count", rdf.integer(evidence.count)),
        ("biolink:has_total", rdf.integer(evidence.total)),
        *((f"mkv:{role}At", rdf.evidence(evidence.id, role)) for role, _ in places),
    )
    if evidence.sentence:
        quote, position = rdf.evidence(evidence.id, "quote"), rdf.evidence(evidence.id, "position")
        selector, words = term("oa:TextQuoteSelector"), literal(evidence.text)
        about += lines(
            target,
            graph,
            ("rdf:type", term("oa:SpecificResource")),
            ("oa:hasSource", document),
            ("oa:hasSelector", words and quote),
            ("oa:hasSelector", position),
        )
        about += lines(quote, graph, ("rdf:type", words and selector), ("oa:exact", words))
        about += _position(position, evidence.sentence, graph)
    elif evidence.text:
        # A curated source says it in words of its own, at no place of a text.
        about += lines(node, graph, ("mkv:words", literal(evidence.text)))
    return about + "".join([_position(rdf.evidence(evidence.id, role), span, graph) for role, span in places])


def _position(node: str, span: Span, graph: str) -> str:
    """Offsets count Unicode code points of the document's text, as the Web Annotation model asks."""
    return lines(
        node,
        graph,
        ("rdf:type", term("oa:TextPositionSelector")),
        ("oa:start", rdf.integer(span.start)),
        ("oa:end", rdf.integer(span.end)),
    )
