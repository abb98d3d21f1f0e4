"""Names in RDF: the IRIs of concepts, documents, works, statements and evidence, and the vocabularies they use.

Nothing is a blank node, and no IRI depends on when or where it was made.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from kg.errors import SchemaError
from kg.model import Reader
from kg.schema import PREFIXES, expand

MEDKG = PREFIXES["medkg"]
BIOLINK = PREFIXES["biolink"]
VOCABULARY = f"{MEDKG}vocab/"
XSD = "http://www.w3.org/2001/XMLSchema#"

NAMESPACES = {
    **PREFIXES,
    "mkv": VOCABULARY,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": XSD,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "void": "http://rdfs.org/ns/void#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
}

_ILLEGAL = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_DECIMAL = NamedNode(f"{XSD}decimal")
_INTEGER = NamedNode(f"{XSD}integer")


@lru_cache(maxsize=4096)
def term(name: str) -> NamedNode:
    """Return a word of one of NAMESPACES.

    >>> term("rdf:type")
    <NamedNode value=http://www.w3.org/1999/02/22-rdf-syntax-ns#type>
    """
    prefix, _, local = name.partition(":")
    return NamedNode(NAMESPACES[prefix] + local)


@lru_cache(maxsize=65536)
def concept(curie: str) -> NamedNode:
    """Return the IRI of a concept or predicate. Raises SchemaError for a prefix that schemas/prefixes.yaml lacks.

    >>> concept("DBSNP:a b")
    <NamedNode value=http://identifiers.org/dbsnp/a%20b>
    """
    return NamedNode(_ILLEGAL.sub(lambda found: quote(found[0]), expand(curie)))


def known(curie: str) -> NamedNode | None:
    """Return the IRI of a CURIE, or None where its prefix has none."""
    try:
        return concept(curie)
    except SchemaError:
        return None


@lru_cache(maxsize=65536)
def work(name: str) -> NamedNode:
    """Return the IRI of a work: that of its PMID, DOI or PMCID, else one of ours.

    >>> work("file:a b.txt")
    <NamedNode value=https://w3id.org/medkg/work/file:a%20b.txt>
    """
    return known(name) or _own("work", name)


@lru_cache(maxsize=65536)
def document(name: str) -> NamedNode:
    """Return the IRI of a document, which is not that of its work."""
    return _own("document", name)


def statement(triple: str) -> NamedNode:
    """Return the IRI of a statement, from the id of its triple."""
    return NamedNode(f"{MEDKG}statement/{triple}")


def evidence(name: str, part: str = "") -> NamedNode:
    """Return the IRI of an evidence or of a part of it, such as ``quote``."""
    return NamedNode(f"{MEDKG}evidence/{name}" + (f"#{part}" if part else ""))


@lru_cache(maxsize=1024)
def reader(who: Reader) -> NamedNode:
    """Return the IRI of a reader."""
    return _own("reader", who.id)


@lru_cache(maxsize=1024)
def graph(name: str) -> NamedNode:
    """Return the IRI of a named graph: a source, or ``concepts``, ``works``, ``statements``, ``readers``."""
    return _own("graph", name)


def decimal(value: float) -> Literal:
    """Return a score with three decimals.

    >>> decimal(0.5)
    <Literal value=0.500 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#decimal>>
    """
    return Literal(f"{value:.3f}", datatype=_DECIMAL)


def integer(value: int) -> Literal:
    """Return a whole number."""
    return Literal(str(value), datatype=_INTEGER)


def _own(kind: str, name: str) -> NamedNode:
    return NamedNode(f"{MEDKG}{kind}/{quote(name, safe=':/')}")
