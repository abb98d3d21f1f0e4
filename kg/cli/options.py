"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from kg.query import Filters


def _known_predicate(name: str | None) -> str | None:
    """Let a predicate of the vocabulary pass. Raises BadParameter for another, with those that are written alike."""
    from difflib import get_close_matches

    from kg.schema import PREDICATES

    if name is None or name.removeprefix("biolink:") in PREDICATES:
        return name
    near = get_close_matches(name.removeprefix("biolink:").lower(), PREDICATES, cutoff=0.5)
    choices = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(sorted(PREDICATES))}"
    raise typer.BadParameter(f"no predicate is called {name}; {choices}")


GraphOption = Annotated[
    str, typer.Option("--graph", metavar="DIR|URI", help="The graph: a folder, or bolt://... for a Neo4j.")
]
FolderOption = Annotated[Path, typer.Option("--graph", metavar="DIR", help="The folder of the graph.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="At most so many answers.")]
MinBeliefOption = Annotated[
    float, typer.Option("--min-belief", min=0.0, max=1.0, help="Leave out what is believed less.")
]
PredicateOption = Annotated[
    str | None, typer.Option("--predicate", callback=_known_predicate, help="A predicate, such as causes.")
]
KindsOption = Annotated[
    list[str] | None, typer.Option("--kind", help="Only what such documents say: article, guideline, ...; repeatable.")
]
SinceOption = Annotated[str, typer.Option("--since", metavar="DATE", help="Published then or later: 2014, 2014-03.")]
UntilOption = Annotated[str, typer.Option("--until", metavar="DATE", help="Published then or before.")]
NarrowerOption = Annotated[
    bool, typer.Option("--include-descendants", help="Also what is said of kinds of the concept.")
]
DEFAULT_GRAPH = "graph"


def filters(min_belief: float, kinds: list[str] | None, since: str, until: str) -> Filters:
    """Return the filters of the query API, which checks them."""
    return cast("Filters", {"min_belief": min_belief, "kinds": kinds or [], "since": since, "until": until})
