"""Links: the right concept, with the reason; the document decides; order changes nothing."""

import random
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from kg.link.build import write_terminology
from kg.link.fuzzy import NameIndex
from kg.link.linker import Linker
from kg.link.merge import merge
from kg.link.terminology import Terminology
from kg.link.vocabulary import Name, Term, origin
from kg.model import Abbreviation, Document, Mention, Segmented, Span


def read(text: str, *names: tuple[str, str], short: tuple[str, str] | None = None) -> tuple[Segmented, list[Mention]]:
    document = Document("d", "d", text, "test", "article")
    abbreviations = ()
    if short:
        spans = [Span(text.index(part), text.index(part) + len(part)) for part in short]
        abbreviations = (Abbreviation(spans[0], spans[1]),)
    mentions = []
    for name, category in names:
        start = text.rindex(name)
        mentions.append(Mention("d", Span(start, start + len(name)), name, category, 1.0))
    return Segmented(document, (), abbreviations), mentions


@pytest.mark.parametrize(
    ("name", "category", "curie", "method"),
    [
        ("Myocardial Infarction", "Disease", "MESH:D009203", "exact"),
        ("myocardial infarctions", "Disease", "MESH:D009203", "exact"),
        ("Hypertension", "Disease", "MESH:D006973", "exact"),
        ("fever", "Disease", "HP:0001945", "exact"),
        ("Carcinomas of lung, Non-Small-Cell", "Disease", "MESH:D002289", "same words"),
        ("morphine sulphate", "ChemicalEntity", "MESH:D009020", "without salt"),
        ("BRCA1", "Gene", "HGNC:1100", "exact"),
        ("Parkinson’s disease", "Disease", "MESH:D010300", "same but for typing"),
        ("severe hypertension", "Disease", "MESH:D006973", "without modifier"),
        ("hypertenssion", "Disease", "MESH:D006973", "similar spelling"),
        ("mammary malignancies of childhood", "Disease", "MESH:D001943", "same sense"),
    ],
)
def test_names(linker: Linker, name: str, category: str, curie: str, method: str) -> None:
    segmented, mentions = read(f"About {name}.", (name, category))
    (link,) = linker.link(segmented, mentions)
    assert link.best is not None
    assert (link.best.concept.id, link.best.method) == (curie, method)


def test_an_unknown_name_stays_unlinked(linker: Linker) -> None:
    segmented, mentions = read("About xyzzy plugh.", ("xyzzy plugh", "Disease"))
    (link,) = linker.link(segmented, mentions)
    assert link.best is None


def test_a_name_of_another_category_is_no_candidate(linker: Linker) -> None:
    segmented, mentions = read("About aspirin.", ("aspirin", "Disease"))
    (link,) = linker.link(segmented, mentions)
    assert link.best is None


def test_the_long_form_in_the_document_decides(linker: Linker) -> None:
    text = "Diabetes mellitus type 2 (MI) is odd, MI is."
    segmented, mentions = read(text, ("MI", "Disease"), short=("MI", "Diabetes mellitus type 2"))
    (link,) = linker.link(segmented, mentions)
    assert link.best is not None
    assert link.best.concept.id == "MESH:D003924"
    alone, names = read("MI is.", ("MI", "Disease"))
    assert [one.best.concept.id for one in linker.link(alone, names) if one.best] == ["MESH:D009203"]


def test_a_composite_gives_a_link_for_each_name(linker: Linker) -> None:
    segmented, mentions = read("Breast and ovarian cancer run together.", ("Breast and ovarian cancer", "Disease"))
    links = linker.link(segmented, mentions)
    assert [link.mention for link in links] == mentions * 2
    assert [link.best.concept.name for link in links if link.best] == ["Breast Neoplasms", "Ovarian Neoplasms"]


