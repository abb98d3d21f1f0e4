"""What a heading says about the section below it: one small set of kinds for all formats."""

from __future__ import annotations

import re
from functools import lru_cache

_KINDS: tuple[tuple[str, str], ...] = (
    ("references", r"references?|bibliograph\w+|literature cited|works cited|bibliographic sources?.*"),
    ("conclusions", r"conclusions?|summary|interpretation|implications?|significance|.*\bconclusions?"),
    ("results", r"results?|findings|outcomes?|.*\bresults?"),
    (
        "methods",
        r".*\bmethods?|methodology|.*\bdesign\b.*|patients?|participants?|settings?|subjects?|interventions?"
        r"|main outcome measures?|statistical analys[ie]s|measurements?|materials?|procedures?|protocol"
        r"|(description of )?methods? .*|data sources?|study (population|selection)|rating scheme.*",
    ),
    ("objective", r"objectives?|aims?|purpose|goals?|hypothes[ie]s|guideline objectives?|importance|.*\bobjectives?"),
    ("background", r"background|context|rationale|.*\bbackground"),
    ("introduction", r"introduction|scope"),
    ("discussion", r"discussions?|comments?|limitations|strengths and limitations|.*\bdiscussion"),
    ("case", r"case( reports?| presentations?| descriptions?| summary)?s?"),
    ("contraindications", r"contraindications?"),
    ("harms", r"potential harms?|adverse (events?|effects?|reactions?)|side effects?|harms"),
    ("recommendations", r"(major |key )?recommendations?.*"),
    ("abstract", r"abstract|overview|executive summary"),
    (
        "admin",
        r"acknowledge?ments?|.*funding.*|financial disclosures?.*|conflicts? of interest.*|competing interests?"
        r"|.*disclaimer|.*copyright.*|authors?.? contributions?|ngc status|guideline (status|availability|title"
        r"|developers?|committee|category)|availability of companion documents|patient resources|date released"
        r"|intended users?|adaptation|composition of group.*|clinical specialty|iom .*|institute of medicine.*"
        r"|identifying information.*|source\(?s\)? of funding|pre-?publication history|supplementary .*"
        r"|supporting information|trial registration|registration|number of source documents"
        r"|abbreviations?|implementation tools|ethics.*|consent.*|data availability.*",
    ),
)
_RULES = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[ivx]+\.|[a-z]\.)\s+", re.IGNORECASE)


@lru_cache(maxsize=4096)
def kind_of(heading: str, default: str = "body") -> str:
    """Return the kind of the section under ``heading``; ``default`` where the heading says nothing.

    >>> kind_of("2.1 Materials and Methods:")
    'methods'
    >>> kind_of("Effects on the kidney")
    'body'
    """
    plain = _NUMBER.sub("", heading.strip()).strip(" :.").lower().replace("(s)", "s")
    for kind, rule in _RULES:
        if rule.fullmatch(plain):
            return kind
    return default


def path_kind(path: list[str], default: str = "body") -> str:
    """Return the kind of a section under nested headings, outermost first: the innermost that says something.

    Whatever lies below administrative matter or references stays so.

    >>> path_kind(["Methods", "Effects on the kidney"])
    'methods'
    """
    kinds = [kind_of(heading, "") for heading in path]
    for fixed in ("references", "admin"):
        if fixed in kinds:
            return fixed
    return next((kind for kind in reversed(kinds) if kind), default)
