"""XML without its dangers: no entities, no DTD, no network, elements as they end and freed at once."""

from __future__ import annotations

import html.entities
import re
from collections.abc import Collection, Iterator
from typing import cast

from lxml import etree

from kg.sources.compose import clean
from kg.sources.refusal import Refusal
from kg.sources.stream import CHUNK, Stream

_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
MOST = 32_000_000  # bytes of one element; its tree takes up to thirty times as much memory
# A block-level element ends a word; text inside a line does not.
_BREAKS = frozenset(
    "p title sec list list-item break td th tr disp-quote disp-formula def def-item term label caption li br div h1 h2 "
    "h3 h4 h5 h6 ul ol table AbstractText".split()
)


def elements(stream: Stream, tags: Collection[str], most: int = MOST) -> Iterator[etree._Element]:
    """Yield each element of the given tags (``{*}article`` for any namespace) when it has ended.

    The caller is done with an element when it asks for the next: it is emptied then, so memory stays flat.
    Elements before a break in the file are yielded first; then Refusal is raised: xml_broken with its line,
    xml_entity for a document that declares entities, record_too_large for more than ``most`` bytes without an element.
    """
    parser = etree.XMLPullParser(
        events=("end",), tag=tuple(tags), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    if _ENTITY.search(_prolog(stream.head)):
        raise Refusal("the document declares entities, which are not expanded", reject="xml_entity", place="DOCTYPE")
    waiting = 0
    while True:
        broken: Refusal | None = None
        data = b""
        try:
            data = stream.read(CHUNK)
            if data:
                parser.feed(data)
            else:
                parser.close()
        except Refusal as refusal:
            broken = refusal
        except etree.XMLSyntaxError as error:
            place = f"line {error.lineno}" if error.lineno else ""
            broken = Refusal(f"broken XML: {error.msg}", reject=_code(error), place=place)
        waiting += len(data)
        for _, element in cast(Iterator[tuple[str, etree._Element]], parser.read_events()):
            waiting = 0
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
        if broken is not None:
            raise broken
        if not data:
            return
        if waiting > most:
            raise Refusal(f"no complete {' or '.join(tags)} within {most} bytes", reject="record_too_large")


def _code(error: etree.XMLSyntaxError) -> str:
    return "xml_entity" if "entit" in (error.msg or "").lower() else "xml_broken"


def _prolog(head: bytes) -> bytes:
    """Return the head in a form that can be searched for declarations: UTF-16 is made plain by dropping its zeros."""
    return head.replace(b"\0", b"")


def entity_text(node: etree._Entity) -> str:
    """Return the character of a name that HTML knows (``&nbsp;``); raises Refusal (xml_entity) for any other."""
    name = node.name or ""
    if name in html.entities.name2codepoint:
        return chr(html.entities.name2codepoint[name])
    raise Refusal(f"the entity &{name}; is not expanded", reject="xml_entity", place=f"line {node.sourceline}")


def pieces(element: etree._Element, skip: Collection[str] = ()) -> Iterator[str]:
    """Yield the text inside an element but for elements called ``skip``; around blocks a blank is added."""
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child, etree._Entity):
            yield entity_text(child)
        elif isinstance(child.tag, str):
            name = local(child)
            if name not in skip:
                if name in _BREAKS:
                    yield " "
                yield from pieces(child, skip)
                if name in _BREAKS:
                    yield " "
        if child.tail:
            yield child.tail


def flat(element: etree._Element | None, skip: Collection[str] = ()) -> str:
    """Return the text of an element as one line.

    >>> flat(etree.fromstring("<p>H<sub>2</sub>O  <i>in vivo</i></p>"))
    'H2O in vivo'
    """
    return "" if element is None else clean("".join(pieces(element, skip)))


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace; comments and instructions have none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
