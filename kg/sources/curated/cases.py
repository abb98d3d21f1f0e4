"""Published patient cases, one JSON object a line: diagnosis, findings that are there, findings that are not.

``{"id", "pmid", "disease_id", "disease", "present": [[id, label], ...], "excluded": [[id, label], ...], "sex"}``: the
form that GA4GH phenopackets take when only these are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.sources.refusal import Refusal

_CURIE = re.compile(r"[A-Za-z][\w.-]*:[\w.-]+")
_NEEDED = ("id", "pmid", "disease_id", "present")


@dataclass(frozen=True, slots=True)
class Case:
    """One patient. ``present`` and ``excluded`` are (id, label) pairs; a finding that is in both counts as present."""

    id: str
    work: str
    disease: str
    name: str
    present: tuple[tuple[str, str], ...]
    excluded: tuple[tuple[str, str], ...]
    sex: str
    line: int


def is_case(line: str) -> bool:
    """Say whether a line is a case.

    >>> is_case('{"id": "a", "pmid": "PMID:1", "disease_id": "OMIM:1", "present": [["HP:0000001", "All"]]}')
    True
    """
    return line.lstrip("\ufeff ").startswith("{") and all(f'"{name}"' in line for name in _NEEDED)


def read_cases(lines: Iterable[str]) -> Iterator[Case | Refusal]:
    """Yield the cases of a file, and a Refusal (``bad_row``, with its line) for each line that is none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _case(json.loads(line.lstrip("\ufeff")), number)
        except (ValueError, RecursionError) as error:
            reason = f"not JSON: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
            yield Refusal(reason, reject="bad_row", place=f"line {number}")


def _case(value: Any, number: int) -> Case:
    if not isinstance(value, dict):
        raise ValueError("a case is a JSON object")
    missing = [name for name in _NEEDED if name not in value]
    if missing:
        raise ValueError(f"a case without {', '.join(missing)}")
    words = {name: value.get(name) or "" for name in ("id", "pmid", "disease_id", "disease", "sex")}
    for name, word in words.items():
        if not isinstance(word, str):
            raise ValueError(f"{name} must be a text")
    for name in ("pmid", "disease_id"):
        if not _CURIE.fullmatch(words[name]):
            raise ValueError(f"{name} must be a CURIE, not {words[name][:40]!r}")
    present = _findings(value["present"], "present")
    known = {finding for finding, _ in present}
    excluded = tuple(pair for pair in _findings(value.get("excluded") or [], "excluded") if pair[0] not in known)
    return Case(
        words["id"], words["pmid"], words["disease_id"], words["disease"], present, excluded, words["sex"], number
    )


def _findings(value: Any, name: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list")
    found: dict[str, str] = {}
    for pair in value:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            raise ValueError(f"{name} must hold pairs of id and label")
        if not _CURIE.fullmatch(pair[0]):
            raise ValueError(f"{name} holds no id: {pair[0][:40]!r}")
        found.setdefault(pair[0], pair[1])
    return tuple(found.items())
