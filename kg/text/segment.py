"""The spaCy pipeline: tokens and sentences of a document, each sentence in its section."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import cast

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.types import Ints2d

from kg.model import Document, Section, Segmented, Sentence, Span
from kg.text.abbreviations import find_abbreviations
from kg.text.boundaries import sentence_starts

# A sentence longer than this is a table or a list without stops; it is cut between tokens so that every later stage
# works in bounded memory.
MAX_SENTENCE_TOKENS = 400


@Language.component("medkg_sentences")
def _mark_sentences(doc: Doc) -> Doc:
    starts = sentence_starts(doc.text)
    next_start, length = 0, 0
    marks = np.full(len(doc), -1, dtype=np.int64)
    for token in doc:
        begins = token.i == 0
        while next_start < len(starts) and token.idx >= starts[next_start]:
            begins, next_start = True, next_start + 1
        if length >= MAX_SENTENCE_TOKENS:
            begins = True
        length = 1 if begins else length + 1
        if begins:
            marks[token.i] = 1
    # All at once: to set one token's mark spaCy looks through the whole document.
    doc.from_array(["SENT_START"], cast(Ints2d, marks.view(np.uint64).reshape(-1, 1)))
    return doc


class Segmenter:
    """Splits documents into sentences and tokens.

    >>> from kg.model import Document
    >>> document = Document("d", "d", "Dose: 0.5 mg i.v. daily. No fever.", "doctest", "article")
    >>> [s.span.of(document.text) for s in Segmenter().segment(document).sentences]
    ['Dose: 0.5 mg i.v. daily.', 'No fever.']
    """

    def __init__(self) -> None:
        self._nlp = spacy.blank("en")
        # Only the tokenizer and the rules run: no model whose memory grows with the text.
        self._nlp.max_length = 2**31
        self._nlp.add_pipe("medkg_sentences")

    def segment(self, document: Document) -> Segmented:
        """Return the document with its sentences in order and the abbreviations that it defines.

        Sentences never cross a section's border; every span points into ``document.text``.
        """
        sentences = tuple(
            sentence for span, kind in _regions(document) for sentence in self._sentences(document, span, kind)
        )
        return Segmented(document, sentences, find_abbreviations(document.text))

    def _sentences(self, document: Document, region: Span, kind: str) -> Iterator[Sentence]:
        for part in self._nlp(region.of(document.text)).sents:
            tokens = tuple(
                Span(region.start + token.idx, region.start + token.idx + len(token))
                for token in part
                if not token.is_space
            )
            if tokens:
                yield Sentence(document.id, Span(tokens[0].start, tokens[-1].end), kind, tokens)


def _regions(document: Document) -> Iterator[tuple[Span, str]]:
    """Cut the text at every section border; each piece has the kind of the innermost section around it."""
    cuts = {0, len(document.text)}
    for section in document.sections:
        cuts |= {section.span.start, section.span.end}
    borders = sorted(cuts)
    innermost: list[Section | None] = [None] * (len(borders) - 1)
    # Wider sections first, so that the narrower ones inside them are written over.
    for section in sorted(document.sections, key=lambda s: (s.span.start - s.span.end, s.span.start)):
        first = bisect_right(borders, section.span.start) - 1
        last = bisect_right(borders, section.span.end - 1) - 1 if section.span.end > section.span.start else first - 1
        for index in range(first, last + 1):
            innermost[index] = section
    for index, held_by in enumerate(innermost):
        yield Span(borders[index], borders[index + 1]), held_by.kind if held_by else "body"
