"""Biolink's knowledge level and agent type of a statement: from the readers whose evidence counts for it."""

from __future__ import annotations

from collections.abc import Iterable

from kg.model import Evidence, Statement
from kg.schema import READERS, ReaderKind
from kg.stores.ledger import Origin

_UNKNOWN = ReaderKind("", "not_provided", "not_provided")


def knowledge(statement: Statement, said: Iterable[tuple[Evidence, Origin]]) -> ReaderKind:
    """Return the level and agent of the firmest reader, in the order of schemas/medkg.yaml.

    Only evidence on the side that the statement takes counts (what refutes it, where nothing supports it), and only
    from works that still count. ``not_provided`` for both where no reader is known.
    """
    side = "refutes" if negated(statement) else "supports"
    names = {
        evidence.reader.name
        for evidence, _ in said
        if evidence.polarity == side and (evidence.work in statement.works or not statement.works)
    }
    return next((kind for name, kind in READERS.items() if name in names), _UNKNOWN)


def negated(statement: Statement) -> bool:
    """Say whether a statement is only refuted."""
    return statement.refute > 0 and not statement.support
