"""Readers of annotated corpora: what they give, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import OffsetError, SourceFormatError
from kg.train.corpora import GoldMention, GoldRelation, read_corpus

SAMPLES = Path(__file__).parents[1] / "data" / "corpora"


def test_pubtator_gives_mentions_and_relations_by_concept() -> None:
    document = read_corpus(SAMPLES / "bc5cdr.PubTator")[0]
    assert document.id == "3693336"
    assert document.mentions[1] == GoldMention(46, 51, "mania", "Disease", ("D001714",))
    assert document.relations == (GoldRelation("CID", "D014229", "D001714"),)
    assert all(document.text[one.start : one.end] == one.text for one in document.mentions)


def test_biored_ids_split_on_commas_only() -> None:
    documents = {one.id: one for one in read_corpus(SAMPLES / "biored.PubTator")}
    ids = {ident for one in documents.values() for mention in one.mentions for ident in mention.ids}
    assert "c|INS||137" in ids
    composite = next(one for one in documents["15177686"].mentions if one.start == 204)
    assert composite.ids == ("D018376", "D019465")
    assert GoldRelation("Association", "c|INS||137", "D002524") in documents["8755918"].relations


def pubtator(folder: Path, *lines: str) -> Path:
    path = folder / "x.PubTator"
    path.write_text("\n".join(["1|t|Fever and cough.", "1|a|", *lines]), encoding="utf-8")
    return path


def test_composites_split_and_no_id_is_none(tmp_path: Path) -> None:
    path = pubtator(tmp_path, "1\t0\t5\tFever\tDisease\t-1", "1\t10\t15\tcough\tDisease\tD1|D2", "")
    assert [one.ids for one in read_corpus(path)[0].mentions] == [(), ("D1", "D2")]


def test_a_document_that_occurs_twice_is_read_twice(tmp_path: Path) -> None:
    path = tmp_path / "x.PubTator"
    path.write_text("1|t|Fever.\n1|a|First.\n\n1|t|Fever.\n1|a|Second.\n", encoding="utf-8")
    assert [one.text for one in read_corpus(path)] == ["Fever. First.", "Fever. Second."]


def test_an_offset_error_names_file_document_and_offset(tmp_path: Path) -> None:
    with pytest.raises(OffsetError) as caught:
        read_corpus(pubtator(tmp_path, "1\t1\t5\tFever\tDisease\tD1"))
    assert caught.value.context == {
        "file": "x.PubTator", "document": "1", "offset": 1, "expected": "Fever", "found": "ever",
    }  # fmt: skip


def test_a_line_that_is_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError, match="neither a mention nor a relation"):
        read_corpus(pubtator(tmp_path, "1 0 5 Fever"))


def test_bioc_relations_join_the_words_of_their_mentions() -> None:
    documents = read_corpus(SAMPLES / "drugprot.bioc.xml")
    assert len(documents) == 2
    for document in documents:
        assert document.relations
        named = {ident for one in document.mentions for ident in one.ids}
        assert {end for one in document.relations for end in (one.first, one.second)} <= named


def test_broken_bioc_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text("<collection><document><id>1</id>", encoding="utf-8")
    with pytest.raises(SourceFormatError, match=r"broken XML"):
        read_corpus(path)


def test_brat_keeps_discontinuous_parts() -> None:
    (document,) = read_corpus(SAMPLES / "brat")
    split = [one for one in document.mentions if one.parts]
    assert split == [
        GoldMention(701, 735, "granular cell tumor", "Disease_disorder", (), ((701, 714), (730, 735))),
    ]


LABEL = """<Label drug="x"><Text><Section name="adverse reactions" id="S1">Rash, severe pain.</Section>
<Section name="warnings" id="S2">No rash.</Section></Text><Mentions>
<Mention id="M1" section="S1" type="AdverseReaction" start="0" len="4" str="Rash" />
<Mention id="M2" section="S2" type="AdverseReaction" start="3" len="4" str="rash" />
<Mention id="M3" section="S1" type="Severity" start="6,13" len="6,4" str="severe pain" />
</Mentions></Label>"""


def test_tac_sections_count_their_own_offsets(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(LABEL, encoding="utf-8")
    first, second = read_corpus(tmp_path)
    assert (first.id, second.id) == ("x/S1", "x/S2")
    assert first.mentions[1].parts == ((6, 12), (13, 17))
    assert second.mentions == (GoldMention(3, 7, "rash", "AdverseReaction"),)


def test_an_unknown_format_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(SourceFormatError, match="not PubTator"):
        read_corpus(tmp_path / "x.txt")
    with pytest.raises(SourceFormatError, match="no such corpus"):
        read_corpus(tmp_path / "y")
