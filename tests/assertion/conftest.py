"""Sentences with [names] in brackets, turned into a segmented document and its mentions."""

import re
from collections.abc import Callable

import pytest

from kg.model import Document, Mention, Segmented, Span
from kg.text import Segmenter

_NAME = re.compile(r"\[([^]]+)\]")
Marked = Callable[[str], tuple[Segmented, list[Mention]]]


@pytest.fixture(scope="session")
def marked() -> Marked:
    """A function that drops the brackets of a text, segments it, and gives a mention for each bracket."""
    segmenter = Segmenter()

    def read(text: str) -> tuple[Segmented, list[Mention]]:
        plain, mentions, at = "", [], 0
        for match in _NAME.finditer(text):
            plain += text[at : match.start()]
            name = match.group(1)
            mentions.append(Mention("d", Span(len(plain), len(plain) + len(name)), name, "Disease", 1.0))
            plain += name
            at = match.end()
        return segmenter.segment(Document("d", "d", plain + text[at:], "test", "article")), mentions

    return read
