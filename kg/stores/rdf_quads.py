"""A graph as lines of N-Quads, in the order of its ids: the same graph gives the same lines in the same order.

A block of lines is about one thing. Those of statements and their evidence are made in ``rdf_statements``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from kg.model import Concept, Reader, WorkState
from kg.schema import BIOLINK_VERSION, SCHEMA_VERSION
from kg.stores import rdf_terms as rdf
from kg.stores.ledger import HeldDocument
from kg.stores.rdf_statements import Naming, association, claimed, reified
from kg.stores.rdf_terms import lines, literal, term
from kg.stores.selection import Selection

_VOCABULARIES = ("biolink", "rdf", "rdfs", "skos", "dcterms", "prov", "oa")
RIGHTS = "Each document keeps its own licence: a statement says what documents say, and where they say it."


def blocks(selection: Selection, named: Naming = reified) -> Iterator[str]:
    """Yield all lines of a graph: header, concepts, readers, works, documents, statements with their evidence.

    ``named`` says which triple an association node is about.
    """
    yield from context(selection)
    for statement, said in selection.supported():
        yield claimed(statement, said) + association(statement, said, named)


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
