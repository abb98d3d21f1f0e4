"""Clinical questions, on every store: the same answers, each with its statements and evidence."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from kg.errors import VocabularyError
from kg.model import Concept, Frequency
from kg.query import DocumentResult, Finding, KnowledgeGraph, PathResult, Treatments
from kg.stores.embedded import open_embedded, publish_embedded
from kg.stores.ledger import Ledger
from tests.query.clinic import (
    ARTHROSIS,
    BOWEL,
    CONCEPTS,
    COX2,
    DIABETES,
    DUODENAL,
    IBUPROFEN,
    METFORMIN,
    PAIN,
    PARACETAMOL,
    STIFF,
    TYPE_2,
    ULCER,
    reading,
)
from tests.stores.ledger_samples import build


def test_treatments_the_most_believed_first(clinic: KnowledgeGraph) -> None:
    found = clinic.treatments_of("arthrosis")
    assert [answer.concept.id for answer in found] == [IBUPROFEN, PARACETAMOL]
    assert [s.predicate for answer in found for s in answer.statements] == [
        "biolink:treats",
        "biolink:treats_or_applied_or_studied_to_treat",
    ]
    assert found.excluded == ()
    first = found.offered[0]
    assert clinic.evidence(first.statements[0].id)[0].id in first.statements[0].evidence
    assert first.graph == clinic.version != ""
    assert TypeAdapter(Treatments).validate_json(json.dumps(found.as_json())) == found


@pytest.mark.parametrize("condition", ["Peptic Ulcer", "Duodenal Ulcer", BOWEL])
def test_treatments_leave_out_what_another_condition_forbids(clinic: KnowledgeGraph, condition: str) -> None:
    found = clinic.treatments_of(ARTHROSIS, excluding=[condition])
    assert [answer.concept.id for answer in found] == [PARACETAMOL]
    ((left_out, why),) = [(answer.concept.id, answer.statements) for answer in found.excluded]
    assert (left_out, why[0].predicate, why[0].object) == (IBUPROFEN, "biolink:contraindicated_in", ULCER)


def test_a_condition_that_forbids_nothing_leaves_nothing_out(clinic: KnowledgeGraph) -> None:
    assert len(clinic.treatments_of(ARTHROSIS, excluding=TYPE_2)) == 2
    with pytest.raises(VocabularyError, match="no concept in the graph"):
        clinic.treatments_of(ARTHROSIS, excluding=["gout"])


def test_descendants_are_included_when_asked_for(clinic: KnowledgeGraph) -> None:
    assert clinic.descendants(BOWEL) == {ULCER, DUODENAL}
    assert clinic.ancestors(DUODENAL) == {ULCER, BOWEL}
    assert len(clinic.treatments_of(DIABETES)) == 0
    (answer,) = clinic.treatments_of("diabetes mellitus", include_descendants=True)
    assert (answer.concept.id, answer.statements[0].object) == (METFORMIN, TYPE_2)
    assert {s.object for s in clinic.statements(object=BOWEL, include_descendants=True)} == {ULCER, DUODENAL}
    around = clinic.neighbourhood(BOWEL, include_descendants=True)
    assert [s.object for s in around] == [DUODENAL, ULCER]
    assert [s.belief for s in around] == sorted((s.belief for s in around), reverse=True)
    assert clinic.statements(object=BOWEL) == ()


def test_causes(clinic: KnowledgeGraph) -> None:
    (cause,) = clinic.causes_of("duodenal ulcer")
    assert (cause.concept.id, cause.statements[0].predicate) == (IBUPROFEN, "biolink:causes")
    assert clinic.causes_of(ULCER) == ()
    assert [answer.concept.id for answer in clinic.causes_of(ULCER, include_descendants=True)] == [IBUPROFEN]


def test_findings_with_the_share_of_patients(clinic: KnowledgeGraph) -> None:
    found = clinic.findings_of(ARTHROSIS)
    assert [(f.concept.id, f.frequency) for f in found] == [
        (PAIN, Frequency(46, 60, 0.767, 0.646, 0.856)),
        (STIFF, None),
    ]
    assert found[0].statements[0].works == ("PMID:15", "PMID:16")
    assert TypeAdapter(tuple[Finding, ...]).validate_python([f.as_json() for f in found]) == found


def test_filters_by_kind_of_document_and_by_date(clinic: KnowledgeGraph) -> None:
    def subjects(**filters: object) -> set[str]:
        return {s.subject for s in clinic.statements(object=ARTHROSIS, **filters)}  # type: ignore[arg-type]

    assert subjects() == {IBUPROFEN, PARACETAMOL, COX2}
    assert subjects(kinds=["guideline"]) == {IBUPROFEN}
    assert subjects(kinds=["article"], until="2011") == {COX2}
    assert subjects(since="2012-07", until="2015-05") == {PARACETAMOL}
    assert subjects(since="2015-06", until="2015-06-30") == {IBUPROFEN}
    assert subjects(since="2016") == set()
    (pain,) = clinic.statements(object=PAIN, since="2017")
    assert [e.document for e in clinic.evidence(pain.id, since="2017")] == ["PMID:16"]
    assert len(clinic.evidence(pain.id)) == 2


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ({"kinds": ["blog"]}, "no such kind of document; there are: article, guideline"),
        ({"since": "last year"}, "not a date; say 2014"),
        ({"until": "2014'; MATCH (n) DETACH DELETE n //"}, "not a date"),
        ({"min_belief": 7}, "between 0 and 1"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(clinic: KnowledgeGraph, filters: object, says: str) -> None:
    with pytest.raises(VocabularyError, match=says):
        clinic.statements(**filters)  # type: ignore[arg-type]


def test_mechanisms_go_from_a_drug_through_a_gene_to_a_disease(clinic: KnowledgeGraph) -> None:
    (path,) = clinic.mechanisms("ibuprofen", "osteoarthritis")
    assert path.concepts == (IBUPROFEN, COX2, ARTHROSIS)
    assert [step.predicate for step in path.steps] == ["biolink:affects", "biolink:gene_associated_with_condition"]
    assert path.belief == round(path.steps[0].belief * path.steps[1].belief, 3)
    assert TypeAdapter(PathResult).validate_json(json.dumps(path.as_json())) == path
    assert clinic.mechanisms("ibuprofen", "osteoarthritis", since="2009") == ()
    assert clinic.mechanisms("ibuprofen", "osteoarthritis", genes=2) == ()


def test_paths_the_most_believed_first(clinic: KnowledgeGraph) -> None:
    found = clinic.paths("ibuprofen", "osteoarthritis")
    assert [path.concepts for path in found] == [(IBUPROFEN, ARTHROSIS), (IBUPROFEN, COX2, ARTHROSIS)]
    assert [path.belief for path in found] == sorted((path.belief for path in found), reverse=True)
    assert clinic.paths("ibuprofen", "osteoarthritis", limit=1) == found[:1]
    assert clinic.paths("ibuprofen", "osteoarthritis", max_length=1) == found[:1]
    assert clinic.paths("ibuprofen", "metformin") == clinic.paths("ibuprofen", "ibuprofen") == ()
    with pytest.raises(VocabularyError, match="no such category; there are: AnatomicalEntity"):
        clinic.paths("ibuprofen", "osteoarthritis", through=["Ghost"])


def test_documents_that_speak_of_all_concepts(clinic: KnowledgeGraph) -> None:
    found = clinic.documents_about(["ibuprofen", "osteoarthritis"])
    assert [(d.id, [piece.text for piece in d.sentences]) for d in found] == [
        ("NGC:1", ["Ibuprofen is recommended for osteoarthritis."])
    ]
    assert {d.id for d in clinic.documents_about(BOWEL)} == {"LABEL:1", "PMID:14"}
    assert clinic.documents_about(BOWEL, include_descendants=False) == ()
    assert [d.id for d in clinic.documents_about(BOWEL, kinds=["label"])] == ["LABEL:1"]
    assert clinic.documents_about([]) == ()
    assert TypeAdapter(tuple[DocumentResult, ...]).validate_python([d.as_json() for d in found]) == found


def test_many_questions_at_once_from_asynchronous_code(clinic: KnowledgeGraph) -> None:
    async def ask() -> list[object]:
        questions = (clinic.findings_of, ARTHROSIS), (clinic.causes_of, DUODENAL)
        return list(await asyncio.gather(*(asyncio.to_thread(ask, about) for ask, about in questions * 8)))

    assert asyncio.run(ask()) == [clinic.findings_of(ARTHROSIS), clinic.causes_of(DUODENAL)] * 8


def test_of_two_concepts_with_a_name_the_one_that_statements_are_about_is_meant(tmp_path: Path) -> None:
    text = "Metformin first in type 2 diabetes."
    said = reading("PMID:1", "article", "2012", text, METFORMIN, "Metformin", "treats", TYPE_2, "type 2 diabetes",
                   None, None)  # fmt: skip
    twin = Concept("DOID:9352", "Type 2 diabetes", "Disease")
    named = replace(CONCEPTS[TYPE_2], synonyms=("Type 2 diabetes",), parents=(twin.id,))
    build(tmp_path, [replace(said, concepts=(CONCEPTS[METFORMIN], named, twin))])
    with Ledger.open(tmp_path) as ledger:
        publish_embedded(ledger, tmp_path)
    with open_embedded(tmp_path, idle=2) as store:
        graph = KnowledgeGraph(store)
        assert [one.id for one in graph.find("type 2 diabetes")] == [twin.id, TYPE_2]  # by name, before by synonym
        assert graph.concept("type 2 diabetes").id == TYPE_2
        assert [one.subject for one in graph.statements(object="type 2 diabetes")] == [METFORMIN]
        assert graph.concept(twin.id).id == twin.id
