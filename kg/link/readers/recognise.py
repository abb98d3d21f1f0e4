"""A vocabulary of the user's own: the format is recognised by content, or by the files of a folder."""

from __future__ import annotations

import gzip
from pathlib import Path

from kg.errors import VocabularyError
from kg.link.readers.markup import root_tag
from kg.link.readers.mesh_xml import ROOTS, read_mesh_xml
from kg.link.readers.obo import read_obo
from kg.link.readers.obograph import read_obograph
from kg.link.readers.owl import ROOT, read_owl
from kg.link.readers.rrf import RXNORM, UMLS, read_rxnorm, read_umls
from kg.link.readers.snomed import CONCEPTS, read_snomed
from kg.link.readers.sssom import read_sssom
from kg.link.readers.table import NEEDED, read_table
from kg.link.readers.unii import HEADER, read_unii
from kg.link.vocabulary import Name, Term, Vocabulary, named_origin, prefix_of, table


def read_any(path: Path, vocabulary: str, category: str = "", version: str = "") -> Vocabulary:
    """Return what a file or folder holds: OBO, OWL, OBO graph, MeSH XML, SSSOM, RxNorm, UMLS, SNOMED CT, UNII, TSV.

    ``category`` is that of terms whose file does not say; by default the vocabulary's in vocabularies.yaml. Raises
    VocabularyError for a missing path, or a format that is none of these.
    """
    category = category or str(table()["vocabularies"].get(vocabulary, {}).get("category", ""))
    if path.is_dir():
        return _folder(path, version)
    start = _start(path)
    if start.startswith("<"):
        return Vocabulary(_xml(path, vocabulary, category))
    if start.startswith("{"):
        return Vocabulary(read_obograph(path, vocabulary, _needed(category, path)))
    if start.startswith("format-version"):
        return Vocabulary(read_obo(path, vocabulary, _needed(category, path)))
    line = next((one for one in start.splitlines() if not one.startswith("#")), "")
    columns = tuple(line.split("\t"))
    if {"subject_id", "object_id"} <= set(columns):
        return _sssom(path, vocabulary, category)
    if columns == HEADER:
        return Vocabulary(read_unii(path, vocabulary, version))
    if set(NEEDED) <= set(columns):
        return Vocabulary(read_table(path, vocabulary, category, version))
    raise VocabularyError(
        "no known vocabulary: OBO, OWL, OBO graph, MeSH XML, SSSOM, UNII names, or a table with the columns id and "
        "name; a folder with RXNCONSO.RRF, MRCONSO.RRF or SNOMED CT snapshots",
        file=str(path),
    )


def _folder(path: Path, version: str) -> Vocabulary:
    if (path / RXNORM).is_file():
        return read_rxnorm(path, version)
    if (path / UMLS).is_file():
        return read_umls(path, version)
    if any(path.rglob(CONCEPTS)):
        return Vocabulary(read_snomed(path))
    raise VocabularyError(f"neither {RXNORM} nor {UMLS} nor {CONCEPTS} in this folder", folder=str(path))


def _xml(path: Path, vocabulary: str, category: str) -> tuple[Term, ...]:
    root = root_tag(path)
    if root in ROOTS:
        return read_mesh_xml(path, vocabulary)
    if root == ROOT:
        return read_owl(path, vocabulary, _needed(category, path))
    raise VocabularyError("XML that is neither OWL (RDF/XML) nor MeSH", file=str(path), root=root)


def _sssom(path: Path, vocabulary: str, category: str) -> Vocabulary:
    """Return the exact mappings; the subjects are terms if they carry the vocabulary's prefix and have a label."""
    labels, exact, version = read_sssom(path, 3)
    own = {one: text for one, text in labels.items() if one.startswith(prefix_of(vocabulary) + ":")}
    terms = (_label(one, text, vocabulary, version, _needed(category, path)) for one, text in sorted(own.items()))
    return Vocabulary(tuple(terms), exact)


def _label(curie: str, text: str, vocabulary: str, version: str, category: str) -> Term:
    return Term(curie, category, (Name(text, named_origin(vocabulary, version, "label")),))


def _needed(category: str, path: Path) -> str:
    if not category:
        raise VocabularyError("say the category of its terms: --add NAME:Category=FILE", file=str(path))
    return category


def _start(path: Path) -> str:
    if not path.is_file():
        raise VocabularyError("no such file or folder", file=str(path))
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            return stream.read(65536).decode("utf-8", errors="replace").lstrip("\ufeff \r\n\t")
    except (OSError, EOFError) as error:
        raise VocabularyError(f"cannot be read: {error}", file=str(path)) from error
