"""PubMed and MEDLINE citations in XML, baseline and update files: written lean, because there are forty million."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from kg.model import Document, DocumentKind, Rejection, Section, Span, Withdrawal
from kg.sources.compose import JOINT, clean
from kg.sources.headings import kind_of
from kg.sources.identifiers import curie_of
from kg.sources.language import detect, iso639_1
from kg.sources.refusal import Refusal, rejection
from kg.sources.stream import Stream
from kg.sources.xml import elements, flat

_SET = re.compile(rb"<(PubmedArticleSet|PubmedArticle|PubmedBookArticleSet)[\s>]")
_MOST = 16_000_000  # bytes of one citation
_SHORT_NUMBER = re.compile(r"[0-9]{1,10}")
_NUMBER = re.compile(r"(?:medline|pubmed)(\d\d)n(\d{4})", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\W*(abstract available from the publisher|not available)\W*", re.IGNORECASE)
_PLACEHOLDER_LENGTH = 60
_CATEGORIES = {name.upper(): name for name in ("background", "objective", "methods", "results", "conclusions")}
_MONTHS = {
    name: f"{number:02d}"
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)
}
_GUIDELINES = frozenset(
    ("Practice Guideline", "Guideline", "Consensus Development Conference", "Consensus Development Conference, NIH")
)
# The children that are looked at; lxml passes over the others without making Python objects of them.
_BOOK = ("ArticleTitle", "Abstract", "Language", "PublicationType", "Book")
_CITATION = ("PMID", "Article", "DateRevised", "MeshHeadingList", "CommentsCorrectionsList", "OtherAbstract", *_BOOK)
_ARTICLE = (
    "ArticleTitle", "Abstract", "Language", "PublicationTypeList", "Journal", "VernacularTitle", "ELocationID",
    "ArticleDate",
)  # fmt: skip
_DAYS = frozenset(f"{number:{fill}}" for number in range(1, 32) for fill in ("", "02"))
# How a citation says that its own article is retracted, and that it retracts another.
_RETRACTED_BY = frozenset(("RetractionIn", "RetractedandRepublishedIn"))
_RETRACTS = frozenset(("RetractionOf", "RetractedandRepublishedFrom"))


def read(stream: Stream) -> Iterator[Document | Withdrawal | Rejection]:
    """Yield the citations of a file; abstracts in other languages are Documents of the same work.

    Deleted citations and retractions come as Withdrawals, a citation without PMID or text as a Rejection. A break in
    the file raises Refusal after all that came before it.
    """
    found = _NUMBER.search(stream.file.name)
    number = f"{found[1]}n{found[2]}" if found else ""
    name = stream.file.name
    limit = stream.settings.max_text_chars
    outer = ["PubmedArticle", "PubmedBookArticle"] if _SET.search(stream.head) else ["MedlineCitation"]
    for element in elements(stream, (*outer, "DeleteCitation", "DeleteDocument"), _MOST):
        try:
            if element.tag in ("DeleteCitation", "DeleteDocument"):
                for pmid in element.iterfind("PMID"):
                    deleted = (pmid.text or "").strip()
                    if _SHORT_NUMBER.fullmatch(deleted):
                        yield Withdrawal(f"PMID:{int(deleted)}", "deleted", "deleted from PubMed")
            else:
                yield from _Citation(element, number, limit).items()
        except Refusal as refusal:
            yield rejection(name, refusal)


class _Citation:
    """One citation, its elements looked at once."""

    __slots__ = (
        "_limit", "_line", "_number", "abstract", "doi", "electronic", "languages", "mesh", "others", "pmcid", "pmid",
        "pmid_version", "published", "relations", "revised", "title", "types", "vernacular",
    )  # fmt: skip

    def __init__(self, element: etree._Element, number: str, limit: int) -> None:
        inner: etree._Element | None = element
        if element.tag in ("PubmedArticle", "PubmedBookArticle"):
            inner = next(element.iterchildren("MedlineCitation", "BookDocument"), None)
        if inner is None:
            raise Refusal("a citation without content", reject="no_pmid", place=f"line {element.sourceline}")
        self._limit = limit
        self._number = number
        self._line = element.sourceline
        self.pmid = ""
        self.pmid_version = 1
        self.revised = self.published = self.electronic = self.title = self.vernacular = ""
        self.doi = self.pmcid = ""
        self.languages: list[str] = []
        self.types: list[str] = []
        self.mesh: list[str] = []
        self.abstract: list[etree._Element] = []
        self.others: list[tuple[str, list[etree._Element]]] = []
        self.relations: list[tuple[str, str, str]] = []
        self._citation(inner)
        if element.tag == "PubmedArticle":
            self._ids(element)

    def _citation(self, citation: etree._Element) -> None:
        for child in citation.iterchildren(*_CITATION):
            tag = child.tag
            if tag == "PMID":
                self.pmid = (child.text or "").strip()
                version = child.get("Version") or ""
                self.pmid_version = int(version) if _SHORT_NUMBER.fullmatch(version) else 1
            elif tag == "Article":
                self._article(child)
            elif tag == "DateRevised":
                self.revised = _date(child)
            elif tag == "MeshHeadingList":
                self.mesh = [f"MESH:{ui}" for heading in child if len(heading) and (ui := heading[0].get("UI"))]
            elif tag == "CommentsCorrectionsList":
                self._relations(child)
            elif tag == "OtherAbstract":
                self.others.append((iso639_1(child.get("Language") or "", "und"), child.findall("AbstractText")))
            else:
                self._book_part(child)

    def _article(self, article: etree._Element) -> None:
        for child in article.iterchildren(*_ARTICLE):
            tag = child.tag
            if tag == "ArticleTitle":
                self.title = _text(child)
            elif tag == "Abstract":
                self.abstract = list(child.iterchildren("AbstractText"))
            elif tag == "Language":
                self.languages.append((child.text or "").strip())
            elif tag == "PublicationTypeList":
                self.types = [_text(part) for part in child]
            elif tag == "Journal":
                for issue in child.iterchildren("JournalIssue"):
                    for date in issue.iterchildren("PubDate"):
                        self.published = _date(date)
            elif tag == "VernacularTitle":
                self.vernacular = _text(child)
            elif tag == "ELocationID" and child.get("EIdType") == "doi" and child.get("ValidYN") != "N":
                self.doi = (child.text or "").strip()
            elif tag == "ArticleDate":
                self.electronic = _date(child)

    def _book_part(self, child: etree._Element) -> None:
        """A BookDocument holds directly what an article holds one level deeper."""
        if child.tag == "ArticleTitle":
            self.title = _text(child)
        elif child.tag == "Abstract":
            self.abstract = list(child.iterchildren("AbstractText"))
        elif child.tag == "Language":
            self.languages.append((child.text or "").strip())
        elif child.tag == "PublicationType":
            self.types.append(_text(child))
        elif child.tag == "Book":
            self.title = self.title or flat(child.find("BookTitle"))
            date = child.find("PubDate")
            self.published = "" if date is None else _date(date)

    def _relations(self, corrections: etree._Element) -> None:
        for child in corrections:
            relation = child.get("RefType") or ""
            if relation in _RETRACTED_BY or relation in _RETRACTS:
                pmid = (child.findtext("PMID") or "").strip()
                self.relations.append((relation, pmid, clean(child.findtext("RefSource") or "")))

    def _ids(self, article: etree._Element) -> None:
        for data in article.iterchildren("PubmedData"):
            for ids in data.iterchildren("ArticleIdList"):
                for child in ids:
                    kind = child.get("IdType")
                    if kind == "doi":
                        self.doi = self.doi or (child.text or "").strip()
                    elif kind == "pmc":
                        self.pmcid = (child.text or "").strip()

    def items(self) -> Iterator[Document | Withdrawal]:
        """Yield the citation's Documents, then its Withdrawals."""
        if not _SHORT_NUMBER.fullmatch(self.pmid):
            raise Refusal("a citation without PMID", reject="no_pmid", place=f"line {self._line}")
        translated = self.title.startswith("[")
        if translated:
            self.title = _unbracketed(self.title)
        if len(self.title) < _PLACEHOLDER_LENGTH and _PLACEHOLDER.fullmatch(self.title):
            self.title = ""
        declared = "en"
        if "eng" not in self.languages and self.languages:
            declared = next((code for code in map(iso639_1, self.languages) if code != "und"), "en")
        main = self._document("", declared, translated)
        others = list(self._others(declared))
        if main is None and not others:
            raise Refusal("a citation without title and abstract", reject="no_text", place=f"PMID {self.pmid}")
        if main is not None:
            yield main
        yield from others
        yield from self._withdrawals()

    def _document(self, suffix: str, declared: str, translated: bool) -> Document | None:
        language = ""
        if declared == "en":
            language = "en"
        elif translated:
            # The title is NLM's English; an abstract in the article's own language is rare, but there are some.
            language = "" if self.abstract else "en"
        made = _compose(self.title, self.abstract)
        if made is None:
            return None
        if not language:
            language = detect(made[0], default="en" if translated else declared)
        return self._made(suffix, language, self.title, *made)

    def _others(self, declared: str) -> Iterator[Document]:
        """Yield the title and abstract in each other language as a Document of the same work."""
        if self.vernacular and all(language != declared for language, _ in self.others):
            self.others.append((declared if declared != "en" else detect(self.vernacular, "und"), []))
        seen: dict[str, int] = {}
        for language, abstract in self.others:
            title = self.vernacular if language == declared else ""
            made = _compose(title, abstract)
            if made is not None:
                seen[language] = seen.get(language, 0) + 1
                suffix = f"#{language}" if seen[language] == 1 else f"#{language}{seen[language]}"
                yield self._made(suffix, language, title, *made)

    def _made(self, suffix: str, language: str, title: str, text: str, sections: tuple[Section, ...]) -> Document:
        if len(text) > self._limit:
            reason = f"{len(text)} characters; max_text_chars is {self._limit}"
            raise Refusal(reason, reject="text_too_long", place=f"PMID {self.pmid}")
        work = f"PMID:{int(self.pmid)}"
        identifiers = [work]
        if self.doi or self.pmcid:
            identifiers += [curie for curie in (curie_of("doi", self.doi), curie_of("pmc", self.pmcid)) if curie]
        return Document(
            id=work + suffix,
            work=work,
            text=text,
            source="pubmed",
            kind=_kind(self.types),
            title=title,
            language=language,
            sections=sections,
            identifiers=tuple(identifiers),
            publication_types=tuple(self.types),
            mesh=tuple(self.mesh),
            url=f"https://pubmed.ncbi.nlm.nih.gov/{int(self.pmid)}/",
            published=self.published or self.electronic,
            version=f"{self.pmid_version:03d}|{self.revised}|{self._number}",
            retracts=tuple(
                f"PMID:{int(pmid)}"
                for relation, pmid, _ in self.relations
                if relation in _RETRACTS and _SHORT_NUMBER.fullmatch(pmid)
            ),
        )

    def _withdrawals(self) -> Iterator[Withdrawal]:
        work = f"PMID:{int(self.pmid)}"
        told = False
        for relation, pmid, source in self.relations:
            if relation in _RETRACTED_BY:
                told = True
                by = f"{source} PMID:{pmid}" if pmid else source
                yield Withdrawal(work, "retracted", f"{relation}: {by}".strip())
            elif _SHORT_NUMBER.fullmatch(pmid):
                yield Withdrawal(f"PMID:{int(pmid)}", "retracted", f"{relation}: notice {work}")
        if not told and "Retracted Publication" in self.types:
            yield Withdrawal(work, "retracted", "its publication type is Retracted Publication")


