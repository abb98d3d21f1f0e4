"""Candidates for one name, without its document: by key, by a variant of the name, by likeness, by meaning."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kg.config import bundled
from kg.link.fuzzy import NameIndex
from kg.link.meaning import MeaningIndex, NameEncoder
from kg.link.normalise import fold, particulars
from kg.link.senses import SenseIndex, opposed, rewritten, senses
from kg.link.terminology import Terminology
from kg.link.variants import ILL, broader, completed, modifiers, says_more, variants
from kg.link.vocabulary import prefix
from kg.model import SCORE_DIGITS
from kg.schema.vocabulary import CATEGORIES

# Categories among which readers and vocabularies draw the line differently.
_GROUPS = (("Disease", "PhenotypicFeature"), ("Procedure", "Treatment", "DiagnosticAid"))
_AKIN = {one: tuple(other for other in group if other != one) for group in _GROUPS for one in group}
_SCOPE_COST = {"label": 0.0, "exact": 0.002, "related": 0.05, "narrow": 0.08, "broad": 0.1}
_LEARNED_COST = -0.02
_CALLING = ("MeSH", "Drug names")  # whose names, not only labels, are what others must not learn otherwise
_AGAINST_LABEL_COST = 0.03  # what a learned name loses where a vocabulary calls another concept so
_AKIN_COST = 0.008
_ELSEWHERE_COST = 0.012
_BROADER_COST = 0.04
_BROADER_STEPS = 2
_RANK_COST = 0.001
_RANKS = ("MeSH", "HPO", "HGNC", "DOID", "MONDO", "SYMP", "ORDO", "NCIt")
_FUZZY_LEAST = 0.77
_FUZZY_FACTOR = 0.95
_ALIKE_ENOUGH = 0.8
_FUZZY_LEFT_OUT = ("Gene", "CellLine")
_SENSE_FACTOR = 0.97
_NEAR_LEAST = 0.88  # of the cosine: nearer names are right four times in five on dev, others one time in three
_NEAR_MOST = 16  # names
_NEAR_LOW, _NEAR_RISE = 0.74, 0.3  # score at the least cosine, and how much it rises by cosine
NEAR = "near in meaning"
BROADER = "broader name"
ADJECTIVE = "noun of the adjective"
_SHORT = 5
_ADJECTIVE = re.compile(r"(?:ic|ous|al|ing|ive)$", re.IGNORECASE)
_ADJECTIVE_FACTOR = 0.92
_COMPLETED_LEAST = 0.84  # written just so: Beck's inventory is no Boeck disease


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept (its row) with the score of its best name, that name's number, and how it was found."""

    row: int
    score: float
    name: int
    method: str


