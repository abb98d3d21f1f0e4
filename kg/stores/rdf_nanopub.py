"""A graph as nanopublications (https://nanopub.net/guidelines/working_draft): one for each statement, by its id.

Each is four named graphs: ``Head`` names the others; ``assertion`` holds the association node of the statement, and the
plain triple where it is believed; ``provenance`` the evidence with quotation, reader, document and work; ``pubinfo``
licence and maker. Nothing stands outside them. The IRI is made from the content, so that a statement whose evidence
changes gets another nanopublication, and one that does not keeps its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.ids import content_id
from kg.model import Evidence, Statement
from kg.schema import BIOLINK_VERSION, SCHEMA_VERSION
from kg.stores import rdf_terms as rdf
from kg.stores.ledger import Origin
from kg.stores.rdf_quads import RIGHTS, reader_facts
from kg.stores.rdf_statements import facts, reified, spo, told
from kg.stores.rdf_terms import lines, literal, term
from kg.stores.selection import Selection

_Said = list[tuple[Evidence, Origin]]
_MAKER = f"<{rdf.MEDKG}agent/medkg>"
# Stands for the id until the content is known; no text and no name can hold it, as they are escaped.
_UNKNOWN = "\0"


def nanopublications(selection: Selection) -> Iterator[str]:
    """Yield the lines of one nanopublication for each statement."""
    for statement, said in selection.supported():
        about = _head() + _assertion(statement, said) + _provenance(statement, said) + _info(statement, said)
        yield about.replace(_UNKNOWN, content_id("nanopublication", about))


def _iri(part: str = "") -> str:
    return f"<{rdf.MEDKG}nanopub/{_UNKNOWN}{part and f'#{part}'}>"


def _head() -> str:
    return lines(
        _iri(),
        _iri("Head"),
        ("rdf:type", term("np:Nanopublication")),
        ("np:hasAssertion", _iri("assertion")),
        ("np:hasProvenance", _iri("provenance")),
        ("np:hasPublicationInfo", _iri("pubinfo")),
    )


def _assertion(statement: Statement, said: _Said) -> str:
    node, graph = rdf.statement(statement.id), _iri("assertion")
    subject, predicate, obj = spo(statement)
    plain = f"{subject} {predicate} {obj} {graph} .\n" if statement.belief else ""
    return plain + facts(statement, said, node, graph, reified)


def _provenance(statement: Statement, said: _Said) -> str:
    graph = _iri("provenance")
    documents = {evidence.document: (evidence.work, origin) for evidence, origin in said}
    readers = {evidence.reader.id: evidence.reader for evidence, _ in said}
    return "".join(
        [
            lines(
                _iri("assertion"),
                graph,
                *(("prov:wasDerivedFrom", rdf.document(document)) for document in sorted(documents)),
                *(("prov:wasAttributedTo", rdf.reader(reader)) for _, reader in sorted(readers.items())),
            ),
            *(told(evidence, rdf.statement(statement.id), graph) for evidence, _ in said),
            *(
                lines(
                    rdf.document(document),
                    graph,
                    ("prov:specializationOf", rdf.work(work)),
                    ("mkv:source", literal(origin.source)),
                    ("dcterms:type", literal(origin.kind)),
                    rdf.licence(origin.license),
                )
                for document, (work, origin) in sorted(documents.items())
            ),
            *(lines(rdf.reader(reader), graph, *reader_facts(reader)) for _, reader in sorted(readers.items())),
        ]
    )


def _info(statement: Statement, said: _Said) -> str:
    """No time stands in it: the same graph gives the same bytes."""
    graph = _iri("pubinfo")
    licences = sorted({origin.license for _, origin in said})
    return lines(
        _iri(),
        graph,
        ("dcterms:subject", rdf.statement(statement.id)),
        ("dcterms:creator", _MAKER),
        ("prov:wasAttributedTo", _MAKER),
        ("dcterms:rights", literal(RIGHTS)),
        *map(rdf.licence, licences),
        ("mkv:schemaVersion", literal(SCHEMA_VERSION)),
        ("mkv:biolinkVersion", literal(BIOLINK_VERSION)),
    ) + lines(_MAKER, graph, ("rdf:type", term("prov:SoftwareAgent")), ("rdfs:label", literal("medkg")))
