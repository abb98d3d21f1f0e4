"""PDF: pages, columns, headings, running heads, cut words and tables, on PDFs written here and on a real one."""

from __future__ import annotations

from pathlib import Path

from pdf_writer import Page, write_pdf
from source_samples import EXAMPLES, parts

CDC = EXAMPLES / "guidelines" / "cdc_outpatient_infection_prevention_guide.pdf"


def column(page: Page, x: float, y: float, lines: list[str], size: float = 10) -> None:
    for number, line in enumerate(lines):
        page.text(x, y - 12 * number, line, size)


def test_headings_paragraphs_and_cut_words(reading):
    page = Page()
    page.text(72, 720, "Managing fever in young children", 20)
    page.text(72, 680, "Treatment", 14)
    column(
        page,
        72,
        660,
        ["Give paracetamol to children whose tempera-", "ture is high. Use long-", "acting forms rarely."],
    )
    column(page, 72, 600, ["A second paragraph follows, on long-acting drugs."])
    page.text(72, 560, "Harms", 14)
    column(page, 72, 540, ["The liver may suffer."])
    document = reading("a.pdf", write_pdf([page])).document
    assert parts(document) == [
        ("title", "", "Managing fever in young children"),
        (
            "body",
            "Treatment",
            "Give paracetamol to children whose temperature is high. Use long-acting forms rarely.\n\n"
            "A second paragraph follows, on long-acting drugs.",
        ),
        ("harms", "Harms", "The liver may suffer."),
    ]


def test_two_columns_are_read_one_after_the_other(reading):
    left = [f"The left column has line number {n} and goes on" for n in range(20)]
    right = [f"the right column has line number {n} and ends" for n in range(20)]
    page = Page()
    page.text(72, 740, "A title that crosses the whole width of both columns here", 16)
    for number in range(20):  # drawn row by row, as some writers do
        page.text(60, 700 - 14 * number, left[number], 9)
        page.text(330, 700 - 14 * number, right[number], 9)
    text = reading("a.pdf", write_pdf([page])).document.text
    assert text == "A title that crosses the whole width of both columns here\n\n" + " ".join(left + right)


def test_running_heads_and_page_numbers_are_dropped_and_pages_are_known(reading):
    pages = []
    for number in range(1, 6):
        page = Page()
        page.text(72, 760, f"Journal of Fever, page {number} of 5", 8)
        column(page, 72, 700, [f"Page {number} says that fever is common.", "It ends here."])
        page.text(300, 30, str(number), 8)
        pages.append(page)
    document = reading("a.pdf", write_pdf(pages)).document
    assert "Journal" not in document.text
    assert [span.of(document.text).strip() for span in document.pages] == [
        f"Page {number} says that fever is common. It ends here." for number in range(1, 6)
    ]


def test_a_sentence_goes_on_over_the_page(reading):
    first, second = Page(), Page()
    column(first, 72, 700, ["Fever is common in children who are", "younger than five and"])
    column(second, 72, 700, ["live in towns. It passes."])
    document = reading("a.pdf", write_pdf([first, second])).document
    assert document.text == "Fever is common in children who are younger than five and live in towns. It passes."
    assert document.pages[1].of(document.text) == "live in towns. It passes."


def test_a_ruled_table_is_a_section_of_its_own(reading):
    page = Page()
    column(page, 72, 700, ["The doses are these."])
    rows = [("Drug", "Dose"), ("Aspirin", "500 mg"), ("Paracetamol", "10 mg/kg")]
    for number, (drug, dose) in enumerate(rows):
        page.text(80, 640 - 20 * number, drug, 10)
        page.text(200, 640 - 20 * number, dose, 10)
    for number in range(4):
        page.line(72, 655 - 20 * number, 320, 655 - 20 * number)
    for x in (72, 190, 320):
        page.line(x, 655, x, 595)
    page.line(72, 500, 73, 500)
    column(page, 72, 560, ["After the table."])
    assert parts(reading("a.pdf", write_pdf([page])).document) == [
        ("body", "", "The doses are these."),
        ("table", "", "Drug | Dose\n\nAspirin | 500 mg\n\nParacetamol | 10 mg/kg"),
        ("body", "", "After the table."),
    ]


def test_a_drawing_of_many_lines_is_not_searched_for_tables(reading):
    page = Page()
    column(page, 72, 700, ["A map of all towns follows."])
    for number in range(6_000):
        page.line(number % 600, number % 700, number % 500, 700 - number % 600)
    document = reading("a.pdf", write_pdf([page])).document
    assert parts(document) == [("body", "", "A map of all towns follows.")]


def test_a_page_without_text_is_rejected(reading):
    got = reading("scan.pdf", write_pdf([Page()]))
    assert [(item.code, item.subject) for item in got.rejections] == [("no_text", "scan.pdf")]
    assert "scanned" in got.rejections[0].reason


def test_the_real_guide(reading):
    document = reading(CDC).document
    assert document.title == "Guide to Infection Prevention For Outpatient Settings: Minimum Expectations for Safe Care"
    assert document.kind == "guideline"
    assert len(document.pages) == 44
    assert document.pages[-1].end == len(document.text)
    assert "Version 2.3" not in document.text
    # Two columns: the sentence runs from the foot of one to the head of the next.
    assert "this Guide to Infection Prevention" not in document.text
    assert "greater understanding and implementation of basic infection prevention guidance." in document.text
    titles = [section.title.rpartition(" > ")[2] for section in document.sections]
    assert "Key recommendations for hand hygiene in outpatient settings:" in titles
    assert sum(section.kind == "table" for section in document.sections) >= 20
    assert document.text == "\n\n".join(text for _, _, text in parts(document))


def test_the_name_plays_no_part(reading, tmp_path):
    assert reading("other", Path(CDC).read_bytes()).document.id == reading(CDC).document.id
