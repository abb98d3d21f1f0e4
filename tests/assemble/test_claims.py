"""From readings to evidence: what is denied of the special is not denied of the general."""

from __future__ import annotations

import pytest

from kg.assemble.claims import claims
from kg.model import Candidate, Concept, Document, Link, Mention, Polarity, Reader, Reading, Segmented, Sentence, Span

TEXT = "Vertebroplasty and the asymptomatic fracture."
DRUG, ILL = Span(0, 14), Span(23, 44)
READER = Reader("patterns", "1", "0" * 64)


def evidence(label: str, polarity: Polarity, method: str) -> tuple[int, int]:
    """How many pieces of evidence a reading gives, and how many are refused, where the disease is found by a method."""
    document = Document("d", "d", TEXT, "test", "guideline")
    mentions = Mention("d", DRUG, DRUG.of(TEXT), "Treatment", 0.9), Mention("d", ILL, ILL.of(TEXT), "Disease", 0.9)
    concepts = (
        Concept("MESH:D054854", "Vertebroplasty", "Treatment"),
        Concept("MESH:D050815", "Fractures, Compression", "Disease"),
    )
    links = [
        Link(mention, (Candidate(concept, 0.8, concept.name, how),))
        for mention, concept, how in zip(mentions, concepts, ("exact", method), strict=True)
    ]
    reading = Reading("d", mentions[0], label, mentions[1], 0.9, READER, polarity)
    segmented = Segmented(document, (Sentence("d", Span(0, len(TEXT)), "text", ()),), ())
    found = claims(segmented, links, [reading], "t")
    return len(found.evidence), found.refused


@pytest.mark.parametrize(
    ("label", "polarity", "method", "given"),
    [
        ("pattern:contraindicated", "supports", "exact", (1, 0)),
        ("pattern:contraindicated", "supports", "broader name", (0, 1)),
        ("pattern:treats", "refutes", "broader name", (0, 1)),
        ("pattern:treats", "refutes", "same words", (1, 0)),
        ("pattern:treats", "supports", "broader name", (1, 0)),
    ],
)
def test_a_denial_of_a_kind_is_no_denial_of_the_whole(
    label: str, polarity: Polarity, method: str, given: tuple[int, int]
) -> None:
    assert evidence(label, polarity, method) == given
