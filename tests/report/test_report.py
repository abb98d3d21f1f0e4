"""The run report: what it counts, what it chooses to show, that it is one harmless file, and that it can be read."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from kg.assemble import assemble
from kg.model import (
    Candidate,
    Concept,
    Counts,
    Document,
    Evidence,
    Link,
    Mention,
    Polarity,
    Reader,
    Rejection,
    RunReport,
    Section,
    Span,
    Triple,
)
from kg.report import collect, render, write_report
from kg.report.charts import columns
from kg.report.data import Neighbourhood, Tie
from kg.report.picture import HEIGHT, WIDTH, panel
from kg.stores.ledger import DocumentReading, Ledger

PATTERNS = Reader("patterns", "1", "c" * 64)
HOSTILE = "<script>alert('x')</script>"
CONCEPTS = {
    "aspirin": Concept("MESH:D001241", "Aspirin", "ChemicalEntity"),
    "bleeding": Concept("MESH:D006470", f"Hemorrhage {HOSTILE}", "PhenotypicFeature"),
    "asthma": Concept("MESH:D001249", "Asthma", "Disease"),
    "fever": Concept("MESH:D005334", "Fever", "PhenotypicFeature"),
}


def says(
    number: int,
    text: str,
    subject: str,
    predicate: str,
    obj: str,
    polarity: Polarity = "supports",
    kind: str = "article",
    strength: str = "",
) -> DocumentReading:
    """A document of one sentence that says one thing."""
    document = Document(
        f"PMID:{number}", f"PMID:{number}", text, "pubmed", kind,  # type: ignore[arg-type]
        title=f"Paper {number} {HOSTILE}", sections=(Section("abstract", "", Span(0, len(text))),),
    )  # fmt: skip
    links, spans = [], []
    for name in (subject, obj):
        start = text.lower().index(name)
        span = Span(start, start + len(name))
        mention = Mention(document.id, span, span.of(text), CONCEPTS[name].category, 0.9)
        links.append(Link(mention, (Candidate(CONCEPTS[name], 1.0, name, "exact"),)))
        spans.append(span)
    triple = Triple(CONCEPTS[subject].id, f"biolink:{predicate}", CONCEPTS[obj].id)
    evidence = Evidence(
        triple, document.id, document.work, document.text_hash, PATTERNS, 0.9, "abstract", Span(0, len(text)), text,
        spans[0], spans[1], polarity, terminology="mesh-digest", strength=strength,
    )  # fmt: skip
    return DocumentReading(document, "k", tuple(links), (evidence,))


SAID = (
    says(1, "Aspirin causes bleeding.", "aspirin", "causes", "bleeding"),
    says(2, f"Aspirin {HOSTILE} causes bleeding.", "aspirin", "causes", "bleeding"),
    says(3, "Aspirin does not cause bleeding.", "aspirin", "causes", "bleeding", "refutes"),
    says(4, "Aspirin is contraindicated in asthma.", "aspirin", "contraindicated_in", "asthma", kind="guideline",
         strength="Strong For"),
    says(5, "Aspirin treats fever.", "aspirin", "treats", "fever"),
)  # fmt: skip
REJECTED = (Rejection("sources", "encrypted", f"a{HOSTILE}.pdf", "the PDF is encrypted"),)


def build(folder: Path, said: tuple[DocumentReading, ...] = SAID) -> Path:
    """Build a ledger and write its report; give the report's path."""
    with Ledger.open(folder, write=True) as ledger:
        ledger.record_batch(said)
        if said:
            ledger.retract("PMID:5", "figures were made up")
        ledger.refresh(assemble)
        return write_report(ledger, run(ledger), folder)


def run(ledger: Ledger) -> RunReport:
    counts = Counts(**ledger.counts())
    return RunReport(counts, counts, counts.documents, REJECTED, (PATTERNS,), 12.5)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(tmp_path_factory.mktemp("graph")).read_text(encoding="utf-8")


def tree_of(page: str) -> Any:
    """The page as a tree; untyped, because lxml's stubs make every attribute a union."""
    return html.fromstring(page)


def words(element: Any) -> str:
    return " ".join(str(element.text_content()).split())


def section(page: str, title: str) -> Any:
    (found,) = [part for part in tree_of(page).iter("section") if part[0].text == title]
    return found


def test_the_page_is_one_file_without_scripts_or_anything_to_fetch(page: str) -> None:
    tree = tree_of(page)
    assert [e.tag for e in tree.iter("script", "link", "img", "iframe", "object", "embed", "base", "form")] == []
    names = {name for element in tree.iter() if isinstance(element.tag, str) for name in element.attrib}
    assert {name for name in names if name in {"src", "href", "srcset", "action"} or name.startswith("on")} == set()
    (style,) = tree.iter("style")
    assert "url(" not in style.text
    assert "@import" not in style.text
    assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0].startswith("default-src 'none'")


def test_hostile_text_is_shown_as_text(page: str) -> None:
    assert "<script" not in page
    assert HOSTILE in words(section(page, "Rejections"))
    assert f"Hemorrhage {HOSTILE}" in words(section(page, "Contradictions"))


