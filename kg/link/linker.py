"""The linker: mentions of one document -> links, with what the document itself says about its names.

A name is looked up as it stands, as the long form that the document gives for it, and, where it joins several names
("breast and ovarian cancer"), as its parts. Among concepts of equal score the one that the document names
unambiguously elsewhere is taken. The order of the mentions changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from kg.link.composite import parts, splits
from kg.link.induced import brought_about
from kg.link.lookup import BROADER, NEAR, Hit, Lookup
from kg.link.normalise import key
from kg.link.terminology import Terminology
from kg.link.variants import ILL
from kg.model import SCORE_DIGITS, Candidate, Link, Mention, Segmented, Span

_COHERENCE = 0.03
_MOST = 5
_SURE = 0.9
_LIKELY = 0.8
_SHORT = 5
_DRUGS = re.compile(r"\b(?:drug|substance|medication)[- ]induced\b", re.IGNORECASE)
_NONE: Mapping[str, str] = {}
_HYPHEN = re.compile(r"([-/])")


class Linker:
    """Links mentions to concepts of one terminology. Deterministic; remembers what it looked up."""

    def __init__(self, lookup: Lookup, *, threshold: float = 0.7) -> None:
        self._lookup = lookup
        self.terminology = lookup.terminology
        self._threshold = threshold
        self._by_drugs: dict[tuple[str, str], tuple[Hit, ...]] = {}
        self._induced: dict[int, bool] = {}

    @classmethod
    def load(
        cls,
        terminology: Terminology,
        *,
        threshold: float = 0.7,
        learned: bool = True,
        vocabularies: Collection[str] = (),
    ) -> Linker:
        """Return a linker over a terminology.

        ``threshold``: a mention whose best candidate scores less stays unlinked. ``learned``: whether names that
        were taken from training corpora count (off to measure what the vocabularies alone give). ``vocabularies``:
        prefixes of the ids that answers must have; a concept without one stands for its nearest broader concept.
        """
        return cls(Lookup(terminology, learned=learned, vocabularies=vocabularies), threshold=threshold)

    def link(self, segmented: Segmented, mentions: Sequence[Mention]) -> tuple[Link, ...]:
        """Return at least one link for every mention, in the order of the mentions.

        A mention that joins several names gives one link for each. An unlinked mention has no candidates.
        """
        text = segmented.document.text
        ordered = sorted(set(mentions), key=lambda one: (one.span.start, one.span.end, one.category, one.text))
        longs = self._apposed(text, ordered)
        for one in segmented.abbreviations:
            longs.update(_defined(one.short.of(text), one.long.of(text)))
        by_drug = brought_about(text, ordered, self._is_substance)
        found = [self._ways(one.text, one.category, longs, by_drug) for one in mentions]
        sure = Counter(hits[0].row for ways in found for hits in ways if hits and _clear(hits))
        return tuple(
            Link(mention, self._candidates(hits, sure))
            for mention, ways in zip(mentions, found, strict=True)
            for hits in ways
        )

    def _apposed(self, text: str, ordered: Sequence[Mention]) -> dict[str, str]:
        """Return the names that the document gives a second name in brackets: ``phenobarbital (PB)``, ``P (A)``.

        Of the two, the one that no vocabulary has, or a short form with the first letter of the other, stands for
        the other.
        """
        found: dict[str, str] = {}
        for first, second in pairwise(ordered):
            between, after = text[first.span.end : second.span.start], text[second.span.end : second.span.end + 1]
            if between != " (" or after not in (")", ",", ";") or first.category != second.category:
                continue
            known, other = self._is_known(first), self._is_known(second)
            if known and (not other or _abbreviates(second.text, first.text)):
                found.setdefault(second.text, first.text)
            elif other and not known:
                found.setdefault(first.text, second.text)
        return found

    def _by_drug(self, text: str, category: str) -> tuple[Hit, ...]:
        """Return the hits of a drug-induced illness for its short name, if a vocabulary has it: akathisia, induced."""
        known = self._by_drugs.get((text, category))
        if known is None:
            known = self._by_drugs[text, category] = self._kind_by_drug(text, category) if category in ILL else ()
        return known

    def _kind_by_drug(self, text: str, category: str) -> tuple[Hit, ...]:
        called = self._lookup.hits(text, category)
        labels = [self.terminology.at(called[0].row).name] if called and called[0].score >= _SURE else []
        for name in (text, *labels):
            hits = self._lookup.written(f"drug-induced {name}", category)
            if hits and hits[0].score >= _LIKELY and "induced" in self.terminology.text(hits[0].name).lower():
                return hits
        meant = next((hit for hit in called if hit.score >= _SURE and self._is_induced(hit.row)), None)
        return (meant,) if meant else ()

    def _is_induced(self, row: int) -> bool:
        """Say whether a concept is an illness that a drug brings about, by its names."""
        known = self._induced.get(row)
        if known is None:
            first, last = self.terminology.offsets[row : row + 2].tolist()
            known = any(_DRUGS.search(name) for name in self.terminology.texts[first:last].to_pylist())
            self._induced[row] = known
        return known

    def _is_substance(self, text: str) -> bool:
        hits = self._lookup.hits(text, "ChemicalEntity")
        return bool(hits) and hits[0].score >= _SURE

    def _is_known(self, mention: Mention) -> bool:
        hits = self._lookup.hits(mention.text, mention.category)
        return bool(hits) and hits[0].score >= _SURE

    def named(self, text: str, category: str = "") -> tuple[Link, ...]:
        """Link a name that stands alone; ``category`` empty: any. A name that joins several gives several links."""
        mention = Mention("", Span(0, len(text)), text, category, 1.0)
        return tuple(Link(mention, self._candidates(hits, Counter())) for hits in self._ways(text, category))

    def _ways(
        self, text: str, category: str, longs: Mapping[str, str] = _NONE, by_drug: Collection[str] = ()
    ) -> list[tuple[Hit, ...]]:
        """Return the hits of each name that the text holds: one list, or several for a composite.

        ``longs``: long forms by short forms; ``by_drug``: keys of the names that a drug brings about.
        """
        induced = by_drug and key(text) in by_drug
        if induced and (hits := self._by_drug(text, category)):
            return [hits]
        spelled = _spelled_out(text, longs)
        hits = self._lookup.hits(spelled, category)
        if spelled != text:
            own = self._lookup.hits(text, category)
            hits = own if not hits or (own and hits[0].score < self._threshold) else hits
        if hits and hits[0].score >= _SURE and (not parts(spelled) or parts(self.terminology.text(hits[0].name))):
            return self._with_its_adjective(spelled, category, hits, bool(induced)) or [hits]
        sure = bool(hits) and hits[0].score >= _LIKELY
        for way in splits(spelled):
            split = [self._lookup.hits(_spelled_out(part, longs), category) for part in way]
            if all(one and (one[0].score >= _SURE or (not sure and _meant(one[0]))) for one in split):
                return split
        return self._with_its_adjective(spelled, category, hits, bool(induced)) or [hits]

    def _with_its_adjective(
        self, text: str, category: str, hits: tuple[Hit, ...], induced: bool
    ) -> list[tuple[Hit, ...]]:
        """Return two lists for a name that is known only by its last words, if its adjective is of an illness too:
        ``eosinophilic myocarditis`` is said of Eosinophilia and of Myocarditis.
        """
        first, _, rest = text.partition(" ")
        broad = (
            rest and hits and (hits[0].method == BROADER or not self.terminology.has_name(hits[0].row, hits[0].name))
        )
        own = self._lookup.of_adjective(first, category) if broad else ()
        if not own or own[0].score < _SURE:
            return []
        whole = self._lookup.hits(rest, category)
        if not whole or whole[0].row != hits[0].row or whole[0].score < _SURE or own[0].row == whole[0].row:
            return []
        return [own, (induced and self._by_drug(rest, category)) or whole]

    def _coheres(self, hit: Hit, called: bool, sure: Counter[int]) -> bool:
        """Say whether the document names the concept elsewhere; against a label (``called``) only a drug's illness."""
        return bool(sure[hit.row]) and hit.method != NEAR and (not called or self._is_induced(hit.row))

    def _is_label(self, hit: Hit) -> bool:
        """Say whether the text is just what the vocabulary calls the concept; the rest of the document is no match."""
        terminology = self.terminology
        label = terminology.text(int(terminology.offsets[hit.row]))
        return hit.method == "exact" and terminology.text(hit.name).casefold() == label.casefold()

    def _candidates(self, hits: tuple[Hit, ...], sure: Counter[int]) -> tuple[Candidate, ...]:
        good = [hit for hit in hits[: 4 * _MOST] if hit.score >= self._threshold]
        if len(good) > 1:
            called = self._is_label(good[0])
            good.sort(key=lambda hit: (-hit.score - (_COHERENCE if self._coheres(hit, called, sure) else 0.0), hit.row))
        terminology = self._lookup.terminology
        return tuple(
            Candidate(
                terminology.at(hit.row),
                min(1.0, round(hit.score, SCORE_DIGITS)),
                terminology.text(hit.name),
                hit.method,
            )
            for hit in good[:_MOST]
        )


