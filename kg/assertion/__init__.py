"""How far a mention or a reading is asserted, with its cue, and how many of how many a reading counts."""

from kg.assertion.numbers import count
from kg.assertion.relations import judge
from kg.assertion.status import assess

__all__ = ["assess", "count", "judge"]
