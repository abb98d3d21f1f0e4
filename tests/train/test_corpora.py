"""Readers of annotated corpora: what they give, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KGError, OffsetError, SourceFormatError
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
        "file": "x.PubTator", "line": 3, "document": "1", "offset": 1, "expected": "Fever", "found": "ever",
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
        GoldMention(701, 735, "granular cell tumor", "Disease_disorder", (), ((701, 714), (730, 735)), "hedged"),
    ]


def brat(folder: Path, text: str, *lines: str) -> Path:
    (folder / "x.txt").write_bytes(text.encode())
    (folder / "x.ann").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_brat_counts_both_characters_of_a_line_end(tmp_path: Path) -> None:
    (document,) = read_corpus(brat(tmp_path, "Fever.\r\nCough.", "T1\tSign 8 13\tCough"))
    assert document.text[8:13] == "Cough"


def test_brat_relations_and_normalisations_give_ids(tmp_path: Path) -> None:
    lines = ("T1\tDrug 0 7\tAspirin", "T2\tSign 14 19\tfever", "R1\tTreats Arg1:T1 Arg2:T2\t", "E1\tDrug:T1",
             "N1\tReference T1 MESH:D001241\tAspirin", "R2\tMODIFY Arg1:E1 Arg2:E2")  # fmt: skip
    (document,) = read_corpus(brat(tmp_path, "Aspirin cures fever.", *lines))
    assert [one.ids for one in document.mentions] == [("MESH:D001241",), ("fever",)]
    assert document.relations == (GoldRelation("Treats", "MESH:D001241", "fever"),)


@pytest.mark.parametrize(
    ("line", "error", "said"),
    [
        ("T1\tSign 0 4\tFever", OffsetError, "offsets do not point"),
        ("T1\tSign 0 99\tFever", OffsetError, "outside the text"),
        ("T1 Sign 0 5 Fever", SourceFormatError, "not a brat text-bound line"),
        ("R1\tTreats Arg1:T1 Arg2:T2", SourceFormatError, "a relation without its mention"),
    ],
)
def test_a_brat_error_names_the_line(tmp_path: Path, line: str, error: type[KGError], said: str) -> None:
    with pytest.raises(error, match=said) as caught:
        read_corpus(brat(tmp_path, "Fever.", "#1\tnote", line))
    assert (caught.value.context["file"], caught.value.context["line"]) == ("x.ann", 2)


LABEL = """<Label drug="x"><Text><Section name="adverse reactions" id="S1">Rash, severe pain.</Section>
<Section name="warnings" id="S2">No rash.</Section></Text><Mentions>
<Mention id="M1" section="S1" type="AdverseReaction" start="0" len="4" str="Rash" />
<Mention id="M2" section="S2" type="AdverseReaction" start="3" len="4" str="rash" />
<Mention id="M3" section="S1" type="Severity" start="6,13" len="6,4" str="severe pain" />
<Mention id="M4" section="S2" type="Negation" start="0" len="2" str="No" />
</Mentions><Relations><Relation id="RL1" type="Negated" arg1="M2" arg2="M4" /></Relations></Label>"""


def test_tac_sections_count_their_own_offsets_and_reactions_have_a_status(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(LABEL, encoding="utf-8")
    first, second = read_corpus(tmp_path)
    assert (first.id, second.id) == ("x/S1", "x/S2")
    assert first.mentions[1].parts == ((6, 12), (13, 17))
    assert second.mentions[0] == GoldMention(3, 7, "rash", "AdverseReaction", status="negated", because="Negation")
    assert [one.status for one in first.mentions] == ["affirmed", ""]


@pytest.mark.parametrize(
    ("wrong", "error", "line"),
    [
        (('start="3"', 'start="4"'), OffsetError, 4),
        (('start="3"', 'start="three"'), SourceFormatError, 4),
        (('len="6,4"', 'len="6"'), SourceFormatError, 5),
        (("<Label", '<!DOCTYPE x [<!ENTITY a "aaaa">]><Label'), SourceFormatError, 1),
        (("</Mentions>", ""), SourceFormatError, 7),
    ],
)
def test_an_error_in_xml_names_file_and_line(
    tmp_path: Path, wrong: tuple[str, str], error: type[KGError], line: int
) -> None:
    (tmp_path / "x.xml").write_text(LABEL.replace(*wrong), encoding="utf-8")
    with pytest.raises(error) as caught:
        read_corpus(tmp_path / "x.xml")
    assert (caught.value.context["file"], caught.value.context["line"]) == ("x.xml", line)


def test_an_external_entity_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{tmp_path}/secret">]><Label'
    (tmp_path / "x.xml").write_text(LABEL.replace("<Label", entity).replace("Rash,", "&a;"), encoding="utf-8")
    with pytest.raises(SourceFormatError, match="declares entities"):
        read_corpus(tmp_path / "x.xml")


def bioc_json(relation: str, identifier: str = "D1") -> str:
    return (
        '{"documents": [{"id": 7, "passages": [{"offset": 0, "text": "Aspirin"}, {"offset": 8, "text": "cures fever.",'
        '"annotations": [{"id": "1", "infons": {"type": "Disease", "identifier": "D2"}, "text": "fever",'
        '"locations": [{"offset": 14, "length": 5}]}, {"id": "0", "infons": {"type": "Chemical", "identifier":'
        f'"{identifier}"}}, "text": "Aspirin", "locations": [{{"offset": 0, "length": 7}}]}}]}}],'
        f'"relations": [{relation}]}}]}}'
    )


NODES = '"nodes": [{"role": "head", "refid": "0"}, {"role": "tail", "refid": "1"}]'


@pytest.mark.parametrize(
    "relation",
    [
        '{"id": "R0", "infons": {"type": "T"}, ' + NODES + "}",
        '{"id": "R0", "infons": {"type": "T", "entity1": "D1", "entity2": "D2"}, "nodes": []}',
        '{"id": "R0", "infons": {"relation": "T", "Chemical": "D1", "Disease": "D2"}}',
    ],
)
def test_bioc_json_relates_mentions_or_concepts(tmp_path: Path, relation: str) -> None:
    (tmp_path / "x.json").write_text(bioc_json(relation), encoding="utf-8")
    (document,) = read_corpus(tmp_path / "x.json")
    assert (document.id, document.text) == ("7", "Aspirin cures fever.")
    assert document.relations == (GoldRelation("T", "D1", "D2"),)
    assert document.mentions[0] == GoldMention(14, 19, "fever", "Disease", ("D2",))


def test_bioc_json_that_is_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"documents": [{"id": 1, "passages": [{"text": "a"}]}]}', encoding="utf-8")
    with pytest.raises(SourceFormatError, match="not BioC JSON"):
        read_corpus(path)
    path.write_text('{"documents": [\n{]}', encoding="utf-8")
    with pytest.raises(SourceFormatError, match="broken JSON") as caught:
        read_corpus(path)
    assert caught.value.context["line"] == 2


def test_composite_ids_are_split_as_their_corpus_joins_them(tmp_path: Path) -> None:
    joined = ("D1,D3", ("D1", "D3")), ("D1|D3", ("D1", "D3")), ("-", ())
    for said, wanted in (*joined, ("c|A||1", ("c|A||1",)), ("p|SUB|V|600|E", ("p|SUB|V|600|E",))):
        (tmp_path / "x.json").write_text(bioc_json("", said), encoding="utf-8")
        assert read_corpus(tmp_path / "x.json")[0].mentions[1].ids == wanted


COLUMNS = "sid relation score expert test_partition b1 e1 term1 b2 e2 term2 sentence umls_seed_relation".split()


def crowd(folder: Path, relation: str, *rows: tuple[int, float, str, str, str, str]) -> None:
    lines = ["\t".join(COLUMNS)]
    for sid, score, one, two, sentence, seed in rows:
        places: list[object] = []
        for term in (one, two):
            places += [sentence.index(term), sentence.index(term) + len(term), term]
        lines.append("\t".join(map(str, (sid, relation, score, "", "", *places, sentence, seed))))
    (folder / f"repaired_{relation}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_crowdtruth_says_denies_or_does_not_know(tmp_path: Path) -> None:
    treats, causes = "Aspirin was given for fever", "Flu led to fever"
    crowd(tmp_path, "treat", (1, 0.9, "fever", "Aspirin", treats, "may treat"), (2, 0.1, "fever", "Flu", causes, "x"),
          (3, 0.1, "fever", "Aspirin", treats, "may treat"), (4, 0.1, "Flu", "fever", causes, "x"),
          (5, 0.4, "fever", "Aspirin", treats, "may treat"))  # fmt: skip
    crowd(tmp_path, "cause", (1, 0.0, "fever", "Aspirin", treats, "may treat"), (2, 0.7, "fever", "Flu", causes, "x"),
          (3, 0.0, "fever", "Aspirin", treats, "may treat"))  # fmt: skip
    documents = {one.id.split("-")[1]: one for one in read_corpus(tmp_path)}
    assert set(documents) == {"1", "2", "3"}  # 4 was asked about one relation only, 5 is unknown
    assert documents["1"].relations == (GoldRelation("treat", "term2", "term1"),)
    assert [one.type for one in documents["1"].mentions] == ["Disease", "Chemical"]
    assert documents["2"].relations == (GoldRelation("caused_by", "term2", "term1"),)
    assert documents["3"].relations == ()


def test_a_crowdtruth_table_with_wrong_offsets_is_refused(tmp_path: Path) -> None:
    crowd(tmp_path, "treat", (1, 0.9, "fever", "Aspirin", "Aspirin was given for fever", "may treat"))
    path = tmp_path / "repaired_treat.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("\tAspirin\t", "\tAspirn\t"), encoding="utf-8")
    with pytest.raises(OffsetError, match="offsets do not point") as caught:
        read_corpus(path)
    assert caught.value.context["line"] == 2


def test_an_unknown_format_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(SourceFormatError, match="not PubTator"):
        read_corpus(tmp_path / "x.txt")
    with pytest.raises(SourceFormatError, match="no such corpus"):
        read_corpus(tmp_path / "y")
