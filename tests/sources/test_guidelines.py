"""Guidelines: one work in every format, sections by headings, tables by themselves."""

from __future__ import annotations

import gzip
import io

import docx
import pytest
from make_docx import convert
from source_samples import DATA, EXAMPLES, parts

GUIDELINES = EXAMPLES / "guidelines"
WORK = "guideline:team-based-care-to-improve-blood-pressure-b1cd083d748a"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (GUIDELINES / "ngc-10799.md", "md"),
        (GUIDELINES / "ngc-10799.html", "html"),
        (GUIDELINES / "ngc-10799.docx", "docx"),
        (DATA / "ngc-10799.xml", "xml"),
    ],
)
def test_four_formats_are_one_work(reading, path, form):
    document = reading(path).document
    assert (document.id, document.work) == (f"{WORK}#{form}", WORK)
    assert (document.kind, document.source, document.language) == ("guideline", "guideline", "en")
    assert document.license == "No copyright restrictions apply."
    assert document.published == "2014-07"
    assert document.text.startswith(document.title + "\n\n")
    found = parts(document)
    assert document.text == "\n\n".join(text for _, _, text in found)
    kind, title, text = next(part for part in found if part[1].endswith("Target Population"))
    assert (kind, title, text) == ("introduction", "Scope > Target Population", "Adults with hypertension")
    assert any(kind == "recommendations" and "recommends team-based care" in text for kind, _, text in found)
    assert not any("Bibliographic Source" in title for _, title, _ in found)


def test_the_name_plays_no_part(reading, tmp_path):
    content = (GUIDELINES / "ngc-10799.html").read_bytes()
    assert reading("quite-another-name.txt", content).document.id == f"{WORK}#html"
    assert reading("x", gzip.compress(content)).document.id == f"{WORK}#html"


def test_markdown(reading):
    text = (
        '---\ntitle: "Fever in young children: a guideline"\nlang: en\ndate: 2020-03-01\n---\n\n# Care\n\n'
        "Give *plenty* of [water](http://x.y/z) and **rest**,\nnot aspirin_\\-like drugs.\n\n- sleep\n- `10 mg` daily\n"
        "\n## Harms\n\n| Drug | Risk |\n|---|---|\n| Aspirin | Reye |\n\n![picture](a.png)\n\n"
        "## References\n\n1. Doe J.\n"
    )
    document = reading("a.md", text).document
    assert document.title == "Fever in young children: a guideline"
    assert parts(document)[1:] == [
        ("body", "Care", "Give plenty of water and rest, not aspirin_-like drugs.\n\nsleep\n\n10 mg daily"),
        ("table", "Care > Harms", "Drug | Risk\n\nAspirin | Reye"),
    ]
    assert (document.published, document.kind) == ("2020-03-01", "guideline")


def test_markdown_with_html_tables_and_loose_marks(reading):
    text = (
        "# Care\n\nThe following apply:\n * ** rest **\n * water\n\n<table>\n<tr>\n<th>\n\nDrug\n\n</th>\n<th>Dose</th>"
        "\n</tr>\n\n<tr>\n<td>\n\n*Aspirin*\n\n</td>\n<td>\n\n10 mg &amp;mdash; rare\n\n</td>\n</tr>\n</table>\n"
        "\nAfter.\n\n      * **indented**\n      too far\n"
    )
    assert parts(reading("a.md", text).document) == [
        ("title", "", "Care"),
        ("body", "", "The following apply:\n\nrest\n\nwater"),
        ("table", "", "Drug | Dose\n\nAspirin | 10 mg — rare"),
        ("body", "", "After.\n\nindented too far"),
    ]


