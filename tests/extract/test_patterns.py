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
from kg.model import Document, Mention, Reading, Section, Segmented, Sentence, Span

_INLINE = re.compile(r"\[([^\[\]|]+)\|(\w+)\]")
_TOKEN = re.compile(r"\w+(?:[-/]\w+)*|[^\w\s]")


def segmented(marked: str, kind: str = "article") -> tuple[Segmented, list[Mention]]:
    """A one-sentence document of a text whose mentions are written [name|Category]."""
    text, mentions, last = "", [], 0
    for match in _INLINE.finditer(marked):
        text += marked[last : match.start()]
        span = Span(len(text), len(text) + len(match[1]))
        mentions.append(Mention("d", span, match[1], match[2], 0.9))
        text += match[1]
        last = match.end()
    text += marked[last:]
    tokens = tuple(Span(match.start(), match.end()) for match in _TOKEN.finditer(text))
    whole = Span(0, len(text))
    document = Document("d", "w", text, "test", kind, sections=(Section("text", "", whole),))  # type: ignore[arg-type]
    return Segmented(document, (Sentence("d", whole, "text", tokens),), ()), mentions


@pytest.fixture(scope="module")
def reader() -> PatternReader:
    return PatternReader.load()


def read(reader: PatternReader, marked: str, kind: str = "article") -> tuple[Reading, ...]:
    return reader.read(*segmented(marked, kind))


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
    readings = read(reader, example["text"], example.get("kind", "article"))
    said = {(r.subject.text, r.object.text) for r in readings if r.label == rule.label and r.polarity == rule.polarity}
    assert said == {tuple(pair) for pair in example["pairs"]}
    assert rule.polarity == example.get("polarity", "supports")


@pytest.mark.parametrize(("rule", "text"), list(_counterexamples()))
def test_a_rule_is_silent_on_its_counterexamples(reader: PatternReader, rule: Rule, text: str) -> None:
    kinds = rule.documents or {"article", "guideline"}
    said = [r for kind in sorted(kinds) for r in read(reader, text, kind)]
    assert [r for r in said if r.label == rule.label and r.polarity == rule.polarity] == []
