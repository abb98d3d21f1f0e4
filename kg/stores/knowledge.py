"""Biolink's knowledge level and agent type of a statement: from the evidence that counts for it."""

from __future__ import annotations

from collections.abc import Iterable

from kg.model import Evidence, Statement
from kg.schema import AGENT_TYPES, KNOWLEDGE_LEVELS, READERS, ReaderKind
from kg.stores.ledger import Origin

_UNKNOWN = ReaderKind("", "not_provided", "not_provided")


def knowledge(statement: Statement, said: Iterable[tuple[Evidence, Origin]]) -> ReaderKind:
    """Return the level and agent of the firmest evidence, in the order of schemas/medkg.yaml.

    Only evidence on the side that the statement takes counts (what refutes it, where nothing supports it), and only
    from works that still count. ``not_provided`` for both where no reader is known.
    """
    side = "refutes" if negated(statement) else "supports"
    kinds = (
        _kind(evidence)
        for evidence, _ in said
        if evidence.polarity == side and (evidence.work in statement.works or not statement.works)
    )
    return min(kinds, key=_firmness, default=_UNKNOWN)


def _kind(evidence: Evidence) -> ReaderKind:
    """What a source says of its own row, in the strength of the evidence; else what its reader is."""
    told = dict(part.split(" ", 1) for part in evidence.strength.split("; ") if " " in part)
    level, agent = told.get("knowledge_level"), told.get("agent_type")
    if level in KNOWLEDGE_LEVELS and agent in AGENT_TYPES:
        return ReaderKind(evidence.reader.name, level, agent)
    return READERS.get(evidence.reader.name, _UNKNOWN)


def _firmness(kind: ReaderKind) -> tuple[int, int]:
    return KNOWLEDGE_LEVELS.index(kind.knowledge_level), AGENT_TYPES.index(kind.agent_type)


def negated(statement: Statement) -> bool:
    """Say whether a statement is only refuted."""
    return statement.refute > 0 and not statement.support
