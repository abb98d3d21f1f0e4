"""Where the samples lie, and how the tests look at what a reading gave."""

from __future__ import annotations

import json
import subprocess
import sys
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


# VmHWM, because ru_maxrss of a child starts at its parent's.
_APART = """
import json, re, sys
from collections import Counter
from pathlib import Path
from kg.config import Settings
from kg.sources import read
counts = Counter(getattr(item, "code", type(item).__name__) for item in read([Path(sys.argv[1])], Settings()))
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps([counts, int(peak[1]) / 1024]))
"""


def read_apart(path: Path) -> tuple[dict[str, int], float]:
    """Read a path in a process of its own: how many of each kind or code came, and the peak memory in MiB."""
    done = subprocess.run([sys.executable, "-c", _APART, str(path)], capture_output=True, text=True, check=True)
    counts, megabytes = json.loads(done.stdout)
    return counts, megabytes
