"""Every rule says what its examples say, and nothing where its counterexamples warn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from kg.errors import ConfigError
from kg.extract.patterns import PatternReader
from kg.extract.patterns.grammar import Words, alternatives, compile_form
from kg.extract.patterns.rules import Rule, load_rules
from kg.model import Candidate, Concept, Document, Link, Mention, Reading, Section, Segmented, Sentence, Span

_INLINE = re.compile(r"\[([^\[\]|]+)\|(\w+)\]")
_TOKEN = re.compile(r"\w+(?:[-/]\w+)*|[^\w\s]")


def segmented(marked: str, kind: str = "article", section: str = "text") -> tuple[Segmented, list[Link]]:
    """A one-sentence document of a text whose mentions are written [name|Category]."""
    text, links, last = "", [], 0
    for match in _INLINE.finditer(marked):
        text += marked[last : match.start()]
        span = Span(len(text), len(text) + len(match[1]))
        links.append(Link(Mention("d", span, match[1], match[2], 0.9)))
        text += match[1]
        last = match.end()
    text += marked[last:]
    tokens = tuple(Span(match.start(), match.end()) for match in _TOKEN.finditer(text))
    whole = Span(0, len(text))
    document = Document("d", "w", text, "test", kind, sections=(Section(section, "", whole),))  # type: ignore[arg-type]
    return Segmented(document, (Sentence("d", whole, section, tokens),), ()), links


@pytest.fixture(scope="module")
def reader() -> PatternReader:
    return PatternReader.load()


def read(reader: PatternReader, marked: str, kind: str = "article", section: str = "text") -> tuple[Reading, ...]:
    return reader.read(*segmented(marked, kind, section))


def _examples() -> Iterator[Any]:
    for rule in load_rules().rules:
        for at, example in enumerate(rule.examples):
            yield pytest.param(rule, example, id=f"{rule.id}-{at}")


def _counterexamples() -> Iterator[Any]:
    for rule in load_rules().rules:
        for at, text in enumerate(rule.counterexamples):
            yield pytest.param(rule, text, id=f"{rule.id}-not-{at}")


@pytest.mark.parametrize(("rule", "example"), list(_examples()))
def test_a_rule_reads_its_examples(reader: PatternReader, rule: Rule, example: dict[str, Any]) -> None:
    readings = read(reader, example["text"], example.get("kind", "article"), example.get("section", "text"))
    said = {(r.subject.text, r.object.text) for r in readings if r.label == rule.label and r.polarity == rule.polarity}
    assert said == {tuple(pair) for pair in example["pairs"]}
    assert rule.polarity == example.get("polarity", "supports")


@pytest.mark.parametrize(("rule", "text"), list(_counterexamples()))
def test_a_rule_is_silent_on_its_counterexamples(reader: PatternReader, rule: Rule, text: str) -> None:
    kinds = rule.documents or {"article", "guideline"}
    sections = rule.sections or {"text"}
    said = [r for kind in sorted(kinds) for section in sorted(sections) for r in read(reader, text, kind, section)]
    assert [r for r in said if r.label == rule.label and r.polarity == rule.polarity] == []


def _said(readings: tuple[Reading, ...]) -> list[tuple[str, str, str]]:
    return [(r.subject.text, r.label.removeprefix("pattern:"), r.object.text) for r in readings]


def test_a_brand_in_brackets_is_the_drug_and_examples_are_read_each(reader: PatternReader) -> None:
    brand = "[Tapentadol|ChemicalEntity] ([Nucynta|ChemicalEntity]) is indicated for chronic [pain|PhenotypicFeature]."
    assert _said(read(reader, brand)) == [("Tapentadol", "treats", "pain")]
    examples = "[Statins|ChemicalEntity] (e.g., [atorvastatin|ChemicalEntity]) are indicated for [angina|Disease]."
    assert _said(read(reader, examples)) == [("Statins", "treats", "angina"), ("atorvastatin", "treats", "angina")]


def test_what_stands_in_brackets_does_not_hide_the_sentence(reader: PatternReader) -> None:
    text = "[Aspirin|ChemicalEntity] (81 mg daily; see section 2) is contraindicated in [hemophilia|Disease]."
    assert _said(read(reader, text)) == [("Aspirin", "contraindicated", "hemophilia")]


def test_two_names_with_a_comma_alone_are_no_list(reader: PatternReader) -> None:
    text = "In patients with [asthma|Disease], [fever|PhenotypicFeature] was caused by [influenza|Disease]."
    assert _said(read(reader, text)) == [("influenza", "causes", "fever")]


def test_a_list_never_relates_a_name_to_itself(reader: PatternReader) -> None:
    text = "Risk factors for [stroke|Disease] include [hypertension|Disease] and [Stroke|Disease]."
    assert _said(read(reader, text)) == [("hypertension", "risk_factor", "stroke")]


def test_the_category_of_the_concept_decides(reader: PatternReader) -> None:
    text, links = segmented("[PSA|ChemicalEntity] testing for [prostate cancer|Disease] is common.")
    test = Concept("MESH:D017430", "Prostate-Specific Antigen", "DiagnosticAid")
    links[0] = Link(links[0].mention, (Candidate(test, 1.0, "PSA", "exact"),))
    assert _said(reader.read(text, links)) == [("PSA", "diagnoses", "prostate cancer")]


def test_two_names_of_one_concept_say_nothing(reader: PatternReader) -> None:
    text, links = segmented("[Hypertension|Disease] is a risk factor for [high blood pressure|Disease].")
    one = (Candidate(Concept("MESH:D006973", "Hypertension", "Disease"), 1.0, "", "exact"),)
    assert len(reader.read(text, links)) == 1
    assert reader.read(text, [Link(link.mention, one) for link in links]) == ()


def test_an_own_negation_is_marked_so_that_nobody_turns_it_again(reader: PatternReader) -> None:
    marked = "[Duloxetine|ChemicalEntity] should not be used in patients with [liver disease|Disease]."
    (reading,) = read(reader, marked)
    assert (reading.label, reading.polarity) == ("pattern:contraindicated", "supports")
    assert reading.cue is not None
    assert reading.cue.of(segmented(marked)[0].document.text) == "not"


@pytest.mark.parametrize(
    ("grade", "said"),
    [
        ("(**Strong For**; Reviewed, New-replaced)", "Strong For; Reviewed, New-replaced"),
        ("(Strong recommendation,  moderate-quality evidence)", "Strong recommendation, moderate-quality evidence"),
        ("**[B]**", "B"),
        ("(Grade A)", "Grade A"),
        ("(Category IB)", "Category IB"),
        ("(Level I)", "Level I"),
        ("(see Table 2)", ""),
        ("(NYHA class of the patient unknown)", ""),
    ],
)
def test_the_grade_of_a_recommendation_travels_along(reader: PatternReader, grade: str, said: str) -> None:
    text = f"[Naltrexone|ChemicalEntity] is recommended for [alcohol use disorder|Disease]. {grade}"
    (reading,) = read(reader, text, "guideline")
    assert reading.strength == said
    (paper,) = read(reader, text, "article")
    assert paper.strength == ""


def test_a_rule_for_papers_is_silent_in_guidelines(reader: PatternReader) -> None:
    text = "[Amphotericin B|ChemicalEntity] for [meningitis|Disease]."
    assert _said(read(reader, text, "article")) == [("Amphotericin B", "treats", "meningitis")]
    assert read(reader, text, "guideline") == ()


def test_tokens_that_hold_two_names_are_taken_apart(reader: PatternReader) -> None:
    text = "[Heparin|ChemicalEntity]-induced [thrombocytopenia|Disease] after surgery."
    assert _said(read(reader, text)) == [("Heparin", "causes", "thrombocytopenia")]


def test_the_order_of_the_links_changes_nothing(reader: PatternReader) -> None:
    text, links = segmented(
        "[Metformin|ChemicalEntity] or [insulin|ChemicalEntity] is recommended for [diabetes|Disease]; "
        "[diabetes|Disease] is caused by [obesity|Disease]."
    )
    assert reader.read(text, links) == reader.read(text, links[::-1])
    assert len(reader.read(text, links)) == 3


def test_a_form_is_written_out() -> None:
    words = Words({"BE": ("is", "are")}, {"WHOM": ("patients with", "adults with")})
    assert alternatives("SUBJECT BE for <WHOM> OBJECT", words) == [
        ["SUBJECT", "BE", "for", "patients", "with", "OBJECT"],
        ["SUBJECT", "BE", "for", "adults", "with", "OBJECT"],
    ]
    (form,) = compile_form("SUBJECT BE? first-line OBJECT", words, ["@drug"], ["@disease"])
    assert [token["ORTH"]["IN"] for token in form.tokens] == [
        ["@drug"],
        ["are", "is"],
        ["first"],
        ["-"],
        ["line"],
        ["@disease"],
    ]


@pytest.mark.parametrize(
    "form",
    [
        "SUBJECT [for OBJECT",
        "SUBJECT ] OBJECT",
        "SUBJECT <NOBODY> OBJECT",
        "SUBJECT NOSET OBJECT",
        "SUBJECT for",
        "PAIR OBJECT",
    ],
)
def test_a_form_that_is_not_sound_is_refused(form: str) -> None:
    with pytest.raises(ConfigError):
        compile_form(form, Words({}, {}), ["@drug"], ["@disease"])


def test_every_rule_says_how_its_score_was_measured_and_has_both_kinds_of_examples() -> None:
    for rule in load_rules().rules:
        assert 0.5 < rule.score < 1, rule.id
        assert rule.measured, rule.id
        assert rule.examples, rule.id
        assert rule.counterexamples, rule.id
