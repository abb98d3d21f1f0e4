"""FDA's list of substance names (UNII_Names.txt: Name, TYPE, UNII, Display Name): a work of the US Government.

Names are in capitals with the list that they come from in brackets (``ASPIRIN [INN]``); Greek letters stand between
dots (``.ALPHA.``). Systematic names longer than 25 characters are left out: no text about medicine spells them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from kg.link.readers.tabular import rows
from kg.link.vocabulary import Name, Term, named_origin

HEADER = ("Name", "TYPE", "UNII", "Display Name")
_LIST = re.compile(r"(?:\s*\[[^\]]*\])+$")
_GREEK = re.compile(r"\.(ALPHA|BETA|GAMMA|DELTA|EPSILON|ZETA|ETA|THETA|KAPPA|LAMBDA|MU|OMEGA|PSI|SIGMA|TAU)\.")
_LONGEST = {"sys": 25}
_LONGEST_OTHER = 45
_CODE = re.compile(r"[A-Z]{2,6}|(?=.*\d).{1,12}")


def read_unii(path: Path, vocabulary: str = "UNII", version: str = "") -> tuple[Term, ...]:
    """Return one term for each substance, with its display name first.

    Raises VocabularyError for a missing file or missing columns.
    """
    label, exact = (named_origin(vocabulary, version, scope) for scope in ("label", "exact"))
    labels: dict[str, str] = {}
    others: dict[str, set[str]] = defaultdict(set)
    for row in rows(path, HEADER):
        substance = row["UNII"]
        labels.setdefault(substance, written(row["Display Name"], "of"))
        name = written(row["Name"], row["TYPE"])
        if 0 < len(name) <= _LONGEST.get(row["TYPE"], _LONGEST_OTHER):
            others[substance].add(name)
    return tuple(
        Term(
            f"UNII:{substance}",
            "ChemicalEntity",
            (Name(text, label), *(Name(name, exact) for name in sorted(others[substance] - {text}))),
        )
        for substance, text in sorted(labels.items())
    )


def written(name: str, kind: str) -> str:
    """Return a name as a text writes it: without its list, codes (kind ``cd``) and short forms in capitals.

    >>> written(".ALPHA.-TOCOPHEROL [MART.]", "cn"), written("ESERINE", "cn"), written("DMSO", "cd")
    ('alpha-tocopherol', 'eserine', 'DMSO')
    """
    plain = _GREEK.sub(r"\1", _LIST.sub("", name)).strip()
    return plain if kind == "cd" and _CODE.fullmatch(plain) else plain.lower()
