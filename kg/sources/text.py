"""Plain text: one body, cut at lines that look like headings; the first short line is the title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import Document
from kg.sources.compose import clean
from kg.sources.guideline import Block, assemble
from kg.sources.headings import kind_of
from kg.sources.refusal import Refusal
from kg.sources.stream import Stream

_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_TITLE_LENGTH = 250


def read(stream: Stream) -> Iterator[Document]:
    """Yield the Document of a text file. Raises Refusal: no_text, invalid_encoding, text_too_long."""
    text = stream.text()
    paragraphs = [part for part in map(str.strip, _PARAGRAPH.split(text)) if part]
    title = ""
    if len(paragraphs) > 1 and "\n" not in paragraphs[0] and len(paragraphs[0]) <= _TITLE_LENGTH:
        title = clean(paragraphs.pop(0))
    document = assemble("txt", title, _blocks(paragraphs), {}, text, stream.settings)
    if document is None:
        raise Refusal("the file holds no text", reject="no_text")
    yield document


def _blocks(paragraphs: list[str]) -> Iterator[Block]:
    """Cut where a line by itself is a heading that every paper has (Methods, Results, ...)."""
    heading: tuple[str, ...] = ()
    lines: list[str] = []
    for paragraph in paragraphs:
        first, _, rest = paragraph.partition("\n")
        if len(first) < 80 and kind_of(first, "") and first.strip()[-1:] != ".":
            if lines:
                yield Block(heading, tuple(lines))
            heading, lines, paragraph = (clean(first),), [], rest
        line = clean(paragraph)
        if line:
            lines.append(line)
    if lines:
        yield Block(heading, tuple(lines))
