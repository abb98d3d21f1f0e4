"""How far a mention or a reading is asserted: status and cue of mentions, polarity and certainty of readings."""

from kg.assertion.relations import judge
from kg.assertion.status import assess

__all__ = ["assess", "judge"]
