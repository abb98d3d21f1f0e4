"""How many of how many: counts that stand beside a finding and belong to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, floor
from pathlib import Path
from typing import Any

import yaml

from kg.assertion.places import Sentences
from kg.model import Mention, Reading, Segmented, Span

_DATA = Path(__file__).with_name("numbers.yaml")
# Names are overlaid by one of these letters each, so that offsets stay and no rule matches inside a name.
_FINDING, _OTHER, _SUBJECT = "\ue000", "\ue001", "\ue002"
_JOINED = r"\s*(?:,|/|,?\s*(?:and|or))\s*"
_LISTED = re.compile(f"{_OTHER}{_JOINED}{_FINDING}|{_FINDING}{_JOINED}{_OTHER}")
_WORDS = "none one two three four five six seven eight nine ten eleven twelve".split()
_CONDITIONS = ("Disease", "PhenotypicFeature")
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class NumberRule:
    """A form that a count is written in; ``alone``: not where the finding stands in a list."""

    id: str
    alone: bool
    pattern: re.Pattern[str]
    examples: tuple[Mapping[str, Any], ...]
    counterexamples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberRules:
    """All rules, the labels whose readings can be counted, and what says that there are several groups."""

    rules: tuple[NumberRule, ...]
    labels: frozenset[str]
    unless: re.Pattern[str]


@lru_cache(maxsize=1)
def number_rules() -> NumberRules:
    """Return the rules of numbers.yaml."""
    loaded = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    parts = loaded["parts"]
    parts |= {"finding": f"{_FINDING}+", "other": f"{_OTHER}+", "subject": f"{_SUBJECT}+"}
    for name, before in (("count", r"[\w./-]"), ("total", r"[\w.-]")):
        parts[name] = rf"(?<!{before})(?P<{name}>{parts['number']})(?![\w.]*\d)"
    parts["percent"] = f"(?P<percent>{parts['percentage']})"
    rules = tuple(
        NumberRule(
            rule["id"],
            bool(rule.get("alone", False)),
            _compiled(rule["pattern"], parts),
            tuple(rule["examples"]),
            tuple(rule["counterexamples"]),
        )
        for rule in loaded["rules"]
    )
    return NumberRules(rules, frozenset(loaded["labels"]), re.compile(loaded["unless"]))


def _compiled(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    for name, part in parts.items():
        pattern = pattern.replace(f"{{{name}}}", f"(?:{part})")
    return re.compile(pattern.replace(" ", r"\s"))


def count(segmented: Segmented, readings: Sequence[Reading], mentions: Sequence[Mention]) -> tuple[Reading, ...]:
    """Return the readings, in their order, with ``count`` of ``total`` where the sentence counts their finding.

    The finding is the reading's object. "None of 34" refutes, whatever the reader took it for; any other count in a
    refuted reading is left out, for it may count those who did not have the finding.
    """
    known = number_rules()
    sentences = Sentences(segmented)
    return tuple(
        _counted(reading, segmented, sentences, mentions, known) if reading.label in known.labels else reading
        for reading in readings
    )


def _counted(
    reading: Reading, segmented: Segmented, sentences: Sentences, mentions: Sequence[Mention], known: NumberRules
) -> Reading:
    index = sentences.index(reading.object.span)
    if index is None or index != sentences.index(reading.subject.span):
        return reading
    span = segmented.sentences[index].span
    text = _overlaid(span, segmented.document.text, reading, mentions)
    if known.unless.search(text):
        return reading
    listed = bool(_LISTED.search(text))
    for rule in known.rules:
        if (rule.alone and listed) or not (found := rule.pattern.search(text)):
            continue
        if (figures := _figures(found.groupdict())) is None:
            continue
        if figures[0] == 0:
            return replace(reading, polarity="refutes", count=0, total=figures[1])
        if reading.polarity == "refutes":
            return reading
        return replace(reading, count=figures[0], total=figures[1])
    return reading


def _overlaid(span: Span, text: str, reading: Reading, mentions: Sequence[Mention]) -> str:
    # Letter by letter, so that offsets stay: a few capitals have two small letters.
    letters = [small if len(small := letter.lower()) == 1 else letter for letter in span.of(text)]
    overlays = [(one.span, _OTHER) for one in mentions if one.category in _CONDITIONS and span.covers(one.span)]
    for one, letter in (*overlays, (reading.subject.span, _SUBJECT), (reading.object.span, _FINDING)):
        for place in range(max(one.start, span.start), min(one.end, span.end)):
            letters[place - span.start] = letter
    return "".join(letters)


def _figures(groups: Mapping[str, str | None]) -> tuple[int, int] | None:
    """Return count and total, or None where they are impossible or the percentage does not settle them."""
    count, total = (_number(groups.get(name)) for name in ("count", "total"))
    if percent := groups.get("percent"):
        digits = percent.rstrip(" %")
        share, step = float(digits) / 100, 0.5 * 10.0 ** -(len(digits.partition(".")[2]) + 2)
        low, high = share - step, share + step
        if low <= 0:
            return None
        if total is None and count:
            total = _only(count / high, count / low)
        elif count is None and total:
            count = _only(total * low, total * high)
    if count is None or total is None or not 0 <= count <= total or not 1 < total <= _LARGEST:
        return None
    return count, total


def _only(low: float, high: float) -> int | None:
    """Return the one whole number from ``low`` to ``high``, or None where there is none or several."""
    return ceil(low) if ceil(low) == floor(high) else None


def _number(said: str | None) -> int | None:
    if said is None:
        return None
    return _WORDS.index(said) if said in _WORDS else int(said.replace(",", ""))
