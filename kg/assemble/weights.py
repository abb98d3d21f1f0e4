"""The numbers behind belief, read from weights.yaml beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kg.errors import ConfigError
from kg.model import SCORE_DIGITS

_FILE = Path(__file__).with_name("weights.yaml")
_TABLES = ("kinds", "publication_types", "certainty", "systematic")


@dataclass(frozen=True, slots=True)
class Weights:
    """What a work can weigh, by kind, publication type and certainty; and each reader's systematic error."""

    kinds: Mapping[str, float]
    publication_types: Mapping[str, float]
    certainty: Mapping[str, float]
    systematic: Mapping[str, float]

    def of(self, kind: str, publication_types: tuple[str, ...], certainty: str) -> float:
        """Return the weight of what a work says: its kind or best publication type, times the certainty.

        Raises ConfigError for a kind or a certainty without a weight.

        >>> load_weights().of("article", ("Case Reports", "Journal Article"), "asserted")
        0.4
        """
        if kind not in self.kinds or certainty not in self.certainty:
            raise ConfigError("weights.yaml has no weight", kind=kind, certainty=certainty)
        typed = [self.publication_types[name] for name in publication_types if name in self.publication_types]
        return (max(typed) if typed else self.kinds[kind]) * self.certainty[certainty]

    def error_of(self, reader: str) -> float:
        """Return the systematic error of a reader, or the default.

        >>> load_weights().error_of("a reader that nobody measured")
        0.3
        """
        return self.systematic.get(reader, self.systematic["default"])


@cache
def load_weights(path: Path = _FILE) -> Weights:
    """Read the weights.

    Raises ConfigError for a table that is missing or unknown, or a number that is out of [0, 1] or too long.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or sorted(content) != sorted(_TABLES):
        raise ConfigError(f"weights must have the tables {', '.join(_TABLES)}", file=str(path))
    weights = Weights(**{name: _table(name, content[name], path) for name in _TABLES})
    if "default" not in weights.systematic:
        raise ConfigError("systematic needs a default", file=str(path))
    return weights


def _table(name: str, values: Any, path: Path) -> dict[str, float]:
    table: dict[str, float] = {}
    for key, value in values.items():
        if not isinstance(value, int | float) or not 0 <= value <= 1 or round(value, SCORE_DIGITS) != value:
            raise ConfigError(f"{name}.{key} must be a number in [0, 1] with three decimals at most", file=str(path))
        table[str(key)] = float(value)
    return table
