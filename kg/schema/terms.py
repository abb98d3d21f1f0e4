"""The shapes of the schema's own words; kg.schema.vocabulary holds their values, generated from schemas/."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """What a concept can be. ``prefer``: the prefixes that may name a merged concept, best first."""

    name: str
    description: str
    prefer: tuple[str, ...]

    @property
    def curie(self) -> str:
        """The Biolink class, ``biolink:Disease``."""
        return f"biolink:{self.name}"


@dataclass(frozen=True, slots=True)
class Predicate:
    """A Biolink predicate and the categories it may join; ``studied``: that it was studied is enough to say it."""

    name: str
    symmetric: bool
    studied: bool
    subjects: tuple[str, ...]
    objects: tuple[str, ...]

    @property
    def curie(self) -> str:
        """The Biolink predicate, ``biolink:causes``."""
        return f"biolink:{self.name}"

    @property
    def relationship(self) -> str:
        """The relationship type in a property graph, ``CAUSES``."""
        return self.name.upper()


@dataclass(frozen=True, slots=True)
class ReaderKind:
    """What Biolink calls the statements of a reader: values of its KnowledgeLevelEnum and AgentTypeEnum."""

    name: str
    knowledge_level: str
    agent_type: str


@dataclass(frozen=True, slots=True)
class Label:
    """A reader's own word for a relation, and what it claims. ``kinds`` overrides the predicate by document kind."""

    name: str
    predicate: str
    kinds: tuple[tuple[str, str], ...]
    qualifiers: tuple[tuple[str, str], ...]
