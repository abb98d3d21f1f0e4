"""Options that several commands share, so that they read the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

GraphOption = Annotated[
    str, typer.Option("--graph", metavar="DIR|URI", help="The graph: a folder, or bolt://... for a Neo4j.")
]
FolderOption = Annotated[Path, typer.Option("--graph", metavar="DIR", help="The folder of the graph.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="At most so many answers.")]
DEFAULT_GRAPH = "graph"
