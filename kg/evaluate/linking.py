"""How often gold mentions are linked to the right concept, by the corpus' type of mention.

Protocol: gold mentions with gold boundaries and types, every occurrence counts; the linker sees the document (its
abbreviations, its other mentions). It answers in the vocabularies that the corpus' ids are from: a concept without
such an id stands for its nearest broader one (``any_vocabulary`` is the accuracy without that). ``accuracy_at_1`` is
over mentions all of whose gold ids are in the vocabulary; ``overall`` is over all mentions that have a gold id, so
that it cannot exceed ``in_vocabulary``, its ceiling. A mention with several ids is right when exactly those concepts
are linked; ``as_biosyn`` is the accuracy when all that is linked must be among them, as BioSyn's code counts and so the
figures published for it and for SapBERT (Sung et al. 2020, https://doi.org/10.18653/v1/2020.acl-main.335). A mention
is NIL when no gold id is in the vocabulary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.evaluate.linking_gold import GoldDocument, GoldMention, linked_names, read_gold
from kg.link.linker import Linker
from kg.link.terminology import Terminology
from kg.link.vocabulary import prefix
from kg.model import Link, Mention, Segmented
from kg.text.abbreviations import find_abbreviations

__all__ = ["evaluate_linking", "linked_names", "read_gold"]
_PROTOCOL = (
    "gold mentions, every occurrence; accuracy where all gold ids are in the vocabulary; answers in {}; names learned "
    "from training documents {}"
)


@dataclass(slots=True)
class _Tally:
    support: int = 0
    with_id: int = 0
    known: int = 0
    right: int = 0
    among: int = 0
    nil: int = 0
    unlinked: int = 0
    nil_unlinked: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)


def evaluate_linking(
    corpus: Path, terminology: Terminology, *, learned: bool = True, errors: bool = False
) -> dict[str, Any]:
    """Link the gold mentions of a PubTator or BioC corpus and return the figures by type, rounded to four decimals.

    ``learned``: whether names learned from training documents count. ``errors``: add the mentions with an id in the
    vocabulary that were linked wrongly. Raises SourceFormatError for a file of another format.
    """
    documents = tuple(read_gold(corpus))
    spaces = tuple(sorted({prefix(one) for gold in documents for mention in gold.mentions for one in mention.ids}))
    tallies = _tallies(documents, Linker.load(terminology, learned=learned, vocabularies=spaces), terminology)
    free = _tallies(documents, Linker.load(terminology, learned=learned), terminology)
    types = {
        name: {**_figures(tally), "any_vocabulary": _share(free[name].right, free[name].known)}
        for name, tally in sorted(tallies.items())
    }
    protocol = _PROTOCOL.format(", ".join(spaces), "count" if learned else "do not count")
    result = {"corpus": corpus.name, "protocol": protocol, "types": types}
    return {**result, "errors": [e for name in sorted(tallies) for e in tallies[name].errors]} if errors else result


def _tallies(documents: Iterable[GoldDocument], linker: Linker, terminology: Terminology) -> dict[str, _Tally]:
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for gold in documents:
        segmented = Segmented(gold.document, (), find_abbreviations(gold.document.text))
        links = _by_mention(linker.link(segmented, [one.mention for one in gold.mentions]))
        for one in gold.mentions:
            _count(one, links[one.mention], terminology, tallies[one.type])
    return tallies


def _by_mention(links: Iterable[Link]) -> dict[Mention, list[Link]]:
    found: dict[Mention, list[Link]] = defaultdict(list)
    for link in links:
        found[link.mention].append(link)
    return found


def _count(gold: GoldMention, links: list[Link], terminology: Terminology, tally: _Tally) -> None:
    rows = {terminology.row(one) for one in gold.ids}
    linked = {terminology.row(link.best.concept.id) for link in links if link.best}
    tally.support += 1
    tally.with_id += bool(gold.ids)
    tally.unlinked += not linked
    if not rows - {None}:
        tally.nil += 1
        tally.nil_unlinked += not linked
    elif None not in rows:
        tally.known += 1
        tally.right += linked == rows
        tally.among += bool(linked) and linked <= rows
        if linked != rows:
            tally.errors.append(_error(gold, links, terminology))


def _error(gold: GoldMention, links: list[Link], terminology: Terminology) -> dict[str, Any]:
    best = [one for link in links if (one := link.best)]
    return {
        "document": gold.mention.document,
        "text": gold.mention.text,
        "gold": [(one, terminology.concept(one).name) for one in gold.ids],
        "linked": [(one.concept.id, one.concept.name, one.matched, one.method, one.score) for one in best],
    }


def _figures(tally: _Tally) -> dict[str, float | int]:
    return {
        "accuracy_at_1": _share(tally.right, tally.known),
        "as_biosyn": _share(tally.among, tally.known),
        "in_vocabulary": _share(tally.known, tally.with_id),
        "overall": _share(tally.right, tally.with_id),
        "nil_precision": _share(tally.nil_unlinked, tally.unlinked),
        "nil_recall": _share(tally.nil_unlinked, tally.nil),
        "support": tally.support,
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
