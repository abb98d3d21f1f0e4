"""Guideline summaries as the National Guideline Clearinghouse published them: XML whose values are escaped HTML."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from kg.model import Document
from kg.sources.compose import clean
from kg.sources.guideline import Block, assemble
from kg.sources.html import Blocks, parsed
from kg.sources.refusal import Refusal
from kg.sources.stream import Stream
from kg.sources.xml import elements


def read(stream: Stream) -> Iterator[Document]:
    """Yield the Document of an NGC summary. Raises Refusal: no_text, xml_broken, xml_entity."""
    blocks: list[Block] = []
    values: list[str] = []
    for section in elements(stream, ("Section",)):
        name = clean(section.get("Name") or "")
        for field in section.iterfind("Field"):
            values += [value.get("Value") or "" for value in field.iterfind("FieldValue")]
            blocks += _field(field, (name, clean(field.get("Name") or "")))
    document = assemble("xml", "", blocks, {}, "\n".join(values), stream.settings)
    if document is None:
        raise Refusal("the summary holds no text", reject="no_text")
    yield document


def _field(field: etree._Element, path: tuple[str, ...]) -> Iterator[Block]:
    for value in field.iterfind("FieldValue"):
        root = parsed(value.get("Value") or "")
        if root is not None:
            for block in Blocks().of(root):
                yield Block((*path, *block.path), block.lines, block.kind)
