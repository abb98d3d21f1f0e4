"""Guidelines in Markdown (CommonMark with tables), with the front matter that static sites use."""

from __future__ import annotations

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
_TAG = re.compile(r"<[^<>]*>")
_KEYS = {"lang": "language", "rights": "license", "licence": "license", "edition": "date", "version": "date"}


def read(stream: Stream) -> Iterator[Document]:
    """Yield the Document of a Markdown file. Raises Refusal: no_text, invalid_encoding, text_too_long."""
    text = stream.text()
    meta, body = _front_matter(text)
    blocks = list(_blocks(MarkdownIt("commonmark").enable("table").parse(body)))
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


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    headings: list[tuple[int, str]] = []
    lines: list[str] = []
    rows: list[list[str]] = []
    level = 0
    in_table = False
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type in ("table_open", "table_close"):
            path = tuple(text for _, text in headings)
            if lines:
                yield Block(path, tuple(lines))
            if rows:
                yield Block(path, tuple(" | ".join(row) for row in rows if any(row)), "table")
            lines, rows = [], []
            in_table = token.type == "table_open"
        elif token.type == "tr_open":
            rows.append([])
        elif token.type in ("inline", "fence", "code_block", "html_block"):
            text = _inline(token)
            if level:
                if lines:
                    yield Block(tuple(text for _, text in headings), tuple(lines))
                lines = []
                headings = [item for item in headings if item[0] < level] + ([(level, text)] if text else [])
            elif in_table:
                rows[-1].append(text)
            elif text:
                lines.append(text)
    if lines:
        yield Block(tuple(text for _, text in headings), tuple(lines))


def _inline(token: Token) -> str:
    """Return the text of a token: links by their words, pictures and tags left out."""
    if token.children is None:
        return clean(_TAG.sub(" ", token.content))
    parts: list[str] = []
    for child in token.children:
        if child.type in ("text", "code_inline", "text_special"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return clean("".join(parts))
