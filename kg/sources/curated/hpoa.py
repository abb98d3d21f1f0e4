"""HPO annotations (``phenotype.hpoa``): which findings a disease has, by whom it is said, how often, from what age.

Twelve columns, as https://hpo-annotation-qc.readthedocs.io/en/latest/annotationFormat.html describes them. Releases
before 2022 name the columns otherwise; their order is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.sources.curated.frequency import Share, parse
from kg.sources.refusal import Refusal

PHENOTYPE = "P"
_COLUMNS = 12
_FIRST = ('#description: "hpo annotations', "database_id\tdisease_name", "#databaseid\tdiseasename")
_CURIE = re.compile(r"[A-Za-z][\w.-]*:[\w.-]+")
_HPO = re.compile(r"HP:\d{7}")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One row. ``aspect``: P phenotype, C clinical course, I inheritance, M modifier, H history.

    ``references`` are CURIEs of what the row rests on, ``onset`` and ``sex`` as the file has them (HP term; MALE or
    FEMALE), ``line`` the row's number, from 1, ``text`` the row itself.
    """

    disease: str
    name: str
    negated: bool
    finding: str
    references: tuple[str, ...]
    onset: str
    share: Share | None
    frequency: str
    sex: str
    aspect: str
    line: int
    text: str


def is_header(line: str) -> bool:
    """Say whether a line is the first of an annotation file.

    >>> is_header('#description: "HPO annotations for rare diseases [8359: OMIM]"')
    True
    """
    start = line.lstrip("\ufeff").lower()
    return start.startswith(_FIRST)


def read_rows(lines: Iterable[str]) -> Iterator[Annotation | Refusal]:
    """Yield the annotations of a file, and a Refusal (``bad_row``, with its line) for each row that is none."""
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        if not text.strip() or text.startswith(("#", "\ufeff#")) or is_header(text):
            continue
        try:
            yield _row(text, number)
        except ValueError as error:
            yield Refusal(str(error), reject="bad_row", place=f"line {number}")


def _row(text: str, number: int) -> Annotation:
    cells = [cell.strip() for cell in text.split("\t")]
    if len(cells) != _COLUMNS:
        raise ValueError(f"{len(cells)} columns instead of {_COLUMNS}")
    disease, name, qualifier, finding, reference, _, onset, frequency, sex, _, aspect, _ = cells
    if not _CURIE.fullmatch(disease):
        raise ValueError(f"not the id of a disease: {disease[:40]!r}")
    if not _HPO.fullmatch(finding):
        raise ValueError(f"not an HPO id: {finding[:40]!r}")
    if qualifier not in ("", "NOT"):
        raise ValueError(f"qualifier must be NOT or empty, not {qualifier[:40]!r}")
    if aspect not in tuple("PCIMH"):
        raise ValueError(f"aspect must be one of P C I M H, not {aspect[:40]!r}")
    references = tuple(sorted({part.strip() for part in reference.split(";") if part.strip()}))
    share = parse(frequency)
    return Annotation(
        disease, name, qualifier == "NOT", finding, references, onset, share, frequency, sex.upper(), aspect, number,
        text,
    )  # fmt: skip
