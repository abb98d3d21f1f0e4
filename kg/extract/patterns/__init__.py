"""The pattern reader: what guidelines, labels and papers say in fixed forms, read with rules kept as data."""

from __future__ import annotations

from kg.extract.patterns.reader import PatternReader

__all__ = ["PatternReader"]
