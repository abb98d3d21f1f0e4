"""MeSH as the National Library of Medicine publishes it: desc20XX.xml and supp20XX.xml, also gzipped.

Entry terms of a record's preferred concept are exact names; those of its other concepts are narrower, broader or
related, as the record says. Tree numbers give category and parents of a descriptor; a supplementary record has the
descriptors that it is mapped to as parents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from kg.link.readers.markup import records
from kg.link.vocabulary import SCOPES, Name, Origin, Scope, Term, category_of, named_origin, table

ROOTS = ("DescriptorRecordSet", "SupplementalRecordSet")
_SCOPES: dict[str, Scope] = {"NRW": "narrow", "BRD": "broad", "REL": "related"}
_CLASSES = {"1": "ChemicalEntity", "3": "Disease", "4": "OrganismTaxon"}
_UNII = re.compile(r"(?=.*\d)[A-Z0-9]{10}")
_CAS = re.compile(r"\d{2,7}-\d{2}-\d")


def read_mesh_xml(path: Path, vocabulary: str = "MeSH") -> tuple[Term, ...]:
    """Return the records that the schema has a category for, sorted by id.

    The version is the year in the file's name. Raises VocabularyError for a missing or malformed file.
    """
    year = re.search(r"(?:19|20)\d{2}", path.name)
    own = named_origin(vocabulary, year.group() if year else "", "label")
    descriptors: list[tuple[Term, tuple[str, ...]]] = []
    terms: list[Term] = []
    for record in records(path, "DescriptorRecord", "SupplementalRecord"):
        if record.tag == "DescriptorRecord":
            numbers = tuple(_texts(record, "TreeNumberList/TreeNumber"))
            category = category_of(numbers, table()["mesh_trees"])
            if category:
                descriptors.append((_term(record, "Descriptor", category, own, ()), numbers))
            continue
        category = _CLASSES.get(record.get("SCRClass", "1"))
        if category:
            mapped = _texts(record, "HeadingMappedToList/HeadingMappedTo/DescriptorReferredTo/DescriptorUI")
            terms.append(_term(record, "SupplementalRecord", category, own, tuple(one.lstrip("*") for one in mapped)))
    by_number = {number: term.id for term, numbers in descriptors for number in numbers}
    for term, numbers in descriptors:
        ups = {up for number in numbers if (up := by_number.get(number.rpartition(".")[0])) and up != term.id}
        terms.append(Term(term.id, term.category, term.names, tuple(sorted(ups)), term.xrefs))
    return tuple(sorted(terms, key=lambda term: term.id))


def _term(record: etree._Element, kind: str, category: str, own: Origin, mapped: tuple[str, ...]) -> Term:
    label = (record.findtext(f"{kind}Name/String") or "").strip()
    names = {label: Name(label, own)}
    xrefs: set[str] = set()
    for text, scope, registry in _entries(record):
        names.setdefault(text, Name(text, Origin(own.vocabulary, own.version, scope, own.licence)))
        if scope == "exact" and _UNII.fullmatch(registry):
            xrefs.add(f"UNII:{registry}")
        elif scope == "exact" and _CAS.fullmatch(registry):
            xrefs.add(f"CAS:{registry}")
    ordered = tuple(sorted(names.values(), key=lambda name: SCOPES.index(name.origin.scope)))
    parents = tuple(sorted({f"MESH:{ui}" for ui in mapped}))
    return Term(f"MESH:{record.findtext(f'{kind}UI')}", category, ordered, parents, tuple(sorted(xrefs)))


def _entries(record: etree._Element) -> Iterator[tuple[str, Scope, str]]:
    """Yield every entry term with its scope and the registry number of its concept."""
    concepts = record.findall("ConceptList/Concept")
    relations: dict[str, Scope] = {}
    for relation in record.iterfind("ConceptList/Concept/ConceptRelationList/ConceptRelation"):
        other = relation.findtext("Concept2UI") or ""
        relations[other] = _SCOPES.get(relation.get("RelationName", ""), "related")
    for concept in concepts:
        preferred = concept.get("PreferredConceptYN") == "Y"
        scope: Scope = "exact" if preferred else relations.get(concept.findtext("ConceptUI") or "", "related")
        registry = concept.findtext("RegistryNumber") or next(_texts(concept, "RegistryNumberList/RegistryNumber"), "")
        for text in _texts(concept, "TermList/Term/String"):
            yield text, scope, registry


def _texts(element: etree._Element, path: str) -> Iterator[str]:
    return (text for one in element.iterfind(path) if (text := (one.text or "").strip()))
