"""The running text of JATS: one line per paragraph or list item, citation markers taken out without gluing words."""

from __future__ import annotations

import re

from lxml import etree

from kg.sources.compose import clean
from kg.sources.xml import entity_text, local

# Private-use characters around a citation number, so that the brackets left around it can be found.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = f"{_OPEN}[^{_CLOSE}]*{_CLOSE}"
_LIST = rf"{_MARK}(?:[\s,;:–—-]*(?:and\s+)?{_MARK})*"
_PAIR = rf"[\[(]\s*(?:refs?\.?\s*)?{_LIST}\s*[\])]"
_BRACKETED = re.compile(rf"\s*{_PAIR}(?:\s*[,;–-]?\s*{_PAIR})*")
_RAISED = re.compile(rf"(?<=\S){_LIST}")
_NUMBER = re.compile(r"[\s\[\]()]*\d+[a-z]?(?:\s*[,–-]\s*\d+)*[\s\[\]()]*")
_BLOCKS = frozenset("p list list-item disp-quote def-list def-item def term title statement verse-group speech".split())
_FLOATS = frozenset(("table-wrap", "fig", "boxed-text", "table-wrap-group", "fig-group"))
_LEFT_OUT = frozenset("fn supplementary-material media inline-graphic graphic object-id tex-math permissions".split())
_BREAK = "\x00"


def prose(element: etree._Element, floats: list[etree._Element]) -> list[str]:
    """Return the lines of text in ``element``; tables, figures and boxes found inside are appended to ``floats``."""
    parts: list[str] = []
    _walk(element, parts, floats)
    lines = (clean(_without_markers(line)) for line in "".join(parts).split(_BREAK))
    return [line for line in lines if line]


def _walk(element: etree._Element, parts: list[str], floats: list[etree._Element]) -> None:
    if element.text:
        parts.append(element.text)
    for child in element:
        name = local(child)
        if isinstance(child, etree._Entity):
            parts.append(entity_text(child))
        elif name in _FLOATS:
            floats.append(child)
        elif name == "xref" and child.get("ref-type") == "bibr":
            parts.append(_marker(child))
        elif name == "label" and local(element) in ("list-item", "fn"):
            pass
        elif name == "break":
            parts.append(" ")
        elif name and (name not in _LEFT_OUT or local(element) in ("table-wrap-foot", "fn-group")):
            block = name in _BLOCKS or name in ("fn", "disp-formula")
            if block:
                parts.append(_BREAK)
            _walk(child, parts, floats)
            if block:
                parts.append(_BREAK)
        if child.tail:
            parts.append(child.tail)


def _marker(xref: etree._Element) -> str:
    """Return a number between marks; a citation by name ("Smith 2005") is text that the sentence needs."""
    text = clean("".join(str(piece) for piece in xref.itertext()))
    if text and not _NUMBER.fullmatch(text):
        return text
    marked = f"{_OPEN}{text.strip('[]() ')}{_CLOSE}"
    return f"[{marked}]" if text[:1] in ("[", "(") and text[-1:] in ("]", ")") else marked


def _without_markers(line: str) -> str:
    """Take out "[1-3]" and raised numbers; a number that stands by itself ("in reference 12") is kept."""
    if _OPEN not in line:
        return line
    line = _RAISED.sub("", _BRACKETED.sub("", line))
    return line.replace(_OPEN, "").replace(_CLOSE, "")
