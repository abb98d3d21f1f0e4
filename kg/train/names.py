"""The lists of names behind the lexicon features, read from the vocabularies folder of the training data."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

from kg.encode.lexicon import Lexicon
from kg.encode.words import split_words

_OBO_SYNONYM = re.compile(r'^synonym: "(.*?)" (EXACT|RELATED|NARROW)')
_DISEASE_TREES = ("C", "F03")
_LIST_OF_TREE = {"A": "anatomy", "B": "organism", "D12": "protein", "D08": "protein", "D23": "protein", "D": "chemical"}
_COMMON = frozenset("a an and in of or on to the for with all was not can as at is it be by no we has had are".split())


def _words(name: str) -> list[str]:
    return [name[start:end] for start, end in split_words(name)]


def _spellings(name: str) -> Iterator[list[str]]:
    """The words of a name as it stands, and of an inverted heading ("Anemia, Aplastic") turned round."""
    words = _words(name)
    if words and not (len(words) == 1 and (words[0].lower() in _COMMON or len(words[0]) < 2)):
        yield words
    if name.count(", ") == 1:
        tail, head = name.split(", ")
        yield _words(f"{head} {tail}")


def _trees(folder: Path) -> dict[str, set[str]]:
    trees: dict[str, set[str]] = {}
    with (folder / "mesh_ilios2021_mesh_tree.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            trees.setdefault(row["mesh_descriptor_uid"], set()).add(row["tree_number"])
    with (folder / "mesh_dhimmel_tree-numbers.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            trees.setdefault(row["mesh_id"], set()).add(row["mesh_tree_number"])
    return trees


def _mesh_lists(numbers: set[str]) -> set[str]:
    lists = set()
    for number in numbers:
        if number.startswith("C23"):
            lists.add("mesh sign")
        elif number.startswith(_DISEASE_TREES):
            lists.add("mesh disease")
        else:
            best = next((name for tree, name in _LIST_OF_TREE.items() if number.startswith(tree)), "mesh other")
            lists.add(best)
    return lists


def _mesh(folder: Path) -> Iterator[tuple[str, str]]:
    trees = _trees(folder)
    diseases = set()
    with (folder / "mondo" / "mondo_exactmatch_mesh.sssom.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            diseases.update(re.findall(r"(?:mesh|MESH):([CD]\d+)", line))
    with (folder / "mesh_terms.tsv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            ident = row["mesh_id"]
            if ident in trees:
                for name in _mesh_lists(trees[ident]):
                    yield name, row["term"]
            elif ident in diseases:
                yield "mesh disease", row["term"]
            elif ident.startswith("C"):
                yield "chemical", row["term"]


def _obo(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        name, dead, names = False, False, list[str]()
        for line in lines:
            if line.startswith("["):
                if not dead:
                    yield from names
                name, dead, names = line.startswith("[Term]"), False, []
            elif name and line.startswith("name: "):
                names.append(line[6:].strip())
            elif name and (match := _OBO_SYNONYM.match(line)):
                names.append(match.group(1))
            elif line.startswith("is_obsolete: true"):
                dead = True
        if not dead:
            yield from names


def _hgnc(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        graph = json.load(stream)
    for node in graph["graphs"][0]["nodes"]:
        if ("HGNC" not in node["id"] and "hgnc" not in node["id"]) or not node.get("lbl"):
            continue
        yield node["lbl"]
        for synonym in (node.get("meta") or {}).get("synonyms") or ():
            yield synonym["val"]


def _all(folder: Path) -> Iterator[tuple[str, str]]:
    yield from _mesh(folder)
    with (folder / "disease_ontology" / "doid_2026_terms_derived.tsv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["type"] != "definition":
                yield "doid", row["text"]
    for path in (folder / "hpo" / "hp.obo", folder / "hpo" / "mondo_hp_import_2026.obo"):
        for name in _obo(path):
            yield "phenotype", name
    for name in _obo(folder / "symptom_ontology" / "symp.obo"):
        yield "symptom", name
    for path in sorted((folder / "hgnc").glob("*.json.gz")):
        for name in _hgnc(path):
            yield "gene", name


COLUMNS = (
    "chemical", "mesh disease", "mesh sign", "doid", "phenotype", "symptom", "gene", "protein", "organism", "anatomy",
    "mesh other",
)  # fmt: skip


def read_lexicon(folder: Path) -> Lexicon:
    """Build the lexicon from a vocabularies folder (MeSH, DOID, MONDO mappings, HPO, SYMP, HGNC)."""
    names: dict[str, list[list[str]]] = {column: [] for column in COLUMNS}
    for column, name in _all(folder):
        names[column].extend(_spellings(name))
    return Lexicon.build(names)
