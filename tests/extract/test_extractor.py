"""Laws of the extractor, on an untrained model."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from kg.encode.compute import Compute
from kg.extract.encoded import Encoding
from kg.extract.extractor import Extractor, Judged, most_specific
from kg.extract.package import load_package
from kg.extract.schemes import scheme
from kg.model import Candidate, Concept, Document, Link, Mention, Section, Segmented, Sentence, Span
from tests.extract.models import write_package

WORDS = "fever aspirin patient acetyl salicylic acid cough rash dose of the in 5 mg ( ) . ,".split()


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> Extractor:
    return Extractor.load(write_package(tmp_path_factory.mktemp("models") / "extractor"), "cpu")


def document(name: str, text: str) -> Segmented:
    sentence = Sentence(name, Span(0, len(text)), "abstract", ())
    return Segmented(Document(name, name, text, "test", "article"), (sentence,), ())


def words(count: int, seed: int) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=count))


def test_a_document_reads_the_same_whatever_is_read_with_it(extractor: Extractor) -> None:
    texts = [document(str(count), words(count, count)) for count in (3, 500, 40, 0, 90)]
    together = {one.segmented.document.id: one for one in extractor.encode(texts)}
    for text in reversed(texts):
        (alone,) = extractor.encode([text])
        other = together[text.document.id]
        assert np.array_equal(alone.scores, other.scores)
        mentions = extractor.recognise(alone)
        assert mentions == extractor.recognise(other)
        links = [Link(one) for one in mentions]
        assert extractor.relate(alone, links) == extractor.relate(other, links)


def test_padded_batches_give_the_same_numbers(tmp_path: Path) -> None:
    package = load_package(write_package(tmp_path / "extractor"))
    texts = [document(str(count), words(count, count)) for count in (30, 31, 200, 33, 700)]
    read = {}
    for together in (False, True):
        compute = Compute(torch.device("cpu"), "fp32", together=together)
        read[together] = list(Encoding(package.network, package.pieces, package.lexicon, compute).encode(texts))
    for one, other in zip(read[False], read[True], strict=True):
        assert np.allclose(one.scores, other.scores, atol=1e-4)


def test_a_long_document_has_no_seams(extractor: Extractor) -> None:
    text = words(2000, 1)
    (encoded,) = extractor.encode([document("long", text)])
    assert len(encoded.reads) > 3
    assert not np.any(np.all(encoded.scores == 0, axis=1))
    mentions = extractor.recognise(encoded)
    assert mentions
    for one, two in itertools.pairwise(mentions):
        assert one.span.end <= two.span.start
    assert all(one.span.of(text) == one.text for one in mentions)


def test_states_beyond_the_kept_ones_are_computed_again(extractor: Extractor) -> None:
    (encoded,) = extractor.encode([document("long", words(900, 2))])
    links = [Link(one) for one in extractor.recognise(encoded)]
    kept = extractor.relate(encoded, links)
    encoded.states.clear()
    assert kept
    assert extractor.relate(encoded, links) == kept


def mention(text: str, words: str, category: str, occurrence: int = 0) -> Mention:
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(words, start + 1)
    return Mention("d", Span(start, start + len(words)), words, category, 0.9)


def linked(one: Mention, ident: str) -> Link:
    return Link(one, (Candidate(Concept(ident, ident, one.category), 1.0, one.text, "exact"),))


def test_mentions_of_one_concept_are_one_argument_and_the_nearest_pair_speaks(extractor: Extractor) -> None:
    text = "aspirin was given . acetyl salicylic acid and fever . cough"
    segmented = Segmented(
        Document("d", "d", text, "test", "article"),
        (Sentence("d", Span(0, 19), "", ()), Sentence("d", Span(20, 53), "", ()), Sentence("d", Span(54, 59), "", ())),
        (),
    )
    (encoded,) = extractor.encode([segmented])
    links = [
        linked(mention(text, "aspirin", "ChemicalEntity"), "MESH:D001241"),
        linked(mention(text, "acetyl salicylic acid", "ChemicalEntity"), "MESH:D001241"),
        Link(mention(text, "fever", "PhenotypicFeature")),
        linked(mention(text, "patient" if "patient" in text else "given", "OrganismTaxon"), "NCBITaxon:9606"),
    ]
    readings = extractor.relate(encoded, links)
    assert {one.label.split(":")[0] for one in readings} == {"CID", "BioRED"}
    (causes,) = [one for one in readings if one.label == "CID:CID"]
    assert (causes.subject.text, causes.object.text) == ("acetyl salicylic acid", "fever")
    (related,) = [one for one in readings if one.label.startswith("BioRED:")]
    assert (related.subject.text, related.object.text) == ("fever", "acetyl salicylic acid")
    assert all(one.reader == extractor.reader for one in readings)


def test_unlinked_mentions_group_by_their_words(extractor: Extractor) -> None:
    text = "Fever after aspirin and fever after Aspirin"
    (encoded,) = extractor.encode([document("d", text)])
    links = [
        Link(mention(text, "Fever", "Disease")), Link(mention(text, "fever", "Disease")),
        Link(mention(text, "aspirin", "ChemicalEntity")), Link(mention(text, "Aspirin", "ChemicalEntity")),
    ]  # fmt: skip
    assert sum(one.label == "CID:CID" for one in extractor.relate(encoded, links)) == 1


def test_a_word_longer_than_a_window_is_read(extractor: Extractor) -> None:
    (encoded,) = extractor.encode([document("d", "fever " + "x" * 3000 + " aspirin")])
    assert len(encoded.scores) == 3
    assert np.isfinite(encoded.scores).all()


def test_a_disease_gives_way_to_a_narrower_one_of_the_same_chemical_where_the_corpus_wants_that() -> None:
    def said(first: str, second: str, related: float = 0.9) -> Judged:
        one = Mention("d", Span(0, 1), "a", "ChemicalEntity", 0.9)
        other = Mention("d", Span(2, 3), "b", "Disease", 0.9)
        return Judged(first, second, "CID", one, other, related, related)

    def broader(one: str, two: str) -> bool:
        return (one, two) == ("arrhythmia", "torsades")

    judged = [said("sotalol", "arrhythmia"), said("sotalol", "torsades"), said("digoxin", "arrhythmia")]
    kept = most_specific(judged, scheme("BC5CDR"), broader)
    assert [(one.first, one.second) for one in kept] == [("sotalol", "torsades"), ("digoxin", "arrhythmia")]
    assert most_specific(judged, scheme("BioRED"), broader) == judged
    doubtful = [said("sotalol", "arrhythmia"), said("sotalol", "torsades", 0.6)]
    assert most_specific(doubtful, scheme("BC5CDR"), broader) == doubtful


def test_nothing_is_read_in_references_and_administrative_matter(extractor: Extractor) -> None:
    body, back = words(60, 5), " ".join(f"name{number}" for number in range(900))  # none of whose words stands in body
    text = f"{body} {back}"
    sections = (Section("abstract", "", Span(0, len(body))), Section("references", "", Span(len(body) + 1, len(text))))
    plain = document("d", text)
    marked = Segmented(replace(plain.document, sections=sections), plain.sentences, ())
    (one,) = extractor.encode([plain])
    (other,) = extractor.encode([marked])
    assert any(mention.span.start > len(body) for mention in extractor.recognise(one))
    edge = len(body) - 40  # a name at the border may go on in what is not read
    inside = [mention for mention in extractor.recognise(one) if mention.span.end < edge]
    assert [m for m in extractor.recognise(other) if m.span.end < edge] == inside
    assert all(mention.span.end <= len(body) for mention in extractor.recognise(other))
    assert len(other.reads) == 1 < len(one.reads)
