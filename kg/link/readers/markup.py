"""Reading XML vocabularies as a stream: no external entity, no DTD, no entity bomb; memory does not grow."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from kg.errors import VocabularyError


def root_tag(path: Path) -> str:
    """Return the name of the root element (with its namespace in braces); VocabularyError when there is none."""
    for element in _events(path, "start", None):
        return str(element.tag)
    raise VocabularyError("no element in this XML file", file=str(path))


def records(path: Path, *tags: str) -> Iterator[etree._Element]:
    """Yield the elements with one of these tags, each emptied when the next one is asked for.

    Raises VocabularyError for a missing file, XML that is not well-formed, or entities of the file's own.
    """
    for element in _events(path, "end", tags):
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _events(path: Path, event: str, tags: tuple[str, ...] | None) -> Iterator[etree._Element]:
    if not path.is_file():
        raise VocabularyError("vocabulary file is missing", file=str(path))
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            parsed = etree.iterparse(
                stream,
                events=(event,),
                tag=tags,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            for _, element in parsed:
                _refuse_entities(element, path)
                yield element
    except (etree.XMLSyntaxError, OSError, EOFError) as error:
        raise VocabularyError(f"this XML file cannot be read: {error}", file=str(path)) from error


def _refuse_entities(element: etree._Element, path: Path) -> None:
    kind = element.getroottree().docinfo.internalDTD
    if kind is not None and any(True for _ in kind.iterentities()):  # type: ignore[attr-defined]
        raise VocabularyError("this XML file declares entities of its own; save it without them", file=str(path))
