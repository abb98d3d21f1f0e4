"""Names in RDF, as N-Triples writes them: the IRIs of concepts, documents, works, statements, and literals.

Nothing is a blank node, and no IRI depends on when or where it was made. Every term is text, ready for a line of
N-Quads: text is quicker to make than objects. A term that has nothing to say is the empty text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote

from kg.errors import SchemaError
from kg.model import Reader
from kg.schema import PREFIXES

MEDKG = PREFIXES["medkg"]
BIOLINK = PREFIXES["biolink"]
VOCABULARY = f"{MEDKG}vocab/"
DATASET = f"<{MEDKG}dataset>"
XSD = "http://www.w3.org/2001/XMLSchema#"
SPDX = "https://spdx.org/licenses/"

NAMESPACES = {
    **PREFIXES,
    "mkv": VOCABULARY,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": XSD,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "void": "http://rdfs.org/ns/void#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
    "np": "http://www.nanopub.org/nschema#",
}

_PLAIN = "!$&'()*+,;=:@/"
_SPECIAL = re.compile(r'[\x00-\x1f"\\\x7f]')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_DECIMAL, _INTEGER = f'"^^<{XSD}decimal>', f'"^^<{XSD}integer>'
_SPDX_NAME = re.compile(r"(?:CC0|CC-BY[A-Z-]*|PDDL|ODbL|ODC-By|MIT|Apache)-\d\.\d")
_BY_LENGTH = sorted(PREFIXES.items(), key=lambda pair: -len(pair[1]))


@lru_cache(maxsize=4096)
def term(name: str) -> str:
    """Return a word of one of NAMESPACES.

    >>> term("rdf:type")
    '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>'
    """
    prefix, _, local = name.partition(":")
    return f"<{NAMESPACES[prefix]}{local}>"


def lines(subject: str, graph: str, *pairs: tuple[str, str]) -> str:
    """Return one line of N-Quads for each pair of a word and a term; pairs whose term is empty say nothing.

    >>> lines("<a:s>", "<a:g>", ("rdf:type", "<a:o>"), ("rdfs:label", literal("")))
    '<a:s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <a:o> <a:g> .\\n'
    """
    return "".join([f"{subject} {term(name)} {value} {graph} .\n" for name, value in pairs if value])


def literal(text: str) -> str:
    r"""Return a literal, escaped as canonical N-Triples has it; the empty text for an empty one.

    >>> literal('two "words"\n')
    '"two \\"words\\"\\n"'
    """
    return f'"{_SPECIAL.sub(_escaped, text)}"' if text else ""


repeated = lru_cache(maxsize=4096)(literal)
"""``literal`` for texts that come again and again."""


def decimal(value: float) -> str:
    """Return a score with three decimals.

    >>> decimal(0.5)
    '"0.500"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    return f'"{value:.3f}{_DECIMAL}'


def integer(value: int | None) -> str:
    """Return a whole number; the empty text for None."""
    return "" if value is None else f'"{value}{_INTEGER}'


@lru_cache(maxsize=8192)
def concept(curie: str) -> str:
    """Return the IRI of a concept or predicate: one of ours where schemas/prefixes.yaml lacks the prefix.

    >>> concept("DBSNP:a b"), concept("GARD:10246")
    ('<http://identifiers.org/dbsnp/a%20b>', '<https://w3id.org/medkg/concept/GARD:10246>')
    """
    return known(curie) or own("concept", curie)


@lru_cache(maxsize=8192)
def known(curie: str) -> str:
    """Return the IRI of a CURIE, or the empty text where its prefix has none."""
    prefix, _, local = curie.partition(":")
    return f"<{PREFIXES[prefix]}{quote(local, safe=_PLAIN)}>" if local and prefix in PREFIXES else ""


def curie(iri: str, kind: str = "concept") -> str:
    """Return what ``concept`` (or ``work``, with that kind) made an IRI of.

    >>> curie("http://identifiers.org/dbsnp/a%20b"), curie("https://w3id.org/medkg/concept/GARD:10246")
    ('DBSNP:a b', 'GARD:10246')
    """
    if iri.startswith(f"{MEDKG}{kind}/"):
        return unquote(iri.removeprefix(f"{MEDKG}{kind}/"))
    for prefix, base in _BY_LENGTH:
        if iri.startswith(base):
            return f"{prefix}:{unquote(iri.removeprefix(base))}"
    raise SchemaError("an IRI of no known vocabulary", iri=iri)


@lru_cache(maxsize=8192)
def work(name: str) -> str:
    """Return the IRI of a work: that of its PMID, DOI or PMCID, else one of ours.

    >>> work("file:a b.txt")
    '<https://w3id.org/medkg/work/file:a%20b.txt>'
    """
    return known(name) or own("work", name)


@lru_cache(maxsize=8192)
def document(name: str) -> str:
    """Return the IRI of a document, which is not that of its work."""
    return own("document", name)


def statement(triple: str) -> str:
    """Return the IRI of a statement, from the id of its triple."""
    return f"<{MEDKG}statement/{triple}>"


def evidence(name: str, part: str = "") -> str:
    """Return the IRI of an evidence or of a part of it, such as ``quote``."""
    return f"<{MEDKG}evidence/{name}#{part}>" if part else f"<{MEDKG}evidence/{name}>"


@lru_cache(maxsize=1024)
def reader(who: Reader) -> str:
    """Return the IRI of a reader."""
    return own("reader", who.id)


@lru_cache(maxsize=1024)
def graph(name: str) -> str:
    """Return the IRI of a named graph: a source, or ``concepts``, ``works``, ``statements``, ``readers``."""
    return own("graph", name)


def licence(name: str) -> tuple[str, str]:
    """Return the pair that tells of a licence: its IRI where it has an SPDX name, else its words as rights.

    >>> licence("CC-BY-4.0"), licence("All rights reserved")
    (('dcterms:license', '<https://spdx.org/licenses/CC-BY-4.0>'), ('dcterms:rights', '"All rights reserved"'))
    """
    if _SPDX_NAME.fullmatch(name):
        return "dcterms:license", f"<{SPDX}{name}>"
    return "dcterms:rights", literal(name)


def own(kind: str, name: str) -> str:
    """Return an IRI of medkg's own for something of a kind."""
    return f"<{MEDKG}{kind}/{quote(name, safe=_PLAIN)}>"


def _escaped(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04X}"
