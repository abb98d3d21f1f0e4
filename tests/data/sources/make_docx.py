"""Make a Word file from a guideline in Markdown: ``python examples/make_docx.py in.md out.docx``.

No guideline in DOCX under a free licence was found, so the examples in this format are made from the Markdown ones.
The same Markdown gives the same bytes.
"""

from __future__ import annotations

import html
import io
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import docx
from markdown_it import MarkdownIt

_FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def convert(source: str) -> bytes:
    """Return a DOCX with the headings, paragraphs and list items of a Markdown text."""
    front = _FRONT.match(source)
    title = re.search(r'^title: "?(.*?)"?$', front[1], re.MULTILINE) if front else None
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = datetime(2000, 1, 1)
    document.core_properties.title = title[1][:255] if title else ""
    if title:
        document.add_paragraph(title[1], style="Title")
    style = "Normal"
    for token in MarkdownIt("commonmark").parse(source[front.end() :] if front else source):
        if token.type == "heading_open":
            style = f"Heading {token.tag[1]}"
        elif token.type == "list_item_open":
            style = "List Bullet"
        elif token.type in ("heading_close", "list_item_close"):
            style = "Normal"
        elif token.type == "inline":
            children = token.children or []
            text = "".join("\n" if c.type == "softbreak" else c.content for c in children if c.type != "html_inline")
            for line in re.split(r"\n\s*[*+-]\s+", text):  # list marks that are indented too little to make a list
                document.add_paragraph(" ".join(html.unescape(line.replace("**", "")).split()), style=style)
    made = io.BytesIO()
    document.save(made)
    return _without_times(made.getvalue())


def _without_times(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(zipfile.ZipInfo(member.filename, _EPOCH), old.read(member), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(convert(Path(sys.argv[1]).read_text(encoding="utf-8")))
