"""OBO Graph JSON: nodes with labels, synonyms and cross-references, is-a edges. HGNC's has more: see read_hgnc."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

from kg.errors import VocabularyError
from kg.link.readers.owl import curie
from kg.link.vocabulary import Name, Origin, Scope, Term, named_origin, origin, prefix_of

_PREFIXES = {"hgnc": "HGNC", "ncbigene": "NCBIGene", "ensembl": "ENSEMBL", "omim": "OMIM", "uniprot": "UniProtKB"}
_SCOPES: dict[str, Scope] = {
    "hasExactSynonym": "exact",
    "hasRelatedSynonym": "related",
    "hasNarrowSynonym": "narrow",
    "hasBroadSynonym": "broad",
}


def read_obograph(path: Path, vocabulary: str, category: str) -> tuple[Term, ...]:
    """Return the live classes that carry the vocabulary's own prefix, sorted by id.

    Raises VocabularyError for a missing or damaged file, or one without such a class.
    """
    graph = _graph(path)
    found = re.search(r"\d{4}-\d{2}-\d{2}", str((graph.get("meta") or {}).get("version", "")))
    version, start = found.group() if found else "", prefix_of(vocabulary) + ":"
    parents: dict[str, set[str]] = {}
    for edge in graph.get("edges", ()):
        if edge["pred"] == "is_a":
            parents.setdefault(edge["sub"], set()).add(curie(edge["obj"]))
    terms = []
    for node in graph["nodes"]:
        meta = node.get("meta") or {}
        if not node.get("lbl") or meta.get("deprecated") or not curie(node["id"]).startswith(start):
            continue
        names = [Name(node["lbl"], named_origin(vocabulary, version, "label"))]
        for synonym in meta.get("synonyms", ()):
            scope = _SCOPES.get(synonym["pred"], "related")
            names.append(Name(synonym["val"], named_origin(vocabulary, version, scope)))
        xrefs = sorted({xref["val"] for xref in meta.get("xrefs", ())})
        ups = sorted(parents.get(node["id"], ()))
        terms.append(Term(curie(node["id"]), category, tuple(names), tuple(ups), tuple(xrefs)))
    if not terms:
        raise VocabularyError(f"no class with the prefix {start} in this file", file=str(path))
    return tuple(sorted(terms, key=lambda term: term.id))


def read_hgnc(path: Path) -> tuple[Term, ...]:
    """Return the genes of HGNC's OBO graph: symbol, approved name, NCBI Gene, Ensembl, OMIM and UniProt ids.

    Raises VocabularyError for a missing or damaged file.
    """
    graph = _graph(path)
    found = re.search(r"\d{4}-\d{2}-\d{2}", path.name)
    label = origin("HGNC", found.group() if found else "", "label")
    products: dict[str, set[str]] = {}
    for edge in graph.get("edges", ()):
        curie = _curie(edge["obj"])
        if curie and curie.startswith("UniProtKB:"):
            products.setdefault(edge["sub"], set()).add(curie)
    terms = [_gene(node, label, products.get(node["id"], set())) for node in graph["nodes"] if _is_gene(node)]
    if not terms:
        raise VocabularyError("no HGNC gene in this file", file=str(path))
    return tuple(sorted(terms, key=lambda term: term.id))


def _is_gene(node: dict[str, Any]) -> bool:
    return "/hgnc_" in node["id"] and bool(node.get("lbl")) and not node.get("meta", {}).get("deprecated")


def _gene(node: dict[str, Any], label: Origin, products: set[str]) -> Term:
    meta = node.get("meta") or {}
    names = [Name(node["lbl"], label)]
    long_name = (meta.get("definition") or {}).get("val")
    if long_name:
        names.append(Name(long_name, Origin(label.vocabulary, label.version, "exact", label.licence)))
    for synonym in meta.get("synonyms", ()):
        scope = _SCOPES.get(synonym["pred"], "related")
        names.append(Name(synonym["val"], Origin(label.vocabulary, label.version, scope, label.licence)))
    curies = {_curie(xref["val"]) for xref in meta.get("xrefs", ())}
    xrefs = {curie for curie in curies if curie} | products
    identifier = _curie(node["id"])
    assert identifier is not None
    return Term(identifier, "Gene", tuple(names), (), tuple(sorted(xrefs)))


def _curie(iri: str) -> str | None:
    prefix, _, local = iri.rsplit("/", 1)[-1].partition("_")
    known = _PREFIXES.get(prefix)
    return f"{known}:{local}" if known and local else None


def _graph(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise VocabularyError("vocabulary file is missing", file=str(path))
    try:
        data = path.read_bytes()
        loaded = json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
        graph: dict[str, Any] = loaded["graphs"][0]
        graph["nodes"]
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError) as error:
        raise VocabularyError(f"not an OBO graph: {error}", file=str(path)) from error
    return graph
