"""Curated files as documents: one document for all that a file says of one disease on the word of one work.

A row votes in the work that it cites (the first of several, PMIDs first), so that a retraction of the publication
withdraws it, and a publication that is also read as text has one voice. A row without a publication votes in the
entry that it cites (``OMIM:154700``), else in the knowledge base's own entry of the disease.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

from kg.model import Document, Reader, Rejection
from kg.sources.curated.cases import Case, read_cases
from kg.sources.curated.hpoa import PHENOTYPE, Annotation, read_rows
from kg.sources.curated.rows import lines
from kg.sources.curated.said import CuratedDocument, Named, Said, lay_out
from kg.sources.refusal import Refusal, rejection
from kg.sources.stream import Stream

_VERSION = re.compile(r"^#(?:version|date): *([0-9][\w.-]*)", re.MULTILINE)
_LABEL = "curated:has_phenotype"
_PREFIXES = {"ORPHA": "ORPHANET"}
_HPO_LICENCE = "HPO licence: free with attribution"


def read_hpoa(stream: Stream) -> Iterator[CuratedDocument | Rejection]:
    """Yield the annotations of ``phenotype.hpoa``, disease by disease; a row that is broken becomes a Rejection.

    The rows of a disease stand together in the file, as in every release.
    """
    found = _VERSION.search(stream.head.decode("utf-8", "replace"))
    version = found[1] if found else "unknown"
    reader = _reader("hpoa", version)
    rows: list[Annotation] = []
    for row in read_rows(lines(stream)):
        if isinstance(row, Refusal):
            yield rejection(stream.file.name, row)
            continue
        if rows and rows[0].disease != row.disease:
            yield from _annotated(rows, reader, version)
            rows = []
        if row.aspect == PHENOTYPE:
            rows.append(row)
    yield from _annotated(rows, reader, version)


def read_case_file(stream: Stream) -> Iterator[CuratedDocument | Rejection]:
    """Yield patient cases counted by publication and disease: how many had each finding, in how many it was looked for.

    The cases of a publication stand together in the file.
    """
    reader = _reader("cases", "1")

    def sound() -> Iterator[Case | Rejection]:
        for case in read_cases(lines(stream)):
            yield rejection(stream.file.name, case) if isinstance(case, Refusal) else case

    for work, group in groupby(sound(), key=lambda case: case.work if isinstance(case, Case) else ""):
        cases: dict[str, list[Case]] = defaultdict(list)
        for case in group:
            if isinstance(case, Rejection):
                yield case
            else:
                cases[case.disease].append(case)
        for same in cases.values():
            yield _counted(same, work, reader)


def _annotated(rows: list[Annotation], reader: Reader, version: str) -> Iterator[CuratedDocument]:
    by_work: dict[str, list[Annotation]] = defaultdict(list)
    for row in rows:
        by_work[_work(row)].append(row)
    for work, same in sorted(by_work.items()):
        first = same[0]
        text, spans = lay_out([row.text for row in same])
        document = Document(
            id=f"hpoa:{first.disease}:{work}", work=work, text=text, source="hpoa", kind="knowledge_base",
            title=f"HPO annotations of {first.name}", version=version, license=_HPO_LICENCE,
        )  # fmt: skip
        disease = Named(_id(first.disease), first.name, "Disease")
        said = []
        for row, span in zip(same, spans, strict=True):
            told = (
                ("frequency", "" if row.share and row.share.total else row.frequency),
                ("onset", row.onset),
                ("sex", row.sex),
            )
            count, total = (row.share.count, row.share.total) if row.share else (None, None)
            refuted = row.negated or (row.share is not None and row.share.high == 0)
            said.append(
                Said(
                    disease, _LABEL, Named(row.finding, "", "PhenotypicFeature"), span,
                    "refutes" if refuted else "supports",
                    "; ".join(f"{name} {value}" for name, value in told if value),
                    0 if row.negated and total else count, total,
                )
            )  # fmt: skip
        yield CuratedDocument(document, reader, tuple(said))


def _counted(cases: list[Case], work: str, reader: Reader) -> CuratedDocument:
    had: dict[str, int] = defaultdict(int)
    looked: dict[str, int] = defaultdict(int)
    names: dict[str, str] = {}
    for case in cases:
        for finding, name in case.present:
            had[finding] += 1
            looked[finding] += 1
            names.setdefault(finding, name)
        for finding, name in case.excluded:
            looked[finding] += 1
            names.setdefault(finding, name)
    order = sorted(looked)
    text, spans = lay_out([f"{names[f] or f} ({f}): {had[f]} of {looked[f]} patients" for f in order])
    first = cases[0]
    document = Document(
        id=f"cases:{first.disease}:{work}", work=work, text=text, source="cases", kind="case",
        title=f"{len(cases)} published cases of {first.name or first.disease}",
    )  # fmt: skip
    disease = Named(_id(first.disease), first.name, "Disease")
    said = tuple(
        Said(
            disease, _LABEL, Named(finding, names[finding], "PhenotypicFeature"), span,
            "supports" if had[finding] else "refutes", "", had[finding], looked[finding],
        )
        for finding, span in zip(order, spans, strict=True)
    )  # fmt: skip
    return CuratedDocument(document, reader, said)


def _work(row: Annotation) -> str:
    papers = [one for one in row.references if one.startswith("PMID:")]
    return _id((papers or list(row.references) or [row.disease])[0])


def _id(curie: str) -> str:
    prefix, colon, local = curie.partition(":")
    return _PREFIXES.get(prefix, prefix) + colon + local


def _reader(name: str, version: str) -> Reader:
    """A knowledge base reads with its own rules; what it says is pinned by the text of each document."""
    return Reader(name, version, hashlib.sha256(f"{name} {version} {_LABEL}".encode()).hexdigest())
