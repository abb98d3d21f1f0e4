"""Texts that come with offsets (BioC, PubTator): passages keep the places that the file gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.config import Settings
from kg.model import Document, Section, Span
from kg.sources.compose import Composer, clean, short_hash
from kg.sources.headings import kind_of
from kg.sources.identifiers import curie_of
from kg.sources.language import detect
from kg.sources.refusal import Refusal

_MAX_GAP = 1_000
_SAMPLE = 2_000
# One character for one, so that offsets stay: what cannot be shown, and halves of characters.
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ue000-\ue00f]")
_TYPES = {
    "title": "title", "front": "title", "abstract": "abstract", "intro": "introduction", "methods": "methods",
    "results": "results", "discuss": "discussion", "concl": "conclusions", "case": "case", "table": "table",
    "fig": "caption", "fig_caption": "caption", "table_caption": "caption", "ack_fund": "admin", "auth_cont": "admin",
    "comp_int": "admin", "suppl": "admin", "abbr": "admin", "ref": "references", "review_info": "admin",
    "table_footnote": "table", "appendix": "appendix",
}  # fmt: skip
_PUBMED_SOURCES = re.compile(r"pub|pmc|medline|ncbi|bioc", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text at ``offset`` code points, with what the file says about it (BioC: infons)."""

    offset: int
    text: str
    infons: Mapping[str, str] = field(default_factory=dict)


def document(
    form: str, number: str, passages: Sequence[Passage], source: str, infons: Mapping[str, str], settings: Settings
) -> Document | None:
    """Return the Document of passages, or None if they hold no text.

    The text has every passage at the file's own offset, less that of the first; a gap of one is a line break, so
    offsets of the file's annotations stay right. Where offsets overlap or leave wide gaps, passages are joined by
    empty lines. References are left out.
    """
    kept = [(_kind(passage.infons), passage) for passage in passages if passage.text.strip()]
    kept = [(kind, passage) for kind, passage in kept if kind != "references"]
    if not kept:
        return None
    text, sections = _placed(kept) or _joined(kept, settings.max_text_chars)
    if len(text) > settings.max_text_chars:
        reason = f"{len(text)} characters; max_text_chars is {settings.max_text_chars}"
        raise Refusal(reason, reject="text_too_long", place=number)
    merged = {**kept[0][1].infons, **infons}
    ids = _ids(number, source, merged)
    work = ids.get("pmid") or ids.get("doi") or ids.get("pmcid") or f"text:{short_hash(text)}"
    first = sections[0]
    year = merged.get("year", "")
    return Document(
        id=f"{work}#{form}",
        work=work,
        text=text,
        source=form,
        kind="article",
        title=first.span.of(text) if first.kind == "title" else "",
        language=detect(text[:_SAMPLE]),
        sections=sections,
        identifiers=tuple(ids[name] for name in ("pmid", "doi", "pmcid") if name in ids),
        published=year if re.fullmatch(r"\d{4}", year) else "",
        license=clean(merged.get("license", ""))[:200],
    )


def _kind(infons: Mapping[str, str]) -> str:
    for name in ("section_type", "type", "section"):
        said = infons.get(name, "").strip().lower()
        if said in _TYPES:
            return _TYPES[said]
        if kind_of(said, ""):
            return kind_of(said)
    return "body"


def _placed(kept: list[tuple[str, Passage]]) -> tuple[str, tuple[Section, ...]] | None:
    """Put passages at their offsets; None where these overlap or leave a hole that no text can have filled."""
    base = kept[0][1].offset
    parts: list[str] = []
    sections: list[Section] = []
    end = 0
    for kind, passage in kept:
        start = passage.offset - base
        gap = start - end
        if not (1 if parts else 0) <= gap <= _MAX_GAP:
            return None
        if gap:
            parts.append("\n" if gap == 1 else "\n" + " " * (gap - 2) + "\n")
        text = _ODD.sub("\ufffd", passage.text)
        end = start + len(text)
        parts.append(text)
        sections.append(Section(kind, _heading(passage), Span(start, end)))
    return "".join(parts), tuple(sections)


def _joined(kept: list[tuple[str, Passage]], limit: int) -> tuple[str, tuple[Section, ...]]:
    made = Composer(limit)
    for kind, passage in kept:
        made.add(kind, _heading(passage), _ODD.sub("\ufffd", passage.text.strip()))
    return made.text, made.sections


def _heading(passage: Passage) -> str:
    return clean(passage.infons.get("section", "") or passage.infons.get("section_type", ""))


def _ids(number: str, source: str, infons: Mapping[str, str]) -> dict[str, str]:
    """Return the ids as CURIEs; a bare number is a PMID where the source is PubMed's, or where it is long enough."""
    ids: dict[str, str] = {}
    for kind in ("pmid", "doi", "pmc"):
        curie = curie_of(kind, infons.get(f"article-id_{kind}", ""))
        if curie:
            ids["pmcid" if kind == "pmc" else kind] = curie
    if number.upper().startswith("PMC"):
        ids.setdefault("pmcid", curie_of("pmc", number))
    elif number.isdecimal() and "pmid" not in ids:
        if source.strip().lower() == "pmc":
            ids.setdefault("pmcid", curie_of("pmc", number))
        elif len(number) >= 5 or _PUBMED_SOURCES.search(source):
            ids["pmid"] = curie_of("pmid", number)
    return {kind: curie for kind, curie in ids.items() if curie}
