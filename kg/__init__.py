"""medkg: medical knowledge graphs that can be trusted, from literature and guidelines to a graph that answers.

    import kg
    with kg.open("graph/") as graph:
        for statement in graph.statements(predicate="treats", min_belief=0.5):
            print(statement.subject, statement.object, statement.belief)

The graph returns statements with their evidence. It never returns a diagnosis or advice.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KGError

if TYPE_CHECKING:
    from kg.query import KnowledgeGraph

__all__ = ["KGError", "open"]


def open(target: str | Path, database: str | None = None) -> KnowledgeGraph:
    """Open a graph for reading: a folder that ``kg build`` made, or the ``bolt://`` address of a Neo4j.

    Raises StoreError where there is no graph. Nothing heavy is imported before this call.
    """
    from kg.opening import open_graph

    return open_graph(target, database)
