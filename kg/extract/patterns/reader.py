"""The reader: rules over the sentences of a document whose mentions are known, readings out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc

from kg.extract.identity import PATTERNS, PATTERNS_VERSION, RULES
from kg.extract.patterns.flatten import Item, Name, flatten
from kg.extract.patterns.grammar import BORDER, Form
from kg.extract.patterns.rules import Rule, Rules, load_rules
from kg.extract.patterns.strength import strength
from kg.model import Document, Link, Reader, Reading, Segmented, Sentence, Span

_GRADED = frozenset(
    f"pattern:{label}" for label in ("treats", "prevents", "prophylaxis", "contraindicated", "diagnoses")
)


class PatternReader:
    """Reads with the rules of ``kg/extract/patterns/rules``; see there for what they say and how often it is true.

    A reading whose rule holds its own negation (``is not recommended for``, ``should not be used in``) carries the
    place of it as ``cue``: its polarity is decided, nobody should turn it again.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.reader = Reader(PATTERNS, PATTERNS_VERSION, rules.digest)
        self._vocab = spacy.blank("en").vocab
        self._forms: list[tuple[Rule, Form, Matcher]] = []
        self._triggered: dict[str, list[int]] = {}
        for rule in rules.rules:
            for form in rule.forms:
                matcher = Matcher(self._vocab)
                matcher.add("form", [list(form.tokens)])
                for word in sorted(form.required[0]):
                    self._triggered.setdefault(word, []).append(len(self._forms))
                self._forms.append((rule, form, matcher))

    @classmethod
    def load(cls, folder: Path = RULES) -> PatternReader:
        """Return a reader with the rules of ``folder``.

        Raises ConfigError where the rules are not sound.

        >>> PatternReader.load().reader.name
        'patterns'
        """
        return cls(load_rules(folder))

    def read(self, segmented: Segmented, links: Sequence[Link]) -> tuple[Reading, ...]:
        """Return what the rules find in the sentences of a document, in the order of the text.

        A mention has the category of the concept it is linked to, or its own. A concept says nothing of itself. A
        pair of places that several rules of one label find is read once, with the best score.
        """
        names = sorted(filter(self._is_spoken_of, map(Name.of, links)), key=lambda name: name.span)
        starts = [name.span.start for name in names]
        readings: list[Reading] = []
        passed_over = self.rules.passed_over.get(segmented.document.kind, frozenset())
        for sentence in segmented.sentences:
            if sentence.section in passed_over:
                continue
            first = bisect_left(starts, sentence.span.start)
            last = bisect_left(starts, sentence.span.end)
            inside = [name for name in names[first:last] if name.span.end <= sentence.span.end]
            if len(inside) > 1:
                readings.extend(self._read_sentence(segmented.document, sentence, inside))
        return tuple(readings)

    def _is_spoken_of(self, name: Name) -> bool:
        """Say whether a rule can speak of it; patients are no organisms, and ``chronic`` alone is no disease."""
        text = name.mention.text.lower()
        people = name.category == "OrganismTaxon" and text in self.rules.people
        return name.category in self.rules.kinds and not people and text not in self.rules.no_names

    def _read_sentence(self, document: Document, sentence: Sentence, names: list[Name]) -> list[Reading]:
        items = flatten(document.text, sentence, names, self.rules.kinds, self.rules.known, self.rules.lists)
        words = [item.word for item in items]
        best: dict[tuple[str, str, Span, Span], Reading] = {}
        for rule, arguments, start, end in self._matches(words):
            if not _is_read(rule, document.kind, sentence.section) or _blocked(rule, words, start, end):
                continue
            match = items[start:end]
            grade = ""
            if document.kind == "guideline" and rule.label in _GRADED:
                grade = strength(document.text, sentence, match[-1].span)
            for subject, obj in _pairs(rule, {name: items[at].members for name, at in arguments.items()}):
                reading = Reading(
                    document.id,
                    subject.mention,
                    rule.label,
                    obj.mention,
                    rule.score,
                    self.reader,
                    polarity=rule.polarity,
                    cue=_cue(rule, match),
                    strength=grade,
                )
                place = (rule.label, rule.polarity, subject.span, obj.span)
                if place not in best or _surer(reading, best[place]):
                    best[place] = reading
        return sorted(best.values(), key=lambda r: (r.subject.span, r.object.span, r.label, r.polarity))

    def _matches(self, words: list[str]) -> Iterator[tuple[Rule, dict[str, int], int, int]]:
        """Run the forms whose required words all stand in the sentence; say where the arguments stand."""
        present = set(words)
        triggered = sorted({at for word in present for at in self._triggered.get(word, ())})
        forms = [self._forms[at] for at in triggered]
        tried = [form for form in forms if not any(present.isdisjoint(choice) for choice in form[1].required)]
        if not tried:
            return
        doc = Doc(self._vocab, words=words)
        for rule, form, matcher in tried:
            # spaCy's stubs do not know that alignments come fourth.
            for _, start, end, alignment in cast(list[Any], matcher(doc, with_alignments=True)):
                yield rule, {name: start + alignment.index(place) for place, name in form.places}, start, end


def _pairs(rule: Rule, named: Mapping[str, tuple[Name, ...]]) -> Iterator[tuple[Name, Name]]:
    if "PAIR" in named:
        pairs = [(one, other) for at, one in enumerate(named["PAIR"]) for other in named["PAIR"][at + 1 :]]
    else:
        pairs = [(one, other) for one in named["SUBJECT"] for other in named["OBJECT"]]
    for subject, obj in pairs:
        if subject.category in rule.subjects and obj.category in rule.objects and not _same(subject, obj):
            yield subject, obj


def _same(one: Name, other: Name) -> bool:
    if one.concept and other.concept:
        return one.concept == other.concept
    return one.mention.text.lower() == other.mention.text.lower()


def _surer(one: Reading, other: Reading) -> bool:
    """Say whether a reading is better: by score, then because it has read the cue that would turn it."""
    return (one.score, one.cue is not None) > (other.score, other.cue is not None)


def _is_read(rule: Rule, kind: str, section: str) -> bool:
    return (not rule.documents or kind in rule.documents) and (not rule.sections or section in rule.sections)


def _blocked(rule: Rule, words: Sequence[str], start: int, end: int) -> bool:
    """Say whether the words about the match forbid it: up to four before, two behind, or any in the sentence."""
    before = words[max(0, start - 4) : start]
    if BORDER in before:
        before = before[len(before) - before[::-1].index(BORDER) :]
    return not (
        rule.unless_before.isdisjoint(before)
        and rule.unless_after.isdisjoint(words[end : end + 2])
        and rule.unless_anywhere.isdisjoint(words)
    )


def _cue(rule: Rule, match: Sequence[Item]) -> Span | None:
    return next((item.span for item in match if item.word in rule.negation), None)