def test_order_of_mentions_changes_nothing(linker: Linker) -> None:
    names = [("fever", "Disease"), ("aspirin", "ChemicalEntity"), ("heart attack", "Disease"), ("MI", "Disease")]
    segmented, mentions = read("fever and aspirin and heart attack or MI", *names)
    links = linker.link(segmented, mentions)
    shuffled = mentions[:]
    random.Random(7).shuffle(shuffled)
    again = Linker.load(linker.terminology).link(segmented, shuffled)
    assert set(again) == set(links)
    assert [link.mention for link in again] == shuffled


def test_short_names_are_never_merely_alike() -> None:
    index = NameIndex(pa.array(["aba", "metformin"]), np.arange(2, dtype=np.int32))
    assert index.like("LABA") == []
    assert index.like("A-BA") == [(0, 1.0)]
    assert [number for number, _ in index.like("metformine")] == [1]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Linker:
    """A linker over a handful of concepts, two of them the drug-induced kind of a third and a joined name."""
    rows = [
        ("MESH:D1", "Disease", "Dyskinesia"),
        ("MESH:D2", "Disease", "Drug-induced dyskinesia"),
        ("MESH:D3", "Disease", "Breast cancer"),
        ("MESH:D4", "Disease", "Ovarian cancer"),
        ("MESH:D5", "Disease", "Breast-ovarian cancer"),
        ("MESH:D6", "Disease", "Hyperparathyroidism"),
        ("MESH:D7", "Disease", "Jaw tumor"),
        ("MESH:D8", "ChemicalEntity", "Levodopa"),
        ("MESH:D9", "Disease", "Fever"),
        ("MESH:D10", "DiagnosticAid", "Respiratory Function Tests"),
        ("MESH:D12", "DiagnosticAid", "Low diastolic blood pressure"),
        ("MESH:D13", "ChemicalEntity", "Formoterol Fumarate"),
        ("MESH:D14", "DiagnosticAid", "Mass Spectrometry"),
        ("MESH:D15", "Disease", "Myocardial ischemia"),
        ("MESH:D16", "Disease", "Coronary artery disease"),
        ("MESH:D17", "Disease", "Joint pain"),
        ("MESH:D18", "Disease", "Joint swelling"),
        ("MESH:D19", "Disease", "Sclerosis, type 2"),
        ("MESH:D20", "Disease", "Reye Syndrome"),
    ]
    terms = [Term(one, kind, (Name(name, origin("MeSH", "2021", "label")),)) for one, kind, name in rows]
    terms.append(Term("MESH:D16", "Disease", (Name("myocardial ischemia", origin("DOID", "2026", "exact")),)))
    folder: Path = tmp_path_factory.mktemp("small")
    write_terminology(merge(terms, ()), folder)
    return Linker.load(Terminology.load(folder))


def ids(linker: Linker, text: str, name: str, short: tuple[str, str] | None = None) -> list[str]:
    segmented, mentions = read(text, (name, "Disease"), short=short)
    return [link.best.concept.id for link in linker.link(segmented, mentions) if link.best]


@pytest.mark.parametrize(
    ("text", "name", "curie"),
    [
        ("Levodopa-induced dyskinesias. Later, dyskinesia was rare.", "dyskinesia", "MESH:D2"),
        ("Drug-induced dyskinesias. Later, dyskinesia was rare.", "dyskinesia", "MESH:D2"),
        ("Stress-induced dyskinesias. Later, dyskinesia was rare.", "dyskinesia", "MESH:D1"),
        ("Levodopa. Later, dyskinesia was rare.", "dyskinesia", "MESH:D1"),
        ("Levodopa-induced fever. Later, fever was rare.", "fever", "MESH:D9"),
    ],
)
def test_an_illness_is_drug_induced_where_the_document_says_so(small: Linker, text: str, name: str, curie: str) -> None:
    assert ids(small, text, name) == [curie]


