"""PMC full text (JATS XML): sections with heading paths, tables and captions by themselves, references left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from kg.model import Document, DocumentKind, Withdrawal
from kg.sources.compose import Composer
from kg.sources.headings import path_kind
from kg.sources.html import table_rows
from kg.sources.jats_meta import Front, front
from kg.sources.jats_text import prose
from kg.sources.language import settled
from kg.sources.stream import Stream
from kg.sources.xml import elements, local

_TRIAL = re.compile(r"\brandomi[sz]ed\b.*\b(trial|study)\b|\b(controlled|clinical) trial\b", re.IGNORECASE)
_CASE = re.compile(r"case[- ]report", re.IGNORECASE)
_FLOATS = frozenset(("table-wrap", "fig", "boxed-text", "supplementary-material", "media", "graphic"))
_GROUPS = frozenset(("table-wrap-group", "fig-group", "floats-group", "floats-wrap"))
_LEFT_OUT = frozenset(
    "ref-list ack fn-group glossary notes supplementary-material media graphic bio object-id label title".split()
)


def read(stream: Stream) -> Iterator[Document | Withdrawal]:
    """Yield each article of a JATS file, its abstracts in other languages, and the retractions that it tells of."""
    for article in elements(stream, ("{*}article",)):
        if local_parent(article) in ("", "pmc-articleset", "articles", "metadata"):
            yield from _article(article, stream.settings.max_text_chars)


def local_parent(element: etree._Element) -> str:
    """Return the name of the parent element, "" at the root."""
    parent = element.getparent()
    return "" if parent is None else local(parent)


def _article(article: etree._Element, limit: int) -> Iterator[Document | Withdrawal]:
    about = front(article)
    made = Composer(limit)
    made.add("title", "", about.title)
    for abstract in about.abstracts:
        _sections(abstract, [], made, "abstract")
    for name in ("body", "back", "floats-group"):
        for part in article.findall(f"{{*}}{name}"):
            _sections(part, [], made, "body")
    if made:
        yield _document(about, made, about.id, about.title, settled(about.language, made.text))
    for abstract, language in about.translations:
        other = Composer(limit)
        other.add("title", "", about.titles.get(language, ""))
        title = other.text
        _sections(abstract, [], other, "abstract")
        if other:
            yield _document(about, other, f"{about.id}#{language}", title, language)
    for work, reason in about.retracted:
        yield Withdrawal(work, "retracted", reason)


def _document(about: Front, made: Composer, identifier: str, title: str, language: str) -> Document:
    return Document(
        id=identifier,
        work=about.work,
        text=made.text,
        source="pmc",
        kind=_kind(about),
        title=title,
        language=language,
        sections=made.sections,
        identifiers=about.identifiers,
        publication_types=about.types,
        url=about.url,
        published=about.published,
        license=about.license,
        retracts=tuple(work for work, _ in about.retracted if work != about.work),
    )


def _kind(about: Front) -> DocumentKind:
    told = " ".join((*about.types, about.title))
    if _CASE.search(told):
        return "case"
    return "trial" if _TRIAL.search(told) else "article"


def _sections(part: etree._Element, path: list[str], made: Composer, default: str) -> None:
    """Add the text directly in ``part``, then its tables and figures, then its sub-sections."""
    lines: list[str] = []
    floats: list[etree._Element] = []
    inner: list[etree._Element] = []
    for child in part:
        name = local(child)
        if name in ("sec", "app", "app-group"):
            inner.append(child)
        elif name in _FLOATS or name in _GROUPS:
            floats.append(child)
        elif name and name not in _LEFT_OUT:
            lines += prose(child, floats)
    kind = path_kind(path, default)
    made.add_lines(kind, " > ".join(path), lines)
    for child in floats:
        _float(child, path, made)
    for child in inner:
        title = " ".join(prose_of(child, "title"))
        _sections(child, [*path, title] if title else path, made, default)


def prose_of(element: etree._Element, name: str) -> list[str]:
    """Return the lines of the first child called ``name``."""
    child = element.find(f"{{*}}{name}")
    return [] if child is None else prose(child, [])


def _float(element: etree._Element, path: list[str], made: Composer) -> None:
    """Add a table or figure: its caption, and for a table its rows and footnotes."""
    name = local(element)
    if name in _GROUPS:
        for child in element:
            if local(child) in _FLOATS:
                _float(child, path, made)
    elif name == "boxed-text":
        _sections(element, [*path, *prose_of(element, "title")], made, "body")
    elif name in ("table-wrap", "fig"):
        label = " ".join(prose_of(element, "label"))
        caption = element.find("{*}caption")
        made.add_lines("caption", label, [] if caption is None else prose(caption, []))
        rows = [row for table in element.iter("{*}table") for row in table_rows(table)]
        foot = element.find("{*}table-wrap-foot")
        made.add_lines("table", label, rows + ([] if foot is None else prose(foot, [])))
