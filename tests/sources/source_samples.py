"""Where the samples lie, and how the tests look at what a reading gave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kg.model import Document, Rejection, Withdrawal

DATA = Path(__file__).parent.parent / "data" / "sources"
EXAMPLES = Path(__file__).parent.parent.parent / "examples"


class Read:
    """What a reading gave, by type."""

    def __init__(self, items: Sequence[Any]) -> None:
        self.documents = [item for item in items if isinstance(item, Document)]
        self.withdrawals = [item for item in items if isinstance(item, Withdrawal)]
        self.rejections = [item for item in items if isinstance(item, Rejection)]

    @property
    def document(self) -> Document:
        """The only document."""
        assert not self.rejections, self.rejections
        assert len(self.documents) == 1
        return self.documents[0]

    @property
    def codes(self) -> list[str]:
        """The codes of the rejections, in order."""
        return [item.code for item in self.rejections]


def parts(document: Document) -> list[tuple[str, str, str]]:
    """Return (kind, title, text) of each section, the text as its span gives it."""
    return [(part.kind, part.title, part.span.of(document.text)) for part in document.sections]
