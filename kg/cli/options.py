"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

if TYPE_CHECKING:
    from kg.query import Filters


def choice(flag: str, what: str, names: Callable[[], Iterable[str]], help: str, prefix: str = "") -> Any:
    """Return an option whose values come from a vocabulary: completed in the shell, taken in any case, and refused as
    wrong usage with those that are written alike.

    ``names`` is asked when a value is there, so that no command loads a vocabulary for its help. ``prefix`` may stand
    before a name.
    """

    def check(given: Any) -> Any:
        if isinstance(given, list):
            return [check(one) for one in given]
        return known(given.removeprefix(prefix), what, names()) if given else given

    def complete(incomplete: str) -> list[str]:
        return [name for name in names() if name.startswith(incomplete.removeprefix(prefix))]

    return typer.Option(flag, callback=check, autocompletion=complete, help=help)


def known(given: str, what: str, names: Iterable[str]) -> str:
    """Return the name of a vocabulary that is given. Raises BadParameter for another, with those written alike.

    >>> known("Treats", "predicate", ["treats", "causes"])
    'treats'
    >>> known("treat", "predicate", ["treats", "causes"])
    Traceback (most recent call last):
    ...
    typer._click.exceptions.BadParameter: no predicate is called treat; did you mean treats?
    """
    from difflib import get_close_matches

    there = {name.casefold(): name for name in sorted(names)}
    if given.casefold() in there:
        return there[given.casefold()]
    near = [there[one] for one in get_close_matches(given.casefold(), there)]
    choices = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(there.values())}"
    raise typer.BadParameter(f"no {what} is called {given}; {choices}")


def categories() -> Iterable[str]:
    """The categories of concepts."""
    from kg.schema import CATEGORIES

    return CATEGORIES


def _predicates() -> Iterable[str]:
    from kg.schema import PREDICATES

    return PREDICATES


def _kinds() -> Iterable[str]:
    from kg.query.filters import KINDS

    return KINDS


def _date(text: str) -> str:
    """Let a date pass. Raises BadParameter for what is none."""
    from kg.query.filters import is_date

    if text and not is_date(text):
        raise typer.BadParameter(f"{text} is not a date; say 2014, 2014-03 or 2014-03-09")
    return text


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
    str | None, choice("--predicate", "predicate", _predicates, "A predicate, such as causes.", prefix="biolink:")
]
KindsOption = Annotated[
    list[str] | None,
    choice("--kind", "kind of document", _kinds, "Only what such documents say: article, guideline, ...; repeatable."),
]
SinceOption = Annotated[
    str, typer.Option("--since", metavar="DATE", callback=_date, help="Published then or later: 2014, 2014-03.")
]
UntilOption = Annotated[str, typer.Option("--until", metavar="DATE", callback=_date, help="Published then or before.")]
NarrowerOption = Annotated[
    bool, typer.Option("--include-descendants", help="Also what is said of kinds of the concept.")
]
DEFAULT_GRAPH = "graph"


def filters(min_belief: float, kinds: list[str] | None, since: str, until: str) -> Filters:
    """Return the filters of the query API, which checks them."""
    return cast("Filters", {"min_belief": min_belief, "kinds": kinds or [], "since": since, "until": until})
