"""Names learned from people's linking: the majority, only what is new, retired ids."""

from pathlib import Path

import pytest

from kg.errors import VocabularyError
from kg.link.build import write_terminology
from kg.link.learned import Linked, learn
from kg.link.linker import Linker
from kg.link.merge import merge
from kg.link.terminology import Terminology
from kg.link.vocabulary import Vocabulary


def linked(document: str, text: str, curie: str, category: str = "Disease") -> Linked:
    return Linked(document, text, category, curie)


def test_the_majority_of_documents_decides(vocabulary: Vocabulary) -> None:
    mentions = [
        linked("1", "sugar sickness", "MESH:D003920"),
        linked("2", "Sugar sickness", "MESH:D003920"),
        linked("3", "sugar sickness", "MESH:D003924"),
        linked("3", "sugar sickness", "MESH:D003924"),
    ]
    (term,) = learn("BC5CDR", mentions, vocabulary.terms)
    assert (term.id, [name.text for name in term.names]) == ("MESH:D003920", ["sugar sickness"])


def test_disagreement_teaches_nothing(vocabulary: Vocabulary) -> None:
    mentions = [linked("1", "sugar", "MESH:D003920"), linked("2", "sugar", "MESH:D003924")]
    assert learn("BC5CDR", mentions, vocabulary.terms) == ()


def test_what_the_vocabularies_say_is_not_learned(vocabulary: Vocabulary) -> None:
    mentions = [linked("1", "metformin", "MESH:D008687", "ChemicalEntity")]
    assert learn("BC5CDR", mentions, vocabulary.terms) == ()


def test_a_retired_id_leads_to_its_successor(vocabulary: Vocabulary) -> None:
    terms = learn("BC5CDR", [linked("1", "Metformin", "MESH:C999999", "ChemicalEntity")], vocabulary.terms)
    assert [(term.id, term.xrefs) for term in terms] == [("MESH:D008687", ("MESH:C999999",))]


def test_an_unknown_corpus_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(VocabularyError, match="unknown vocabulary"):
        learn("Nobody", [linked("1", "sugar", "MESH:D003920")], vocabulary.terms)


def test_learned_names_are_marked_and_can_be_left_out(vocabulary: Vocabulary, tmp_path: Path) -> None:
    learned = learn("BC5CDR", [linked("1", "sugar sickness", "MESH:D003920")], vocabulary.terms)
    write_terminology(merge([*vocabulary.terms, *learned], vocabulary.mappings), tmp_path)
    terminology = Terminology.load(tmp_path)
    names = {text: source for text, _, _, source in terminology.names()}
    assert names["sugar sickness"] == "BC5CDR train"
    (link,) = Linker.load(terminology).named("sugar sickness", "Disease")
    assert link.best is not None
    assert link.best.concept.id == "MESH:D003920"
    (link,) = Linker.load(terminology, learned=False).named("sugar sickness", "Disease")
    assert link.best is None


def test_a_learned_name_yields_to_what_a_vocabulary_calls_so(vocabulary: Vocabulary, tmp_path: Path) -> None:
    learned = learn("BC5CDR", [linked("1", "hypertension", "MESH:D003920")], vocabulary.terms)
    assert len(learned) == 1
    write_terminology(merge([*vocabulary.terms, *learned], vocabulary.mappings), tmp_path)
    (link,) = Linker.load(Terminology.load(tmp_path)).named("hypertension", "Disease")
    assert [one.concept.id for one in link.candidates] == ["MESH:D006973", "MESH:D003920"]


def test_a_name_that_joins_several_is_not_learned(vocabulary: Vocabulary) -> None:
    assert learn("BC5CDR", [linked("1", "sugar and salt sickness", "MESH:D003920")], vocabulary.terms) == ()
