"""What a graph says of findings in diseases: read once as columns, and kept in a file as long as the graph is the same.

Reading hundreds of thousands of statements takes seconds, their file a tenth of one; so a command that asks a single
question need not read them all again. The file lies beside a published generation, or, for a graph on a server, in the
user's cache.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from kg.query import texts
from kg.query.differential_frequency import worth
from kg.query.differential_table import Indices, Observations, numbered
from kg.query.store import Store, version_of
from kg.schema import FREQUENCIES

_FILE = "findings.npz"
# What the file holds and means; raise it when either changes.
_FORM = 1
_NAMED = ("diseases", "findings")
_FREQUENCY = re.compile("|".join(FREQUENCIES))


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """The evidence of every ``has_phenotype`` statement that is believed or counted, a row each, and the hierarchy.

    ``statement``, ``onset`` and ``sex`` are places in ``statements``, ``onsets`` and ``sexes``; nothing said is "".
    """

    seen: Observations
    statements: Sequence[str]
    onsets: Sequence[str]
    sexes: Sequence[str]
    statement: Indices
    onset: Indices
    sex: Indices
    parents: Mapping[str, Sequence[str]]

    def of_patient(self, hidden: Collection[str], sex: str | None) -> Findings:
        """Leave out what begins with a ``hidden`` onset and what is said of the other sex."""
        late = [at for at, onset in enumerate(self.onsets) if onset in hidden]
        other = [at for at, said in enumerate(self.sexes) if sex is not None and said not in ("", sex)]
        kept = np.flatnonzero(~np.isin(self.onset, late) & ~np.isin(self.sex, other))
        seen, (diseases, disease) = self.seen, np.unique(self.seen.disease[kept], return_inverse=True)
        left = Observations(
            [seen.diseases[at] for at in diseases], seen.findings, disease, seen.finding[kept], seen.work[kept],
            seen.present[kept], seen.total[kept], seen.described[kept],
        )  # fmt: skip
        rows = (self.statement[kept], self.onset[kept], self.sex[kept])
        return Findings(left, self.statements, self.onsets, self.sexes, *rows, self.parents)


Said = tuple[str, str, str, str, int | None, int | None, str, str | None, str]
"""A statement, its subject and object; the work, count, total, polarity and strength of a piece of its evidence; the
kind of the document."""


def findings(store: Store, version: str) -> Findings:
    """Return what the graph says, from the file of this version where there is one; it is written where one may be."""
    found = None if store.kept is None else _kept(store.kept / _FILE, version)
    if found is None:
        said = (tuple(row.values()) for row in store.run(texts.PHENOTYPES))
        found = told(said, ((row["id"], row["up"]) for row in store.run(texts.SUBCLASSES)))
        # What a publish changed meanwhile belongs to no version.
        if store.kept is not None and version and version_of(store) == version:
            _keep(found, store.kept / _FILE, version)
    return found


def keep_findings(folder: Path, version: str, said: Iterable[Said], broader: Iterable[tuple[str, str]]) -> None:
    """Write the file for a store that keeps things in ``folder``, unless it is there: its first question is quick then.

    ``broader`` are the concepts with what each is a kind of.
    """
    if not (folder / _FILE).exists():
        _keep(told(said, broader), folder / _FILE, version)


def told(said: Iterable[Said], broader: Iterable[tuple[str, str]]) -> Findings:
    """Put into columns what is said of findings in diseases."""
    parents: dict[str, list[str]] = {}
    for kind, up in broader:
        parents.setdefault(kind, []).append(up)
    statement, disease, finding, work, count, total, polarity, strength, kinds = (
        list(zip(*said, strict=True)) or [()] * 9
    )
    strengths, of = numbered([one or "" for one in strength])
    worths, parts = [_worth(one) for one in strengths], [_parts(one) for one in strengths]
    onsets, onset = numbered([part.get("onset", "") for part in parts])
    sexes, sex = numbered([part.get("sex", "") for part in parts])
    figures = np.array(
        [
            (counted or 0, all_) if all_ else (0.0 if refutes == "refutes" else worths[at][0], worths[at][1])
            for counted, all_, refutes, at in zip(count, total, polarity, of.tolist(), strict=True)
        ],
        np.float64,
    ).reshape(-1, 2)
    described = np.array([kind == "case" for kind in kinds], bool)
    (diseases, at_disease), (found, at_finding), (statements, at_statement) = map(
        numbered, (disease, finding, statement)
    )
    seen = Observations(
        diseases, found, at_disease, at_finding, numbered(work)[1], figures[:, 0], figures[:, 1], described
    )
    return Findings(seen, statements, onsets, sexes, at_statement, onset[of], sex[of], parents)


def _worth(strength: str) -> tuple[float, float]:
    """Return how many of how many patients have a finding that nobody counted, by the frequency that is said of it."""
    term = _FREQUENCY.search(strength)
    return worth(*FREQUENCIES[term[0]]) if term else worth()


def _parts(strength: str) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in strength.split("; ") if " " in part)


def _keep(found: Findings, path: Path, version: str) -> None:
    """Write the file in one step; where that cannot be, the next question reads the graph again."""
    names = {name: getattr(found, name) for name in ("statements", "onsets", "sexes", "parents")}
    names |= {name: getattr(found.seen, name) for name in _NAMED}
    head = json.dumps({"form": _FORM, "version": version, **names}).encode()
    columns = {name: getattr(found, name) for name in ("statement", "onset", "sex")}
    columns |= {one.name: getattr(found.seen, one.name) for one in fields(Observations) if one.name not in _NAMED}
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with passing.open("wb") as file:
                np.savez(file, head=np.frombuffer(head, np.uint8), **columns)
            os.replace(passing, path)
        finally:
            passing.unlink(missing_ok=True)


def _kept(path: Path, version: str) -> Findings | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            columns = dict(file.items())
        head = json.loads(columns.pop("head").tobytes())
        if (head["form"], head["version"]) != (_FORM, version):
            return None
        said = {name: columns.pop(name) for name in ("statement", "onset", "sex")}
        seen = Observations(**{name: head[name] for name in _NAMED}, **columns)
        return Findings(seen, **{name: head[name] for name in ("statements", "onsets", "sexes", "parents")}, **said)
    except (OSError, EOFError, ValueError, TypeError, KeyError, zipfile.BadZipFile):
        return None
