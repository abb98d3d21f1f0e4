"""The errors of medkg: every one carries a code, a message for a person, and the facts behind it.

Errors cross process borders (workers, Prefect tasks), so each can be pickled by the standard library and comes
back with its context.
"""

from __future__ import annotations

from typing import Any, ClassVar


class KGError(Exception):
    """Base of all errors of medkg.

    >>> str(KGError("no such concept", concept="MESH:D0"))
    'no such concept (concept=MESH:D0)'
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, **context: Any) -> None:
        super().__init__(message)
        self.message = message
        self.context = context

    def __str__(self) -> str:
        if not self.context:
            return self.message
        facts = ", ".join(f"{key}={value}" for key, value in self.context.items())
        return f"{self.message} ({facts})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, self.context)


def _rebuild(kind: type[KGError], message: str, context: dict[str, Any]) -> KGError:
    return kind(message, **context)


class Transient(Exception):
    """Mix-in: the same call may succeed later, so it may be retried."""


class ConfigError(KGError):
    """A setting is missing, unknown or out of range."""

    code = "config"


class SchemaError(KGError):
    """A category, predicate or triple that schemas/ does not know."""

    code = "schema"


class DataError(KGError):
    """Input that cannot be used as it is."""

    code = "data"


class SourceFormatError(DataError):
    """A document that is broken, hostile or of no known format."""

    code = "source_format"


class OffsetError(DataError):
    """A span that does not point at the text it claims."""

    code = "offset"


class VocabularyError(DataError):
    """A terminology file that is broken, or an identifier that is in none."""

    code = "vocabulary"


class SourceError(KGError):
    """A source (a folder, a web service) that cannot be read."""

    code = "source"


class ModelError(KGError):
    """Weights that are missing, damaged or of another version."""

    code = "model"


class StoreError(KGError):
    """A ledger or graph store that refused a read or a write."""

    code = "store"


class StoreBusy(StoreError, Transient):
    """Another process is writing to the same graph; try again later (exit code 3)."""

    code = "store_busy"
