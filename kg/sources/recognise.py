"""Which format a file is in: its first bytes decide, its name only where they leave a choice."""

from __future__ import annotations

import re
from pathlib import PurePath

from kg.sources.curated.recognise import curated
from kg.sources.refusal import Refusal

_ROOTS = {
    "PubmedArticleSet": "medline", "MedlineCitationSet": "medline", "PubmedBookArticleSet": "medline",
    "PubmedArticle": "medline", "MedlineCitation": "medline",
    "article": "jats", "pmc-articleset": "jats", "articles": "jats", "OAI-PMH": "jats",
    "collection": "bioc_xml", "html": "html", "Version": "ngc",
}  # fmt: skip
_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>|\s+)*", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_HTML = re.compile(r"<(?:!doctype html|html|head|body|main|div|p|h[1-6]|table|ul|section)\b[^<>]*>", re.IGNORECASE)
_PUBTATOR = re.compile(r"\s*\d+\|[ta]\|")
_BRAT = re.compile(r"(?:[TREAMN#]\d+\t[^\t\n]+(?:\t.*)?(?:\n|\Z)|\*\t.*\n){2,}")
_JSON_BIOC = re.compile(r'"(?:documents|passages|PubTator3)"\s*:')
_FRONT_MATTER = re.compile(r"\A---\n(?:[\w-]+:.*\n|[ \t-].*\n)+?(?:---|\.\.\.)\n")
_MARKDOWN = re.compile(
    r"^(?:#{1,6}[ \t]+\S.*|[ \t]*[-*+][ \t]+\S.*|\|.*\|[ \t]*|.*\[[^\]\n]+\]\([^)\n]+\).*|.*\*\*\S.*|```.*)$",
    re.MULTILINE,
)
_TABLE_LINES = 5
_HEADING = re.compile(r"^#{1,6}[ \t]+\S", re.MULTILINE)


def recognise(head: bytes, name: str) -> str:
    """Return the format of a file from its first bytes (after gunzip): the name of one of the readers.

    Raises Refusal (unknown_format) for what no reader can read.

    >>> recognise(b"22051099|t|CXCR1 and periodontitis", "notes.txt")
    'pubtator'
    """
    binary = _binary(head)
    if binary:
        return binary
    text = _decoded(head)
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        raise Refusal("the file holds nothing but white space", reject="empty_file")
    if start.startswith("<"):
        return _marked_up(start)
    if known := curated(start):
        return known
    if start[0] in "{[":
        if _JSON_BIOC.search(start):
            return "bioc_json"
        if start.startswith("{\\rtf"):
            raise Refusal("rich text (RTF); save it as .docx or PDF", reject="unknown_format")
        if re.match(r'\{\s*"|\[\s*[\[{"]', start):
            raise Refusal("JSON, but not BioC (no documents, no passages)", reject="unknown_format")
    if _PUBTATOR.match(start):
        return "pubtator"
    if _BRAT.match(start):
        raise Refusal("brat annotations; the text is in the .txt file beside it", reject="unknown_format")
    return _prose(start, PurePath(name.removesuffix(".gz")).suffix.lower())


def _binary(head: bytes) -> str:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal("the old Word format; save it as .docx or PDF", reject="unknown_format")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    if head[257:262] == b"ustar":
        raise Refusal("a tar archive; unpack it first", reject="unknown_format")
    if b"\0" in head:
        raise Refusal("binary data of no known format", reject="unknown_format")
    return ""


def _decoded(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.decode("utf-8", "replace").replace("\r\n", "\n")


def _marked_up(start: str) -> str:
    prolog = _PROLOG.match(start)
    root = _ROOT.match(start, prolog.end() if prolog else 0)
    name = root[1] if root else ""
    if name in _ROOTS:
        return _ROOTS[name]
    if name.lower() == "html" or _HTML.search(start):
        return "html"
    if root:
        raise Refusal(f"XML with the root element <{name[:60]}>, which no reader knows", reject="unknown_format")
    raise Refusal("starts like XML, but has no root element in its first 64 KiB", reject="xml_broken")


def _prose(start: str, suffix: str) -> str:
    """Tell Markdown, HTML without a head, and plain text apart: here the name breaks the tie."""
    if _FRONT_MATTER.match(start):
        return "markdown"
    tabs = [line.count("\t") for line in start.split("\n")[:50] if line.strip()]
    if len(tabs) >= _TABLE_LINES and min(tabs) == max(tabs) > 0:
        raise Refusal("a table with tabs between its columns, no document", reject="unknown_format")
    signs = len(_MARKDOWN.findall(start))
    if _HEADING.search(start) and signs >= 3:
        return "markdown"
    if suffix in (".md", ".markdown") and (signs or len(start) < 2000):
        return "markdown"
    if suffix in (".html", ".htm", ".xhtml") and _HTML.search(start):
        return "html"
    return "text"
