"""Which guideline a text is: the same in every format, because only what stands in the text decides."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.config import Settings
from kg.model import Document, DocumentKind
from kg.sources.compose import PAGE, Composer, clean, short_hash, slug, words
from kg.sources.headings import path_kind
from kg.sources.identifiers import curie_of
from kg.sources.language import settled

_GUIDELINE = re.compile(
    r"\b(guidelines?|guidance|guide|recommendations?|consensus|best practices?|position statement)\b",
    re.IGNORECASE,
)
_CASE = re.compile(r"\bcase (reports?|presentation|study)\b", re.IGNORECASE)
_MIN_TITLE_WORDS = 4
_DATE = re.compile(r"(\d{4})(?:[-/ ](\d{1,2}|[A-Z][a-z]{2})\w*(?:[-/ ](\d{1,2})\b)?)?")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass(frozen=True, slots=True)
class Block:
    """A heading path, outermost first, and the lines of text directly below it. ``kind`` overrules the headings."""

    path: tuple[str, ...]
    lines: tuple[str, ...]
    kind: str = ""


def iso_date(text: str) -> str:
    """Return a date as ISO text, as exact as it is given, or "".

    >>> iso_date("2013 Dec 20"), iso_date("2013-06"), iso_date("none")
    ('2013-12-20', '2013-06', '')
    """
    found = _DATE.search(text)
    if not found:
        return ""
    year, month, day = found.groups()
    if month and not month.isdigit():
        month = str(_MONTHS.index(month.lower()) + 1) if month.lower() in _MONTHS else None
    if not month or not 1 <= int(month) <= 12:
        return year
    return f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day and 1 <= int(day) <= 31 else "")


def assemble(
    form: str,
    title: str,
    blocks: Iterable[Block],
    meta: Mapping[str, str],
    content: str | bytes,
    settings: Settings,
) -> Document | None:
    """Return the Document of a guideline or page in the format ``form`` (html, md, docx, pdf); None if it has no text.

    ``meta`` may give title, id, doi, pmid, date, language, license, in lower case as the format states them.

    The work is the PMID or DOI that the page states of itself; else the title with the bibliographic source or
    date; else, where the title is too short to tell texts apart, the file's ``content``. So the formats of one
    guideline are one work, and a file's name plays no part.
    """
    kept = list(blocks)
    fields = _fields(kept)
    title = clean(fields.get("guideline title") or meta.get("title") or title)
    made = Composer(settings.max_text_chars)
    made.add("title", "", title)
    for block in kept:
        kind = block.kind or path_kind(list(block.path))
        if kind != "references":
            made.add_lines(kind, " > ".join(block.path), block.lines)
        else:
            made.add(kind, "", PAGE * sum(line.count(PAGE) for line in block.lines))
    text = made.text
    if len(text) <= len(title):
        return None
    source = fields.get("bibliographic source(s)", "")
    date = fields.get("date released") or meta.get("date", "")
    stamp = short_hash(content if isinstance(content, str) else hashlib.sha256(content).hexdigest())
    work, strong = _work(title, source or date, stamp, meta)
    number = meta.get("id", "")
    return Document(
        id=f"{work}#{form}" if strong else f"{work}#{form}-{stamp}",
        work=work,
        text=text,
        source="text" if form == "txt" else "guideline",
        kind=_kind(title, kept),
        title=title,
        language=settled(meta.get("language", ""), text),
        sections=made.sections,
        pages=made.pages,
        identifiers=tuple([work, *([f"NGC:{number}"] if number.isdecimal() and source else [])]),
        published=iso_date(date),
        license=clean(fields.get("copyright statement") or meta.get("license", ""))[:200],
    )


def _fields(blocks: list[Block]) -> dict[str, str]:
    """Return the texts under the headings that describe the guideline itself; the first of each name counts."""
    found: dict[str, str] = {}
    for block in blocks:
        if block.path and block.lines:
            found.setdefault(block.path[-1].lower().strip(" :"), " ".join(block.lines))
    return found


def _work(title: str, edition: str, stamp: str, meta: Mapping[str, str]) -> tuple[str, bool]:
    for kind in ("pmid", "doi"):
        stated = curie_of(kind, meta.get(kind, ""))
        if stated:
            return stated, True
    name = words(title)
    if len(name.split()) < _MIN_TITLE_WORDS:
        return f"text:{slug(title) or 'untitled'}-{stamp}", False
    return f"guideline:{slug(title)}-{short_hash(name, words(edition))}", bool(edition)


def _kind(title: str, blocks: list[Block]) -> DocumentKind:
    if _CASE.search(title):
        return "case"
    headings = " ".join(heading for block in blocks for heading in block.path)
    return "guideline" if _GUIDELINE.search(f"{title} {headings}") else "article"