def _abbreviates(short: str, long: str) -> bool:
    """Say whether a form may be short for a name: up to five letters, the first that of the name.

    >>> _abbreviates("PB", "phenobarbital"), _abbreviates("asthma", "airway disease")
    (True, False)
    """
    return len(short) <= _SHORT and len(long) > 2 * len(short) and short[0].lower() == long[0].lower()


def _meant(hit: Hit) -> bool:
    """Say whether a part of a joined name is found well enough where nothing is known by the whole."""
    return hit.score >= _LIKELY and hit.method not in (BROADER, NEAR, "similar spelling")


def _clear(hits: tuple[Hit, ...]) -> bool:
    return hits[0].score >= _SURE and (len(hits) == 1 or hits[0].score - hits[1].score > _COHERENCE)


def _defined(short: str, long: str) -> dict[str, str]:
    """Return the short form with its long form, and those that are joined in it by hyphens.

    >>> _defined("HPT-JT", "hyperparathyroidism-jaw tumor")
    {'HPT-JT': 'hyperparathyroidism-jaw tumor', 'HPT': 'hyperparathyroidism', 'JT': 'jaw tumor'}
    """
    pairs = list(zip(short.split("-"), long.split("-"), strict=False))
    joined = short.count("-") == long.count("-") > 0
    fits = joined and all(len(one) > 1 and one[0].lower() == other[:1].lower() for one, other in pairs)
    return {short: long, **(dict(pairs) if fits else {})}


def _spelled_out(text: str, longs: Mapping[str, str]) -> str:
    """Return the text with the document's short forms replaced by their long forms.

    >>> _spelled_out("G6PD deficiency", {"G6PD": "glucose-6-phosphate dehydrogenase"})
    'glucose-6-phosphate dehydrogenase deficiency'
    >>> _spelled_out("sporadic RCCs", {"RCC": "renal cell carcinoma"})
    'sporadic renal cell carcinomas'
    """
    if not longs:
        return text
    if text in longs:
        return longs[text]
    return " ".join(_long(word, longs) for word in text.split())


def _long(word: str, longs: Mapping[str, str]) -> str:
    if word in longs:
        return longs[word]
    if word.endswith("s") and word[:-1] in longs and word[:-1].isupper():
        return longs[word[:-1]] + "s"
    pieces = _HYPHEN.split(word)
    return (
        "".join(longs.get(piece, piece) if len(piece) > 1 else piece for piece in pieces) if len(pieces) > 1 else word
    )