def _compose(title: str, abstract: list[etree._Element]) -> tuple[str, tuple[Section, ...]] | None:
    """Return text and sections, as ``compose.Composer`` makes them, without its overhead."""
    parts: list[str] = []
    sections: list[Section] = []
    start = 0
    if title:
        parts.append(title)
        sections.append(Section("title", "", Span(0, len(title))))
        start = len(title) + len(JOINT)
    for element in abstract:
        text = _text(element)
        if not text or (len(text) < _PLACEHOLDER_LENGTH and _PLACEHOLDER.fullmatch(text)):
            continue
        label = element.get("Label") or ""
        if label:
            label = "" if label.upper() == "UNLABELLED" else clean(label)
        said = kind_of(label, "abstract")
        # NLM files "FUNDING" under BACKGROUND.
        kind = said if said == "admin" else _CATEGORIES.get(element.get("NlmCategory") or "", said)
        parts.append(text)
        sections.append(Section(kind, label, Span(start, start + len(text))))
        start += len(text) + len(JOINT)
    return (JOINT.join(parts), tuple(sections)) if parts else None


def _text(element: etree._Element) -> str:
    return flat(element) if len(element) else clean(element.text or "")


def _unbracketed(title: str) -> str:
    """Return a translated title without the brackets that mark it.

    >>> _unbracketed("[Vaccines are drugs].")
    'Vaccines are drugs.'
    """
    inner = title.rstrip(" .")
    if not inner.endswith("]"):
        return title
    inner = inner[1:-1].strip()
    return inner if inner[-1:] in ".?!" else f"{inner}."


def _date(element: etree._Element) -> str:
    year = month = day = ""
    for child in element:
        value = (child.text or "").strip()
        if child.tag == "Year":
            year = value
        elif child.tag == "Month":
            month = value.zfill(2) if value in _DAYS else _MONTHS.get(value[:3], "")
        elif child.tag == "Day":
            day = value.zfill(2)
        elif child.tag == "MedlineDate":
            year, _, rest = value.partition(" ")
            month = _MONTHS.get(rest[:3], "")
    if not month or len(year) != 4:
        return year[:4]
    return f"{year}-{month}-{day}" if day else f"{year}-{month}"


def _kind(types: list[str]) -> DocumentKind:
    if not _GUIDELINES.isdisjoint(types):
        return "guideline"
    if "Case Reports" in types:
        return "case"
    for name in types:
        if "Clinical Trial" in name or name.endswith("Controlled Trial"):
            return "trial"
    return "article"
