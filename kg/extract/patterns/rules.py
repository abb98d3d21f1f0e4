"""The rules as they lie in ``rules/*.yaml``: read, checked, compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from kg.errors import ConfigError
from kg.extract.identity import RULES, rule_texts, rules_digest
from kg.extract.patterns.flatten import Lists
from kg.extract.patterns.grammar import CLASSES, SLOT, Form, Words, compile_form
from kg.model import Polarity
from kg.schema.vocabulary import CATEGORIES, LABELS

_KEYS = {"id", "forms", "polarity", "subject", "object", "documents", "sections", "negation", "unless_before"}
_KEYS |= {"unless_after", "unless_anywhere", "score", "measured", "examples", "counterexamples"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the label it says, of which categories, in which documents and sections, and how often it is right."""

    id: str
    label: str
    polarity: Polarity
    subjects: frozenset[str]
    objects: frozenset[str]
    documents: frozenset[str]
    sections: frozenset[str]
    negation: frozenset[str]
    unless_before: frozenset[str]
    unless_after: frozenset[str]
    unless_anywhere: frozenset[str]
    score: float
    measured: str
    forms: tuple[Form, ...]
    examples: tuple[Mapping[str, Any], ...]
    counterexamples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules with the words they share. ``kinds`` is the slot word of each category, ``people`` no organisms.

    ``no_names``: words that are none, whatever the extractor says.
    ``passed_over``: the sections that are not read, by the kind of document.
    """

    rules: tuple[Rule, ...]
    lists: Lists
    kinds: Mapping[str, str]
    people: frozenset[str]
    no_names: frozenset[str]
    passed_over: Mapping[str, frozenset[str]]
    known: frozenset[str]
    digest: str


@lru_cache(maxsize=4)
def load_rules(folder: Path = RULES) -> Rules:
    """Read every YAML file of ``folder``; ``words.yaml`` holds what the others share.

    Raises ConfigError for a file that is no YAML, an unknown key, label or category, or a form that does not compile.
    """
    texts = rule_texts(folder)
    digest = rules_digest(texts)
    shared = _yaml(texts.pop("words.yaml"), "words.yaml")
    words = _words(shared)
    kinds = {category: SLOT + kind for kind, names in shared["kinds"].items() for category in names}
    if unknown := set(kinds) - set(CATEGORIES):
        raise ConfigError("schemas/ has no such category", category=sorted(unknown), file="words.yaml")
    rules = tuple(
        _rule(raw, group, words, kinds, name)
        for name, text in texts.items()
        for group in [_yaml(text, name)]
        for raw in group["rules"]
    )
    names = [rule.id for rule in rules]
    if len(set(names)) != len(names):
        raise ConfigError("two rules have the same id", ids=sorted({name for name in names if names.count(name) > 1}))
    lists = Lists(**{key: frozenset(words.sets[name]) for key, name in shared["lists"].items()})
    said = {word for rule in rules for form in rule.forms for word in form.words}
    guards = {word for rule in rules for word in rule.unless_before | rule.unless_after | rule.unless_anywhere}
    known = said | guards | {word for chosen in words.sets.values() for word in chosen}
    passed_over = {kind: frozenset(sections) for kind, sections in shared["passed_over"].items()}
    people, no_names = frozenset(shared["people"]), frozenset(shared["no_names"])
    return Rules(rules, lists, kinds, people, no_names, passed_over, frozenset(known), digest)


def _yaml(text: str, name: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"not valid YAML: {error}", file=name) from error
    if not isinstance(found, dict):
        raise ConfigError("a rule file is a mapping", file=name)
    return found


def _words(shared: Mapping[str, Any]) -> Words:
    sets: dict[str, tuple[str, ...]] = {}
    for name, value in shared["sets"].items():
        chosen: list[str] = []
        for word in value.split():
            chosen.extend(sets[word] if word in sets else [CLASSES.get(word, word)])
        sets[name] = tuple(sorted(set(chosen)))
    return Words(sets, {name: tuple(lines) for name, lines in shared["phrases"].items()})


def _rule(raw: Mapping[str, Any], group: Mapping[str, Any], words: Words, kinds: Mapping[str, str], file: str) -> Rule:
    if unknown := set(raw) - _KEYS:
        raise ConfigError("a rule has an unknown key", keys=sorted(unknown), file=file, rule=raw.get("id"))
    label = group["label"]
    if label not in LABELS:
        raise ConfigError("schemas/predicates.yaml has no such label", label=label, file=file)
    subjects: frozenset[str] = frozenset(raw.get("subject", group["subject"]))
    objects: frozenset[str] = frozenset(raw.get("object", group["object"]))
    if strange := (subjects | objects) - set(kinds):
        raise ConfigError("words.yaml gives the category no kind", category=sorted(strange), rule=raw["id"])
    slots = [sorted({kinds[category] for category in side}) for side in (subjects, objects)]
    forms = tuple(form for line in raw["forms"] for form in compile_form(line, words, *slots))
    guards = {
        key: frozenset(word for name in raw.get(key, group.get(key, ())) for word in words.sets.get(name, (name,)))
        for key in ("negation", "unless_before", "unless_after", "unless_anywhere")
    }
    return Rule(
        id=raw["id"],
        label=label,
        polarity=raw.get("polarity", "supports"),
        subjects=subjects,
        objects=objects,
        documents=frozenset(raw.get("documents", ())),
        sections=frozenset(raw.get("sections", ())),
        score=float(raw["score"]),
        measured=raw["measured"],
        forms=forms,
        examples=tuple(raw["examples"]),
        counterexamples=tuple(raw["counterexamples"]),
        **guards,
    )
