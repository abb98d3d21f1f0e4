"""One concept out of the terms that mean the same: merged over exact matches, never two ids of one vocabulary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.link.normalise import key
from kg.link.vocabulary import SCOPES, Mapping, Name, Term, prefix, table
from kg.schema.vocabulary import CATEGORIES


@dataclass(frozen=True, slots=True)
class Merged:
    """A concept before it is written: ``names[0]`` is the label; ``ids`` are all members, the concept's id first."""

    ids: tuple[str, ...]
    category: str
    names: tuple[Name, ...]
    parents: tuple[str, ...]
    xrefs: tuple[str, ...]


def merge(terms: Sequence[Term], mappings: Iterable[Mapping]) -> tuple[Merged, ...]:
    """Return the concepts, sorted by id.

    Mappings are tried in the order of their rank, those with equal labels first; one that would put two ids of a
    vocabulary into a concept is dropped. Two terms of unrelated categories (a gene and a disease) never merge.

    >>> from kg.link.vocabulary import origin
    >>> def term(id, text):
    ...     return Term(id, "Disease", (Name(text, origin(id[:4].replace("MESH", "MeSH"), "1", "label")),))
    >>> both = [Mapping("DOID:1", "MESH:D1"), Mapping("DOID:2", "MESH:D1")]
    >>> [m.ids for m in merge([term("DOID:1", "a"), term("DOID:2", "b"), term("MESH:D1", "b")], both)]
    [('DOID:1',), ('MESH:D1', 'DOID:2')]
    """
    by_id = _combined(terms)
    groups: dict[str, set[str]] = {identifier: {identifier} for identifier in by_id}
    for mapping in sorted(set(mappings), key=lambda m: (m.rank, not _same_label(m, by_id), m.left, m.right)):
        _join(mapping, groups, by_id)
    seen: set[int] = set()
    merged = []
    home: dict[str, str] = {}
    for identifier in sorted(by_id):
        group = groups[identifier]
        if id(group) in seen:
            continue
        seen.add(id(group))
        category = _category(group, by_id)
        ids = tuple(sorted(group, key=lambda one: (_rank(one, CATEGORIES[category].prefer), one)))
        merged.append((ids, category))
        home.update(dict.fromkeys(ids, ids[0]))
    built = sorted((_build(ids, category, by_id, home) for ids, category in merged), key=lambda m: m.ids[0])
    return _without_cycles(built)


def _combined(terms: Sequence[Term]) -> dict[str, Term]:
    """Join the terms of one id: the one with the label first, names learned from corpora last."""
    found: dict[str, Term] = {}
    for term in sorted(terms, key=_standing):
        one = found.get(term.id)
        if one is not None:
            xrefs = tuple(sorted({*one.xrefs, *term.xrefs}))
            term = replace(one, names=(*one.names, *term.names), xrefs=xrefs)
        found[term.id] = term
    return found


def _standing(term: Term) -> tuple[str, bool, bool, str]:
    first = term.names[0] if term.names else None
    if first is None:
        return term.id, True, True, ""
    return term.id, _learned(first), first.origin.scope != "label", first.text


def _learned(name: Name) -> bool:
    return bool(table()["vocabularies"][name.origin.vocabulary].get("corpus"))


def _join(mapping: Mapping, groups: dict[str, set[str]], by_id: dict[str, Term]) -> None:
    left = groups.get(mapping.left)
    right = groups.get(mapping.right)
    if left is None and right is None:
        return
    left = groups.setdefault(mapping.left, {mapping.left})
    right = groups.setdefault(mapping.right, {mapping.right})
    if left is right or {prefix(one) for one in left} & {prefix(one) for one in right}:
        return
    kinds = {by_id[one].category for one in (*left, *right) if one in by_id}
    if len(kinds) > 1 and not kinds <= {"Disease", "PhenotypicFeature"}:
        return
    left |= right
    for one in right:
        groups[one] = left


def _same_label(mapping: Mapping, by_id: dict[str, Term]) -> bool:
    left, right = by_id.get(mapping.left), by_id.get(mapping.right)
    return bool(left and right and key(left.names[0].text) == key(right.names[0].text))


def _rank(identifier: str, order: Sequence[str]) -> int:
    start = prefix(identifier)
    return order.index(start) if start in order else len(order)


def _category(group: set[str], by_id: dict[str, Term]) -> str:
    members = sorted(
        (one for one in group if one in by_id), key=lambda one: (_rank(one, table()["category_from"]), one)
    )
    return by_id[members[0]].category


def _build(ids: tuple[str, ...], category: str, by_id: dict[str, Term], home: dict[str, str]) -> Merged:
    names: dict[tuple[str, bool], Name] = {}
    parents: set[str] = set()
    xrefs: set[str] = set()
    members = [by_id[one] for one in ids if one in by_id]
    for member in members:
        for name in member.names:
            place = (name.text.casefold(), _learned(name))
            known = names.get(place)
            if known is None or SCOPES.index(name.origin.scope) < SCOPES.index(known.origin.scope):
                names[place] = name if known is None else Name(known.text, name.origin)
        parents.update(home[up] for up in member.parents if up in home)
        xrefs.update(member.xrefs)
    parents.discard(ids[0])
    label = members[0].names[0]
    names.pop((label.text.casefold(), _learned(label)))
    ordered = sorted(names.values(), key=lambda name: (_learned(name), SCOPES.index(name.origin.scope), name.text))
    return Merged(ids, category, (label, *ordered), tuple(sorted(parents)), tuple(sorted(xrefs - set(ids))))


def _without_cycles(concepts: list[Merged]) -> tuple[Merged, ...]:
    """Drop the is-a links that close a circle: two vocabularies can order the same pair both ways."""
    parents = {one.ids[0]: one.parents for one in concepts}
    kept: dict[str, list[str]] = {}
    open_path: set[str] = set()
    for root in parents:
        stack = [(root, iter(parents[root]))] if root not in kept else []
        for start, _ in stack:
            kept[start] = []
            open_path.add(start)
        while stack:
            here, rest = stack[-1]
            up = next(rest, None)
            if up is None:
                open_path.discard(here)
                stack.pop()
            elif up not in open_path:
                kept[here].append(up)
                if up not in kept:
                    kept[up] = []
                    open_path.add(up)
                    stack.append((up, iter(parents[up])))
    return tuple(replace(one, parents=tuple(kept[one.ids[0]])) for one in concepts)


def conflicts(merged: Iterable[Merged]) -> list[str]:
    """Return the concepts that hold two ids of one vocabulary; empty unless the merge is broken."""
    found = []
    for one in merged:
        counts: dict[str, int] = defaultdict(int)
        for identifier in one.ids:
            counts[prefix(identifier)] += 1
        found += [one.ids[0]] if max(counts.values()) > 1 else []
    return found
