"""PubTator: a title line, an abstract line, and annotations, which are not read here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import Document, Rejection
from kg.sources.passages import Passage, document
from kg.sources.refusal import Refusal, rejection
from kg.sources.stream import Stream

_LINE = re.compile(r"(\d+)\|([ta])\|(.*)", re.DOTALL)
_ANNOTATION = re.compile(r"\d+\t")


def read(stream: Stream) -> Iterator[Document | Rejection]:
    """Yield each article; its text is title, line break, abstract, so the file's offsets point into it.

    A line of another shape becomes a Rejection, and the rest goes on.
    """
    pending: dict[str, str] = {}
    number = ""
    for place, line in _lines(stream):
        found = _LINE.fullmatch(line)
        if found is None:
            if not line.strip():  # the article is complete
                yield from _article(number, pending, stream)
                number, pending = "", {}
            elif not _ANNOTATION.match(line):
                refusal = Refusal("neither title, abstract nor annotation", reject="pubtator_line", place=place)
                yield rejection(stream.file.name, refusal)
            continue
        if found[1] != number or found[2] in pending:
            yield from _article(number, pending, stream)
            number, pending = found[1], {}
        pending[found[2]] = found[3]
    yield from _article(number, pending, stream)


def _article(number: str, pending: dict[str, str], stream: Stream) -> Iterator[Document | Rejection]:
    if not pending:
        return
    title, abstract = pending.get("t", ""), pending.get("a", "")
    passages = [Passage(0, title, {"type": "title"}), Passage(len(title) + 1, abstract, {"type": "abstract"})]
    made = document("pubtator", number, passages, "pubtator", {}, stream.settings)
    place = f"PMID {number}"
    yield made or rejection(stream.file.name, Refusal("an article without text", reject="no_text", place=place))


def _lines(stream: Stream) -> Iterator[tuple[str, str]]:
    """Yield (place, line); raises Refusal: invalid_encoding, text_too_long for a line beyond all measure."""
    limit = 4 * stream.settings.max_text_chars
    count = start = 0
    rest = b""
    for data in stream.chunks():
        *whole, rest = (rest + data).split(b"\n")
        for raw in whole:
            count += 1
            yield f"line {count}", _decoded(raw, start)
            start += len(raw) + 1
        if len(rest) > limit:
            raise Refusal(f"a line of more than {limit} bytes", reject="text_too_long", place=f"line {count + 1}")
    if rest:
        yield f"line {count + 1}", _decoded(rest, start)


def _decoded(raw: bytes, start: int) -> str:
    try:
        return raw.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r").decode("utf-8")
    except UnicodeDecodeError as error:
        place = f"byte {start + error.start}"
        raise Refusal(f"not valid UTF-8: {error.reason}", reject="invalid_encoding", place=place) from error
