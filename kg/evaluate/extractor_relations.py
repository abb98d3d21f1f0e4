"""Relations against gold: with gold mentions, and end to end with the reader's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.evaluate.extractor_counts import Count
from kg.extract.encoded import Encoded
from kg.extract.extractor import Extractor, Judged, concept_names, most_specific, place
from kg.extract.found import Found
from kg.extract.schemes import Scheme
from kg.model import Link, Mention, Span
from kg.train.corpora import GoldDocument

Triple = tuple[str, str, str]  # first argument, second argument, type
Broader = Callable[[str, str], bool]  # whether the first concept is an ancestor of the second


@dataclass(slots=True)
class Tally:
    """Sums over documents. `answers`: (score, right) of the relations found with gold mentions."""

    pair: Count = field(default_factory=Count)
    type: Count = field(default_factory=Count)
    answers: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, found: Iterable[Triple], gold: Iterable[Triple]) -> None:
        """Count one document."""
        ours, theirs = set(found), set(gold)
        self.type += Count(len(ours & theirs), len(ours), len(theirs))
        ours_pairs, their_pairs = {one[:2] for one in ours}, {one[:2] for one in theirs}
        self.pair += Count(len(ours_pairs & their_pairs), len(ours_pairs), len(their_pairs))


def is_directed(scheme: Scheme) -> bool:
    """Whether the order of a relation's arguments says something: it does where the types fix it."""
    return all(one != two and (two, one) not in scheme.pairs for one, two in scheme.pairs) and len(scheme.pairs) == 1


def triple(scheme: Scheme, first: str, second: str, kind: str) -> Triple:
    """A relation as it is compared: undirected arguments in the order of their ids."""
    if not is_directed(scheme) and second < first:
        first, second = second, first
    return first, second, kind


def gold_triples(scheme: Scheme, document: GoldDocument) -> set[Triple]:
    """The relations of a document."""
    return {triple(scheme, one.first, one.second, one.type) for one in document.relations}


def with_gold_mentions(
    extractor: Extractor,
    encoded: Encoded,
    scheme: Scheme,
    document: GoldDocument,
    tally: Tally,
    broader: Broader,
) -> list[tuple[Triple, bool]]:
    """Judge the gold concepts of a document; returns each relation found and whether it is right.

    `broader` compares ids as the corpus writes them.
    """
    kinds = dict(scheme.kinds)
    arguments = []
    for gold in document.mentions:
        kind = kinds.get(scheme.type_of(gold.type) or "")
        if kind is None:
            continue
        mention = Mention(document.id, Span(gold.start, gold.end), gold.text, kind, 1.0)
        for ident in gold.ids:
            arguments += place(encoded, mention, ident, kind)
    judged = most_specific(extractor.judge(encoded, arguments, scheme), scheme, broader)
    wanted = gold_triples(scheme, document)
    triples = [(triple(scheme, one.first, one.second, one.type), one.score) for one in judged]
    tally.add((one for one, _ in triples), wanted)
    tally.answers += [(score, one in wanted) for one, score in triples]
    return [(one, one in wanted) for one, _ in triples]


def read_links(document: str, encoded: Encoded, scheme: Scheme, found: Sequence[Found]) -> list[tuple[Mention, str]]:
    """The found names that can be arguments, as mentions with the kind that the relation head knows."""
    kinds = dict(scheme.kinds)
    text = encoded.segmented.document.text
    return [
        (Mention(document, span, span.of(text), one.type, round(one.score, 3)), kinds[one.type])
        for one in found
        if one.type in kinds
        for span in [Span(one.start, one.end)]
    ]


def by_span(
    extractor: Extractor,
    encoded: Encoded,
    scheme: Scheme,
    document: GoldDocument,
    mentions: Sequence[tuple[Mention, str]],
    tally: Tally,
) -> None:
    """End to end, arguments matched by span and type.

    Found mentions with the same words are one argument. It stands for the gold concept to which most of its exactly
    matching mentions belong; an argument that matches none makes its relations wrong.
    """
    names = concept_names(encoded)
    gold: dict[tuple[int, int, str], tuple[str, ...]] = {
        (one.start, one.end, kind): one.ids
        for one in document.mentions
        if (kind := scheme.type_of(one.type)) is not None
    }
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    arguments = []
    for mention, kind in mentions:
        concept = f"{kind}/{names(mention.text)}"
        votes[concept].update(gold.get((mention.span.start, mention.span.end, mention.category), ()))
        arguments += place(encoded, mention, concept, kind)

    def stands_for(concept: str) -> str:
        counted = votes[concept]
        return min(counted, key=lambda one: (-counted[one], one)) if counted else f"(none) {concept}"

    judged = extractor.judge(encoded, arguments, scheme)
    found = [triple(scheme, stands_for(one.first), stands_for(one.second), one.type) for one in judged]
    # two found arguments may stand for one gold concept: what they say of it is counted once, a loop not at all
    tally.add((one for one in found if one[0] != one[1]), gold_triples(scheme, document))


def by_id(
    extractor: Extractor,
    encoded: Encoded,
    scheme: Scheme,
    document: GoldDocument,
    mentions: Sequence[tuple[Mention, str]],
    links: Mapping[int, Sequence[Link]],
    tally: Tally,
    broader: Broader,
) -> None:
    """End to end, arguments matched by concept id: a linked concept's own id or one of its cross-references.

    `links`: number of a mention -> its links. Relations with an unlinked argument are not claimed and do not count.
    """
    known = {ident for one in document.mentions for ident in one.ids}
    spoken: dict[str, str] = {}
    names = concept_names(encoded)
    arguments = []
    for number, (mention, kind) in enumerate(mentions):
        for link in links.get(number, ()):
            if link.best is None:
                arguments += place(encoded, mention, names(mention.text), kind)
                continue
            concept = link.best.concept
            options = [bare(one) for one in (concept.id, *concept.xrefs)]
            spoken[concept.id] = next((one for one in options if one in known), options[0])
            arguments += place(encoded, mention, concept.id, kind)
    both = [one for one in extractor.judge(encoded, arguments, scheme) if linked(one, spoken)]
    judged = most_specific(both, scheme, broader)
    found = {triple(scheme, spoken[one.first], spoken[one.second], one.type) for one in judged}
    tally.add((one for one in found if one[0] != one[1]), gold_triples(scheme, document))


def linked(one: Judged, spoken: Mapping[str, str]) -> bool:
    """Whether both arguments have a concept."""
    return one.first in spoken and one.second in spoken


def bare(curie: str) -> str:
    """The id as corpora write it: MeSH ids, gene and taxon numbers without prefix."""
    prefix, _, local = curie.partition(":")
    return local if prefix in ("MESH", "NCBIGene", "NCBITaxon") and local else curie
