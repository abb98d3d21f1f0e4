"""Names learned from people's own linking: which texts of a training corpus stand for which id.

Only what a corpus' training documents say; documents that any development set holds are left out by the caller.
An id that no vocabulary here has, but whose name one has, is taken for a retired id of that one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.link.composite import parts
from kg.link.normalise import key
from kg.link.vocabulary import Name, Term, origin, prefix

_AGREE = 0.5


@dataclass(frozen=True, slots=True)
class Linked:
    """A mention that a person linked: where, its text, its category, and the one id."""

    document: str
    text: str
    category: str
    id: str


def learn(corpus: str, mentions: Iterable[Linked], known: Sequence[Term]) -> tuple[Term, ...]:
    """Return terms that carry the learned names, one for each id; ids that ``known`` lacks become terms too.

    Spellings with one key count together. A name is kept for the id that most of its documents give, if that is more
    than half of them, and if the vocabularies do not say just that already; a text that joins several names
    teaches none. Raises VocabularyError for a corpus that vocabularies.yaml does not know.
    """
    home, said = _known(known)
    categories = {term.id: term.category for term in known}
    documents: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    spellings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in mentions:
        group = (key(one.text), one.category)
        documents[group][home.get(one.id, one.id)].add(one.document)
        spellings[group][one.text] += 1
    names: dict[tuple[str, str], list[Name]] = defaultdict(list)
    retired: dict[str, set[str]] = defaultdict(set)
    learned = origin(corpus, "train", "exact")
    for group in sorted(documents):
        by_id = documents[group]
        best = min(by_id, key=lambda one: (-len(by_id[one]), one))
        agreed = len(by_id[best]) > _AGREE * len(set().union(*by_id.values()))
        meant = said.get(group[0], set())
        if not group[0] or not agreed or meant == {best} or any(parts(text) for text in spellings[group]):
            continue
        same = [one for one in sorted(meant) if categories[one] == group[1] and prefix(one) == prefix(best)]
        if best not in categories and same:
            retired[same[0]].add(best)
            continue
        text = min(spellings[group], key=lambda one: (-spellings[group][one], one))
        names[best, categories.get(best, group[1])].append(Name(text, learned))
    replaced = {old for olds in retired.values() for old in olds}
    terms = [Term(new, categories[new], (), (), tuple(sorted(olds))) for new, olds in retired.items()]
    terms += [Term(one, kind, tuple(found)) for (one, kind), found in names.items() if one not in replaced]
    return tuple(sorted(terms, key=lambda term: (term.id, len(term.names))))


def _known(terms: Sequence[Term]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Return which term has each cross-referenced id, and which terms have each name's key."""
    home: dict[str, str] = {}
    said: dict[str, set[str]] = defaultdict(set)
    for term in terms:
        for xref in term.xrefs:
            home.setdefault(xref, term.id)
        for name in term.names:
            said[key(name.text)].add(term.id)
    home.update((term.id, term.id) for term in terms)
    return home, said
