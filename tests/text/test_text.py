"""Sentences, sections and abbreviations, on texts that a naive splitter gets wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Document, Section, Span
from kg.text import Segmenter, find_abbreviations

SEGMENTER = Segmenter()


def document(text: str, sections: tuple[Section, ...] = ()) -> Document:
    return Document("d", "d", text, "test", "article", sections=sections)


def sentences(text: str) -> list[str]:
    return [s.span.of(text) for s in SEGMENTER.segment(document(text)).sentences]


@pytest.mark.parametrize(
    "expected",
    [
        ["Drugs, e.g. Aspirin, help.", "Others do not."],
        ["He received 5 mg i.v. Patients improved."[:21], "Patients improved."],
        ["Morphine (i.v. 5 mg) was given.", "It helped."],
        ["As shown in Fig. 2 the rate fell.", "See Table 3."],
        ["The dose was 0.5 mg.", "At 1.5 mg it failed."],
        ["E. coli and S. Typhimurium grew.", "C. difficile did not."],
        ["Smith et al. (2010) found it.", "We did not."],
        ["They lack vitamin D. We gave 400 IU."[:20], "We gave 400 IU."],
        ["Was it safe?", "Yes!", "No harm was seen."],
        ["The gene was silenced.", "siRNA had no effect.", "p53 rose."],
        ["P < 0.05 vs. Placebo was seen.", "HR 1.2 (95% CI 1.0-1.4)."],
        ["The effect is known [12].", "It is large.[13] Others agree."[:16], "Others agree."],
    ],
)
def test_sentences(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_blank_lines_and_list_items_begin_sentences() -> None:
    text = "Recommendations\n\n1. Treat pain\n2. Treat fever with\nparacetamol.\n- Rest"
    assert sentences(text) == ["Recommendations", "1. Treat pain", "2. Treat fever with\nparacetamol.", "- Rest"]


def test_a_sentence_never_crosses_a_section() -> None:
    text = "Title without stop\n\nFirst. Second"
    sections = (Section("title", "", Span(0, 18)), Section("abstract", "", Span(20, 33)))
    found = SEGMENTER.segment(document(text, sections)).sentences
    assert [(s.section, s.span.of(text)) for s in found] == [
        ("title", "Title without stop"),
        ("abstract", "First."),
        ("abstract", "Second"),
    ]


def test_the_innermost_section_names_the_sentence() -> None:
    text = "Methods. Drug given.Table text.After."
    sections = (Section("methods", "", Span(0, 37)), Section("table", "", Span(20, 31)))
    found = SEGMENTER.segment(document(text, sections)).sentences
    assert [(s.section, s.span.of(text)) for s in found] == [
        ("methods", "Methods."),
        ("methods", "Drug given."),
        ("table", "Table text."),
        ("methods", "After."),
    ]


def test_a_text_without_stops_is_cut_into_bounded_sentences() -> None:
    found = SEGMENTER.segment(document("fever " * 5_000)).sentences
    assert sum(len(s.tokens) for s in found) == 5_000
    assert max(len(s.tokens) for s in found) == 400


@given(st.text(alphabet="ab .\n?!(1)[]éβ🙂\t", max_size=200))
def test_sentences_and_tokens_cover_the_text_in_order(text: str) -> None:
    found = SEGMENTER.segment(document(text)).sentences
    spans = [token for sentence in found for token in sentence.tokens]
    assert "".join(span.of(text) for span in spans) == "".join(text.split())
    assert spans == sorted(spans)
    assert all(s.span == Span(s.tokens[0].start, s.tokens[-1].end) for s in found)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("chronic obstructive pulmonary disease (COPD) is common", [("COPD", "chronic obstructive pulmonary disease")]),
        ("the angiotensin-converting enzyme (ACE) gene", [("ACE", "angiotensin-converting enzyme")]),
        ("people with sickle cell disease (SCD; n = 3)", [("SCD", "sickle cell disease")]),
        ("Patients (mean age 40) were seen (see Table 1)", []),
        ("It was fatal. Late renal disease (XYZ)", []),
        ("5-hydroxytryptamine (5-HT) rose", [("5-HT", "5-hydroxytryptamine")]),
    ],
)
def test_abbreviations(text: str, pairs: list[tuple[str, str]]) -> None:
    assert [(a.short.of(text), a.long.of(text)) for a in find_abbreviations(text)] == pairs
