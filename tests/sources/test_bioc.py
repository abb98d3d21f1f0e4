"""BioC and PubTator: texts that come with offsets."""

from __future__ import annotations

import json

from source_samples import DATA, parts


def test_xml_and_json_of_one_collection_are_the_same_documents(reading):
    from_xml = reading(DATA / "everything.xml").documents
    from_json = reading(DATA / "everything.json").documents
    assert from_xml == from_json
    assert [document.text for document in from_xml] == ["abcdefghijklmnopqrstuvwxyz", "abcdefg测试Non-ASCII"]


def bioc(*passages: tuple[int, str, dict[str, str]], number: str = "12345", source: str = "PubMed") -> str:
    made = [{"offset": offset, "text": text, "infons": infons} for offset, text, infons in passages]
    return json.dumps({"source": source, "documents": [{"id": number, "infons": {}, "passages": made}]})


def test_passages_stand_at_the_offsets_of_the_file(reading):
    text = bioc((100, "Fever", {"type": "title"}), (106, "Cough 😷.", {"type": "abstract"}), (117, "End.", {}))
    document = reading("a.json", text).document
    assert document.text == "Fever\nCough 😷.\n \nEnd."
    assert [(kind, text) for kind, _, text in parts(document)] == [
        ("title", "Fever"),
        ("abstract", "Cough 😷."),
        ("body", "End."),
    ]
    assert document.text[117 - 100 :] == "End."
    assert (document.id, document.work, document.title) == ("PMID:12345#bioc", "PMID:12345", "Fever")


def test_overlapping_offsets_fall_back_to_empty_lines(reading):
    text = bioc((0, "Fever", {"type": "title"}), (3, "Cough.", {"type": "abstract"}))
    assert reading("a.json", text).document.text == "Fever\n\nCough."


def test_sections_of_pmc_and_references_left_out(reading):
    head = {"section_type": "TITLE", "article-id_pmid": "77", "article-id_doi": "10.1000/A", "license": "CC BY"}
    text = bioc(
        (0, "Fever", head),
        (6, "We gave water.", {"section_type": "METHODS", "type": "paragraph"}),
        (21, "Doe J.", {"section_type": "REF"}),
        (28, "Thanks.", {"section_type": "ACK_FUND"}),
        number="PMC99",
        source="PMC",
    )
    document = reading("a.json", text).document
    assert [(kind, text) for kind, _, text in parts(document)] == [
        ("title", "Fever"),
        ("methods", "We gave water."),
        ("admin", "Thanks."),
    ]
    assert document.identifiers == ("PMID:77", "DOI:10.1000/a", "PMCID:PMC99")
    assert (document.work, document.license) == ("PMID:77", "CC BY")


def test_the_ways_in_which_json_is_wrapped(reading):
    one = json.loads(bioc((0, "Fever and cough.", {})))
    document = one["documents"][0]
    for wrapped in (
        json.dumps(one),
        json.dumps([one]),
        json.dumps({"PubTator3": [document]}, indent=1),
        json.dumps(document),
        json.dumps(document) + "\n" + json.dumps({**document, "id": "12346"}),
    ):
        got = reading("a.json", wrapped)
        assert got.rejections == []
        assert got.documents[0].id == "PMID:12345#bioc"


def test_a_break_in_json_keeps_what_was_complete(reading):
    one = json.loads(bioc((0, "Fever and cough.", {})))
    one["documents"] = [{**one["documents"][0], "id": str(number)} for number in range(10_000, 12_000)]
    text = json.dumps(one)
    got = reading("a.json", text[: text.index('"11500"') + 30])
    assert len(got.documents) == 1_500
    assert got.codes == ["json_broken"]


def test_a_document_of_another_shape_is_rejected_and_the_rest_goes_on(reading):
    good = json.loads(bioc((0, "Fever and cough.", {})))["documents"][0]
    bad = [{"id": "1", "passages": [{"offset": "x"}]}, {"id": "2"}, {"id": "3", "passages": []}, 5]
    got = reading("a.json", json.dumps({"source": "PubMed", "documents": [*bad, good]}))
    assert got.codes == ["bioc_document", "bioc_document", "no_text", "bioc_document"]
    assert [document.id for document in got.documents] == ["PMID:12345#bioc"]
    assert got.rejections[0].subject == "a.json#document 1"


def test_halves_of_characters_are_replaced_one_for_one(reading):
    text = '{"documents": [{"id": "12345", "passages": [{"offset": 0, "text": "Fev\\ud800er and cough."}]}]}'
    document = reading("a.json", text).document
    assert document.text == "Fev\ufffder and cough."
    document.text.encode("utf-8")


def test_pubtator(reading):
    documents = reading(DATA / "tmvar.PubTator").documents
    assert [document.id for document in documents] == [f"PMID:{n}#pubtator" for n in (22051099, 22188495, 20846357)]
    first = documents[0]
    # The file's own annotations point at the words.
    assert first.text[327:336] == "rs2234671"
    assert first.text[349:359] == "Ex2+860G>C"
    assert [(kind, text[:12]) for kind, _, text in parts(first)] == [
        ("title", "Variation in"),
        ("abstract", "BACKGROUND: "),
    ]


def test_a_strange_pubtator_line_is_rejected_and_the_rest_is_read(reading):
    got = reading("a.txt", "12345|t|Fever\n12345|a|Cough and pain.\n12345\t0\t5\tFever\tDisease\tD005334\nwhat?\n\n")
    assert [(item.code, item.subject) for item in got.rejections] == [("pubtator_line", "a.txt#line 4")]
    assert got.documents[0].text == "Fever\nCough and pain."
