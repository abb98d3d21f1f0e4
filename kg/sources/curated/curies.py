"""Identifiers in files of others, spelt as schemas/prefixes.yaml has them."""

from __future__ import annotations

import re

from kg.schema import PREFIXES
from kg.sources.identifiers import curie_of

_CURIE = re.compile(r'[A-Za-z_][\w.-]*:[^\s<>"{}|\\^`]{1,200}')
_SPELT = {name.lower(): name for name in PREFIXES} | {
    "orpha": "ORPHANET", "mim": "OMIM", "snomedct": "SCTID", "snomed": "SCTID", "sct": "SCTID", "ncit": "NCIT",
}  # fmt: skip
_PAPERS = {"PMID": "pmid", "PMC": "pmc", "PMCID": "pmc", "DOI": "doi"}


def spelt(identifier: str, what: str = "an id") -> str:
    """Return a CURIE as ``spelling`` has it; ValueError for what is none."""
    if not _CURIE.fullmatch(identifier):
        raise ValueError(f"not {what}: {identifier[:40]!r}")
    return spelling(identifier)


def spelling(curie: str) -> str:
    """Return a CURIE with its prefix as medkg spells it.

    >>> spelling("mesh:D001241"), spelling("ORPHA:558"), spelling("PMC:PMC1187870"), spelling("doi:10.1186/A")
    ('MESH:D001241', 'ORPHANET:558', 'PMCID:PMC1187870', 'DOI:10.1186/a')
    """
    prefix, _, local = curie.partition(":")
    known = _SPELT.get(prefix.lower(), prefix)
    return curie_of(_PAPERS.get(known.upper(), ""), local) or f"{known}:{local}"
