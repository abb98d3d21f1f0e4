"""What the query API needs of a store. Whatever runs these Cypher texts gives the same answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from kg.query import texts


class Store(Protocol):
    """Something that answers Cypher. ``kg.stores.bolt.BoltStore`` is one, over Neo4j and the embedded server."""

    @property
    def immutable(self) -> bool:
        """Whether the graph stays as it is for as long as the store is open."""

    @property
    def kept(self) -> Path | None:
        """A folder for what is worked out of the graph as it is now; None where there is none."""

    def run(self, text: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run a reading query; rows come as plain values."""

    def close(self) -> None:
        """Let go of the connections."""


def version_of(store: Store) -> str:
    """Return what a graph was made of: the ledger's id, a colon and its last change; empty while a publish goes on."""
    rows = store.run(texts.VERSION)
    return f"{rows[0]['ledger']}:{rows[0]['change']}" if rows else ""
