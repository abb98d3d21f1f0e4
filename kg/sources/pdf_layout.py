"""The lines of a PDF page in reading order: columns are read one after the other, tables are found by their rules."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_GAP = 1.6  # a wider hole than this many letter heights parts two columns
_GUTTER_SHARE = 0.75
_BOLD = 600
_CUTS = frozenset("\x02\ufffe\xad")  # how PDFium marks a hyphen at the end of a line


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text, its box in points (y grows upwards), the size and weight of its letters."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool

    @property
    def middle(self) -> float:
        """The height of the line's middle."""
        return (self.bottom + self.top) / 2


class _Pen:
    """Collects characters into a line."""

    def __init__(self) -> None:
        self.chars: list[str] = []
        self.box = [0.0, 0.0, 0.0, 0.0]
        self.sizes: list[float] = []
        self.bold = 0

    def put(self, char: str, left: float, right: float, bottom: float, top: float, size: float, bold: bool) -> None:
        if not self.sizes:
            self.box = [left, right, bottom, top]
        self.box = [min(self.box[0], left), max(self.box[1], right), min(self.box[2], bottom), max(self.box[3], top)]
        self.chars.append(char)
        self.sizes.append(size)
        self.bold += bold

    def line(self) -> Line | None:
        text = "".join(self.chars).strip()
        if not text or not self.sizes:
            return None
        size = sorted(self.sizes)[len(self.sizes) // 2]
        left, right, bottom, top = self.box
        return Line(text, left, right, bottom, top, round(size * 2) / 2, 2 * self.bold > len(self.sizes))


def lines(page: pdfium.PdfPage) -> list[Line]:
    """Return the lines of a page in reading order."""
    return _in_order(list(_raw_lines(page)), page.get_width())


def _raw_lines(page: pdfium.PdfPage) -> Iterator[Line]:
    """Yield lines as the page draws them, cut where a wide hole parts two columns."""
    text = page.get_textpage()
    pen = _Pen()
    edges = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = edges
    scale = 1.0
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        char = chr(code) if code < 0x110000 else ""
        if char in "\r\n":
            if line := pen.line():
                yield line
            pen = _Pen()
            continue
        if not raw.FPDFText_GetCharBox(text, index, left, right, bottom, top):
            continue
        if not pen.sizes:
            scale = _scale(text, index)
        size = scale * raw.FPDFText_GetFontSize(text, index)
        height = max(top.value - bottom.value, 1.0)
        if char.isspace():
            if pen.chars:
                pen.chars.append(" ")
            continue
        if pen.sizes and (
            left.value - pen.box[1] > _GAP * max(pen.sizes[-1], height) or bottom.value > pen.box[3] + height
        ):
            if line := pen.line():
                yield line
            pen = _Pen()
        bold = raw.FPDFText_GetFontWeight(text, index) >= _BOLD
        pen.put("-" if char in _CUTS else char, left.value, right.value, bottom.value, top.value, size, bold)
        if char in _CUTS:
            if line := pen.line():
                yield line
            pen = _Pen()
    if line := pen.line():
        yield line
    text.close()


def _scale(text: pdfium.PdfTextPage, index: int) -> float:
    """Return by how much the page enlarges the font at a character: many PDFs set size 1 and scale."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text, index, matrix):
        return 1.0
    return math.hypot(matrix.b, matrix.d) or 1.0


def _in_order(found: list[Line], width: float) -> list[Line]:
    """Return lines top to bottom; where the page has two columns, the left one before the right one.

    Lines that cross the gutter (titles, wide tables) cut the page into bands, each of which is read by itself.
    """
    gutter = _gutter(found, width)
    if gutter is None:
        return _rows(found)
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in sorted(found, key=lambda line: -line.middle):
        if line.left < gutter - 4 and line.right > gutter + 4:
            ordered += [*_rows(left), *_rows(right), line]
            left, right = [], []
        else:
            (left if line.right <= gutter + 4 else right).append(line)
    return [*ordered, *_rows(left), *_rows(right)]


def _gutter(found: list[Line], width: float) -> float | None:
    """Return where the white strip between two columns is, or None: nearly no line may cross it, many lie beside it."""
    if len(found) < 16:
        return None
    letters = sum(len(line.text) for line in found)
    best, best_share = None, _GUTTER_SHARE
    for step in range(35, 66):
        x = width * step / 100
        left = sum(len(line.text) for line in found if line.right <= x)
        right = sum(len(line.text) for line in found if line.left >= x)
        share = (left + right) / letters
        # Columns are running text: on both sides most letters stand in lines that fill their column.
        if share > best_share and min(left, right) > 0.2 * letters and _filled(found, x):
            best, best_share = x, share
    return best


def _filled(found: list[Line], x: float) -> bool:
    for side in ([line for line in found if line.right <= x], [line for line in found if line.left >= x]):
        if sum(len(line.text) for line in side) < 25 * len(side):
            return False
    return True


def _rows(found: list[Line]) -> list[Line]:
    """Return lines from top to bottom, pieces at one height from left to right."""
    ordered: list[Line] = []
    row: list[Line] = []
    for line in sorted(found, key=lambda line: -line.middle):
        if row and row[0].middle - line.middle > 0.5 * max(line.top - line.bottom, 4):
            ordered += sorted(row, key=lambda line: line.left)
            row = []
        row.append(line)
    return ordered + sorted(row, key=lambda line: line.left)


def ruled(page: pdfium.PdfPage, least: int = 8, most: int = 5_000) -> bool:
    """Say whether a page draws as many lines or boxes as a table does (cheap; looks at no text).

    A page that draws more than ``most`` is a map or a chart, where looking for tables takes minutes.
    """
    paths = page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=2)
    return least <= sum(1 for _ in itertools.islice(paths, most + 1)) <= most
