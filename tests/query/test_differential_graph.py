"""graph.differential in every store: ranks, contributions, and the evidence behind them."""

from __future__ import annotations

import math

import pytest

from kg.errors import VocabularyError
from kg.query import KnowledgeGraph
from tests.query.clinic import ARTHROSIS, PAIN, STIFF


def test_ranks_and_names_the_evidence(clinic: KnowledgeGraph) -> None:
    found = clinic.differential(["Joint pain"], ["joint stiffness"])
    (first, *_) = found.candidates
    assert (first.concept.id, [one.id for one in found.present], [one.id for one in found.absent]) == (
        ARTHROSIS,
        [PAIN],
        [STIFF],
    )
    assert first.score == pytest.approx(math.fsum(part.value for part in first.contributions), abs=1e-6)
    pain = first.contributions[0]
    assert (pain.kind, pain.finding, pain.through) == ("present", PAIN, PAIN)
    works = {one.work for id in pain.statements for one in clinic.evidence(id)}
    assert works == {"PMID:15", "PMID:16"}
    assert len(pain.evidence) == 2
    assert found.graph == clinic.version
    assert found.boundary == "Evidence for clinicians and researchers, not a diagnosis and not advice."
    assert found.as_json()["candidates"][0]["concept"]["id"] == ARTHROSIS


def test_unknown_words_are_refused(clinic: KnowledgeGraph) -> None:
    with pytest.raises(VocabularyError, match="no concept"):
        clinic.differential(["no such finding at all"])
    with pytest.raises(VocabularyError, match="male or female"):
        clinic.differential([PAIN], sex="x")
