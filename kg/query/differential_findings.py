"""What a graph says of findings in diseases: read once as columns, and kept in a file beside a graph that stays.

Reading hundreds of thousands of statements takes seconds, their file a tenth of one; so a command that asks a single
question need not read them all again.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from kg.query import texts
from kg.query.differential_frequency import worth
from kg.query.differential_table import Indices, Observations, numbered
from kg.query.store import Store
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


def findings(store: Store, version: str) -> Findings:
    """Return what the graph says, from the file of this version where there is one; it is written where one may be."""
    folder = store.kept
    found = None if folder is None else _kept(folder / _FILE, version)
    if found is None:
        found = _read(store)
        if folder is not None:
            _keep(found, folder / _FILE, version)
    return found


def _read(store: Store) -> Findings:
    parents: dict[str, list[str]] = {}
    for row in store.run(texts.SUBCLASSES):
        parents.setdefault(row["id"], []).append(row["up"])
    rows = store.run(texts.PHENOTYPES)
    diseases, disease = numbered([row["disease"] for row in rows])
    found, finding = numbered([row["finding"] for row in rows])
    _, work = numbered([row["work"] for row in rows])
    figures = np.array([_worth(row) for row in rows], np.float64).reshape(-1, 2)
    described = np.array([row["kind"] == "case" for row in rows], bool)
    told = [_told(row["strength"] or "") for row in rows]
    statements, statement = numbered([row["statement"] for row in rows])
    onsets, onset = numbered([one.get("onset", "") for one in told])
    sexes, sex = numbered([one.get("sex", "") for one in told])
    seen = Observations(diseases, found, disease, finding, work, figures[:, 0], figures[:, 1], described)
    return Findings(seen, statements, onsets, sexes, statement, onset, sex, parents)


def _worth(row: Mapping[str, Any]) -> tuple[float, float]:
    """Return how many of how many patients had the finding."""
    if row["total"]:
        return row["count"], row["total"]
    term = _FREQUENCY.search(row["strength"] or "")
    present, total = worth(*FREQUENCIES[term[0]]) if term else worth()
    return 0.0 if row["polarity"] == "refutes" else present, total


def _told(strength: str) -> dict[str, str]:
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
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None
    if (head["form"], head["version"]) != (_FORM, version):
        return None
    told = {name: columns.pop(name) for name in ("statement", "onset", "sex")}
    seen = Observations(**{name: head[name] for name in _NAMED}, **columns)
    return Findings(seen, **{name: head[name] for name in ("statements", "onsets", "sexes", "parents")}, **told)