@pytest.mark.parametrize(
    ("told", "curie"),
    [
        ("Dyskinesia induced by levodopa.", "MESH:D2"),
        ("A case of dyskinesia associated with chronic levodopa.", "MESH:D2"),
        ("Dyskinesias secondary to levodopa.", "MESH:D2"),
        ("Levodopa can cause severe dyskinesias.", "MESH:D2"),
        ("Levodopa-related dyskinesia.", "MESH:D2"),
        ("Dyskinesia was relieved by levodopa.", "MESH:D1"),
        ("Dyskinesia. Levodopa.", "MESH:D1"),
        ("Levodopa for dyskinesia.", "MESH:D1"),
    ],
)
def test_a_substance_beside_its_illness_makes_it_drug_induced(small: Linker, told: str, curie: str) -> None:
    text = f"{told} Later, dyskinesia was rare."
    mentions = [
        Mention("d", Span(place.start(), place.end()), place[0], category, 1.0)
        for name, category in (("dyskinesias?", "Disease"), ("levodopa", "ChemicalEntity"))
        for place in re.finditer(name, text, re.IGNORECASE)
    ]
    segmented, _ = read(text)
    found = {link.best.concept.id for link in small.link(segmented, mentions) if link.best}
    assert found == {curie, "MESH:D8"}


def test_what_a_document_names_elsewhere_does_not_overrule_a_label(small: Linker) -> None:
    names = ("Coronary artery disease", "Myocardial ischemia")
    segmented, asked = read(" and ".join(names), *((name, "Disease") for name in names))
    found = [link.best.concept.id for link in small.link(segmented, asked) if link.best]
    assert found == ["MESH:D16", "MESH:D15"]


def test_a_joined_name_is_its_parts_unless_a_vocabulary_writes_it_as_one(small: Linker) -> None:
    assert ids(small, "On breast and ovarian cancer.", "breast and ovarian cancer") == ["MESH:D3", "MESH:D4"]
    assert ids(small, "On breast-ovarian cancer.", "breast-ovarian cancer") == ["MESH:D5"]


def test_what_comes_first_may_belong_to_all_names(small: Linker) -> None:
    assert ids(small, "Tumor of the jaw and breast.", "Tumor of the jaw and breast") == ["MESH:D7", "MESH:D3"]
    assert ids(small, "On joint pain and swelling.", "joint pain and swelling") == ["MESH:D17", "MESH:D18"]


def test_a_name_known_by_its_last_words_is_its_adjective_too(small: Linker) -> None:
    assert ids(small, "A dyskinetic fever.", "dyskinetic fever") == ["MESH:D1", "MESH:D9"]
    assert ids(small, "A silent fever.", "silent fever") == ["MESH:D9"]


def test_the_last_word_of_a_syndrome_may_be_left_out(small: Linker) -> None:
    assert ids(small, "Reye in a child.", "Reye") == ["MESH:D20"]
    assert ids(small, "A jaw syndrome.", "jaw") == []


def test_a_subtype_is_of_its_type(small: Linker) -> None:
    assert ids(small, "Type IIB sclerosis.", "Type IIB sclerosis") == ["MESH:D19"]


def test_short_forms_are_spelt_out_where_they_are_joined_or_plural(small: Linker) -> None:
    text = "The hyperparathyroidism-jaw tumor (HPT-JT) has JTs and HPT."
    short = ("HPT-JT", "hyperparathyroidism-jaw tumor")
    assert ids(small, text, "JTs", short) == ["MESH:D7"]
    assert ids(small, text, "HPT", short) == ["MESH:D6"]


@pytest.mark.parametrize(
    ("name", "category", "curie"),
    [
        ("respiratory function", "DiagnosticAid", "MESH:D10"),
        ("diastolic blood pressure", "DiagnosticAid", None),
        ("mass sectrometry", "DiagnosticAid", "MESH:D14"),
        ("formoterol", "ChemicalEntity", "MESH:D13"),
        ("salmeterol", "ChemicalEntity", None),
    ],
)
def test_a_longer_name_is_another_thing_and_a_salt_is_the_drug(
    small: Linker, name: str, category: str, curie: str | None
) -> None:
    segmented, mentions = read(f"On {name}.", (name, category))
    (link,) = small.link(segmented, mentions)
    assert (link.best.concept.id if link.best else None) == curie
