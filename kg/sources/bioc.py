"""BioC collections, as XML and as JSON: one document after the other, never the collection as a whole."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from kg.model import Document, Rejection
from kg.sources.passages import Passage, document
from kg.sources.refusal import Refusal, rejection
from kg.sources.stream import Stream
from kg.sources.xml import elements

_ARRAY = re.compile(r'"(?:documents|PubTator3)"\s*:\s*\[')
_SOURCE = re.compile(r'"source"\s*:\s*"([^"\\]*)"')
_XML_SOURCE = re.compile(r"<source>([^<]*)</source>")
_SOMETHING = re.compile(r"[^\s,]")
_DECODER = json.JSONDecoder(strict=False)


def read_xml(stream: Stream) -> Iterator[Document | Rejection]:
    """Yield the documents of a BioC XML collection; one without text becomes a Rejection."""
    found = _XML_SOURCE.search(stream.head.decode("utf-8", "replace"))
    source = found[1] if found else ""
    for element in elements(stream, ("document",)):
        try:
            passages = [_xml_passage(passage) for passage in element.iterfind("passage")]
        except Refusal as refusal:
            yield rejection(stream.file.name, refusal)
        else:
            yield _made(element.findtext("id") or "", passages, source, _infons(element), stream)


def read_json(stream: Stream) -> Iterator[Document | Rejection]:
    """Yield the documents of BioC JSON: a collection, a list of them, PubTator3's answer, or one document a line."""
    for source, value in _json_documents(stream):
        if not isinstance(value, dict) or not isinstance(value.get("passages"), list):
            yield rejection(stream.file.name, Refusal("a document without passages", reject="bioc_document"))
            continue
        try:
            passages = [_json_passage(passage) for passage in value["passages"]]
            yield _made(str(value.get("id") or ""), passages, source, _strings(value.get("infons")), stream)
        except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as error:
            place = f"document {value.get('id')}"
            yield rejection(stream.file.name, Refusal(f"not BioC: {error}", reject="bioc_document", place=place))


def _made(
    number: str, passages: list[Passage], source: str, infons: Mapping[str, str], stream: Stream
) -> Document | Rejection:
    name = stream.file.name
    try:
        made = document("bioc", number.strip(), passages, source, infons, stream.settings)
    except Refusal as refusal:
        return rejection(name, refusal)
    place = f"document {number}"
    return made or rejection(name, Refusal("a document without text", reject="no_text", place=place))


def _infons(element: etree._Element) -> dict[str, str]:
    return {infon.get("key") or "": infon.text or "" for infon in element.iterfind("infon")}


def _xml_passage(passage: etree._Element) -> Passage:
    offset = _number(passage.findtext("offset"), passage)
    text = passage.findtext("text") or ""
    sentences = [
        (_number(part.findtext("offset"), part), part.findtext("text") or "") for part in passage.iterfind("sentence")
    ]
    return Passage(offset, text or _sentences(offset, sentences), _infons(passage))


def _number(text: str | None, element: etree._Element) -> int:
    try:
        return int(text or 0)
    except ValueError as error:
        place = f"line {element.sourceline}"
        raise Refusal(f"an offset that is no number: {text!r}", reject="bioc_document", place=place) from error


def _json_passage(passage: Mapping[str, Any]) -> Passage:
    offset = int(passage.get("offset") or 0)
    sentences = [(int(part.get("offset") or 0), str(part.get("text") or "")) for part in passage.get("sentences") or ()]
    text = str(passage.get("text") or "")
    return Passage(offset, text or _sentences(offset, sentences), _strings(passage.get("infons")))


def _strings(infons: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in infons.items()} if isinstance(infons, dict) else {}


def _sentences(offset: int, sentences: list[tuple[int, str]]) -> str:
    """Return a passage that is given by its sentences only, each at its own offset."""
    text = ""
    for start, sentence in sentences:
        text += " " * min(max(start - offset - len(text), 0), 1_000) + sentence
    return text


class _Window:
    """The part of a text file that is being looked at; grows at its end, shrinks at its start."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._limit = 8 * stream.settings.max_text_chars
        self._bytes = 0
        self._done = False
        self._text = ""
        self._at = 0

    def grow(self) -> bool:
        """Double what is in view; False at the end of the file."""
        self._text, self._at = self._text[self._at :], 0
        wanted = max(2 * len(self._text), 1 << 16)
        if wanted > self._limit:
            raise Refusal(f"no complete document within {self._limit} characters", reject="record_too_large")
        parts = [self._text]
        size = len(self._text)
        while size < wanted and not self._done:
            data = self._stream.read()
            try:
                part = self._decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                place = f"byte {self._bytes + error.start}"
                raise Refusal(f"not valid UTF-8: {error.reason}", reject="invalid_encoding", place=place) from error
            self._bytes += len(data)
            self._done = not data
            parts.append(part)
            size += len(part)
        grown = size > len(self._text)
        self._text = "".join(parts)
        return grown

    def search(self, pattern: re.Pattern[str], before: int | None = None) -> re.Match[str] | None:
        """Return the first match in view, before the position ``before`` if one is given."""
        return pattern.search(self._text, self._at, len(self._text) if before is None else before)

    def pass_to(self, position: int) -> None:
        """Drop everything before a position of a match."""
        self._at = position

    def keep_last(self, count: int) -> None:
        """Drop everything but the last ``count`` characters."""
        self._at = max(self._at, len(self._text) - count)

    def value(self) -> Any:
        """Take the JSON value at the start, reading on until it is complete."""
        while True:
            try:
                value, self._at = _DECODER.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise Refusal("nested too deeply", reject="json_broken") from error
            except ValueError as error:  # also a number too long to be one
                if not self.grow():
                    place = f"byte {self._bytes}"
                    raise Refusal(f"broken JSON: {error}", reject="json_broken", place=place) from error
            else:
                return value

    def skip(self) -> str:
        """Pass over white space and commas; return the next character, "" at the end."""
        while True:
            found = _SOMETHING.search(self._text, self._at)
            self._at = found.start() if found else len(self._text)
            if found or not self.grow():
                return found[0] if found else ""


def _json_documents(stream: Stream) -> Iterator[tuple[str, Any]]:
    """Yield (collection's source, document) for every document, however the file wraps them."""
    window = _Window(stream)
    window.grow()
    if not window.search(_ARRAY):
        while window.skip():
            value = window.value()
            for item in value if isinstance(value, list) else [value]:
                yield "", item
        return
    while True:
        array = window.search(_ARRAY)
        if not array:
            window.keep_last(32)  # the key may be cut in two
            if not window.grow():
                return
            continue
        header = window.search(_SOURCE, array.start())
        source = header[1] if header else ""
        window.pass_to(array.end())
        while (following := window.skip()) != "]":
            if not following:
                raise Refusal("the list of documents has no end", reject="json_broken", place="end of file")
            yield source, window.value()
