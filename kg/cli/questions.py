"""Clinical questions: treatments, causes, findings, documents, paths. Answers are statements with their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import (
    DEFAULT_GRAPH,
    GraphOption,
    JsonOption,
    KindsOption,
    LimitOption,
    MinBeliefOption,
    NarrowerOption,
    SinceOption,
    UntilOption,
    categories,
    choice,
    filters,
)
from kg.cli.output import BOUNDARY, print_json, print_table, talk

if TYPE_CHECKING:
    from kg.query import Answer

_DiseaseArgument = Annotated[str, typer.Argument(help="A disease or finding: id or name.")]
_LEAST = 0.001
_COLUMNS = ("concept", "name", "predicate", "belief", "works", "statement")


def register(app: typer.Typer) -> None:
    """Add the commands of this group to ``app``."""
    for command in (treatments, causes, findings, differential, documents, paths):
        app.command()(command)


def treatments(
    disease: _DiseaseArgument,
    excluding: Annotated[
        list[str] | None,
        typer.Option(help="Another condition of the patient: what is contraindicated in it is left out; repeatable."),
    ] = None,
    min_belief: MinBeliefOption = _LEAST,
    kinds: KindsOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    narrower: NarrowerOption = False,
    graph: GraphOption = DEFAULT_GRAPH,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """List what is said to treat a disease."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        found = opened.treatments_of(
            disease,
            excluding or (),
            include_descendants=narrower,
            limit=limit,
            **filters(min_belief, kinds, since, until),
        )
    if as_json:
        print_json(found.as_json())
        return
    print_table(_COLUMNS, _rows(found.offered))
    for answer in found.excluded:
        talk.print(f"left out: {answer.concept.name}, contraindicated ({answer.statements[0].id})", markup=False)
    talk.print(BOUNDARY, style="dim")


def causes(
    disease: _DiseaseArgument,
    min_belief: MinBeliefOption = _LEAST,
    kinds: KindsOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    narrower: NarrowerOption = False,
    graph: GraphOption = DEFAULT_GRAPH,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
) -> None:
    """List what is said to cause a disease or finding, or to contribute to it."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        found = opened.causes_of(
            disease, include_descendants=narrower, limit=limit, **filters(min_belief, kinds, since, until)
        )
    if as_json:
        print_json([answer.as_json() for answer in found])
        return
    print_table(_COLUMNS, _rows(found))
    talk.print(BOUNDARY, style="dim")


def findings(
    disease: Annotated[str, typer.Argument(help="A disease: id or name.")],
    min_belief: MinBeliefOption = _LEAST,
    kinds: KindsOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    narrower: NarrowerOption = False,
    graph: GraphOption = DEFAULT_GRAPH,
    limit: LimitOption = 100,
    as_json: JsonOption = False,
) -> None:
    """List the signs and symptoms of a disease, with the share of patients where it was counted."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        found = opened.findings_of(
            disease, include_descendants=narrower, limit=limit, **filters(min_belief, kinds, since, until)
        )
    if as_json:
        print_json([finding.as_json() for finding in found])
        return
    print_table(
        ("concept", "name", "frequency", "belief", "works", "statement"),
        [
            (
                f.concept.id,
                f.concept.name,
                "" if f.frequency is None else f"{f.frequency.share:.0%} ({f.frequency.count} of {f.frequency.total})",
                f"{f.belief:.3f}",
                len(f.statements[0].works),
                f.statements[0].id,
            )
            for f in found
        ],
    )
    talk.print(BOUNDARY, style="dim")


def differential(
    present: Annotated[list[str] | None, typer.Option(help="A finding that is there: id or name; repeatable.")] = None,
    absent: Annotated[list[str] | None, typer.Option(help="A finding that is not there; repeatable.")] = None,
    age: Annotated[float | None, typer.Option(min=0, help="Age in years.")] = None,
    sex: Annotated[str | None, choice("--sex", "sex", lambda: ("male", "female"), "male or female.")] = None,
    uniform: Annotated[bool, typer.Option("--uniform", help="Every disease is equally likely beforehand.")] = False,
    graph: GraphOption = DEFAULT_GRAPH,
    limit: LimitOption = 10,
    as_json: JsonOption = False,
) -> None:
    """List the diseases that explain findings best, with what each finding adds. Not a diagnosis."""
    from kg.opening import open_graph

    if not present and not absent:
        raise typer.BadParameter("give findings with --present or --absent")
    with open_graph(graph) as opened:
        found = opened.differential(present or (), absent or (), age=age, sex=sex, prior=not uniform, limit=limit)
    if as_json:
        print_json(found.as_json())
        return
    rows = []
    for rank, candidate in enumerate(found.candidates, 1):
        parts = ", ".join(f"{part.finding or part.kind} {part.value:+.2f}" for part in candidate.contributions)
        rows.append((rank, candidate.concept.id, candidate.concept.name, f"{candidate.score:.2f}", parts))
    print_table(("rank", "disease", "name", "score", "contributions"), rows)
    talk.print(BOUNDARY, style="dim")


def documents(
    concepts: Annotated[list[str], typer.Argument(help="Concepts: ids or names. A document must speak of all.")],
    min_belief: MinBeliefOption = 0.0,
    kinds: KindsOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    graph: GraphOption = DEFAULT_GRAPH,
    limit: LimitOption = 10,
    as_json: JsonOption = False,
) -> None:
    """List the documents that speak of all these concepts, with the sentences that do."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        found = opened.documents_about(concepts, limit=limit, **filters(min_belief, kinds, since, until))
    if as_json:
        print_json([document.as_json() for document in found])
        return
    print_table(
        ("document", "published", "kind", "title", "statement", "sentence"),
        [(d.id, d.published, d.kind, d.title, piece.statement, piece.text) for d in found for piece in d.sentences],
    )
    talk.print(BOUNDARY, style="dim")


def paths(
    source: Annotated[str, typer.Argument(metavar="A", help="A concept: id or name.")],
    target: Annotated[str, typer.Argument(metavar="B", help="A concept: id or name.")],
    through: Annotated[
        list[str] | None,
        choice(
            "--through",
            "category",
            categories,
            "The category of a concept on the way, such as Gene; repeatable.",
        ),
    ] = None,
    max_length: Annotated[int, typer.Option(min=1, max=6, help="At most so many statements.")] = 3,
    min_belief: MinBeliefOption = 0.0,
    kinds: KindsOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    graph: GraphOption = DEFAULT_GRAPH,
    limit: LimitOption = 10,
    as_json: JsonOption = False,
) -> None:
    """Show the best chains of statements between two concepts; `--through Gene` gives mechanisms of a drug."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        found = opened.paths(
            source,
            target,
            max_length=max_length,
            through=through or (),
            limit=limit,
            **filters(min_belief, kinds, since, until),
        )
        concepts = opened.concepts(id for path in found for id in path.concepts)
    if as_json:
        print_json([path.as_json() for path in found])
        return
    rows: list[tuple[object, ...]] = []
    for at, path in enumerate(found, start=1):
        for step in path.steps:
            names = concepts[step.subject].name, step.predicate, concepts[step.object].name
            rows.append((at, f"{path.belief:.3f}", *names, f"{step.belief:.3f}", step.id))
    print_table(("path", "path's belief", "subject", "predicate", "object", "belief", "statement"), rows)


def _rows(answers: Sequence[Answer]) -> list[tuple[object, ...]]:
    return [
        (a.concept.id, a.concept.name, s.predicate, f"{s.belief:.3f}", len(s.works), s.id)
        for a in answers
        for s in a.statements
    ]