def test_html_leaves_out_menus_and_scripts(reading):
    text = (
        "<!DOCTYPE html><html lang=de><head><title>Leitlinie zum Fieber bei Kindern</title>"
        '<meta name="citation_doi" content="10.1000/Fieber"><style>p{}</style></head><body><nav>Menu</nav>'
        "<main><h1>Leitlinie zum Fieber bei Kindern</h1><p>Viel<br>trinken.<!-- no --><script>x()</script></p>"
        "<h2>Dosis</h2><ul><li>10&nbsp;mg</li><li>und <b>Ruhe</b></li></ul><p><strong>Vorsicht</strong></p>"
        "<p>Selten.</p><table><tr><th>Alter</th><th>Dosis</th></tr><tr><td>1</td><td>5</td></tr></table></main>"
        "<footer>Impressum</footer></body></html>"
    )
    document = reading("a.html", text).document
    assert (document.work, document.language) == ("DOI:10.1000/fieber", "de")
    assert parts(document) == [
        ("title", "", "Leitlinie zum Fieber bei Kindern"),
        ("body", "", "Viel\n\ntrinken."),
        ("body", "Dosis", "10 mg\n\nund Ruhe"),
        ("body", "Dosis > Vorsicht", "Selten."),
        ("table", "Dosis > Vorsicht", "Alter | Dosis\n\n1 | 5"),
    ]


def test_html_inside_a_form_is_read(reading):
    text = "<html><body><form><h1>Fever</h1><p>Give water.</p><select><option>1</option></select></form></body></html>"
    assert reading("a.html", text).document.text == "Fever\n\nGive water."


def test_html_in_another_encoding(reading):
    text = "<html><head><meta charset=iso-8859-1></head><body><p>Fièvre chez l'enfant</p></body></html>"
    assert reading("a.html", text.encode("latin-1")).document.text == "Fièvre chez l'enfant"


def test_word_headings_and_tables(reading, tmp_path):
    made = docx.Document()
    made.add_heading("Fever in young children: a guideline", 0)
    made.add_heading("Recommendations", 1)
    made.add_paragraph("Give water.")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("Drug", "Dose", "Aspirin", "10"), strict=True):
        cell.text = text
    made.add_heading("Harms", 2)
    made.add_paragraph("Rare.", style="List Bullet")
    packed = io.BytesIO()
    made.save(packed)
    document = reading("a.docx", packed.getvalue()).document
    assert parts(document) == [
        ("title", "", "Fever in young children: a guideline"),
        ("recommendations", "Recommendations", "Give water."),
        ("table", "Recommendations", "Drug | Dose\n\nAspirin | 10"),
        ("harms", "Recommendations > Harms", "Rare."),
    ]


def test_the_word_examples_are_made_from_the_markdown_ones():
    for number in (10403, 10799):
        made = convert((GUIDELINES / f"ngc-{number}.md").read_text())
        assert made == (GUIDELINES / f"ngc-{number}.docx").read_bytes()


def test_short_titles_do_not_make_two_texts_one_work(reading):
    first = reading("a.md", "# Fever\n\n- rest\n- drink\n").document
    second = reading("a.md", "# Fever\n\n- walk\n- eat\n").document
    assert first.work != second.work
    assert first.id != second.id


def test_an_edition_is_a_work_of_its_own(reading):
    text = "---\ntitle: Fever in young children, a guideline\ndate: {}\n---\n\n# Care\n\nRest.\n"
    assert reading("a.md", text.format("2010")).document.work != reading("a.md", text.format("2020")).document.work


def test_plain_text(reading):
    text = "Fever in a young child\n\nBACKGROUND\nA child had\r\nfever.\n\nMethods\n\nWe gave water.\n"
    document = reading("a", text).document
    assert (document.source, document.title) == ("text", "Fever in a young child")
    assert parts(document)[1:] == [
        ("background", "BACKGROUND", "A child had fever."),
        ("methods", "Methods", "We gave water."),
    ]


def test_the_shipped_examples_are_what_their_page_says(reading):
    got = reading(EXAMPLES)
    assert got.rejections == []
    guidelines = [document for document in got.documents if document.source == "guideline"]
    articles = [document for document in got.documents if document.source == "pmc"]
    assert len({document.work for document in guidelines}) == 25
    assert len(guidelines) == 29  # two of them in three formats
    assert len({document.work for document in articles}) == len(articles) == 40
    assert all(document.license.startswith(("CC-BY", "CC0")) for document in articles)
    listed = [line.split("\t") for line in (EXAMPLES / "licences.tsv").read_text().splitlines()[1:]]
    shipped = [path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("*/*")]
    assert sorted(line[0] for line in listed) == sorted(shipped)
    assert all(len(line) == 5 and all(line) for line in listed)
    assert sum(path.stat().st_size for path in EXAMPLES.rglob("*")) < 4_000_000