def test_the_counts_are_those_of_the_ledger(page: str) -> None:
    tiles = [words(tile) for tile in tree_of(page).find_class("tile")]
    assert tiles[0] == "5documents+5 in this run"
    assert tiles[-2:] == ["4evidence+4 in this run", "2statements+2 in this run"]
    assert "read 5 documents in 12.5 seconds" in words(tree_of(page).find(".//header"))


def test_the_page_says_that_it_is_no_diagnosis(page: str) -> None:
    assert "not a diagnosis" in words(tree_of(page).find(".//header"))


def test_a_statement_is_quoted_with_subject_and_object_marked(page: str) -> None:
    card = section(page, "Strongest statements").find(".//article")
    assert words(card[0]) == "Aspirin contraindicated in Asthma"
    quote = card.find("blockquote")
    assert [(mark.get("class"), mark.text) for mark in quote.iter("mark")] == [("s", "Aspirin"), ("o", "asthma")]
    assert words(quote).startswith("Aspirin is contraindicated in asthma.")
    assert [words(badge) for badge in quote.find_class("badge")] == ["Strong For"]


def test_a_contradiction_shows_both_sides(page: str) -> None:
    found = section(page, "Contradictions")
    assert "1 statement with evidence on both sides" in words(found)
    quotes = [words(quote) for quote in found.iter("blockquote")]
    assert [quote.startswith("refutes") for quote in quotes] == [False, True]


def test_retracted_works_rejections_and_readers_are_listed(page: str) -> None:
    assert "figures were made up" in words(section(page, "Retracted works"))
    assert "the PDF is encrypted" in words(section(page, "Rejections"))
    readers = words(section(page, "Readers and terminologies"))
    assert "c" * 64 in readers
    assert "mesh-digest" in readers


def test_the_order_in_which_documents_came_changes_nothing(page: str, tmp_path: Path) -> None:
    assert build(tmp_path, SAID[::-1]).read_text(encoding="utf-8") == page


def test_an_empty_ledger_has_a_page(tmp_path: Path) -> None:
    text = build(tmp_path, ()).read_text(encoding="utf-8")
    assert "No statements." in words(section(text, "Statements"))
    assert "No concept has two ties yet." in words(section(text, "Densest neighbourhoods"))


def test_the_tallies_add_up(tmp_path: Path) -> None:
    build(tmp_path)
    with Ledger.open(tmp_path) as ledger:
        data = collect(ledger, run(ledger))
    assert data.documents == (("article", 4), ("guideline", 1))
    assert data.predicates == (("causes", 1), ("contraindicated_in", 1))
    assert sum(data.beliefs) == 2
    assert data.evidence_per_work == (("1", 4),)
    assert data.evidence_per_reader == (("patterns", 4),)
    assert ("ChemicalEntity", 5, 0) in data.mentions
    assert render(data) == render(data)


def test_a_long_sentence_is_cut_about_its_marks(tmp_path: Path) -> None:
    text = "Before it all. " * 60 + "Aspirin causes bleeding. " + "And so on. " * 60
    quote = section(
        build(tmp_path, (says(9, text, "aspirin", "causes", "bleeding"), *SAID[4:])).read_text(),
        "Strongest statements",
    )
    shown = words(quote.find(".//blockquote"))
    assert shown.startswith("…")
    assert "Aspirin causes bleeding." in shown
    assert len(shown) < 700


def _box(rect: Any) -> tuple[float, float, float, float]:
    x, y, width, height = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


@pytest.mark.parametrize("name", ["Pain", "Attention Deficit Disorder with Hyperactivity", "x" * 60, ""])
def test_the_labels_of_the_picture_do_not_cover_each_other(name: str) -> None:
    nodes = tuple((str(at), f"{name} {at}", "Disease") for at in range(10))
    ties = (*tuple(Tie("0", "causes", str(at), 0.5) for at in range(1, 10)), Tie("3", "treats", "7", 0.9))
    boxes = [_box(rect) for rect in tree_of(panel(Neighbourhood(nodes, ties))).iter("rect")]
    assert len(boxes) == 10
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for left, top, right, bottom in boxes:
        assert left >= 0
        assert top >= 0
        assert right <= WIDTH
        assert bottom <= HEIGHT


@pytest.mark.parametrize(("predicate", "heads"), [("causes", 1), ("associated_with", 0)])
def test_only_directed_predicates_have_an_arrow(predicate: str, heads: int) -> None:
    nodes = (("a", "Aspirin", "ChemicalEntity"), ("b", "Fever", "PhenotypicFeature"))
    assert panel(Neighbourhood(nodes, (Tie("a", predicate, "b", 0.5),))).count("<polygon") == heads


def test_columns_are_as_tall_as_their_numbers() -> None:
    heights = [
        float(tall) for tall in re.findall(r'<rect[^>]* height="([\d.]+)"', columns([("a", 4), ("b", 2)], "t", "x"))
    ]
    assert heights == [150.0, 75.0]
