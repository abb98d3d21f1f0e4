"""XML with line numbers from the standard library alone; entities are refused, so nothing is fetched or blown up."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from kg.errors import SourceFormatError


class Node(Element):
    """An element that knows the line on which it begins."""

    line = 0


def read_xml(path: Path) -> Node:
    """The root element of a file. Raises SourceFormatError for broken XML and for declarations of entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    builder = TreeBuilder(element_factory=Node)

    def start(tag: str, attributes: dict[str, str]) -> None:
        node = builder.start(tag, attributes)
        node.line = parser.CurrentLineNumber  # type: ignore[attr-defined]

    def entity(*_: object) -> NoReturn:
        raise SourceFormatError("XML that declares entities", file=path.name, line=parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(path.read_bytes(), True)
    except expat.ExpatError as error:
        raise SourceFormatError(f"broken XML: {error}", file=path.name, line=error.lineno) from error
    root = builder.close()
    assert isinstance(root, Node)
    return root


def number(node: Element, name: str, file: str) -> int:
    """An attribute that must be a number. Raises SourceFormatError with file and line."""
    return whole(node.get(name, ""), name, file, getattr(node, "line", 0))


def whole(value: str, name: str, file: str, line: int) -> int:
    """A field that must be a number not below zero. Raises SourceFormatError with file and line.

    >>> whole("12", "offset", "x.xml", 3)
    12
    """
    if not value.strip().isascii() or not value.strip().isdigit():
        raise SourceFormatError(f"{name} is not a number", file=file, line=line, found=value)
    return int(value)
