"""Counts beside findings: every rule's examples, and what is never counted."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.assertion.counted import number_rules
from kg.assertion.numbers import count
from kg.model import Document, Mention, Reader, Reading, Span
from kg.text import Segmenter

_NAME = re.compile(r"\[(?P<finding>[^]]+)\]|<(?P<subject>[^>]+)>|\{(?P<other>[^}]+)\}")
SEGMENTER = Segmenter()
JUDGED = Path(__file__).parents[1] / "data" / "assertion" / "counts.tsv"
RULES = number_rules()
EXAMPLES = [
    *((form.id, example) for form in RULES.forms for example in form.examples),
    *(("cases", example) for example in RULES.examples),
]
COUNTEREXAMPLES = [
    *((form.id, text) for form in RULES.forms for text in form.counterexamples),
    *(("cases", text) for text in RULES.counterexamples),
]


def counted(text: str, **fields: Any) -> list[Reading]:
    """One reading of the <subject> and each [finding], counted."""
    plain, mentions, at, subject = "", [], 0, 0
    for found in _NAME.finditer(text):
        plain += text[at : found.start()]
        name, category = found[found.lastgroup or 0], "Disease" if found["finding"] else "ChemicalEntity"
        subject = len(mentions) if found["subject"] else subject
        mentions.append(Mention("d", Span(len(plain), len(plain) + len(name)), name, category, 1.0))
        plain, at = plain + name, found.end()
    segmented = SEGMENTER.segment(Document("d", "d", plain + text[at:], "test", "article"))
    assert len(segmented.sentences) == 1
    reader = Reader("test", "1", "0")
    readings = [
        replace(Reading("d", mentions[subject], "pattern:causes", one, 0.9, reader), **fields)
        for one in mentions
        if one.category == "Disease"
    ]
    return list(count(segmented, readings, mentions))


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{r}: {e['text']}" for r, e in EXAMPLES])
def test_examples(rule: str, example: dict[str, Any]) -> None:
    (one,) = counted(example["text"])
    assert (one.count, one.total) == (example["count"], example["total"])
    assert one.polarity == ("supports" if one.count else "refutes")


@pytest.mark.parametrize(("rule", "text"), COUNTEREXAMPLES, ids=[f"{r}: {t}" for r, t in COUNTEREXAMPLES])
def test_counterexamples(rule: str, text: str) -> None:
    assert {(one.count, one.total) for one in counted(text)} == {(None, None)}


def test_each_finding_of_a_list_has_its_own_count() -> None:
    found = counted("In patients on <lithium> there were [tremor] (12/34), [thirst] (5/34) and [gout].")
    assert [(one.count, one.total) for one in found] == [(12, 34), (5, 34), (None, None)]


def test_a_count_of_those_without_the_finding_is_left_out() -> None:
    (one,) = counted("[Rash] was not seen in 12 of 34 patients on <lithium>.", polarity="refutes")
    assert (one.count, one.total, one.polarity) == (None, None, "refutes")


def test_other_labels_are_not_counted() -> None:
    (one,) = counted("[Gout] was seen in 12 of 34 patients on <lithium>.", label="pattern:treats")
    assert one.total is None


def test_sentences_judged_by_hand() -> None:
    """Of BC5CDR's training abstracts and examples/: 20 of 27 right; what is missed is left out, one count is wrong."""
    found: dict[str, list[str]] = {"right": [], "missed": [], "wrong": []}
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        source, wanted, text = line.split("\t")
        one = counted(text)[0]
        said = "-" if one.total is None else f"{one.count}/{one.total}"
        found["right" if said == wanted else "missed" if said == "-" else "wrong"].append(f"{source} {said}")
    assert found["wrong"] == ["PMCID:PMC2265739 19/88"]  # 88 adverse effects, not people
    assert len(found["right"]) >= 20
    assert len(found["missed"]) <= 6
