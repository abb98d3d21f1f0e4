"""Guidelines and pages in HTML: headings become sections, tables their own; menus, scripts and forms are left out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from lxml import etree

from kg.model import Document
from kg.sources.compose import clean
from kg.sources.guideline import Block, assemble
from kg.sources.refusal import Refusal
from kg.sources.stream import Stream
from kg.sources.xml import flat, local

_SKIP = frozenset(
    "script style nav header footer aside button noscript svg iframe template select option textarea head object "
    "canvas audio video map dialog".split()
)
_LINES = frozenset(
    "p div li ul ol section article main blockquote br dt dd dl pre hr figure figcaption address body html "
    "details summary center td th tr".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_PSEUDO_LENGTH = 120
_META = {
    "citation_pmid": "pmid", "citation_doi": "doi", "dc.identifier": "doi", "dc.identifier.doi": "doi",
    "citation_publication_date": "date", "dc.date": "date", "article:published_time": "date", "date": "date",
    "citation_title": "title", "dc.rights": "license",
}  # fmt: skip


def read(stream: Stream) -> Iterator[Document]:
    """Yield the Document of an HTML page. Raises Refusal: no_text, invalid_encoding, text_too_long."""
    text = stream.text(_encoding(stream.head))
    root = parsed(text)
    document = None if root is None else _page(root, text, stream)
    if document is None:
        raise Refusal("the page holds no text", reject="no_text")
    yield document


def _page(root: etree._Element, text: str, stream: Stream) -> Document | None:
    meta = _meta(root)
    blocks = tuple(Blocks().of(_body(root)))
    title = next((block.path[0] for block in blocks if block.path), "") or meta.get("title", "")
    first = root.find(".//h1")
    title = flat(first) if first is not None and flat(first) else title
    if title:
        blocks = tuple(_below(title, blocks))
    stated = {key: value for key, value in meta.items() if key != "title" or not title}
    return assemble("html", title, blocks, stated, text, stream.settings)


def parsed(text: str) -> etree._Element | None:
    """Return the root of an HTML text, or None where there is nothing to parse."""
    # As bytes, because lxml refuses a str that carries its own encoding declaration.
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, encoding="utf-8")
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _encoding(head: bytes) -> str:
    found = _CHARSET.search(head[:2048])
    name = found[1].decode("ascii") if found else "utf-8"
    try:
        codecs.lookup(name)
    except LookupError:
        return "utf-8"
    return name


def _meta(root: etree._Element) -> dict[str, str]:
    meta = {"title": flat(root.find(".//title"))}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").lower()
        if name in _META and element.get("content"):
            meta.setdefault(_META[name], clean(element.get("content") or ""))
    if root.get("lang"):
        meta["language"] = root.get("lang") or ""
    return {key: value for key, value in meta.items() if value}


def _body(root: etree._Element) -> etree._Element:
    """Return the one <main> or <article> if it holds at least half of the page's text, else the body."""
    body = root.find(".//body")
    body = root if body is None else body
    for name in ("main", "article"):
        found = body.findall(f".//{name}")
        if len(found) == 1 and 2 * len(flat(found[0], _SKIP)) >= len(flat(body, _SKIP)):
            return found[0]
    return body


def _below(title: str, blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Take the title off the heading paths: it is the document's, not a section's."""
    for block in blocks:
        path = block.path[1:] if block.path and block.path[0] == title else block.path
        yield Block(path, block.lines, block.kind)


class Blocks:
    """Walks a tree of HTML without recursion and cuts it at headings and tables."""

    def __init__(self) -> None:
        self._headings: list[tuple[int, str]] = []
        self._lines: list[str] = []
        self._line: list[str] = []

    def of(self, body: etree._Element) -> Iterator[Block]:
        """Yield the blocks below ``body`` in the order of the page."""
        walker = etree.iterwalk(body, events=("start", "end"))
        for event, element in walker:
            name = element.tag if isinstance(element.tag, str) else ""
            if event == "end":
                if name in _LINES:
                    self._end_line()
                if element is not body and element.tail:
                    self._line.append(element.tail)
                continue
            level = _HEADINGS.get(name) or _pseudo_level(element, name)
            if name in _SKIP or level or name == "table":
                walker.skip_subtree()
                if level:
                    yield from self._heading(level, flat(element))
                elif name == "table":
                    yield from self._table(element)
                continue
            if name in _LINES:
                self._end_line()
            if element.text:
                self._line.append(element.text)
        yield from self._end_block()

    def _path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self._headings)

    def _heading(self, level: int, text: str) -> Iterator[Block]:
        yield from self._end_block()
        if text:
            self._headings = [item for item in self._headings if item[0] < level] + [(level, text)]

    def _table(self, table: etree._Element) -> Iterator[Block]:
        rows = list(table_rows(table))
        if len(rows) == 1 or all(" | " not in row for row in rows):  # layout, not data
            self._end_line()
            self._lines += rows
            return
        yield from self._end_block()
        caption = flat(table.find("./caption"))
        yield Block((*self._path(), caption) if caption else self._path(), tuple(rows), "table")

    def _end_line(self) -> None:
        text = clean("".join(self._line))
        self._line = []
        if text:
            self._lines.append(text)

    def _end_block(self) -> Iterator[Block]:
        self._end_line()
        if self._lines:
            yield Block(self._path(), tuple(self._lines))
            self._lines = []


def table_rows(table: etree._Element) -> Iterator[str]:
    """Yield the rows of a table as text, their cells joined by " | "; empty rows are left out."""
    for row in table.iter("{*}tr"):
        cells = [flat(cell) for cell in row if local(cell) in ("td", "th")]
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            yield " | ".join(cells)


def _pseudo_level(element: etree._Element, name: str) -> int:
    """Return a level below h6 for a paragraph that is nothing but one short bold or italic line, else 0."""
    if name != "p" or (element.text or "").strip() or len(element) != 1:
        return 0
    child = element[0]
    if child.tag not in ("strong", "b", "em", "i") or (child.tail or "").strip():
        return 0
    text = flat(child)
    if not text or len(text) > _PSEUDO_LENGTH or text[-1] in ".,;":
        return 0
    if child.tag in ("em", "i"):
        return 9
    underlined = any("underline" in (inner.get("style") or "") or inner.tag == "u" for inner in child)
    return 7 if underlined else 8
