"""docs/hard-sentences.md: real sentences, hard on purpose, and what the released readers make of each.

``python -m tests.pipeline.hard_sentences`` writes the page anew; do it whenever weights, rules or terminology change.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast
from unittest.mock import patch

from kg.config import Settings
from kg.model import Document, DocumentKind, Section, Span
from kg.pipeline import read_documents
from kg.readers import Readers
from kg.report.document_marked import marked

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = ROOT / "tests" / "data" / "hard-sentences.tsv"
PAGE = ROOT / "docs" / "hard-sentences.md"
_SCORE = re.compile(r", [01]\.\d{3}(?=, )")
_HEAD = """# Twenty hard sentences

Real sentences from the documents in `examples/`, chosen because they are hard, and what the released readers make of
each, right or wrong; each is read by itself, without its document. `python -m tests.pipeline.hard_sentences` writes
this page anew and a test compares it, so it says what the system does, not what it should do. In a sentence stands
`[name|category id, status "cue"]`, under it one line a relation: polarity, certainty, cue, count, reader. A
relation called `refuted_` or `hypothetical_` supports nothing. Sources and licences: `examples/licences.tsv`.
"""


def page() -> str:
    """Read the sentences and return the page: in fp32 on the CPU and without scores, the same on every machine."""
    said = [line.split("\t") for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    documents = [
        Document(
            f"hard:{number}", f"hard:{number}", text, "test", cast(DocumentKind, kind),
            sections=(Section("body", "", Span(0, len(text))),),
        )
        for number, (kind, _, text) in enumerate(said, 1)
    ]  # fmt: skip
    with patch("kg.extract.extractor.pick_precision", return_value="fp32"):
        readings = list(read_documents(documents, Readers(Settings(device="cpu"))))
    parts = [_HEAD]
    for number, ((kind, name, _), reading) in enumerate(zip(said, readings, strict=True), 1):
        lines = [_SCORE.sub("", line.plain) for line in marked(reading)][2:]
        parts.append("\n".join([f"## {number}. {kind}, {name}", "", "```", *lines, "```", ""]))
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
