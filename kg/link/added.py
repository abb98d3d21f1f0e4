"""Joining a further vocabulary to those that are read: it adds concepts, ids and names, and overrules nothing.

A term with an id that is known adds names to it. Another term is the same concept as the known one whose label or
exact name is its label (or the other way round), where no third term shares the name. A name that a known concept of
the same kind has already is not given to a second one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.errors import VocabularyError
from kg.link.normalise import key
from kg.link.vocabulary import Mapping, Name, Term, Vocabulary, prefix, table

_RANK = 10
_ILL = frozenset({"Disease", "PhenotypicFeature"})


def join(known: Vocabulary, added: Vocabulary) -> Vocabulary:
    """Return both as one.

    Terms of no category whose id is unknown are outside the schema and are left out. Raises VocabularyError when that
    leaves nothing.
    """
    by_id = {term.id: term for term in known.terms}
    categories = {term.id: term.category for term in known.terms}
    terms = []
    for term in added.terms:
        category = categories.get(term.id) or term.category
        if category:
            terms.append(replace(term, category=category))
    if not terms and added.terms:
        raise VocabularyError("no id of this vocabulary is known, and it says no category", id=added.terms[0].id)
    new = [term for term in terms if term.id not in by_id]
    mapped = {one for mapping in added.mappings for one in (mapping.left, mapping.right)}
    same = _same(known.terms, [term for term in new if term.id not in mapped])
    mappings = (*added.mappings, *same)
    partner = {mapping.left: mapping.right for mapping in same}
    small = _joins_only()
    kept = [term for term in terms if prefix(term.id) not in small or term.id in partner or term.id in by_id]
    return Vocabulary((*known.terms, *_filling(known.terms, kept, partner)), (*known.mappings, *mappings))


def _joins_only() -> frozenset[str]:
    """Prefixes of vocabularies that only add to known concepts: too large to be taken whole."""
    return frozenset(one["prefix"] for one in table()["vocabularies"].values() if one.get("joins_only"))


def _same(known: Sequence[Term], new: Sequence[Term]) -> tuple[Mapping, ...]:
    """Return for each new term the one known term that its names say it is: equal labels before other names."""
    kinds = {_kind(term) for term in new}
    labels, names = _names(term for term in known if _kind(term) in kinds)
    own_labels, own_names = _names(new)
    found = []
    for term in new:
        kind, label = _kind(term), key(term.names[0].text)
        by_label = labels[kind, label]
        if len(by_label) == 1 and len(own_labels[kind, label]) == 1:
            found.append(Mapping(term.id, min(by_label), _RANK))
            continue
        others = set(names[kind, label]) if len(own_names[kind, label]) == 1 else set()
        for name in term.names[1:]:
            shared = (kind, key(name.text))
            if name.origin.scope == "exact" and len(own_names[shared]) == 1:
                others |= labels[shared]
        if len(others) == 1:
            found.append(Mapping(term.id, min(others), _RANK + 1))
    taken: dict[str, Mapping] = {}
    for mapping in sorted(found, key=lambda m: (m.rank, m.left)):
        taken.setdefault(mapping.right, mapping)
    return tuple(sorted(taken.values(), key=lambda m: m.left))


Named = dict[tuple[str, str], set[str]]


def _names(terms: Iterable[Term]) -> tuple[Named, Named]:
    """Return by kind and key which terms have a label, and which have a label or exact name."""
    labels: Named = defaultdict(set)
    names: Named = defaultdict(set)
    for term in terms:
        for place, name in enumerate(term.names):
            if name.origin.scope in ("label", "exact"):
                shared = (_kind(term), key(name.text))
                names[shared].add(term.id)
                if not place:
                    labels[shared].add(term.id)
    return labels, names


def _filling(known: Sequence[Term], added: Sequence[Term], partner: dict[str, str]) -> list[Term]:
    """Return the added terms without the names that known terms of their kind have; a new concept keeps its label.

    A vocabulary that is known already (a newer MeSH) is asked only what it says itself: its names stand beside those
    that others gave to its ids.
    """
    said = {name.origin.vocabulary for term in known for name in term.names}
    owners: dict[str, set[tuple[str, str]]] = defaultdict(set)
    of_id: dict[str, set[str]] = {term.id: {key(name.text) for name in term.names} for term in known}
    for term in known:
        for name in term.names:
            owner = (_kind(term), key(name.text))
            owners[""].add(owner)
            owners[name.origin.vocabulary].add(owner)
    filled = []
    for term in added:
        fresh = term.id not in of_id and term.id not in partner
        names = list(term.names[:1]) if fresh else []
        seen = {key(name.text) for name in names} | {""} | of_id.get(term.id, set())
        for name in sorted(term.names, key=_natural):
            shared, vocabulary = key(name.text), name.origin.vocabulary
            if shared not in seen and (_kind(term), shared) not in owners[vocabulary if vocabulary in said else ""]:
                seen.add(shared)
                names.append(name)
        if names:
            filled.append(replace(term, names=tuple(names)))
    return filled


def _natural(name: Name) -> tuple[bool, int, str]:
    """Spellings of one name: the one that a text would use first (``heart attack`` before ``attack, heart``)."""
    return "," in name.text, len(name.text), name.text


def _kind(term: Term) -> str:
    return "ill" if term.category in _ILL else term.category
