"""What a JATS article says of itself: ids, titles, dates, languages, licence, and which articles are retracted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from kg.sources.compose import clean, short_hash
from kg.sources.identifiers import curie_of
from kg.sources.language import iso639_1
from kg.sources.xml import flat

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NOT_TITLE = frozenset(("xref", "fn", "inline-graphic"))
_CC = re.compile(r"creativecommons\.org/(licenses|publicdomain)/([a-z-]+)(?:/(\d\.\d))?", re.IGNORECASE)
_CC_WORDS = re.compile(r"creative commons attribution (?:license|licence)|\bCC[- ]BY\b(?![- ]N)", re.IGNORECASE)
_DATE_ORDER = ("epub", "pub", "ppub", "epub-ppub", "collection", "")


@dataclass(frozen=True, slots=True)
class Front:
    """The head of an article; ``retracted`` holds (work, reason) pairs, the article itself among them if it is."""

    id: str
    work: str
    identifiers: tuple[str, ...]
    title: str
    titles: dict[str, str]
    types: tuple[str, ...]
    language: str
    published: str
    license: str
    url: str
    abstracts: tuple[etree._Element, ...]
    translations: tuple[tuple[etree._Element, str], ...]
    retracted: tuple[tuple[str, str], ...]


def front(article: etree._Element) -> Front:
    """Return the head of a JATS article. Works are named by PMID, else DOI, else PMCID, else by the title's hash."""
    meta = article.find("{*}front/{*}article-meta")
    if meta is None:
        meta = etree.Element("article-meta")
    ids = _ids(meta)
    title = flat(meta.find("{*}title-group/{*}article-title"), _NOT_TITLE)
    subtitle = flat(meta.find("{*}title-group/{*}subtitle"), _NOT_TITLE)
    whole = f"{title}: {subtitle}" if subtitle else title
    kind = article.get("article-type") or ""
    subjects = tuple(flat(subject) for subject in meta.iterfind("{*}article-categories//{*}subject"))
    fallback = f"text:{short_hash(whole, flat(article) if not ids else '')}"
    work = ids.get("pmid") or ids.get("doi") or ids.get("pmcid") or fallback
    number = ids.get("pmcid", "").removeprefix("PMCID:")
    return Front(
        id=ids.get("pmcid") or f"{work}#jats",
        work=work,
        identifiers=tuple(ids[name] for name in ("pmid", "doi", "pmcid") if name in ids),
        title=whole,
        titles=dict(_translated_titles(meta)),
        types=tuple(dict.fromkeys(part for part in (kind, *subjects) if part)),
        language=article.get(_LANG) or "",
        published=_published(meta),
        license=_license(meta),
        url=f"https://pmc.ncbi.nlm.nih.gov/articles/{number}/" if number else "",
        abstracts=tuple(meta.iterfind("{*}abstract")),
        translations=tuple((part, _language(part)) for part in meta.iterfind("{*}trans-abstract")),
        retracted=tuple(_retracted(meta, kind, work)),
    )


def _ids(meta: etree._Element) -> dict[str, str]:
    ids: dict[str, str] = {}
    for element in meta.iterfind("{*}article-id"):
        kind, value = element.get("pub-id-type") or "", clean(element.text or "")
        curie = curie_of(kind, value)
        if curie:
            ids.setdefault({"pmc": "pmcid", "pmcid": "pmcid"}.get(kind, kind), curie)
    return ids


def _language(element: etree._Element) -> str:
    return iso639_1(element.get(_LANG) or "", "und")


def _translated_titles(meta: etree._Element) -> Iterator[tuple[str, str]]:
    for group in meta.iterfind("{*}title-group/{*}trans-title-group"):
        yield _language(group), flat(group.find("{*}trans-title"), _NOT_TITLE)


def _published(meta: etree._Element) -> str:
    dates: dict[str, str] = {}
    for date in meta.iterfind("{*}pub-date"):
        year = clean(date.findtext("{*}year") or "")
        if not re.fullmatch(r"[0-9]{4}", year):
            continue
        text = year
        for part in ("month", "day"):
            value = clean(date.findtext(f"{{*}}{part}") or "")
            if not re.fullmatch(r"[0-9]{1,2}", value):
                break
            text += f"-{int(value):02d}"
        dates.setdefault(date.get("pub-type") or date.get("date-type") or "", text)
    return next((dates[kind] for kind in _DATE_ORDER if kind in dates), min(dates.values(), default=""))


def _license(meta: etree._Element) -> str:
    """Return the licence as "CC-BY-4.0" where a Creative Commons one is named, else its own words, at most 200."""
    for element in meta.iterfind("{*}permissions/{*}license"):
        links = [element.get(_HREF) or ""]
        links += [part.get(_HREF) or "" for part in element.iter() if isinstance(part.tag, str)]
        links += [flat(part) for part in element.iter("{*}license_ref")]
        text = flat(element)
        for place in (*links, text):
            found = _CC.search(place)
            if found:
                name = "CC0" if found[2].lower() == "zero" else f"CC-{found[2].upper()}"
                return f"{name}-{found[3]}" if found[3] else name
        return "CC-BY" if _CC_WORDS.search(text) else text[:200]
    statement = flat(meta.find("{*}permissions/{*}copyright-statement")) or flat(meta.find("{*}copyright-statement"))
    found = _CC.search(statement)
    return f"CC-{found[2].upper()}" if found else statement[:200]


def _retracted(meta: etree._Element, kind: str, work: str) -> Iterator[tuple[str, str]]:
    for related in meta.iter("{*}related-article"):
        relation = related.get("related-article-type") or ""
        target = curie_of(related.get("ext-link-type") or "", related.get(_HREF) or "")
        if relation == "retracted-article" and target:
            yield target, f"retracted by {work}"
        elif relation in ("retraction-forward", "retraction"):
            yield work, f"retracted by {target}" if target else "its text says it is retracted"
    if kind in ("retracted-article", "retracted"):
        yield work, "its text says it is retracted"