class Lookup:
    """Finds the names of a terminology that a text may be. Answers are remembered.

    ``learned`` says whether names taken from corpora count. ``vocabularies``: prefixes of the ids that answers must
    have (``("MESH", "OMIM")``); a concept without one stands for its nearest broader concept that has. Empty: any.
    """

    def __init__(self, terminology: Terminology, *, learned: bool = True, vocabularies: Collection[str] = ()) -> None:
        self.terminology = terminology
        self._within = terminology.within(frozenset(vocabularies)) if vocabularies else None
        self._broader: dict[int, tuple[int, ...]] = {}
        self._costs = [self._cost(index) for index in range(len(terminology.origins))]
        self._learned = learned
        self._left_out = np.zeros(len(terminology.origins), dtype=bool) if learned else terminology.learned
        self._known: dict[tuple[str, str], tuple[Hit, ...]] = {}

    def _cost(self, index: int) -> float:
        origin = self.terminology.origins[index]
        if self.terminology.learned[index]:
            return _LEARNED_COST
        rank = _RANKS.index(origin.vocabulary) if origin.vocabulary in _RANKS else len(_RANKS)
        return _SCOPE_COST[origin.scope] + _RANK_COST * rank

    def hits(self, text: str, category: str) -> tuple[Hit, ...]:
        """Return the concepts that ``text`` may name, best first; ``category`` empty: any."""
        asked = (text, category)
        known = self._known.get(asked)
        if known is None:
            known = self._hits(text, category)
            self._known[asked] = known
        return known

    def _hits(self, text: str, category: str) -> tuple[Hit, ...]:
        found = self.written(text, category)
        if found:
            return found
        meant = self._meant(text, category)
        if meant and meant[0].method == "same sense":
            return meant
        alike = self._alike(text, category)
        if alike and alike[0].score >= _ALIKE_ENOUGH:
            return alike
        if meant:
            return meant
        for name, factor, method in completed(text, category):
            found = self._named(name, category, factor, method)
            if found and found[0].score >= _COMPLETED_LEAST:
                return found
        near = self._near(text, category)
        for variant, factor, method in broader(text, category):
            if near and method == BROADER:
                return near
            found = self._named(variant, category, factor, method)
            found = found or self._of_senses(variant, senses(variant), category, factor * _SENSE_FACTOR, method)
            if found:
                return found
        return alike or near

    def written(self, text: str, category: str) -> tuple[Hit, ...]:
        """Return the concepts that have the name, or else a variant of it: none that looks alike or means the same."""
        for variant, factor, method in ((text, 1.0, ""), *variants(text, category)):
            found = self._named(variant, category, factor, method)
            if found:
                return found
        return ()

    def of_adjective(self, word: str, category: str) -> tuple[Hit, ...]:
        """Return the illnesses that an adjective is made of by the vocabularies: Hemorrhage for ``hemorrhagic``."""
        if category not in ILL or not _ADJECTIVE.search(word):
            return ()
        origins, learned = self.terminology.origins_of, self.terminology.learned
        names = [name for name in self._senses.named(senses(word)) if not learned[origins[name]]]
        return _best(
            [
                Hit(row, round(_ADJECTIVE_FACTOR - fit, SCORE_DIGITS + 1), name, ADJECTIVE)
                for name, row, fit in self._eligible(names, category)
            ]
        )

    def _meant(self, text: str, category: str) -> tuple[Hit, ...]:
        """Return the illnesses whose names have the senses of the text, or those that a vague word may stand for."""
        if category not in ILL:
            return ()
        for known, factor, method in rewritten(text, modifiers(category)):
            found = self._of_senses(text, known, category, factor, method)
            if found:
                return found
        return ()

    def _of_senses(
        self, text: str, known: frozenset[str], category: str, factor: float, method: str
    ) -> tuple[Hit, ...]:
        """Return the hits of the names with these senses that have the numbers and single letters of the text."""
        names = self._senses.named(known)
        labels = particulars(text) if names else ()
        alike = [name for name in names if particulars(self.terminology.text(name)) == labels]
        return _best(
            [
                Hit(row, round(factor - fit, SCORE_DIGITS + 1), name, method)
                for name, row, fit in self._eligible(alike, category)
            ]
        )

    def _named(self, text: str, category: str, factor: float, method: str) -> tuple[Hit, ...]:
        terminology = self.terminology
        folded = fold(text)
        hits = []
        labelled: dict[int, bool] = {}
        taught = []
        for name, row, fit in self._eligible(terminology.named(text), category):
            score, how = _typing(text, folded, terminology.text(name))
            hit = Hit(row, round(factor * (score - fit), SCORE_DIGITS + 1), name, method or how)
            if terminology.learned[terminology.origins_of[name]]:
                taught.append(hit)
                continue
            hits.append(hit)
            origin = terminology.origins[terminology.origins_of[name]]
            if name == terminology.offsets[row] or (origin.vocabulary in _CALLING and origin.scope == "exact"):
                labelled[row] = category in ("", terminology.category(row))
        hits += [self._against_labels(hit, labelled, category) for hit in taught]
        return _best(hits)

    def _against_labels(self, hit: Hit, labelled: dict[int, bool], category: str) -> Hit:
        """Lower a learned name where a vocabulary calls another concept so, whose category fits no less.

        What a corpus means by ``dyskinesia`` (always a drug's) must not rule other texts.
        """
        fits = category in ("", self.terminology.category(hit.row))
        if hit.row in labelled or not any(other >= fits for other in labelled.values()):
            return hit
        return replace(hit, score=round(hit.score - _AGAINST_LABEL_COST, SCORE_DIGITS + 1))

    def _alike(self, text: str, category: str) -> tuple[Hit, ...]:
        labels = particulars(text)
        alike = self._index.like(text, limit=12, least=_FUZZY_LEAST)
        likeness = {
            name: score
            for name, score in alike
            if particulars(known := self.terminology.text(name)) == labels and not says_more(known, text, category)
        }
        return _best(
            [
                Hit(row, round(_FUZZY_FACTOR * likeness[name] - fit, SCORE_DIGITS + 1), name, "similar spelling")
                for name, row, fit in self._eligible(list(likeness), category)
            ]
        )

    def _near(self, text: str, category: str) -> tuple[Hit, ...]:
        """Return the illnesses that have the names nearest in meaning.

        Never by a name with another number, with the opposite, or that says all of the text and more: a text that
        names a sign is no rare syndrome with that sign. The vectors were taught the names learned from corpora, so
        they count only where those do; of a short form they know nothing.
        """
        if category not in ILL or not category or len(text) <= _SHORT or not self._learned:
            return ()
        labels, said = particulars(text), senses(text)
        cosines = {}
        for name, cosine in self._meanings.near(text, _NEAR_MOST, _NEAR_LEAST):
            known = self.terminology.text(name)
            meant = senses(known)
            if not said < meant and not opposed(said, meant) and particulars(known) == labels:
                cosines[name] = cosine
        hits = (
            Hit(row, round(_NEAR_LOW + _NEAR_RISE * (cosines[name] - fit - _NEAR_LEAST), SCORE_DIGITS + 1), name, NEAR)
            for name, row, fit in self._eligible(list(cosines), category)
        )
        return _best([hit for hit in hits if hit.score >= _NEAR_LOW])

    def _eligible(self, names: list[int], category: str) -> Iterator[tuple[int, int, float]]:
        """Yield (name, row, cost) of the names whose source counts and whose concept has a fitting category."""
        terminology = self.terminology
        for name in names:
            origin = terminology.origins_of[name]
            if self._left_out[origin]:
                continue
            owner = terminology.owner(name)
            for row in self._allowed(owner):
                own = terminology.category(row)
                fit = float(self._costs[origin]) + (_BROADER_COST if row != owner else self._elsewhere(row))
                if not category or own == category:
                    yield name, row, fit
                elif own in _AKIN.get(category, ()):
                    yield name, row, fit + _AKIN_COST

    def _allowed(self, row: int) -> tuple[int, ...]:
        """Return the row if answers may be it, else its nearest broader ones that may be."""
        if self._within is None or self._within[row]:
            return (row,)
        known = self._broader.get(row)
        if known is None:
            level = {row}
            found: set[int] = set()
            for _ in range(_BROADER_STEPS):
                level = {up for one in level for up in self.terminology.parents(one)}
                found = {one for one in level if self._within[one]}
                if found:
                    break
            known = self._broader[row] = tuple(sorted(found))
        return known

    def _elsewhere(self, row: int) -> float:
        """The cost of a concept that the preferred vocabulary of its category does not have."""
        preferred = CATEGORIES[self.terminology.category(row)].prefer
        return 0.0 if prefix(self.terminology.id(row)) in preferred[:1] else _ELSEWHERE_COST

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex(self.terminology.texts, self._numbers(~self.terminology.in_categories(_FUZZY_LEFT_OUT)))

    @cached_property
    def _senses(self) -> SenseIndex:
        return SenseIndex(self.terminology.texts, self._numbers(self.terminology.in_categories(ILL)))

    @cached_property
    def _meanings(self) -> MeaningIndex:
        encoder = NameEncoder.load(bundled("models/names"))
        return MeaningIndex(encoder, self.terminology.texts, self._numbers(self.terminology.in_categories(ILL)))

    def _numbers(self, wanted: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
        """Return the numbers of the names of the wanted rows whose source counts."""
        terminology = self.terminology
        rows = np.repeat(np.arange(len(terminology)), np.diff(terminology.offsets))
        return np.flatnonzero(wanted[rows] & ~self._left_out[terminology.origins_of]).astype(np.int32)


def _typing(text: str, folded: str, name: str) -> tuple[float, str]:
    """Return how close a name that shares the key is written to the text, and the words for it."""
    if name == text or (len(text) > _SHORT and name.casefold() == text.casefold()):
        return 1.0, "exact"
    if len(text) <= _SHORT and (text.isupper() or name.isupper()) and not text[1:].islower():
        return 0.9, "case differs"
    if name.casefold() == text.casefold():
        return 0.995, "exact"
    if fold(name) == folded:
        return 0.985, "same but for typing"
    return 0.965, "same words"


def _best(hits: list[Hit]) -> tuple[Hit, ...]:
    """Keep each concept's best hit, best first; ties by row, so that the order never depends on the input."""
    best: dict[int, Hit] = {}
    for hit in hits:
        known = best.get(hit.row)
        if known is None or (-hit.score, hit.name) < (-known.score, known.name):
            best[hit.row] = hit
    return tuple(sorted(best.values(), key=lambda hit: (-hit.score, hit.row)))
