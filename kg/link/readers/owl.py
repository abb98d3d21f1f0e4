"""OWL as RDF/XML, the form in which OBO ontologies are released: named classes with labels, synonyms, is-a, xrefs.

Read as a stream, without reasoning: only what the file says of a class is taken (a release file has inferred is-a).
"""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from kg.errors import VocabularyError
from kg.link.readers.markup import records
from kg.link.vocabulary import SCOPES, Name, Scope, Term, named_origin, prefix, prefix_of

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RDFS = "{http://www.w3.org/2000/01/rdf-schema#}"
_OWL = "{http://www.w3.org/2002/07/owl#}"
_OBO = "{http://www.geneontology.org/formats/oboInOwl#}"
_SCOPES: dict[str, Scope] = {
    f"{_RDFS}label": "label",
    f"{_OBO}hasExactSynonym": "exact",
    f"{_OBO}hasRelatedSynonym": "related",
    f"{_OBO}hasNarrowSynonym": "narrow",
    f"{_OBO}hasBroadSynonym": "broad",
}
ROOT = f"{_RDF}RDF"


def read_owl(path: Path, vocabulary: str, category: str) -> tuple[Term, ...]:
    """Return the live classes that carry the vocabulary's own prefix, sorted by id.

    Raises VocabularyError for a missing or malformed file, or one without such a class.
    """
    start, version = prefix_of(vocabulary), ""
    terms = []
    for element in records(path, f"{_OWL}Ontology", f"{_OWL}Class"):
        if element.tag == f"{_OWL}Ontology":
            version = version or _version(element)
            continue
        term = _term(element, vocabulary, version, category)
        if term is not None and prefix(term.id) == start:
            terms.append(term)
    if not terms:
        raise VocabularyError(f"no class with the prefix {start} in this file", file=str(path))
    return tuple(sorted(terms, key=lambda term: term.id))


def curie(iri: str) -> str:
    """Return the CURIE of an OBO class.

    >>> curie("http://purl.obolibrary.org/obo/HP_0001945")
    'HP:0001945'
    """
    return re.split(r"[/#]", iri)[-1].replace("_", ":", 1)


def _term(element: etree._Element, vocabulary: str, version: str, category: str) -> Term | None:
    iri = element.get(f"{_RDF}about")
    if iri is None or element.findtext(f"{_OWL}deprecated") == "true":
        return None
    found = [
        Name(text, named_origin(vocabulary, version, _SCOPES[str(child.tag)]))
        for child in element
        if child.tag in _SCOPES and (text := " ".join((child.text or "").split()))
    ]
    names = tuple(sorted(found, key=lambda name: SCOPES.index(name.origin.scope)))
    if not names or names[0].origin.scope != "label":
        return None
    ups = {up for one in element.findall(f"{_RDFS}subClassOf") if (up := one.get(f"{_RDF}resource"))}
    xrefs = {one.text.strip() for one in element.findall(f"{_OBO}hasDbXref") if one.text}
    return Term(curie(iri), category, names, tuple(sorted(curie(up) for up in ups)), tuple(sorted(xrefs)))


def _version(element: etree._Element) -> str:
    iri = element.find(f"{_OWL}versionIRI")
    found = re.search(r"\d{4}-\d{2}-\d{2}", iri.get(f"{_RDF}resource", "") if iri is not None else "")
    return found.group() if found else element.findtext(f"{_OWL}versionInfo") or ""
