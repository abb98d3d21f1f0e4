"""Reading commands: find, show, statements, explain, path, cypher."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from kg.cli.options import (
    DEFAULT_GRAPH,
    GraphOption,
    JsonOption,
    KindsOption,
    LimitOption,
    MinBeliefOption,
    NarrowerOption,
    PredicateOption,
    SinceOption,
    UntilOption,
    filters,
)
from kg.cli.output import BOUNDARY, page, print_json, print_table, talk


def register(app: typer.Typer) -> None:
    """Add the commands of this group to ``app``."""
    for command in (find, show, statements, explain, path, cypher):
        app.command()(command)


def find(
    text: Annotated[str, typer.Argument(help="A name, a synonym, or any id such as MESH:D003920.")],
    graph: GraphOption = DEFAULT_GRAPH,
    limit: LimitOption = 10,
    as_json: JsonOption = False,
) -> None:
    """Find concepts by name, synonym or any id."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        concepts = opened.find(text, limit=limit)
    if as_json:
        print_json([concept.as_json() for concept in concepts])
    else:
        print_table(("id", "name", "category"), [(c.id, c.name, c.category) for c in concepts])


def show(
    concept: Annotated[str, typer.Argument(help="A concept: an id, or a name that only one concept has.")],
    graph: GraphOption = DEFAULT_GRAPH,
    limit: LimitOption = 20,
    as_json: JsonOption = False,
) -> None:
    """Show a concept with its names and its strongest statements."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        found = opened.concept(concept)
        known = opened.neighbourhood(found.id, limit=limit)
        concepts = opened.concepts(id for s in known for id in (s.subject, s.object))
    if as_json:
        print_json({**found.as_json(), "statements": [statement.as_json() for statement in known]})
        return
    out = page()
    out.print(f"{found.name}  {found.id}  {found.category}")
    if found.synonyms:
        out.print("also: " + ", ".join(found.synonyms[:12]))
    print_table(
        ("statement", "subject", "predicate", "object", "belief", "works"),
        [
            (s.id, concepts[s.subject].name, s.predicate, concepts[s.object].name, f"{s.belief:.3f}", len(s.works))
            for s in known
        ],
    )


def statements(
    subject: Annotated[str | None, typer.Option(help="A concept: id or name.")] = None,
    predicate: PredicateOption = None,
    object_: Annotated[str | None, typer.Option("--object", help="A concept: id or name.")] = None,
    min_belief: MinBeliefOption = 0.0,
    kinds: KindsOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    narrower: NarrowerOption = False,
    graph: GraphOption = DEFAULT_GRAPH,
    limit: LimitOption = 100,
    as_json: JsonOption = False,
) -> None:
    """List statements, the most believed first."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        found = opened.statements(
            subject,
            predicate,
            object_,
            include_descendants=narrower,
            limit=limit,
            **filters(min_belief, kinds, since, until),
        )
    if as_json:
        print_json([statement.as_json() for statement in found])
    else:
        print_table(
            ("statement", "subject", "predicate", "object", "belief", "works"),
            [(s.id, s.subject, s.predicate, s.object, f"{s.belief:.3f}", len(s.works)) for s in found],
        )


def explain(
    statement: Annotated[str, typer.Argument(help="The id of a statement.")],
    graph: GraphOption = DEFAULT_GRAPH,
    as_json: JsonOption = False,
) -> None:
    """Show every piece of evidence of a statement, with subject and object marked."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        said = opened.statement(statement)
        evidence = opened.evidence(statement)
        subject, obj = opened.concept(said.subject), opened.concept(said.object)
    if as_json:
        print_json({"statement": said.id, "evidence": [item.as_json() for item in evidence]})
        return
    out = page()
    out.print(Text(f"{subject.name} {said.predicate} {obj.name}", style="bold"))
    figures = f"belief {said.belief:.3f}, support {said.support:.3f}, refutation {said.refute:.3f}"
    out.print(f"{figures}, {len(said.works)} works")
    for item in evidence:
        line = Text(item.text)
        for span, style in ((item.subject, "bold cyan"), (item.object, "bold magenta")):
            if span is not None and item.sentence is not None:
                line.stylize(style, span.start - item.sentence.start, span.end - item.sentence.start)
        tone = f"{item.polarity}, {item.certainty}, score {item.score:.3f}, {item.reader}"
        out.print(Text(f"\n{item.document}  {item.section}  {item.url}", style="dim"))
        out.print(line)
        out.print(Text(tone, style="dim"))
    talk.print(BOUNDARY, style="dim")


def path(
    source: Annotated[str, typer.Argument(metavar="A", help="A concept: id or name.")],
    target: Annotated[str, typer.Argument(metavar="B", help="A concept: id or name.")],
    graph: GraphOption = DEFAULT_GRAPH,
    max_length: Annotated[int, typer.Option(min=1, max=6, help="At most so many statements.")] = 4,
    as_json: JsonOption = False,
) -> None:
    """Show the shortest chain of statements between two concepts."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        steps = opened.path(source, target, max_length=max_length)
    if not steps:
        talk.print(f"no chain of {max_length} statements or fewer leads from one to the other")
    if as_json:
        print_json([step.as_json() for step in steps])
    else:
        print_table(
            ("subject", "predicate", "object", "belief", "statement"),
            [(s.subject, s.predicate, s.object, f"{s.belief:.3f}", s.id) for s in steps],
        )


def cypher(
    query: Annotated[str, typer.Argument(help="A reading Cypher query.")],
    graph: GraphOption = DEFAULT_GRAPH,
    as_json: JsonOption = False,
) -> None:
    """Run a reading Cypher query."""
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        rows = opened.cypher(query)
    if as_json:
        print_json(rows)
    else:
        columns = list(rows[0]) if rows else []
        print_table(columns, [[row[column] for column in columns] for row in rows])
