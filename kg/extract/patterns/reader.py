"""The reader: rules over the sentences of a document whose mentions are known, readings out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc

from kg.extract.patterns.flatten import BORDER, Item, flatten
from kg.extract.patterns.rules import FOLDER, Rule, Rules, load_rules
from kg.extract.patterns.strength import strength
from kg.model import Document, Mention, Reader, Reading, Segmented, Sentence, Span

VERSION = "1"
_GRADED = frozenset({"pattern:treats", "pattern:prevents", "pattern:contraindicated", "pattern:diagnoses"})


class PatternReader:
    """Reads with the rules of ``kg/extract/patterns/rules``; see there for what they say and how often it is true.

    A reading whose rule holds its own negation (``is not recommended for``, ``should not be used in``) carries the
    place of it as ``cue``: its polarity is decided, nobody should turn it again.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.reader = Reader("patterns", VERSION, rules.digest)
        self._vocab = spacy.blank("en").vocab
        self._matchers: list[tuple[Matcher, Rule]] = []
        self._meaning: dict[int, tuple[str, ...]] = {}
        self._triggered: dict[str, list[int]] = {}
        for at, rule in enumerate(rules.rules):
            matcher = Matcher(self._vocab)
            for order in sorted({form.order for form in rule.forms}):
                key = "-".join(order)
                matcher.add(key, [list(form.tokens) for form in rule.forms if form.order == order])
                self._meaning[self._vocab.strings[key]] = order
            self._matchers.append((matcher, rule))
            for word in sorted({word for form in rule.forms for word in form.triggers}):
                self._triggered.setdefault(word, []).append(at)

    @classmethod
    def load(cls, folder: Path = FOLDER) -> PatternReader:
        """Return a reader with the rules of ``folder``.

        Raises ConfigError where the rules are not sound.

        >>> PatternReader.load().reader.name
        'patterns'
        """
        return cls(load_rules(folder))

    def read(self, segmented: Segmented, mentions: Sequence[Mention]) -> tuple[Reading, ...]:
        """Return what the rules find in the sentences of a document, in the order of the text.

        ``mentions`` carry their final category (the linked concept's where there is one). A pair that several rules
        of one label find is read once, with the best score.
        """
        kinds = self.rules.kinds
        named = sorted(
            (m for m in mentions if m.category in kinds and not self._is_people(m)), key=lambda m: m.span.start
        )
        starts = [mention.span.start for mention in named]
        readings: list[Reading] = []
        for sentence in segmented.sentences:
            inside = [
                mention
                for mention in named[bisect_left(starts, sentence.span.start) : bisect_left(starts, sentence.span.end)]
                if mention.span.end <= sentence.span.end
            ]
            if len(inside) > 1:
                readings.extend(self._read_sentence(segmented.document, sentence, inside))
        return tuple(readings)

    def _is_people(self, mention: Mention) -> bool:
        return mention.category == "OrganismTaxon" and mention.text.lower() in self.rules.people

    def _read_sentence(self, document: Document, sentence: Sentence, mentions: list[Mention]) -> list[Reading]:
        items = flatten(document.text, sentence, mentions, self.rules.kinds, self.rules.known, self.rules.lists)
        words = [item.word for item in items]
        best: dict[tuple[str, str, Span, Span], Reading] = {}
        for rule, order, start, end in self._matches(words):
            if (rule.documents and document.kind not in rule.documents) or _blocked(rule, words, start, end):
                continue
            match = items[start:end]
            grade = ""
            if document.kind == "guideline" and rule.label in _GRADED:
                grade = strength(document.text, sentence, match[-1].span)
            for subject, obj in _pairs(rule, order, match):
                reading = Reading(
                    document.id, subject, rule.label, obj, rule.score, self.reader,
                    polarity=rule.polarity, cue=_cue(rule, match), strength=grade,
                )
                place = (rule.label, rule.polarity, subject.span, obj.span)
                if place not in best or best[place].score < reading.score:
                    best[place] = reading
        return sorted(best.values(), key=lambda r: (r.subject.span, r.object.span, r.label, r.polarity))

    def _matches(self, words: list[str]) -> Iterator[tuple[Rule, tuple[str, ...], int, int]]:
        """Run the rules of which a rare word stands in the sentence."""
        tried = sorted({at for word in set(words) for at in self._triggered.get(word, ())})
        if not tried:
            return
        doc = Doc(self._vocab, words=words)
        for matcher, rule in (self._matchers[at] for at in tried):
            for key, start, end in matcher(doc):
                yield rule, self._meaning[key], start, end


def _pairs(rule: Rule, order: tuple[str, ...], match: Sequence[Item]) -> Iterator[tuple[Mention, Mention]]:
    slots = [item.members for item in match if item.members]
    if order == ("PAIR",):
        members = slots[0]
        pairs = [(one, other) for at, one in enumerate(members) for other in members[at + 1 :]]
    else:
        named = dict(zip(order, slots, strict=True))
        pairs = [(one, other) for one in named["SUBJECT"] for other in named["OBJECT"]]
    for subject, obj in pairs:
        same = subject.text.lower() == obj.text.lower()
        if subject.category in rule.subjects and obj.category in rule.objects and not same:
            yield subject, obj


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
