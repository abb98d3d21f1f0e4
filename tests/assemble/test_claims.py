"""From readings to evidence: a denial of a kind is no denial of the whole, and names far apart are not related."""

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


@pytest.mark.parametrize(("sentences", "given"), [(60, (1, 0)), (61, (0, 1))])
def test_names_in_different_sentences_are_related_in_abstracts_only(sentences: int, given: tuple[int, int]) -> None:
    text = "".join(f"{n:2}. " for n in range(sentences)) + "x"
    spans = [Span(4 * n, 4 * n + 4) for n in range(sentences)]
    document = Document("d", "d", text, "test", "article")
    cells = [Mention("d", Span(4 * n, 4 * n + 2), text[4 * n : 4 * n + 2], kind, 0.9)
             for n, kind in ((0, "ChemicalEntity"), (1, "Disease"))]  # fmt: skip
    links = [
        Link(one, (Candidate(Concept(f"MESH:{one.category}", one.category, one.category), 1.0, "", "exact"),))
        for one in cells
    ]
    segmented = Segmented(document, tuple(Sentence("d", span, "text", ()) for span in spans), ())
    found = claims(segmented, links, [Reading("d", cells[0], "CID:CID", cells[1], 0.9, READER)], "t")
    assert (len(found.evidence), found.refused) == given
