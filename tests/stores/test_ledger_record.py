"""Recording: what is kept, what a second reading changes, and what the order must not change."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.assemble import assemble
from kg.errors import StoreError
from kg.model import Link, Mention, Rejection, Span, Withdrawal
from kg.stores.ledger import DocumentReading, Ledger
from kg.stores.rdf_query import sparql
from tests.stores.ledger_samples import CONCEPTS, EXTRACTOR, PATTERNS, RETRAINED, build, graph, paper, read


def test_counts_what_one_paper_brings(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1))])
    with Ledger.open(tmp_path) as ledger:
        assert ledger.counts() == {
            "documents": 1, "unread": 0, "works": 1, "mentions": 2, "concepts": 2, "evidence": 1, "statements": 1,
        }  # fmt: skip
        (statement,) = ledger.statements()
        assert (statement.belief, statement.works) == (0.64, ("PMID:1",))
        (evidence,) = ledger.evidences()
        assert evidence == read(paper(1)).evidence[0]
        assert statement.evidence == (evidence.id,)
        assert [concept.name for concept in ledger.concepts()] == ["Aspirin", "Hemorrhage"]
        assert next(ledger.concepts()) == CONCEPTS["Aspirin"]


def test_a_document_comes_back_with_everything_but_its_text(tmp_path: Path) -> None:
    document = paper(
        1, identifiers=("DOI:10.1/x", "PMID:1"), publication_types=("Review",), mesh=("MESH:D001241",),
        url="https://example.org/1", published="2014-03", license="CC0",
    )  # fmt: skip
    build(tmp_path, [read(document)])
    with Ledger.open(tmp_path) as ledger:
        (held,) = ledger.documents()
    assert held.sections == document.sections
    for name in ("id", "work", "kind", "source", "title", "language", "identifiers", "publication_types", "mesh"):
        assert getattr(held, name) == getattr(document, name)
    assert (held.url, held.published, held.license) == ("https://example.org/1", "2014-03", "CC0")
    assert held.text_hash == document.text_hash


def test_an_unlinked_mention_is_kept(tmp_path: Path) -> None:
    document = paper(1, "Zorbium hurts.")
    mention = Mention("PMID:1", Span(0, 7), "Zorbium", "ChemicalEntity", 0.71234, "hedged")
    build(tmp_path, [DocumentReading(document, "k", (Link(mention),))])
    with Ledger.open(tmp_path) as ledger:
        (held,) = ledger.mentions()
        assert (held.text, held.concept, held.status, held.score) == ("Zorbium", None, "hedged", 0.712)
        assert list(ledger.concepts()) == []


def test_the_same_again_is_known_and_writes_nothing(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1)), read(paper(2))])
    before = (tmp_path / "ledger.duckdb").read_bytes()
    with Ledger.open(tmp_path, write=True) as ledger:
        change = ledger.last_change
        assert ledger.unknown([paper(1), paper(2), paper(3)], "k") == (paper(3),)
        assert ledger.record_batch([read(paper(1)), read(paper(2))]) == 0
        assert ledger.last_change == change
        assert ledger.refresh(assemble) == 0
    assert (tmp_path / "ledger.duckdb").read_bytes() == before


def test_a_new_key_makes_a_document_unknown_and_withdraws_what_is_no_longer_said(tmp_path: Path) -> None:
    text = "Aspirin causes hemorrhage and asthma."
    both = [("Aspirin", "causes", "Hemorrhage"), ("Aspirin", "causes", "Asthma")]
    build(tmp_path, [read(paper(1, text), *both)])
    assert graph(tmp_path)[-1]["statements"] == 2  # type: ignore[index]
    with Ledger.open(tmp_path, write=True) as ledger:
        assert not ledger.known(paper(1, text), "k2")
        before = ledger.last_change
        again = read(paper(1, text), both[0], key="k2")
        ledger.record(again)
        gone = read(paper(1, text), both[1]).evidence[0]
        assert ledger.changes_since(before) == (gone.triple.id,)
        assert ledger.refresh(assemble) == 1
        assert [e.id for e in ledger.evidences()] == [again.evidence[0].id]
        assert ledger.withdrawn("PMID:1") == ((gone.id, "read anew"),)


def test_a_retrained_reader_does_not_vote_beside_its_predecessor(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1))])
    build(tmp_path, [read(paper(1), key="k2", reader=RETRAINED, score=0.8)])
    with Ledger.open(tmp_path) as ledger:
        assert [e.reader for e in ledger.evidences()] == [RETRAINED]
        assert [s.belief for s in ledger.statements()] == [round(0.79 * 0.72, 3)]


def test_going_back_to_an_older_reader_revives_its_evidence(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1))])
    first = graph(tmp_path)
    build(tmp_path, [read(paper(1), key="k2", reader=RETRAINED)])
    build(tmp_path, [read(paper(1))])
    assert graph(tmp_path) == first


def test_evidence_that_two_readings_give_alike_keeps_the_better_score(tmp_path: Path) -> None:
    low, high = read(paper(1), score=0.6), read(paper(1), score=0.7004)
    for order in ((low, high), (high, low)):
        reading = replace(low, evidence=tuple(r.evidence[0] for r in order))
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder), [reading])
            with Ledger.open(Path(folder)) as ledger:
                assert [e.score for e in ledger.evidences()] == [0.7]


def test_a_revision_replaces_and_an_older_one_is_kept_out(tmp_path: Path) -> None:
    old, new = paper(1, version="1"), paper(1, "Aspirin prevents asthma.", version="2")
    claims = read(new, ("Aspirin", "treats", "Asthma"))
    a, b = tmp_path / "a", tmp_path / "b"
    build(a, [read(old), claims])
    build(b, [claims, read(old)])
    assert graph(a) == graph(b)
    with Ledger.open(a, write=True) as ledger:
        assert [e.text for e in ledger.evidences()] == ["Aspirin prevents asthma."]
        assert ledger.known(old, "k")
        assert ledger.known(old, "another key")


def test_metadata_alone_make_a_revision(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1))])
    build(tmp_path, [read(paper(1, version="2", publication_types=("Case Reports",)))])
    with Ledger.open(tmp_path) as ledger:
        assert [s.belief for s in ledger.statements()] == [round(0.79 * 0.36, 3)]
        assert ledger.counts()["evidence"] == 1


def test_an_edited_file_is_read_again_and_can_be_edited_back(tmp_path: Path) -> None:
    first = paper(0, document="file:a.txt", version="")
    edited = paper(0, "Metformin causes asthma.", document="file:a.txt", version="")
    build(tmp_path, [read(first)])
    original = graph(tmp_path)
    build(tmp_path, [read(edited, ("Metformin", "causes", "Asthma"))])
    with Ledger.open(tmp_path) as ledger:
        assert [e.text for e in ledger.evidences()] == ["Metformin causes asthma."]
    build(tmp_path, [read(first)])
    assert graph(tmp_path) == original


def test_two_texts_of_one_id_in_one_build_end_alike_and_are_not_read_again(tmp_path: Path) -> None:
    one = read(paper(0, document="file:a.txt", version=""))
    two = read(
        paper(0, "Metformin causes asthma.", document="file:a.txt", version=""), ("Metformin", "causes", "Asthma")
    )
    for name, order in (("a", [one, two]), ("b", [two, one])):
        for size in (1, 2):
            build(tmp_path / f"{name}{size}", order, batch=size)
    seen = [graph(tmp_path / name) for name in ("a1", "a2", "b1", "b2")]
    assert seen[1:] == seen[:1] * 3
    with Ledger.open(tmp_path / "b1", write=True) as ledger:
        assert ledger.unknown([one.document, two.document], "k") == ()


def test_an_unread_language_is_counted(tmp_path: Path) -> None:
    document = paper(1, "L'aspirina causa emorragia.", language="it")
    build(tmp_path, [DocumentReading(document, "k", unread="language: it")])
    with Ledger.open(tmp_path) as ledger:
        assert (ledger.counts()["documents"], ledger.counts()["unread"]) == (1, 1)
        assert next(ledger.documents()).unread == "language: it"


def test_rejections_repeat_until_their_file_is_mended(tmp_path: Path) -> None:
    broken = Rejection("sources", "source_format", "a.xml#line 3", "mismatched tag")
    other = Rejection("sources", "source_format", "a.xml#line 9", "no PMID")
    elsewhere = Rejection("sources", "empty_file", "b.xml", "the file is empty")
    with Ledger.open(tmp_path, write=True) as ledger:
        assert ledger.reject([broken, broken, other, elsewhere])
    with Ledger.open(tmp_path, write=True) as ledger:
        change = ledger.last_change
        assert not ledger.reject([broken])
        assert not ledger.reject([other])
        assert not ledger.settle(["a.xml"])
        assert ledger.last_change == change
        assert ledger.rejections() == (broken, other, elsewhere)
    with Ledger.open(tmp_path, write=True) as ledger:
        ledger.reject([other])
        assert ledger.settle(["a.xml"])
        assert ledger.rejections() == (other, elsewhere)


def test_rejections_inside_a_document_are_replaced_with_it(tmp_path: Path) -> None:
    unknown = Rejection("link", "vocabulary", "PMID:1", "no such concept")
    with Ledger.open(tmp_path, write=True) as ledger:
        ledger.record(replace(read(paper(1)), rejections=(unknown,)))
        assert ledger.rejections() == (unknown,)
        ledger.record(read(paper(1), key="k2"))
        assert ledger.rejections() == ()


def test_evidence_of_another_document_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    wrong = replace(read(paper(1)), evidence=read(paper(2)).evidence)
    with Ledger.open(tmp_path, write=True) as ledger:
        with pytest.raises(StoreError, match="evidence of another document"):
            ledger.record_batch([read(paper(3)), wrong])
        assert ledger.counts()["documents"] == 0
        assert ledger.last_change == 0


def test_evidence_of_an_unknown_concept_is_refused(tmp_path: Path) -> None:
    with (
        Ledger.open(tmp_path, write=True) as ledger,
        pytest.raises(StoreError, match=r"concepts that came with no link.*MESH:D001241"),
    ):
        ledger.record(replace(read(paper(1)), links=()))


def test_forget_takes_out_and_purge_erases(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1)), read(paper(2, "Aspirin surely causes hemorrhage."))])
    with Ledger.open(tmp_path, write=True) as ledger:
        ledger.forget("PMID:1")
        ledger.refresh(assemble)
        assert [s.works for s in ledger.statements()] == [("PMID:2",)]
        assert ledger.withdrawn("PMID:1") == ((read(paper(1)).evidence[0].id, "forgotten"),)
        ledger.forget("PMID:2", purge=True)
        ledger.refresh(assemble)
        assert ledger.withdrawn("PMID:2") == ()
        assert list(ledger.statements()) == []
        with pytest.raises(StoreError, match="no such document"):
            ledger.forget("PMID:2")


def test_purged_words_leave_the_file(tmp_path: Path) -> None:
    secret = "Aspirin causes hemorrhage in Mr Featherstonehaugh."
    build(tmp_path, [read(paper(1, secret)), read(paper(2))])
    assert sparql(tmp_path, "ASK { ?s oa:exact ?text FILTER(CONTAINS(?text, 'stonehaugh')) }").rows == (("true",),)
    with Ledger.open(tmp_path, write=True) as ledger:
        assert ledger.forget("PMID:1", purge=True) == 1
        ledger.refresh(assemble)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Featherstonehaugh" not in kept
    assert b"Aspirin" in kept


CLAIMS = (("Aspirin", "causes", "Hemorrhage"), ("Aspirin", "treats", "Asthma"), ("Metformin", "causes", "Asthma"))
TEXTS = ("Aspirin, metformin, hemorrhage, asthma.", "Asthma, hemorrhage, metformin and aspirin.")


@st.composite
def readings(draw: st.DrawFn) -> DocumentReading:
    number = draw(st.integers(1, 4))
    text = draw(st.sampled_from(TEXTS))
    version = draw(st.sampled_from(("", "1", "2")))
    known_as = draw(st.sampled_from(((), ("DOI:10.1/a",), ("DOI:10.1/b", "PMID:3"))))
    retracts = draw(st.sampled_from(((), (), ("PMID:2",))))
    name = draw(st.sampled_from((f"PMID:{number}", f"file:{number}.txt")))
    document = paper(number, text, document=name, version=version, identifiers=known_as, retracts=retracts)
    # What is read in a text follows from the text: the readers are deterministic.
    seed = sum(map(ord, text + name + version))
    chosen = [claim for place, claim in enumerate(CLAIMS) if seed >> place & 1] or [CLAIMS[0]]
    reader = (EXTRACTOR, PATTERNS)[seed % 2]
    return read(document, *chosen, reader=reader, score=0.5 + seed % 5 / 10)


@settings(max_examples=15, deadline=None)
@given(st.lists(readings(), min_size=1, max_size=8), st.randoms(use_true_random=False), st.integers(1, 8))
def test_order_batches_and_duplicates_change_nothing(given: list[DocumentReading], random: object, size: int) -> None:
    shuffled = [*given, *given[:3]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "a", given)
        build(Path(folder) / "b", shuffled, batch=size)
        assert graph(Path(folder) / "a") == graph(Path(folder) / "b")


@settings(max_examples=10, deadline=None)
@given(st.lists(readings(), max_size=6), readings())
def test_forgetting_what_was_just_recorded_restores_the_graph(
    before: list[DocumentReading], new: DocumentReading
) -> None:
    before = [r for r in before if r.document.id != new.document.id]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder, before)
        first = graph(folder)
        build(folder, [new])
        with Ledger.open(folder, write=True) as ledger:
            ledger.forget(new.document.id)
            ledger.refresh(assemble)
        assert graph(folder) == first


def test_withdrawals_of_works_that_never_came_are_kept_quietly(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1))])
    first = graph(tmp_path)
    with Ledger.open(tmp_path, write=True) as ledger:
        ledger.withdraw([Withdrawal("PMID:99", "deleted", "DeleteCitation")])
        ledger.refresh(assemble)
    assert graph(tmp_path) == first
