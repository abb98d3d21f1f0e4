"""Guidelines in Word (DOCX): heading styles become sections, tables their own."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import docx
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from kg.model import Document
from kg.sources.compose import clean
from kg.sources.guideline import Block, assemble
from kg.sources.refusal import Refusal
from kg.sources.stream import Stream

_MAX_FILE = 200_000_000
_MAX_EXPANDED = 400_000_000
_MAX_RATIO = 200
_MAX_MEMBERS = 10_000
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
# What zipfile and python-docx raise on files that are damaged, encrypted, or lack what Word always writes.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, OpcError, PythonDocxError, LookupError, ValueError, TypeError,
    AttributeError, AssertionError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip
_ENTITY = re.compile(rb"<!(?:ENTITY|DOCTYPE)", re.IGNORECASE)


def read(stream: Stream) -> Iterator[Document]:
    """Yield the Document of a DOCX file. Raises Refusal: docx_broken, zip_bomb, xml_entity, unknown_format, no_text."""
    data = stream.whole(_MAX_FILE)
    try:
        _check(data)
        document = docx.Document(io.BytesIO(data))
        blocks = list(_blocks(document))
        meta = _meta(document)
    except _BROKEN as error:
        raise Refusal(f"the Word file is damaged: {error}", reject="docx_broken") from error
    title = meta.pop("title", "")
    made = assemble("docx", title, blocks, meta, data, stream.settings)
    if made is None:
        raise Refusal("the file holds no text", reject="no_text")
    yield made


def _check(data: bytes) -> None:
    """Refuse what is no Word file, and what would unpack to more than it should."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        if "word/document.xml" not in names:
            raise Refusal("a ZIP archive that is no Word file; unpack it first", reject="unknown_format")
        total = sum(member.file_size for member in members)
        if total > _MAX_EXPANDED or len(members) > _MAX_MEMBERS or total > max(_MAX_RATIO * len(data), 10_000_000):
            raise Refusal(f"unpacks to {total} bytes in {len(members)} parts", reject="zip_bomb")
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                with archive.open(member) as part:
                    if _ENTITY.search(part.read(4096).replace(b"\0", b"")):
                        reason = "declares a DTD or entities, which Word never does"
                        raise Refusal(reason, reject="xml_entity", place=member.filename)


def _blocks(document: Any) -> Iterator[Block]:
    headings: list[tuple[int, str]] = []
    lines: list[str] = []
    for item in document.iter_inner_content():
        path = tuple(text for _, text in headings)
        if isinstance(item, Table):
            if lines:
                yield Block(path, tuple(lines))
                lines = []
            rows = tuple(_rows(item))
            if rows:
                yield Block(path, rows, "table")
            continue
        level, text = _level(item), clean(item.text)
        if level == 0 or not text:
            continue
        if level < 0:
            lines.append(text)
            continue
        if lines:
            yield Block(path, tuple(lines))
            lines = []
        headings = [item for item in headings if item[0] < level] + [(level, text)]
    if lines:
        yield Block(tuple(text for _, text in headings), tuple(lines))


def _level(paragraph: Paragraph) -> int:
    """Return a heading's level, 0 for the document's title, -1 for running text."""
    style = paragraph.style.name or "" if paragraph.style is not None else ""
    found = _HEADING.match(style)
    if found:
        return int(found[1])
    return 0 if style.lower() == "title" else -1


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells: list[str] = []
        previous = None
        for cell in row.cells:
            if cell._tc is not previous:  # a merged cell comes once per column it spans
                cells.append(clean(cell.text))
            previous = cell._tc
        while cells and not cells[-1]:
            cells.pop()
        if any(cells):
            yield " | ".join(cells)


def _meta(document: Any) -> dict[str, str]:
    titles = [clean(p.text) for p in document.paragraphs[:20] if p.style is not None and p.style.name == "Title"]
    properties = document.core_properties
    meta = {
        "title": next((text for text in titles if text), "") or clean(properties.title or ""),
        "language": clean(properties.language or ""),
    }
    return {key: value for key, value in meta.items() if value}
