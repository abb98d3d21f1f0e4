"""What the document says decides: names in brackets, broader names, names of other vocabularies."""

import pytest

from kg.link.linker import Linker
from kg.link.terminology import Terminology
from tests.link.test_linker import read


def best(linker: Linker, text: str, *names: tuple[str, str]) -> list[str]:
    segmented, mentions = read(text, *names)
    return [link.best.concept.id if link.best else "" for link in linker.link(segmented, mentions)]


def test_a_second_name_in_brackets_means_the_same_in_the_whole_document(linker: Linker) -> None:
    kind = "ChemicalEntity"
    assert best(linker, "Metformin (XQ-17) helps.", ("Metformin", kind), ("XQ-17", kind)) == ["MESH:D008687"] * 2
    assert best(linker, "XQ-17 (metformin) helps.", ("metformin", kind), ("XQ-17", kind)) == ["MESH:D008687"] * 2
    assert best(linker, "XQ-17 and metformin.", ("metformin", kind), ("XQ-17", kind)) == ["MESH:D008687", ""]


@pytest.mark.parametrize(
    ("name", "curie"),
    [
        ("steroid-induced diabetes mellitus", "MESH:D003920"),
        ("hypertension symptoms", "MESH:D006973"),
        ("young-onset arterial hypertension", "MESH:D006973"),
        ("some unheard disease", ""),
    ],
)
def test_an_unknown_illness_is_linked_to_what_it_is_a_kind_of(linker: Linker, name: str, curie: str) -> None:
    assert best(linker, f"About {name}.", (name, "Disease")) == [curie]


def test_answers_can_be_asked_in_one_vocabulary(terminology: Terminology) -> None:
    linker = Linker.load(terminology, vocabularies=("MESH",))
    for name in ("fever", "type 2 diabetes", "heart attack"):
        for link in linker.named(name):
            assert link.best is not None
            ids = (link.best.concept.id, *link.best.concept.xrefs)
            assert any(one.startswith("MESH:") for one in ids)
