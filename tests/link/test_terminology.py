"""The built terminology: what it holds, that it cannot be read when damaged, that its bytes never vary."""

import shutil
from pathlib import Path

import pytest

from kg.errors import VocabularyError
from kg.link.build import write_terminology
from kg.link.merge import Merged, merge
from kg.link.readers.shipped import same_name
from kg.link.terminology import Terminology
from kg.link.vocabulary import Mapping, Name, Term, Vocabulary, origin, prefix


def test_a_concept_is_found_by_any_of_its_ids(terminology: Terminology) -> None:
    hypertension = terminology.concept("MESH:D006973")
    assert (hypertension.name, hypertension.category) == ("Hypertension", "Disease")
    for other in ("DOID:10763", "MONDO:0005044", "HP:0000822", "SYMP:0020064", "UMLS:C0020538"):
        assert terminology.concept(other) is hypertension


def test_a_finding_is_named_by_hpo_and_a_disease_by_mesh(terminology: Terminology) -> None:
    assert terminology.concept("MESH:D005334").id == "HP:0001945"
    assert terminology.concept("MESH:D005334").category == "PhenotypicFeature"
    assert terminology.concept("HP:0001658").id == "MESH:D009203"


@pytest.mark.parametrize(
    ("curie", "category"),
    [
        ("MESH:D001241", "ChemicalEntity"),
        ("MESH:D006801", "OrganismTaxon"),
        ("HGNC:1100", "Gene"),
        ("MESH:D001706", "Procedure"),
        ("MESH:D004452", "DiagnosticAid"),
        ("MESH:D013514", "Treatment"),
        ("MESH:D012640", "PhenotypicFeature"),
    ],
)
def test_categories(terminology: Terminology, curie: str, category: str) -> None:
    assert terminology.concept(curie).category == category


def test_parents_are_concepts_of_the_terminology(terminology: Terminology) -> None:
    assert "MESH:D003920" in terminology.concept("MESH:D003924").parents


def test_ancestors_are_all_that_a_concept_is_a_kind_of(terminology: Terminology) -> None:
    ids = [concept.id for concept in terminology.ancestors(["MESH:D003924", "no such id"])]
    assert ids == sorted(ids)
    assert "MESH:D003920" in ids
    assert "MESH:D003924" not in ids
    assert terminology.ancestors([]) == ()


def test_inheritance_modes_of_hpo_are_no_findings(terminology: Terminology) -> None:
    assert terminology.row("HP:0000006") is None


def test_every_name_says_where_it_comes_from(terminology: Terminology) -> None:
    names = {(text, source) for text, concept, _, source in terminology.names() if concept == "MESH:D009203"}
    assert ("Myocardial Infarction", "MeSH 2021") in names
    assert ("heart attack", "DOID 2026-07-31") in names


def test_search_finds_names_and_lookalikes(terminology: Terminology) -> None:
    first = terminology.search("heart attacks")[0]
    assert (first.concept.id, first.matched, first.method) == ("MESH:D009203", "heart attack", "same name")
    typo = terminology.search("hypertention")[0]
    assert (typo.concept.id, typo.method) == ("MESH:D006973", "similar spelling")
    assert len(terminology.search("cancer", limit=2)) == 2


def test_same_concepts_give_the_same_bytes(concepts: tuple[Merged, ...], folder: Path, tmp_path: Path) -> None:
    write_terminology(concepts, tmp_path)
    for name in ("terminology.parquet", "terminology.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_order_of_terms_and_mappings_changes_nothing(vocabulary: Vocabulary, concepts: tuple[Merged, ...]) -> None:
    assert merge(vocabulary.terms[::-1], vocabulary.mappings[::-1]) == concepts


def test_no_concept_has_two_ids_of_one_vocabulary(concepts: tuple[Merged, ...]) -> None:
    for concept in concepts:
        prefixes = [prefix(one) for one in concept.ids]
        assert len(prefixes) == len(set(prefixes))


def test_a_gene_and_a_disease_never_merge(vocabulary: Vocabulary) -> None:
    merged = merge(vocabulary.terms, [*vocabulary.mappings, Mapping("HGNC:1100", "MESH:D001943", 0)])
    assert ("HGNC:1100",) in [one.ids for one in merged]


def test_missing_terminology_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="kg terminology build"):
        Terminology.load(tmp_path)


def test_damaged_terminology_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    content = bytearray((copy / "terminology.parquet").read_bytes())
    content[len(content) // 2] ^= 1
    (copy / "terminology.parquet").write_bytes(content)
    with pytest.raises(VocabularyError, match="damaged"):
        Terminology.load(copy)


def test_unknown_concept_is_an_error(terminology: Terminology) -> None:
    with pytest.raises(VocabularyError, match="MESH:D999999"):
        terminology.concept("MESH:D999999")


def test_of_terms_that_share_a_name_those_with_equal_labels_are_one() -> None:
    def term(curie: str, vocabulary: str, label: str, *others: str) -> Term:
        names = (Name(label, origin(vocabulary, "1", "label")), *(Name(o, origin(vocabulary, "1")) for o in others))
        return Term(curie, "PhenotypicFeature", names)

    mesh = term("MESH:D1", "MeSH", "Anxiety", "Hypervigilance")
    here = [
        term("HP:1", "HPO", "Anxiety"),
        term("HP:2", "HPO", "Hypervigilance"),
        term("HP:3", "HPO", "Fear", "Anxiety"),
    ]
    merged = merge([mesh, *here], same_name(here, [mesh], 5))
    assert [one.ids for one in merged] == [("HP:1", "MESH:D1"), ("HP:2",), ("HP:3",)]
