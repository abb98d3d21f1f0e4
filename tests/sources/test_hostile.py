"""Broken and hostile input: each gives a rejection that names file, place and reason; the rest is read."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
import zlib
from pathlib import Path

import pytest
from pdf_writer import pdf_of
from source_samples import DATA, EXAMPLES, Read, read_apart

from kg.config import Settings
from kg.errors import SourceError
from kg.sources import files, inventory, read

MEDLINE = '<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">1</PMID><Article><ArticleTitle>{}</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>'  # noqa: E501
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE PubmedArticleSet [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
SECRET = '<?xml version="1.0"?><!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def only(got: Read) -> tuple[str, str]:
    """Return code and subject of the one rejection of a file that gave no document."""
    assert got.documents == []
    assert len(got.rejections) == 1
    assert got.rejections[0].stage == "sources"
    assert got.rejections[0].reason
    return got.rejections[0].code, got.rejections[0].subject


def test_empty_file(reading):
    assert only(reading("a.xml", b"")) == ("empty_file", "a.xml")
    assert only(reading("b.txt", b" \n\n ")) == ("empty_file", "b.txt")
    assert only(reading("c.txt.gz", gzip.compress(b""))) == ("empty_file", "c.txt.gz")


@pytest.mark.parametrize("doctype", [LAUGHS, SECRET], ids=["bomb", "external"])
def test_entities_are_refused_by_name(reading, doctype):
    reference = "c" if doctype is LAUGHS else "x"
    assert only(reading("a.xml", doctype + MEDLINE.format(f"&{reference};"))) == ("xml_entity", "a.xml#DOCTYPE")


def test_entities_behind_a_long_comment_are_refused(reading):
    doctype = LAUGHS.replace("<!DOCTYPE", f"<!--{'x' * 100_000}--><!DOCTYPE")
    assert only(reading("pubmed.xml", doctype + MEDLINE.format("&c;")))[0] == "xml_broken"
    doctype = LAUGHS.replace("<!DOCTYPE", f"<!--{'x' * 60_000}--><!DOCTYPE")
    assert only(reading("pubmed.xml", doctype + MEDLINE.format("&c;")))[0] == "xml_entity"


def test_entities_in_utf_16_are_refused(reading):
    text = SECRET.replace("?>", ' encoding="UTF-16"?>', 1) + MEDLINE.format("&x;")
    assert only(reading("a.xml", text.encode("utf-16")))[0] == "xml_entity"


def test_names_that_html_knows_are_read_without_a_dtd(reading):
    doctype = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.nlm.nih.gov/pubmed.dtd">'
    assert reading("a.xml", doctype + MEDLINE.format("Na&iuml;ve&nbsp;cells")).document.text == "Naïve cells"


def bomb(block: bytes, times: int) -> bytes:
    """Return a .gz that expands to a citation set full of one block."""
    packer = zlib.compressobj(9, wbits=31)
    packed = packer.compress(b"<PubmedArticleSet>") + b"".join(packer.compress(block) for _ in range(times))
    return packed + packer.flush()


def test_a_gzip_bomb_is_stopped(reading):
    citation = MEDLINE.format("Fever " * 150_000)[len("<PubmedArticleSet>") : -len("</PubmedArticleSet>")]
    packed = bomb(citation.encode(), 150)
    assert len(packed) < 500_000
    got = reading("bomb.xml.gz", packed)
    assert [(item.code, item.subject) for item in got.rejections] == [("gzip_bomb", "bomb.xml.gz")]
    assert 100 <= len(got.documents) < 150


def test_a_flood_of_elements_is_stopped_before_it_fills_the_memory(reading):
    assert only(reading("flood.xml.gz", bomb(b"<x/>" * 250_000, 50)))[0] == "record_too_large"
    assert only(reading("blank.xml.gz", bomb(b" " * 1_000_000, 50)))[0] == "xml_broken"


def test_sizes_are_limited(reading):
    assert only(reading("a.txt", b"x " * 600, max_file_bytes=1_000))[0] == "file_too_large"
    assert only(reading("b.txt", "Fever and cough. " * 100, max_text_chars=1_000))[0] == "text_too_long"
    article = "<article><front><article-meta/></front><body><p>{}</p></body></article>"
    assert only(reading("c.xml", article.format("fever " * 1_000), max_text_chars=1_000))[0] == "text_too_long"
    assert only(reading("d.gz", gzip.compress(b"fever " * 1_000), max_file_bytes=2_000))[0] == "gzip_bomb"


def test_a_huge_single_line_is_refused_in_flat_memory(tmp_path):
    line = tmp_path / "line.txt"
    with open(line, "wb") as handle:
        for _ in range(200):
            handle.write(b"fever and cough " * 62_500)
    counts, megabytes = read_apart(line)
    assert counts == {"text_too_long": 1}
    assert megabytes < 150
    packed = tmp_path / "line.txt.gz"
    packed.write_bytes(gzip.compress(line.read_bytes(), 1))
    counts, megabytes = read_apart(packed)
    assert counts == {"text_too_long": 1}
    assert megabytes < 250


def test_invalid_utf_8_names_the_byte(reading):
    assert only(reading("a.txt", b"Fever \xff and cough")) == ("invalid_encoding", "a.txt#byte 6")
    assert only(reading("a.md", b"# Fever\n\n- cough \xe9\n- more\n- less")) == ("invalid_encoding", "a.md#byte 17")
    pubtator = b"12345|t|Fever\n12345|a|Cough\n\n12346|t|Gr\xfcn\n"
    got = reading("a.pubtator", pubtator)
    assert [document.id for document in got.documents] == ["PMID:12345#pubtator"]
    assert [(item.code, item.subject) for item in got.rejections] == [("invalid_encoding", "a.pubtator#byte 39")]


def test_xml_with_bytes_of_another_encoding_is_rejected_with_its_line(reading):
    code, subject = only(reading("a.xml", MEDLINE.format("Fi\x00vre").encode().replace(b"\x00", b"\xe8")))
    assert code == "xml_broken"
    assert subject == "a.xml#line 1"


def test_binary_data_and_unknown_formats(reading):
    assert only(reading("a.xml", b"\x00\x01\x02" * 50))[0] == "unknown_format"
    assert only(reading("a.xml", "<recipes><cake/></recipes>"))[0] == "unknown_format"
    assert only(reading("a.json", '{"name": "no BioC"}'))[0] == "unknown_format"
    assert only(reading("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 100))[0] == "unknown_format"


def test_what_only_looks_like_another_format_is_text(reading):
    assert reading("a.txt", "[1] Fever is common in children.").document.text == "[1] Fever is common in children."
    assert reading("b.txt", "{fever} and cough").document.text == "{fever} and cough"
    assert only(reading("c.tsv", "drug\tdose\n" * 6))[0] == "unknown_format"
    assert only(reading("d.rtf", r"{\rtf1\ansi Fever}"))[0] == "unknown_format"


def test_no_file_vanishes_without_a_word(reading):
    assert only(reading("a.xml", "<PubmedArticleSet></PubmedArticleSet>")) == ("no_text", "a.xml")
    assert only(reading("b.xml", "<article><para>DocBook, not JATS.</para></article>")) == ("no_text", "b.xml")
    assert only(reading("c.json", '{"documents": []}')) == ("no_text", "c.json")


def test_names_that_are_not_utf_8_can_be_printed(tmp_path):
    (tmp_path / os.fsdecode(b"fi\xe8vre.xml")).write_bytes(b"")
    got = Read(list(read([tmp_path], Settings())))
    assert got.rejections[0].subject == f"{tmp_path.name}/fi\\xe8vre.xml"


def test_damaged_empty_and_encrypted_pdfs_are_told_apart_in_any_order(reading):
    damaged = b"%PDF-1.4\nnothing more"
    pages = b"<< /Type /Pages /Kids [] /Count 0 >>"
    empty = pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages])
    locked = b"<< /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >>" % (b"o" * 32, b"u" * 32)
    page = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", page, b"<< /Type /Page /Parent 2 0 R >>", locked]
    encrypted = pdf_of(objects, b"/Encrypt 4 0 R /ID [(0123456789abcdef) (0123456789abcdef)]")
    for name in ("before", "after an encrypted one"):
        assert only(reading(f"a {name}.pdf", damaged))[0] == "pdf_broken"
        assert only(reading(f"b {name}.pdf", empty))[0] == "pdf_no_pages"
        assert only(reading(f"c {name}.pdf", encrypted))[0] == "pdf_encrypted"


def test_zip_bombs_and_damaged_word_files(reading):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 60_000_000)
    assert only(reading("a.docx", packed.getvalue()))[0] == "zip_bomb"
    whole = (EXAMPLES / "guidelines" / "ngc-10799.docx").read_bytes()
    assert only(reading("b.docx", whole[:5_000]))[0] == "docx_broken"
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("notes.txt", "fever")
    assert only(reading("c.docx", other.getvalue()))[0] == "unknown_format"


def test_a_word_file_with_entities_is_refused(reading):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", SECRET + "<w:document/>")
    assert only(reading("a.docx", packed.getvalue())) == ("xml_entity", "a.docx#word/document.xml")


def test_deep_nesting_is_survived(reading):
    assert only(reading("a.xml", "<article>" + "<sec>" * 50_000))[0] == "xml_broken"
    assert only(reading("a.json", '{"documents": [' + "[" * 200_000))[0] == "json_broken"
    got = reading("a.html", "<html><body>" + "<div>" * 50_000 + "fever and cough")
    assert len(got.documents) + len(got.rejections) == 1


def test_links_pipes_and_odd_names(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    outside = tmp_path / "secret.txt"
    outside.write_text("Outside text.")
    (folder / "a-inside.txt").write_text("Fever and cough.")
    (folder / "b-outside").symlink_to(outside)
    (folder / "c-broken").symlink_to(folder / "nowhere")
    (folder / "d-again.txt").symlink_to(folder / "a-inside.txt")
    os.mkfifo(folder / "e-pipe")
    (folder / "f-outside-folder").symlink_to("/")
    odd = "g'\"`;\n})-[]->() DETACH DELETE n.txt"
    (folder / odd).write_text("Nausea and vomiting.")
    os.symlink("/dev/zero", folder / "h-device")
    got = Read(list(read([folder], Settings())))
    assert [document.text for document in got.documents] == ["Fever and cough.", "Nausea and vomiting."]
    assert [(item.code, item.subject) for item in got.rejections] == [
        ("symlink_outside", "in/b-outside"),
        ("unreadable", "in/c-broken"),
        ("not_a_file", "in/e-pipe"),
        ("symlink_outside", "in/f-outside-folder"),
        ("symlink_outside", "in/h-device"),
    ]
    names = [item.name for item in inventory([folder])]
    assert names == ["in/a-inside.txt", "in/g'\"`;\\n})-[]->() DETACH DELETE n.txt"]


def test_a_path_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="No such file"):
        list(read([tmp_path / "nowhere"], Settings()))


def test_one_bad_file_does_not_stop_the_folder(tmp_path):
    (tmp_path / "1.xml").write_text(LAUGHS + MEDLINE.format("&c;"))
    (tmp_path / "2.pdf").write_bytes(b"%PDF-1.4 broken")
    (tmp_path / "3.xml").write_text(MEDLINE.format("Fever."))
    (tmp_path / "4.gz").write_bytes(gzip.compress(b"Fever and cough.")[:-6])
    got = Read(list(read([tmp_path], Settings())))
    assert [document.text for document in got.documents] == ["Fever."]
    assert got.codes == ["xml_entity", "pdf_broken", "gzip_truncated"]


def test_names_do_not_depend_on_how_the_folder_is_given(tmp_path, monkeypatch):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.md").write_text("# Fever in children\n\n- rest\n- drink\n")
    absolute = list(read([folder], Settings()))
    monkeypatch.chdir(tmp_path)
    assert list(read([Path("docs")], Settings())) == absolute
    monkeypatch.chdir(folder)
    assert list(read([Path(".")], Settings())) == absolute
    assert [item.name for item in inventory([Path(".")])] == ["docs/a.md"]


def test_the_same_content_under_two_names_is_the_same_document(tmp_path):
    for name in ("a.md", "b.md", "c.txt"):
        (tmp_path / name).write_text("# Fever in young children\n\n- rest\n- drink\n- sleep\n")
    assert len({document.id for document in read([tmp_path], Settings())}) == 1
    first, second, _ = inventory([tmp_path])
    assert first.digest() == second.digest()
    assert len(first.digest()) == 64


def test_files_are_listed_once_and_descriptions_of_the_folder_are_passed_over(tmp_path):
    (tmp_path / "README.md").write_text("# About")
    (tmp_path / "licences.tsv").write_text("a\tb")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "a.txt").write_text("Fever and cough.")
    assert [item.name for item in inventory([tmp_path, tmp_path / "a.txt"])] == [f"{tmp_path.name}/a.txt"]
    assert len(list(files([tmp_path / "README.md"]))) == 1


def test_progress_counts_every_byte_on_the_disk(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress((DATA / "medline16n0902.xml").read_bytes(), mtime=0))
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    told: list[int] = []
    list(read([tmp_path], Settings(), told.append))
    assert told == sorted(told)
    assert told[-1] == sum(item.size for item in inventory([tmp_path]))
