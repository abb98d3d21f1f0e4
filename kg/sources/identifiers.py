"""Names of publications as CURIEs, spelt one way."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[0-9]{1,10}")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def curie_of(kind: str, value: str) -> str:
    """Return an identifier as a CURIE, or "" for a kind or value that names no publication.

    >>> curie_of("pmc", "1187870"), curie_of("doi", "https://doi.org/10.1186/A")
    ('PMCID:PMC1187870', 'DOI:10.1186/a')
    """
    if kind == "pmid" and _NUMBER.fullmatch(value):
        return f"PMID:{int(value)}"
    if kind in ("pmc", "pmcid"):
        digits = value.upper().removeprefix("PMC").partition(".")[0]
        return f"PMCID:PMC{int(digits)}" if _NUMBER.fullmatch(digits) else ""
    if kind == "doi":
        found = _DOI.search(value.lower())
        return f"DOI:{found[0]}" if found else ""
    return ""
