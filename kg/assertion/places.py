"""Where mentions stand among the words of their sentence."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from kg.model import Segmented, Sentence, Span

Place = tuple[int, int]  # a half-open range of the words of a sentence


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence as lower-case words, with the spans they stand at."""

    sentence: Sentence
    lowered: tuple[str, ...]

    def place(self, span: Span) -> Place | None:
        """Return the words that a span touches; None where it touches none."""
        touched = [index for index, token in enumerate(self.sentence.tokens) if token.overlaps(span)]
        return (touched[0], touched[-1] + 1) if touched else None

    def span(self, first: int, last: int) -> Span:
        """Return the span of the words in a half-open range."""
        return Span(self.sentence.tokens[first].start, self.sentence.tokens[last - 1].end)


class Sentences:
    """The sentences of a document, found by offset; each is turned into words once."""

    def __init__(self, segmented: Segmented) -> None:
        self._text = segmented.document.text
        self._sentences = segmented.sentences
        self._starts = [sentence.span.start for sentence in segmented.sentences]
        self._words: dict[int, Words] = {}

    def index(self, span: Span) -> int | None:
        """Return which sentence a span begins in; None outside all sentences."""
        index = bisect_right(self._starts, span.start) - 1
        return index if index >= 0 and span.start < self._sentences[index].span.end else None

    def words(self, index: int) -> Words:
        """Return a sentence's words."""
        known = self._words.get(index)
        if known is None:
            sentence = self._sentences[index]
            known = Words(sentence, tuple(token.of(self._text).lower() for token in sentence.tokens))
            self._words[index] = known
        return known
