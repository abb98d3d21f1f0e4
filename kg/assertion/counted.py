"""Counts in one sentence: which finding each counts, and in which group.

The sentence comes with its names overlaid by one letter each, so that offsets stay and no rule matches inside a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor
from pathlib import Path
from typing import Any

import yaml

_DATA = Path(__file__).with_name("numbers.yaml")
FINDING, OTHER, SUBJECT, RIVAL = "\ue000", "\ue001", "\ue002", "\ue003"
_JOINED = r"\s*(?:,|/|,?\s*(?:and|or))\s*(?:[a-z-]+\s+){0,2}"
_LISTED = re.compile(f"{OTHER}{_JOINED}{FINDING}|{FINDING}{_JOINED}{OTHER}")
_FINDINGS = re.compile(f"[{FINDING}{OTHER}]")
_WORDS = "none one two three four five six seven eight nine ten eleven twelve".split()
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Form:
    """A form that a count is written in, with its examples."""

    id: str
    pattern: re.Pattern[str]
    examples: tuple[Mapping[str, Any], ...]
    counterexamples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberRules:
    """The rules of numbers.yaml."""

    labels: frozenset[str]
    unless: re.Pattern[str]
    comparator: re.Pattern[str]
    forms: tuple[Form, ...]
    bracket: re.Pattern[str]
    before: re.Pattern[str]
    distant: re.Pattern[str]
    after: re.Pattern[str]
    chain: re.Pattern[str]
    group_after: re.Pattern[str]
    group_treated: re.Pattern[str]
    group_before: re.Pattern[str]
    group_of_finding: re.Pattern[str]
    group_joined: re.Pattern[str]
    examples: tuple[Mapping[str, Any], ...]
    counterexamples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """``count`` of ``total``, said at [start, end) of the sentence."""

    start: int
    end: int
    count: int
    total: int


@lru_cache(maxsize=1)
def number_rules() -> NumberRules:
    """Return the rules of numbers.yaml."""
    loaded = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    parts = loaded["parts"]
    for name, before in (("count", r"[\w./-]"), ("total", r"[\w.-]")):
        parts[name] = rf"(?<!{before})(?P<{name}>{parts['number']})(?![\w.]*\d)"
    parts["percent"] = f"(?P<percent>{parts['percentage']})"
    parts["finding"] = f"(?P<finding>{FINDING}+|{OTHER}+)"
    parts["drug"] = f"(?P<drug>{SUBJECT}+|{RIVAL}+|{OTHER}+|{parts['comparator']})"
    forms = tuple(
        Form(one["id"], _compiled(one["pattern"], parts), tuple(one["examples"]), tuple(one["counterexamples"]))
        for one in loaded["forms"]
    )
    return NumberRules(
        labels=frozenset(loaded["labels"]),
        unless=re.compile(loaded["unless"]),
        comparator=re.compile(parts["comparator"]),
        forms=forms,
        **{name: _compiled(pattern, parts) for name, pattern in loaded["findings"].items()},
        **{f"group_{name}": _compiled(pattern, parts) for name, pattern in loaded["groups"].items()},
        examples=tuple(loaded["cases"]["examples"]),
        counterexamples=tuple(loaded["cases"]["counterexamples"]),
    )


def _compiled(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    while True:
        filled = pattern
        for name, part in parts.items():
            filled = filled.replace(f"{{{name}}}", f"(?:{part})")
        if filled == pattern:
            return re.compile(pattern.replace(" ", r"\s"))
        pattern = filled


def counted(text: str) -> Counted | None:
    """Return the one count of the finding in the subject's group; None where there is none or several."""
    rules = number_rules()
    counts = _counts(text, rules)
    if not counts or rules.unless.search(text):
        return None
    borders = [0, *(border for one in counts for border in (one.start, one.end)), len(text)]
    between = [text[start:end] for start, end in zip(borders[::2], borders[1::2], strict=True)]
    findings = _findings(between, rules)
    listed = bool(_LISTED.search(text))
    rivals = RIVAL in text or bool(rules.comparator.search(text))
    mine = []
    for number, one in enumerate(counts):
        finding, in_brackets = findings[number]
        if finding == FINDING and (in_brackets or not listed):
            group = _group(between[number], between[number + 1], rules)
            if group == SUBJECT or (not group and not rivals):
                mine.append(one)
    return mine[0] if len(mine) == 1 else None


def _findings(between: Sequence[str], rules: NumberRules) -> list[tuple[str, bool]]:
    """Return for each count what :func:`_finding` says, or the finding of the count whose chain it goes on.

    ``between``: the text before the first count, between the counts, and after the last one.
    """
    found = [_finding(head, tail, rules) for head, tail in pairwise(between)]
    for forward in (True, False):
        places = range(1, len(found)) if forward else range(len(found) - 2, -1, -1)
        for place in places:
            link, source = (between[place], place - 1) if forward else (between[place + 1], place + 1)
            if not found[place][0] and rules.chain.match(link) and not _FINDINGS.search(link):
                found[place] = found[source][0], False
    return found


def _counts(text: str, rules: NumberRules) -> list[Counted]:
    found: list[Counted] = []
    for form in rules.forms:
        for match in form.pattern.finditer(text):
            start, end = match.span()
            if any(start < other.end and other.start < end for other in found):
                continue
            if (figures := _figures(match.groupdict())) is not None:
                found.append(Counted(start, end, *figures))
    return sorted(found, key=lambda one: one.start)


def _finding(head: str, tail: str, rules: NumberRules) -> tuple[str, bool]:
    """Return the letter of the finding that a count belongs to ("" for none), and whether it stands in its brackets."""
    if match := rules.bracket.search(head):
        return match["finding"][0], True
    if match := rules.after.match(tail):
        return match["finding"][0], False
    if (match := rules.before.search(head)) or (match := rules.distant.search(head)):
        return match["finding"][0], False
    return "", False


def _group(head: str, tail: str, rules: NumberRules) -> str:
    """Return the letter of the drug or comparator in whose group was counted; "" where none is named."""
    match = rules.group_after.match(tail) or rules.group_treated.match(tail)
    if match and (other := rules.group_joined.match(tail[match.end() :])) and other["drug"][0] == SUBJECT:
        return SUBJECT
    match = match or rules.group_of_finding.search(head) or rules.group_before.search(head)
    if match is None:
        return ""
    return match["drug"][0] if match["drug"][0] in (SUBJECT, RIVAL) else OTHER


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
