"""Which statements count in an answer: how far believed, from which kinds of documents, published when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, get_args

from kg.errors import VocabularyError
from kg.model import DocumentKind

KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)
# Less than this is no belief at all: what only hypotheses speak for, or what is refuted altogether.
LEAST_BELIEF = 0.001
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")

# A date known to the year only lies in a range when some part of that year does: both are cut to the shorter one.
_EVIDENCE = """EXISTS {{ MATCH (s)-[:SUPPORTED_BY]->(:Evidence)-[:IN]->(d:Document) WHERE {} }}"""
_KIND = "d.kind IN $kinds"
_SINCE = "d.published <> '' AND left(d.published, size($since)) >= left($since, size(d.published))"
_UNTIL = "d.published <> '' AND left(d.published, size($until)) <= left($until, size(d.published))"


def is_date(text: str) -> bool:
    """Say whether a text is a date as far as it may be known: 2014, 2014-03, 2014-03-09."""
    return _DATE.fullmatch(text) is not None


class Filters(TypedDict, total=False):
    """What every question about statements can be narrowed by.

    ``min_belief``: leave out what is believed less. ``kinds``: only statements that a document of one of these kinds
    speaks of. ``since``, ``until``: ISO dates (``2014``, ``2014-03``, ``2014-03-09``), both included: only statements
    that a document published between them speaks of. The belief is always that of the whole statement.
    """

    min_belief: float
    kinds: Sequence[DocumentKind]
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Filter:
    """The filters as given, with what is left out filled in. Raises VocabularyError for one that cannot be meant."""

    min_belief: float = 0.0
    kinds: Sequence[DocumentKind] = ()
    since: str = ""
    until: str = ""

    def __post_init__(self) -> None:
        if not 0.0 <= self.min_belief <= 1.0:
            raise VocabularyError("a belief lies between 0 and 1", min_belief=self.min_belief)
        for kind in self.kinds:
            if kind not in KINDS:
                raise VocabularyError(f"no such kind of document; there are: {', '.join(KINDS)}", kind=kind)
        for name, date in (("since", self.since), ("until", self.until)):
            if date and not is_date(date):
                raise VocabularyError("not a date; say 2014, 2014-03 or 2014-03-09", **{name: date})

    def of_statement(self) -> str:
        """Return the Cypher condition on ``s``, a Statement."""
        documents = self.of_document()
        return " AND ".join(["s.belief >= $min_belief", *([_EVIDENCE.format(documents)] if documents else [])])

    def of_document(self) -> str:
        """Return the Cypher condition on ``d``, a Document; empty where every document counts."""
        given = ((_KIND, self.kinds), (_SINCE, self.since), (_UNTIL, self.until))
        return " AND ".join(text for text, value in given if value)

    def parameters(self) -> dict[str, Any]:
        """Return the values of the parameters in the conditions."""
        return {
            "min_belief": self.min_belief,
            "kinds": list(self.kinds),
            "since": self.since,
            "until": self.until,
        }
