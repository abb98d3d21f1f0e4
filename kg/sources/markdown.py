"""Guidelines in Markdown (CommonMark with tables), with the front matter that static sites use."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kg.model import Document
from kg.sources.compose import clean
from kg.sources.guideline import Block, assemble
from kg.sources.refusal import Refusal
from kg.sources.stream import Stream

_FRONT = re.compile(r"\A---\n(.*?\n)(?:---|\.\.\.)\n", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z_-]+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_MARK = re.compile(r"\s*[*+-]\s+")
# Emphasis with blanks inside its stars, and the end of a link with brackets in its words: not Markdown, but written.
_LEFTOVER = re.compile(r"\*{2,3}|(?<=\s)\]\((?:https?:|/)[^()\s]*(?:\s+\"[^\"]*\")?\s*\)")
_HTML_PART = re.compile(r"<(/?)(table|tr|th|td)\b[^<>]*>|<[^<>]*>|([^<]+)", re.IGNORECASE)
_KEYS = {"lang": "language", "rights": "license", "licence": "license", "edition": "date", "version": "date"}


def read(stream: Stream) -> Iterator[Document]:
    """Yield the Document of a Markdown file. Raises Refusal: no_text, invalid_encoding, text_too_long."""
    text = stream.text()
    meta, body = _front_matter(text)
    blocks = list(_Flow().of(MarkdownIt("commonmark").enable("table").parse(body)))
    title = ""
    tops = [block.path[0] for block in blocks if block.path]
    if "title" not in meta and tops and all(top == tops[0] for top in tops):
        title = tops[0]  # the only first-level heading is the title, not a section
        blocks = [Block(block.path[1:], block.lines, block.kind) for block in blocks]
    document = assemble("md", title, blocks, meta, text, stream.settings)
    if document is None:
        raise Refusal("the file holds no text", reject="no_text")
    yield document


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Split simple ``key: value`` front matter from the text; nested YAML is passed over."""
    found = _FRONT.match(text)
    if not found:
        return {}, text
    meta: dict[str, str] = {}
    for key, value in _FIELD.findall(found[1]):
        name = key.lower()
        meta.setdefault(_KEYS.get(name, name), clean(value.strip("\"'")))
    return {key: value for key, value in meta.items() if value}, text[found.end() :]


class _Flow:
    """Turns tokens into blocks; tables may be Markdown's, or HTML with Markdown in its cells."""

    def __init__(self) -> None:
        self._headings: list[tuple[int, str]] = []
        self._lines: list[str] = []
        self._rows: list[list[str]] | None = None

    def of(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """Yield the blocks in the order of the text."""
        level = 0
        for token in tokens:
            if token.type == "heading_open":
                level = int(token.tag[1])
            elif token.type == "heading_close":
                level = 0
            elif token.type == "html_block":
                yield from self._html(token.content)
            elif token.type in ("table_open", "table_close", "tr_open", "th_open", "td_open"):
                yield from self._table_part(token.type.removesuffix("_open"))
            elif token.type in ("inline", "fence", "code_block"):
                pieces = _inline(token)
                if self._rows is not None:
                    self._cell(" ".join(pieces))
                elif level:
                    yield from self._end()
                    self._headings = [item for item in self._headings if item[0] < level]
                    self._headings += [(level, " ".join(pieces))] if pieces else []
                else:
                    self._lines += pieces
        yield from self._table_part("table_close")
        yield from self._end()

    def _html(self, content: str) -> Iterator[Block]:
        for found in _HTML_PART.finditer(content):
            closes, name, words = found.groups()
            text = clean(html.unescape(words or ""))
            if name:
                yield from self._table_part(f"{name.lower()}{'_close' if closes else ''}")
            elif text and self._rows is not None:
                self._cell(text)
            elif text:
                self._lines.append(text)

    def _table_part(self, part: str) -> Iterator[Block]:
        if part == "table":
            yield from self._end()
            self._rows = []
        elif part == "table_close" and self._rows is not None:
            rows, self._rows = [" | ".join(row).rstrip(" |") for row in self._rows if any(row)], None
            if len(rows) > 1 and any(" | " in row for row in rows):
                yield Block(self._path(), tuple(rows), "table")
            else:
                self._lines += rows  # layout, not data
        elif self._rows is not None and part == "tr":
            self._rows.append([])
        elif self._rows is not None and part in ("th", "td"):
            self._rows = self._rows or [[]]
            self._rows[-1].append("")

    def _cell(self, text: str) -> None:
        """Add text to the last cell of the table."""
        rows = self._rows = self._rows or [[]]
        if not rows[-1]:
            rows[-1].append("")
        rows[-1][-1] = f"{rows[-1][-1]} {text}".strip()

    def _path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self._headings)

    def _end(self) -> Iterator[Block]:
        if self._lines:
            yield Block(self._path(), tuple(self._lines))
            self._lines = []


def _inline(token: Token) -> list[str]:
    """Return the lines of a token: links by their words, pictures and tags left out.

    It is one line, unless lines begin with list marks that are indented too little to make a list.
    """
    parts = [""]
    if token.children is None:  # text that is indented so far that it counts as code
        parts = token.content.split("\n")
    for child in token.children or ():
        if child.type in ("text", "code_inline", "text_special"):
            parts[-1] += child.content
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("")
    lines: list[str] = []
    for part in parts:
        mark = _MARK.match(part)
        text = clean(html.unescape(_LEFTOVER.sub(" ", part[mark.end() :] if mark else part)))
        if mark or not lines:
            lines.append(text)
        else:
            lines[-1] = f"{lines[-1]} {text}".strip()
    return [line for line in lines if line]
