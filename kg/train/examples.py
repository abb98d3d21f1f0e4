"""From annotated documents to training examples: one window of one document each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kg.encode.lexicon import Lexicon
from kg.encode.pieces import WordPieces
from kg.encode.windows import plan_windows
from kg.encode.words import split_words
from kg.extract.schemes import KINDS, Scheme
from kg.extract.tags import Tagged, encode_tags
from kg.train.corpora.gold import GoldDocument
from kg.train.hierarchy import Tree


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One window. `ids` [L] with the begin and end pieces; `word` [L]: the word of each piece (-1 for those two);

    `first`, `last` [words]: pieces of each word; `states` [words, columns]; `tags` [words]; `mentions` [M, 3]: first
    word, last word, concept; `kinds` [E]; `pairs` [P, 3]: concept, concept, class (0: none); `scheme`: its number.
    """

    scheme: int
    document: str
    ids: np.ndarray
    word: np.ndarray
    first: np.ndarray
    last: np.ndarray
    states: np.ndarray
    tags: np.ndarray
    mentions: np.ndarray
    kinds: np.ndarray
    pairs: np.ndarray
    distance: np.ndarray
    offset: int  # number of the window's first word in the document


def word_spans(
    scheme: Scheme, document: GoldDocument, words: Sequence[tuple[int, int]]
) -> list[tuple[Tagged, tuple[str, ...]]]:
    """The mentions that the scheme annotates as spans of words, with their concept ids.

    Mentions cut inside a word take the whole word; of overlapping mentions the longest is kept, discontinuous ones
    are left out.
    """
    starts = np.asarray([start for start, _ in words])
    ends = np.asarray([end for _, end in words])
    found: list[tuple[Tagged, tuple[str, ...]]] = []
    taken = np.zeros(len(words), dtype=bool)
    for mention in sorted(document.mentions, key=lambda one: (one.start - one.end, one.start)):
        kind = scheme.type_of(mention.type)
        if kind is None or mention.parts:
            continue
        first = int(np.searchsorted(ends, mention.start, side="right"))
        after = int(np.searchsorted(starts, mention.end, side="left"))
        if first < after and not taken[first:after].any():
            taken[first:after] = True
            found.append(((first, after, scheme.types.index(kind)), mention.ids))
    return sorted(found)


def pair_up(
    scheme: Scheme, spans: Sequence[tuple[Tagged, tuple[str, ...]]]
) -> tuple[list[str], list[str], list[tuple[int, int, int]], list[tuple[int, int]]]:
    """Concepts (id, type), their mentions (first word, last word, concept) and the candidate pairs of a window.

    The order within a pair is that of `scheme.pairs`; two concepts of one type stand in the order of the text.
    """
    numbers: dict[tuple[str, str], int] = {}
    mentions = []
    for (start, end, kind), ids in spans:
        for ident in ids:
            concept = numbers.setdefault((ident, scheme.types[kind]), len(numbers))
            mentions.append((start, end - 1, concept))
    idents = [ident for ident, _ in numbers]
    types = [kind for _, kind in numbers]
    allowed = set(scheme.pairs)
    pairs = [
        (one, two)
        for one in range(len(idents))
        for two in range(len(idents))
        if one != two
        and idents[one] != idents[two]
        and (types[one], types[two]) in allowed
        and (types[one] != types[two] or one < two)
    ]
    return idents, types, mentions, pairs


def distances(mentions: Sequence[tuple[int, int, int]], pairs: Sequence[tuple[int, int]]) -> np.ndarray:
    """Words between the nearest mentions of each pair's concepts, int64 [P]."""
    if not pairs:
        return np.zeros(0, dtype=np.int64)
    places: dict[int, list[tuple[int, int]]] = {}
    for first, last, concept in mentions:
        places.setdefault(concept, []).append((first, last))
    return np.asarray(
        [min(max(a - d, c - b, 0) for a, b in places[one] for c, d in places[two]) for one, two in pairs],
        dtype=np.int64,
    )


def make_examples(
    documents: Iterable[GoldDocument],
    scheme: Scheme,
    number: int,
    pieces: WordPieces,
    lexicon: Lexicon,
    size: int = 512,
    overlap: int = 64,
    tree: Tree | None = None,
) -> list[Example]:
    """Cut documents into examples of at most `size` word pieces.

    With a `tree`, an unrelated pair whose second concept is broader than one that the first is related to is left
    out: corpora annotate the most specific concept, so that such a pair is unknown and not negative.
    """
    examples = []
    for document in documents:
        places = split_words(document.text)
        words = [document.text[start:end] for start, end in places]
        cut = pieces(words)
        states = lexicon.states(words)
        spans = word_spans(scheme, document, places)
        tags = encode_tags(len(words), [span for span, _ in spans])
        truth: dict[frozenset[str] | tuple[str, str], str] = {}
        directed = all(one != two and (two, one) not in scheme.pairs for one, two in scheme.pairs)
        for relation in document.relations:
            key = (relation.first, relation.second) if directed else frozenset((relation.first, relation.second))
            truth.setdefault(key, relation.type)
        for window in plan_windows(cut.first, size - 2, overlap):
            start, end = window.start, window.end
            ids = cut.ids[cut.first[start] : cut.first[end]][: size - 2]
            first = np.minimum(cut.first[start:end] - cut.first[start], len(ids) - 1) + 1
            last = np.minimum(cut.first[start + 1 : end + 1] - cut.first[start] - 1, len(ids) - 1) + 1
            word = np.full(len(ids) + 2, -1, dtype=np.int64)
            word[1:-1] = np.repeat(np.arange(end - start), np.diff(cut.first[start : end + 1]))[: len(ids)]
            inside = [((a - start, b - start, k), i) for (a, b, k), i in spans if start <= a and b <= end]
            tagged = tags[start:end].copy() if scheme.names else np.full(end - start, -100, dtype=np.int64)
            edge = 0
            while edge < len(tagged) and tagged[edge] and tagged[edge] % 2 == 0:
                edge += 1  # a mention cut by the window's left edge has no begin here
            tagged[:edge] = -100
            idents, types, mentions, pairs = pair_up(scheme, inside) if scheme.relations else ([], [], [], [])
            classes = []
            for one, two in pairs:
                key = (idents[one], idents[two]) if directed else frozenset((idents[one], idents[two]))
                kind = truth.get(key)
                classes.append(scheme.relations.index(kind) + 1 if kind in scheme.relations else 0)
            kinds = dict(scheme.kinds)
            judged = [(*pair, label) for pair, label in zip(pairs, classes, strict=True)]
            if tree is not None:
                judged = tree.without_broader(judged, idents)
            examples.append(
                Example(
                    number, document.id, np.concatenate([[pieces.begin], ids, [pieces.end]]), word, first, last,
                    states[start:end], tagged, np.asarray(mentions, dtype=np.int64).reshape(-1, 3),
                    np.asarray([KINDS.index(kinds.get(kind, "other")) for kind in types], dtype=np.int64),
                    np.asarray(judged, dtype=np.int64).reshape(-1, 3),
                    distances(mentions, [(one, two) for one, two, _ in judged]), start,
                )
            )  # fmt: skip
    return examples
