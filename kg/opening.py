"""Puts a store into the query API: a folder is an embedded graph, an address a server."""

from __future__ import annotations

from pathlib import Path

from kg.query import KnowledgeGraph


def open_graph(target: str | Path, database: str | None = None) -> KnowledgeGraph:
    """Open a graph for reading: a folder (``graph/``), or ``bolt://``, ``neo4j://``, ``bolt+s://``, ``neo4j+s://``.

    ``database`` names one of a server's databases. User name and password of a server come from NEO4J_USERNAME and
    NEO4J_PASSWORD. Raises StoreError where there is no graph or no server, ConfigError for a bad address.
    """
    if "://" in str(target):
        from kg.stores.bolt_publish import open_published

        return KnowledgeGraph(open_published(str(target), database))
    from kg.stores.embedded import open_embedded

    return KnowledgeGraph(open_embedded(Path(target)))
