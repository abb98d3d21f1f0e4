"""Differential ranking: which diseases explain the findings of a patient best, and what each finding adds.

The score of a disease is a sum of log likelihood ratios (nats), so that every rank can be explained:

- a present finding f: ``log P(f | disease) / P(f)``. The frequency is smoothed towards that of the finding's broader
  terms, down the is-a hierarchy: ``r(f) = (present / P(f) + a * r(parent) ** b) / (total + a)``, where ``P(f)`` is the
  mean over all diseases, ``a`` = ``Weights.prior_patients`` and ``b`` = ``Weights.inherited``. A finding of which
  neither the disease nor a broader term has a figure is neutral: it adds 0.
- an excluded finding, in two steps: how often it is *looked for* in patients with the disease, found or not, against
  all diseases (damped by ``Weights.looked_for``: who writes down that a finding is missing has the diseases in mind
  that have it), and how often it was missing where it was looked for. It never speaks for a disease that always had it.
  Nothing known: it neither wins nor loses.
- breadth: a disease with many findings meets any finding more easily; each present finding costs it
  ``Weights.breadth * log((3 + findings expected in a patient) / 3)``.
- the prior, if wanted: how many works and described patients the disease has.

Findings that go together are counted as if they did not: order the diseases by score, but do not read it as a
probability. It is evidence for clinicians, not a diagnosis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kg.query.differential_table import Column, FindingTable, Observations, Observed, Vector, ancestors

Kind = Literal["present", "absent", "breadth", "prior"]
_FINDINGS_OF_ANY = 3.0
# From so many patients on (three of one work count as 2.3) a disease is said to always, or never, have a finding.
_ALWAYS = 2.0
# So many figures of so many diseases are kept: 80 MB.
_KEPT = 20_000_000


@dataclass(frozen=True, slots=True)
class Weights:
    """The few global parameters; chosen by leaving out publications of the knowledge (docs/differential.md)."""

    prior_patients: float = 1.0
    inherited: float = 0.5
    alike: float = 0.15
    breadth: float = 0.4
    looked_for: float = 0.6
    looked_for_share: float = 0.4
    missing_patients: float = 10.0
    works: float = 0.75
    patients: float = 0.6


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one finding (or breadth, or the prior: no finding) adds to the score of a disease, in nats.

    ``through`` is the finding or the broader term that the disease has a figure for; empty: none, it is neutral.
    ``patients`` of ``total`` had it there (for an absent finding: of those in whom it or a kind of it was looked for,
    did not have it); those of one work count as fewer: see ``Weights.alike``.
    """

    kind: Kind
    finding: str
    value: float
    through: str = ""
    patients: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A disease with its score, which is the sum of the contributions."""

    disease: str
    score: float
    contributions: tuple[Contribution, ...]


class Differential:
    """Ranks diseases by the findings of a patient.

    >>> seen = [Observed("flu", "fever", "w1", 9, 10), Observed("cold", "cough", "w2", 5, 10)]
    >>> [ranked.disease for ranked in Differential(seen, {}).rank(["fever"])]
    ['flu', 'cold']
    """

    def __init__(
        self,
        observed: Iterable[Observed] | Observations,
        parents: Mapping[str, Sequence[str]],
        weights: Weights | None = None,
    ) -> None:
        self.weights = weights or Weights()
        seen = observed if isinstance(observed, Observations) else Observations.of(observed)
        self.table = FindingTable(seen, parents, self.weights.alike)
        self._ratios: dict[str, Vector] = {}

    @property
    def diseases(self) -> Sequence[str]:
        """The candidates, by id."""
        return self.table.diseases

    def rank(
        self, present: Sequence[str], absent: Sequence[str] = (), limit: int = 10, *, prior: bool = True
    ) -> tuple[Ranked, ...]:
        """Return the diseases with the highest scores, with what each finding adds; equal scores by id.

        ``present`` and ``absent`` are ids of findings; one given twice counts once, and one that is present is not
        absent. ``prior=False``: every disease is equally likely beforehand.
        """
        present = tuple(dict.fromkeys(present))
        absent = tuple(finding for finding in dict.fromkeys(absent) if finding not in present)
        scores = self.scores(present, absent, prior=prior)
        best = np.lexsort((np.arange(len(scores)), -scores))[:limit]
        return tuple(self._explain(int(row), present, absent, prior) for row in best)

    def scores(self, present: Sequence[str], absent: Sequence[str] = (), *, prior: bool = True) -> Vector:
        """Return the score of every disease, in the order of ``diseases``. The findings must be without duplicates."""
        total = np.zeros(len(self.diseases), np.float32)
        for finding in present:
            total += self._present(finding)
        for finding in absent:
            total += self._absent(finding)
        total -= len(present) * self._breadth()
        return total + self._prior() if prior else total

    def _ratio(self, finding: str, below: frozenset[str] = frozenset()) -> Vector:
        """Return how much likelier a finding is in each disease than in any, after its broader terms."""
        known = self._ratios.get(finding)
        if known is not None:
            return known
        given = self.weights.prior_patients
        inherited = np.ones(len(self.diseases), np.float32)
        below = below | {finding}
        broader = [self._ratio(up, below) for up in self.table.parents.get(finding, ()) if up not in below]
        if broader:
            inherited = np.maximum.reduce(broader) ** np.float32(self.weights.inherited)
        column, ratio = self.table.present(finding), inherited
        if column is not None:
            ratio = inherited.copy()
            at = column.rows
            ratio[at] = (column.present / self._background(column) + given * inherited[at]) / (column.total + given)
        if len(self._ratios) * len(self.diseases) >= _KEPT:
            self._ratios.clear()
        self._ratios[finding] = ratio
        return ratio

    def _background(self, column: Column) -> np.float32:
        """Return the mean of a column over all diseases, with a little for what nobody looked at."""
        rate = np.minimum(1.0, column.present / column.total).sum()
        return np.float32((rate + 0.3) / (len(self.diseases) + 1))

    def _present(self, finding: str) -> Vector:
        """Return what a present finding adds; where it was only missing, in few patients, that it was looked for counts
        as well: it never speaks for a disease that never had it.
        """
        value: Vector = np.log(self._ratio(finding))
        missing = self.table.excluded(finding)
        if missing is not None:
            never = missing.present >= _ALWAYS
            at = missing.rows[(self._had(finding)[missing.rows] == 0) & ~never]
            value[at] += np.float32(self.weights.looked_for / 2) * self._looked_for(finding)[at]
        return value

    def _absent(self, finding: str) -> Vector:
        prior, had, missing = np.float32(self.weights.missing_patients), self._had(finding), self._missing(finding)
        told = missing.sum() + had.sum()
        usual = (missing.sum() + np.float32(0.5)) / (told + 1)
        value: Vector = np.log((missing + prior * usual) / (missing + had + prior) / usual)
        value += np.float32(self.weights.looked_for) * self._looked_for(finding)
        always = (missing == 0) & (had >= _ALWAYS)
        value[always] = np.minimum(value[always], 0)
        return value

    def _looked_for(self, finding: str) -> Vector:
        """Return the log of how much more often a finding is looked for in each disease than in any."""
        column, share = self.table.named(finding), np.float32(self.weights.looked_for_share)
        if column is None:
            return np.zeros(len(self.diseases), np.float32)
        looked = column.over(len(self.diseases))
        ratio: Vector = np.log((1 + share * looked / self._background(column)) / (1 + share * self.table.known))
        return ratio

    def _had(self, finding: str) -> Vector:
        return self._over(self.table.present(finding))

    def _missing(self, finding: str) -> Vector:
        return self._over(self.table.excluded(finding))

    def _over(self, column: Column | None) -> Vector:
        return np.zeros(len(self.diseases), np.float32) if column is None else column.over(len(self.diseases))

    def _breadth(self) -> Vector:
        expected = np.log((_FINDINGS_OF_ANY + self.table.breadth) / _FINDINGS_OF_ANY)
        cost: Vector = np.float32(self.weights.breadth) * expected
        return cost

    def _prior(self) -> Vector:
        works = np.float32(self.weights.works) * np.log(self.table.works + np.float32(0.5))
        prior: Vector = works + np.float32(self.weights.patients) * np.log(self.table.patients + np.float32(0.3))
        return prior

    def _explain(self, row: int, present: Sequence[str], absent: Sequence[str], prior: bool) -> Ranked:
        parts = []
        for finding in present:
            value = float(self._present(finding)[row])
            parts.append(Contribution("present", finding, value, *self._through(finding, row)))
        for finding in absent:
            value = float(self._absent(finding)[row])
            missing, had = float(self._missing(finding)[row]), float(self._had(finding)[row])
            told = (finding, missing, missing + had) if missing + had else ()
            parts.append(Contribution("absent", finding, value, *told))
        parts.append(Contribution("breadth", "", -len(present) * float(self._breadth()[row])))
        if prior:
            parts.append(Contribution("prior", "", float(self._prior()[row])))
        return Ranked(self.diseases[row], sum(part.value for part in parts), tuple(parts))

    def _through(self, finding: str, row: int) -> tuple[str, float, float]:
        """Return the nearest term, upwards from a finding, that a disease has a figure for; the rarest of a level."""
        level, seen = [finding], {finding}
        while level:
            found = [(column, term) for term in level if (column := self.table.present(term)) and _at(column, row)]
            if found:
                column, term = min(found, key=lambda one: (float(self._background(one[0])), one[1]))
                return term, *(_at(column, row) or (0.0, 0.0))
            level = sorted({up for term in level for up in self.table.parents.get(term, ())} - seen)
            seen.update(level)
        return "", 0.0, 0.0


def _at(column: Column | None, row: int) -> tuple[float, float] | None:
    if column is None:
        return None
    at = int(np.searchsorted(column.rows, row))
    if at == len(column.rows) or column.rows[at] != row:
        return None
    return float(column.present[at]), float(column.total[at])


__all__ = ["Contribution", "Differential", "Observations", "Observed", "Ranked", "Weights", "ancestors"]
