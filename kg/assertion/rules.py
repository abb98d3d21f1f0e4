"""The cue rules of rules.yaml, and the finder of cues in a sentence's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Literal

import yaml

from kg.errors import DataError

_DATA = Path(__file__).with_name("rules.yaml")
Of = Literal["mention", "relation"]
_ByFirst = dict[str, list[tuple[tuple[str, ...], "Rule"]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a cue says, and how far. ``scope`` counts words; ``ends`` are the words that end it earlier."""

    id: str
    status: str
    of: frozenset[str]
    forward: bool
    between: bool
    study: bool
    lists: bool
    scope: int
    ends: frozenset[str]
    needs: frozenset[str]
    applies: tuple[str, ...]
    spares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in a sentence: the half-open range of its words, and the rule it belongs to."""

    first: int
    last: int
    rule: Rule


class Rules:
    """All rules, with their cues arranged by first word; of one direction the longest cue at a place wins."""

    def __init__(self, rules: Sequence[Rule], cues: Sequence[tuple[tuple[str, ...], Rule]]) -> None:
        self.rules = tuple(rules)
        found: dict[Of, tuple[_ByFirst, _ByFirst]] = {"mention": ({}, {}), "relation": ({}, {})}
        for words, rule in cues:
            for of, directions in found.items():
                for forward, by_first in zip((True, False), directions, strict=True):
                    # A false friend looks both ways: it takes the place of cues of either direction.
                    if of in rule.of and (rule.forward == forward or rule.status == "none"):
                        by_first.setdefault(words[0], []).append((words, rule))
        for directions in found.values():
            for by_first in directions:
                for entries in by_first.values():
                    entries.sort(key=lambda entry: -len(entry[0]))
        self._cues = found

    def cues(self, words: Sequence[str], of: Of) -> Iterator[Cue]:
        """Yield the cues among lower-case words, those that look forward first; false friends left out.

        Each from left to right, and none inside another of its direction.
        """
        for by_first in self._cues[of]:
            done = 0
            for place, word in enumerate(words):
                if word not in by_first or place < done:
                    continue
                for cue, rule in by_first[word]:
                    end = place + len(cue)
                    if tuple(words[place:end]) == cue:
                        done = end
                        if rule.status != "none":
                            yield Cue(place, end, rule)
                        break


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the rules of rules.yaml; DataError where two rules of one kind and direction claim the same cue.

    >>> [(cue.first, cue.last, cue.rule.id) for cue in rules().cues("there was no evidence of rash".split(), "mention")]
    [(2, 5, 'absent')]
    """
    loaded = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    stops = frozenset(loaded["stops"])
    found: list[Rule] = []
    cues: dict[tuple[tuple[str, ...], str, bool], Rule] = {}
    for entry in loaded["rules"]:
        of = frozenset({"mention", "relation"} if entry.get("of", "both") == "both" else {entry["of"]})
        rule = Rule(
            id=entry["id"],
            status=entry["status"],
            of=of,
            forward=entry.get("direction", "forward") == "forward",
            between=entry.get("place") == "between",
            study=entry.get("study", False),
            lists=entry.get("lists", True),
            scope=entry.get("scope", 0),
            ends=stops - frozenset(entry.get("over", ())) | frozenset(entry.get("until", ())),
            needs=frozenset(entry.get("needs", ())),
            applies=tuple(entry.get("applies", ())),
            spares=tuple(entry.get("spares", ())),
        )
        found.append(rule)
        for words in (words for cue in entry["cues"] for words in _expand(cue)):
            for one in sorted(of):
                other = cues.setdefault((words, one, rule.forward), rule)
                if other is not rule:
                    raise DataError("two rules claim one cue", cue=" ".join(words), rules=f"{other.id}, {rule.id}")
    by_rule = {(words, rule.id): rule for (words, *_), rule in cues.items()}
    return Rules(found, [(words, rule) for (words, _), rule in sorted(by_rule.items(), key=lambda item: item[0])])


def _expand(cue: str) -> Iterator[tuple[str, ...]]:
    """Yield the word sequences that a cue of rules.yaml stands for.

    >>> sorted(_expand("no new|other? signs"))
    [('no', 'new', 'signs'), ('no', 'other', 'signs'), ('no', 'signs')]
    """
    places: list[list[tuple[str, ...]]] = []
    for part in cue.split():
        options: list[tuple[str, ...]] = [(word,) for word in part.rstrip("?").split("|")]
        places.append([*options, ()] if part.endswith("?") else options)
    yield from {words for choice in product(*places) if (words := tuple(word for one in choice for word in one))}
