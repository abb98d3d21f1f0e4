"""The REST interface: each question of the query API as a GET, with the answer's JSON form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request

from kg.model import DocumentKind
from kg.query import (
    Answer,
    ConceptResult,
    DifferentialResult,
    DocumentResult,
    EvidenceResult,
    Filters,
    Finding,
    KnowledgeGraph,
    PathResult,
    StatementResult,
    Treatments,
)
from kg.serve.asking import Asker

BOUNDARY = "Evidence for clinicians and researchers, not a diagnosis and not advice."
router = APIRouter(prefix="/api")


def asker(request: Request) -> Asker:
    """Return who asks the graph."""
    found: Asker = request.app.state.asker
    return found


def filters(
    min_belief: Annotated[float, Query(ge=0, le=1, description="Leave out what is believed less.")] = 0.0,
    kind: Annotated[list[DocumentKind] | None, Query(description="Only what such documents say.")] = None,
    since: Annotated[str, Query(description="Published then or later: 2014, 2014-03, 2014-03-09.")] = "",
    until: Annotated[str, Query(description="Published then or before.")] = "",
) -> Filters:
    """Return what narrows a question."""
    return {"min_belief": min_belief, "kinds": kind or (), "since": since, "until": until}


Ask = Annotated[Asker, Depends(asker)]
Chosen = Annotated[Filters, Depends(filters)]
Limit = Annotated[int, Query(ge=1, le=500, description="At most so many answers.")]
Name = Annotated[str, Query(min_length=1, max_length=300, description="A concept: id, cross-reference or name.")]
Narrower = Annotated[bool, Query(description="Also what is said of kinds of the concept.")]


@dataclass(frozen=True, slots=True)
class Overview:
    """What graph answers, how much it holds, and what its answers are not."""

    graph: str
    concepts: int
    statements: int
    evidence: int
    documents: int
    boundary: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A concept with what it is a kind of, the concepts next to it, and the statements among them.

    The first ``total`` statements are about the concept, the others join two of those next to it.
    """

    concept: ConceptResult
    parents: tuple[ConceptResult, ...]
    concepts: tuple[ConceptResult, ...]
    statements: tuple[StatementResult, ...]
    total: int
    graph: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A statement with its concepts and its evidence."""

    statement: StatementResult
    subject: ConceptResult
    object: ConceptResult
    evidence: tuple[EvidenceResult, ...]
    graph: str


@router.get("/graph")
async def overview(ask: Ask) -> Overview:
    """Say what graph this is."""
    return await ask(lambda graph: Overview(graph=graph.version, **graph.counts(), boundary=BOUNDARY))


@router.get("/concepts")
async def find(ask: Ask, text: Annotated[str, Query(max_length=300)], limit: Limit = 10) -> tuple[ConceptResult, ...]:
    """Find concepts by name, synonym or any id, the best match first."""
    return await ask(lambda graph: graph.find(text, limit))


@router.get("/concept")
async def concept(ask: Ask, name: Name) -> ConceptResult:
    """Return one concept."""
    return await ask(lambda graph: graph.concept(name))


@router.get("/named")
async def named(ask: Ask, id: Annotated[list[str], Query(max_length=500)]) -> tuple[ConceptResult, ...]:
    """Return the concepts with these ids, those that the graph has."""
    return await ask(lambda graph: tuple(graph.concepts(id).values()))


@router.get("/statements")
async def statements(
    ask: Ask,
    chosen: Chosen,
    subject: str | None = None,
    predicate: Annotated[list[str] | None, Query()] = None,
    object: str | None = None,
    include_descendants: Narrower = False,
    limit: Limit = 100,
) -> tuple[StatementResult, ...]:
    """List statements, the most believed first."""
    return await ask(
        lambda graph: graph.statements(
            subject, predicate, object, include_descendants=include_descendants, limit=limit, **chosen
        )
    )


@router.get("/statements/{id}")
async def explain(ask: Ask, id: str, chosen: Chosen) -> Explained:
    """Return a statement with its evidence, the best score first."""

    def question(graph: KnowledgeGraph) -> Explained:
        found = graph.statement(id)
        ends = graph.concepts((found.subject, found.object))
        return Explained(found, ends[found.subject], ends[found.object], graph.evidence(id, **chosen), found.graph)

    return await ask(question)


@router.get("/neighbourhood")
async def neighbourhood(
    ask: Ask, name: Name, chosen: Chosen, include_descendants: Narrower = False, limit: Limit = 40
) -> Neighbourhood:
    """Return what is said of a concept, and what is said among the concepts next to it."""

    def question(graph: KnowledgeGraph) -> Neighbourhood:
        centre = graph.concept(name)
        near = graph.neighbourhood(centre.id, include_descendants=include_descendants, limit=limit, **chosen)
        ids = {centre.id, *(s.subject for s in near), *(s.object for s in near)}
        among = [s for s in graph.between(ids, limit=3 * limit, **chosen) if s not in near]
        concepts = graph.concepts(ids)
        parents = tuple(graph.concepts(centre.parents).values())
        return Neighbourhood(centre, parents, tuple(concepts.values()), (*near, *among), len(near), centre.graph)

    return await ask(question)


@router.get("/treatments")
async def treatments(
    ask: Ask,
    disease: Name,
    chosen: Chosen,
    excluding: Annotated[list[str] | None, Query(description="Other conditions of the patient.")] = None,
    include_descendants: Narrower = False,
    limit: Limit = 50,
) -> Treatments:
    """Return what is said to treat a disease, without what is contraindicated in other conditions."""
    return await ask(
        lambda graph: graph.treatments_of(
            disease, excluding or (), include_descendants=include_descendants, limit=limit, **chosen
        )
    )


@router.get("/causes")
async def causes(
    ask: Ask, disease: Name, chosen: Chosen, include_descendants: Narrower = False, limit: Limit = 50
) -> tuple[Answer, ...]:
    """Return what is said to cause a disease or finding, or to contribute to it."""
    return await ask(
        lambda graph: graph.causes_of(disease, include_descendants=include_descendants, limit=limit, **chosen)
    )


@router.get("/findings")
async def findings(
    ask: Ask, disease: Name, chosen: Chosen, include_descendants: Narrower = False, limit: Limit = 100
) -> tuple[Finding, ...]:
    """Return the signs and symptoms of a disease, the most frequent first."""
    return await ask(
        lambda graph: graph.findings_of(disease, include_descendants=include_descendants, limit=limit, **chosen)
    )


@router.get("/differential")
async def differential(
    ask: Ask,
    present: Annotated[list[str], Query(min_length=1, max_length=100, description="Findings of the patient.")],
    absent: Annotated[list[str] | None, Query(max_length=100, description="Findings that were looked for.")] = None,
    age: Annotated[float | None, Query(ge=0, le=130, description="In years.")] = None,
    sex: Literal["male", "female"] | None = None,
    prior: Annotated[bool, Query(description="Whether diseases with more patients are likelier.")] = True,
    limit: Limit = 10,
) -> DifferentialResult:
    """Rank diseases by how well they explain findings, with what each finding adds: evidence, not a diagnosis."""
    return await ask(
        lambda graph: graph.differential(present, absent or (), age=age, sex=sex, prior=prior, limit=limit)
    )


@router.get("/documents")
async def documents(
    ask: Ask,
    concept: Annotated[list[str], Query(min_length=1, max_length=20)],
    chosen: Chosen,
    include_descendants: Narrower = True,
    limit: Limit = 10,
) -> tuple[DocumentResult, ...]:
    """Return the documents that speak of all these concepts, with the sentences that do."""
    return await ask(
        lambda graph: graph.documents_about(concept, include_descendants=include_descendants, limit=limit, **chosen)
    )


@router.get("/paths")
async def paths(
    ask: Ask,
    source: Name,
    target: Name,
    chosen: Chosen,
    max_length: Annotated[int, Query(ge=1, le=6)] = 3,
    through: Annotated[list[str] | None, Query(description="Categories of the concepts on the way.")] = None,
    limit: Limit = 10,
) -> tuple[PathResult, ...]:
    """Return the chains between two concepts whose beliefs multiply to most."""
    return await ask(
        lambda graph: graph.paths(source, target, max_length=max_length, through=through or (), limit=limit, **chosen)
    )
