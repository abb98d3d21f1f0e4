"""docs/judged-relations.md: sentences of examples/ judged by hand, and where the rules say otherwise.

``python -m tests.assertion.judged`` writes the page anew; do it whenever the rules of kg/assertion change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

from kg.assertion import assess, judge
from kg.model import Document, DocumentKind, Mention, Reader, Reading, Span
from kg.text import Segmenter

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = ROOT / "tests" / "data" / "assertion" / "relations.tsv"
PAGE = ROOT / "docs" / "judged-relations.md"
TONES = ("asserted", "hedged", "hypothesis", "refutes")
_NAME = re.compile(r"\[([^]]+)\]")
_HEAD = """# Relations judged by hand

{count} sentences of the documents in `examples/` (`tests/data/assertion/relations.tsv`; sources and licences:
`examples/licences.tsv`) with two names each, and what they say of the relation between the two: that it holds
(asserted), may hold (hedged), is asked or aimed at (hypothesis), or does not hold (refutes). They were chosen for their
negations, hedges, aims and comparisons, so they are harder than what is usual; nobody but one engineer judged them. The
judge (`kg/assertion`) is asked with the two names given. The sentences fall into two halves by a hash: rules were
mended with the errors of the first half in view, the second was only measured at first.
`python -m tests.assertion.judged` writes this page anew and a test compares it.

How it was judged: a recommendation holds, one against refutes, a weak one ("suggests offering") and an optional one
("may be used") are hedged, "insufficient evidence", "for or against" and conditions are hypotheses. "No difference
between A and B in C" refutes A for C where B is placebo or no treatment; else it says nothing of either (hypothesis).
What is presupposed is asserted ("adenosine-induced dyspnea").

| rules | first half | second half |
|---|---|---|
| before (commit 2a98a22) | 67 of 88 | 70 of 95 |
| mended with the first half in view (73d1f06) | 86 of 88 | 80 of 95 |
| mended with both in view, two comparisons of drugs judged anew | {first} | {second} |

So 84 % is the figure of sentences that nobody had looked at; those of the last row are not.
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with two [names], what it says by hand, what the rules say, and the cue."""

    source: str
    text: str
    wanted: str
    found: str
    cue: str

    @property
    def half(self) -> int:
        """1 or 2."""
        return 1 + sha256(self.text.encode()).digest()[0] % 2


def tone(polarity: str, certainty: str) -> str:
    """What a polarity and a certainty come to: what is refuted is that, however surely."""
    return "refutes" if polarity == "refutes" else certainty


def judged() -> Iterator[Judged]:
    """Yield every sentence of the file with what the rules make of it."""
    segmenter = Segmenter()
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        kind, source, polarity, certainty, marked = line.split("\t")
        text, spans = _NAME.sub(r"\1", marked), []
        for number, found in enumerate(_NAME.finditer(marked)):
            start = found.start() - 2 * number
            spans.append(Span(start, start + len(found[1])))
        segmented = segmenter.segment(Document("d", "d", text, source, cast(DocumentKind, kind)))
        names = [Mention("d", span, span.of(text), "Disease", 1.0) for span in spans]
        first, second = assess(segmented, names)
        (one,) = judge(segmented, [Reading("d", first, "judged", second, 1.0, Reader("judged", "1", "0"))])
        cue = one.cue.of(text) if one.cue else ""
        yield Judged(source, marked, tone(polarity, certainty), tone(one.polarity, one.certainty), cue)


def page() -> str:
    """The page: figures of each half, and every sentence that is judged wrongly."""
    every = list(judged())
    halves = {half: [one for one in every if one.half == half] for half in (1, 2)}
    shares = [f"{sum(one.wanted == one.found for one in part)} of {len(part)}" for part in halves.values()]
    lines = [_HEAD.format(count=len(every), first=shares[0], second=shares[1])]
    for half, part in halves.items():
        right = sum(one.wanted == one.found for one in part)
        table = Counter((one.wanted, one.found) for one in part)
        lines += [f"## Half {half}: {right} of {len(part)} right ({100 * right / len(part):.0f} %)", ""]
        lines += [f"| by hand \\ found | {' | '.join(TONES)} |", "|---" * (len(TONES) + 1) + "|"]
        lines += [f"| {wanted} | {' | '.join(str(table[wanted, found]) for found in TONES)} |" for wanted in TONES]
        lines += ["", "Wrong:", ""]
        for one in part:
            if one.wanted != one.found:
                cue = f' "{one.cue}"' if one.cue else ""
                lines.append(f"- {one.wanted}, found {one.found}{cue} ({one.source}): {one.text}")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
