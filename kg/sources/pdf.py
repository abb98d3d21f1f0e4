"""Guidelines in PDF: running heads are dropped, words cut at line ends are joined, headings and tables are found."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator

import pdfplumber
import pypdfium2 as pdfium
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import dict_value
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from kg.model import Document
from kg.sources.compose import PAGE, clean
from kg.sources.compose import words as words_of
from kg.sources.guideline import Block, assemble
from kg.sources.headings import kind_of
from kg.sources.pdf_layout import Line, lines, ruled
from kg.sources.refusal import Refusal
from kg.sources.stream import Stream

_MAX_FILE = 1_000_000_000
_HEADING_LENGTH = 150
_BULLET = re.compile(r"^(?:[•●▪■◦○–—*\uf0b7\uf0a7]|\d{1,2}[.)]|[a-z][.)])\s")
_EDGE = 0.1  # running heads and feet stand in this share of the page, at the top and at the bottom
_CUT = re.compile(r"([^\W\d_]+)-$")
_UNTITLED = re.compile(r"^(microsoft word|untitled|.*\.(docx?|pdf|indd|qxd))", re.IGNORECASE)
# What pdfplumber and pdfminer raise on damaged files that PDFium can still read.
_PDF_ERRORS = (
    PdfminerException, MalformedPDFException, PDFException, PSException, ValueError, TypeError, LookupError,
    AttributeError, AssertionError, ArithmeticError, RecursionError, struct.error, zlib.error,
)  # fmt: skip


def read(stream: Stream) -> Iterator[Document]:
    """Yield the Document of a PDF. Raises Refusal: pdf_broken, pdf_encrypted, pdf_no_pages, no_text."""
    data = stream.whole(_MAX_FILE)
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise _refusal(data) from error
    try:
        pages, tables = _pages(pdf, data, stream.settings.max_text_chars)
        meta = {key.lower(): clean(value) for key, value in pdf.get_metadata_dict().items()}
    except pdfium.PdfiumError as error:
        raise Refusal(f"the PDF is damaged: {error}", reject="pdf_broken") from error
    finally:
        pdf.close()
    stated = meta.get("title", "")
    if len(stated.split()) < 3 or _UNTITLED.match(stated):
        stated = ""
    title, blocks = _Flow(pages, tables, stated).blocks()
    document = assemble("pdf", title, blocks, {}, data, stream.settings)
    if document is None:
        raise Refusal("the PDF holds no text (scanned pages need text recognition first)", reject="no_text")
    yield document


def _refusal(data: bytes) -> Refusal:
    """Return why PDFium opens no document. It keeps the last error of the process, so the file itself is asked."""
    try:
        catalog = PDFDocument(PDFParser(io.BytesIO(data))).catalog
        if dict_value(catalog.get("Pages")).get("Count") == 0:
            return Refusal("the PDF has no pages", reject="pdf_no_pages")
    except PDFEncryptionError:
        return Refusal("the PDF is encrypted; remove the password first", reject="pdf_encrypted")
    except _PDF_ERRORS:
        pass
    return Refusal("the PDF is damaged: no page tree can be found in it", reject="pdf_broken")


_Tables = dict[int, list[tuple[float, float, tuple[str, ...]]]]


def _pages(pdf: pdfium.PdfDocument, data: bytes, limit: int) -> tuple[list[list[Line]], _Tables]:
    """Return the lines of each page, and its tables as (top, bottom, rows); their lines are taken out."""
    pages: list[list[Line]] = []
    tables: _Tables = {}
    boxed: list[int] = []
    letters = 0
    heights: list[float] = []
    for number in range(len(pdf)):
        try:
            page = pdf[number]
        except pdfium.PdfiumError as error:
            raise Refusal(f"the PDF is damaged: {error}", reject="pdf_broken", place=f"page {number + 1}") from error
        pages.append(lines(page))
        heights.append(page.get_height())
        letters += sum(len(line.text) for line in pages[-1])
        if letters > limit:
            raise Refusal(f"more than {limit} characters (max_text_chars)", reject="text_too_long")
        if ruled(page):
            boxed.append(number)
        page.close()
    if boxed:
        for number, found in _tables(data, boxed).items():
            top = heights[number]
            tables[number] = [(top - upper, top - lower, rows) for upper, lower, rows in found]
            pages[number] = [
                line for line in pages[number] if not any(low < line.middle < up for up, low, _ in tables[number])
            ]
    return _without_running_heads(pages, heights), tables


def _tables(data: bytes, numbers: list[int]) -> _Tables:
    """Return the tables of the given pages as (top, bottom, rows), measured from the top of the page."""
    found: _Tables = {}
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[number + 1 for number in numbers]) as pdf:
            for page in pdf.pages:
                for table in page.find_tables():
                    rows = [[clean(cell or "") for cell in row] for row in table.extract()]
                    kept = tuple(" | ".join(row).rstrip(" |") for row in rows if any(row))
                    # A box around running text has one column: that is no table.
                    if len(kept) > 1 and sum(sum(map(bool, row)) > 1 for row in rows) * 2 >= len(kept):
                        found.setdefault(page.page_number - 1, []).append((table.bbox[1], table.bbox[3], kept))
                page.close()
    except _PDF_ERRORS:
        return {}  # pdfplumber is stricter than PDFium; the running text then keeps what the table says
    return found


def _without_running_heads(pages: list[list[Line]], heights: list[float]) -> list[list[Line]]:
    """Drop lines at the edge of the page that come again, but for their numbers, on many pages; and page numbers."""
    seen: Counter[str] = Counter()
    for page, height in zip(pages, heights, strict=True):
        seen.update({_shape(line.text) for line in page if _at_edge(line, height)})
    least = max(3, len(pages) // 20)  # chapters have heads of their own
    return [
        [
            line
            for line in page
            if not (_at_edge(line, height) and (seen[_shape(line.text)] >= least or line.text.strip(" -|").isdigit()))
        ]
        for page, height in zip(pages, heights, strict=True)
    ]


def _at_edge(line: Line, height: float) -> bool:
    return line.bottom < _EDGE * height or line.top > (1 - _EDGE) * height


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", clean(text).lower())


class _Flow:
    """Turns the lines of all pages into headings and paragraphs."""

    def __init__(self, pages: list[list[Line]], tables: _Tables, title: str) -> None:
        self._pages = pages
        self._tables = tables
        sizes: Counter[float] = Counter()
        words: set[str] = set()
        for page in pages:
            for line in page:
                sizes[line.size] += len(line.text)
                words.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text.lower()))
        self._body = max(sizes, key=lambda size: (sizes[size], -size), default=0.0)
        larger = sorted({size for size in sizes if size > 1.08 * self._body}, reverse=True)
        self._levels = {size: rank + 1 for rank, size in enumerate(larger)}
        self._words = words
        self._title = title or self._largest()
        self._title_words = f" {words_of(self._title)} "
        self._path: list[tuple[int, str]] = []
        self._lines: list[str] = []
        self._marks = ""
        self._last: Line | None = None

    def blocks(self) -> tuple[str, list[Block]]:
        """Return the title (the largest words of the first page that has any) and the blocks in reading order."""
        made: list[Block] = []
        for number, page in enumerate(self._pages):
            self._marks += PAGE
            waiting = sorted(self._tables.get(number, []), key=lambda table: -table[0])
            for line in page:
                while waiting and line.middle < waiting[0][0]:
                    made += self._table(waiting.pop(0)[2])
                made += self._put(line)
            for table in waiting:
                made += self._table(table[2])
        made += self._end()
        if self._marks:
            made.append(Block((), (self._marks,), "body"))
        return self._title, made

    def _largest(self) -> str:
        for page in self._pages[:3]:
            if page:
                largest = max(line.size for line in page)
                found = [line.text for line in page if line.size == largest and largest > self._body]
                return clean(" ".join(found))
        return ""

    def _table(self, rows: tuple[str, ...]) -> Iterator[Block]:
        yield from self._end()
        yield Block(self._headings(), (self._marks + rows[0], *rows[1:]), "table")
        self._marks = ""

    def _put(self, line: Line) -> Iterator[Block]:
        text = clean(line.text)
        level = self._level(line, text)
        if level:
            if not self._path and not self._lines and f" {words_of(text)} " in self._title_words:
                return
            joined = self._last is not None and not self._lines and self._path and self._path[-1][0] == level
            near = self._last is not None and 0 < self._last.bottom - line.bottom < 2 * line.size
            if joined and near:  # a heading of two lines
                self._path[-1] = (level, f"{self._path[-1][1]} {text}")
            else:
                yield from self._end()
                # Levels are guessed from sizes; an appendix in smaller letters must not sink into the references.
                kept = [item for item in self._path if item[0] < level and kind_of(item[1]) != "references"]
                self._path = [*kept, (level, text)]
        elif self._continues(line, text):
            self._lines[-1] = self._join(self._lines[-1], self._take(text))
        elif text:
            self._lines.append(self._take(text))
        self._last = line

    def _take(self, text: str) -> str:
        marked, self._marks = self._marks + text, ""
        return marked

    def _level(self, line: Line, text: str) -> int:
        """Return a heading's level: by size, then bold lines below all sizes; 0 for running text."""
        if len(text) > _HEADING_LENGTH or not any(map(str.isalpha, text)) or text[-1] in ".,;":
            return 0
        if line.size in self._levels:
            return self._levels[line.size]
        if line.bold and line.size >= 0.75 * self._body and not _BULLET.match(line.text) and len(text) < 90:
            return len(self._levels) + 1
        return 0

    def _continues(self, line: Line, text: str) -> bool:
        """Say whether a line goes on with the paragraph before it: near below it, or over a page or column end."""
        if not self._lines or self._last is None or not text or _BULLET.match(line.text):
            return False
        down = self._last.bottom - line.bottom
        if 0 < down <= 1.75 * max(line.size, self._last.size):
            return True
        if abs(down) < 0.5 * line.size:
            return True  # two pieces at one height
        return self._lines[-1].rstrip()[-1:] not in ".!?:;" and text[:1].islower()

    def _join(self, before: str, after: str) -> str:
        """Join two lines; a hyphen at the end goes, unless the document writes the word with it elsewhere."""
        cut = _CUT.search(before)
        plain = after.lstrip(PAGE)
        if not cut or not plain[:1].islower():
            return f"{before} {after}"
        rest = re.match(r"[^\W\d_]*", plain)
        tail = rest[0].lower() if rest else ""
        head = cut[1].lower()
        if f"{head}-{tail}" in self._words and head + tail not in self._words:
            return before + after
        return before[:-1] + after

    def _headings(self) -> tuple[str, ...]:
        return tuple(text for _, text in self._path)

    def _end(self) -> Iterator[Block]:
        if self._lines:
            yield Block(self._headings(), tuple(self._lines))
            self._lines = []
