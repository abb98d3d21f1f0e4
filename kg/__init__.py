"""medkg: medical knowledge graphs that can be trusted, from literature and guidelines to a graph that answers.

The graph returns statements with their evidence. It never returns a diagnosis or advice.
"""

from kg.errors import KGError

__all__ = ["KGError"]
