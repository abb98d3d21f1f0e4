"""Rich Release Format of the National Library of Medicine: RxNorm (RXNCONSO) and the UMLS (MRCONSO), a folder each.

Both are used under the UMLS licence: what is built from them may not be passed on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from kg.errors import VocabularyError
from kg.link.vocabulary import SCOPES, Mapping, Name, Scope, Term, Vocabulary, named_origin, table

RXNORM, UMLS = "RXNCONSO.RRF", "MRCONSO.RRF"
_COLUMNS = 18
# Source abbreviation -> CURIE prefix; codes of the HPO and of GO carry their own.
_SOURCES = {"MSH": "MESH", "HPO": "", "OMIM": "OMIM", "SNOMEDCT_US": "SNOMEDCT", "NCI": "NCIT", "RXNORM": "RXCUI"}
_INGREDIENTS = ("IN", "PIN", "MIN")


def read_rxnorm(folder: Path, version: str = "") -> Vocabulary:
    """Return ingredients with their synonyms and the brand names of single ingredients, and their MeSH ids.

    ``RXNREL.RRF`` is used if it is there. Raises VocabularyError for a missing or malformed file.
    """
    names: dict[str, list[tuple[Scope, str]]] = defaultdict(list)
    brands: dict[str, str] = {}
    mesh: dict[str, set[str]] = defaultdict(set)
    for row in _rows(folder / RXNORM, _COLUMNS):
        cui, language, source, kind, code, text, suppressed = (row[i] for i in (0, 1, 11, 12, 13, 14, 16))
        if language != "ENG" or suppressed in ("Y", "O", "E"):
            continue
        if source == "MSH":
            mesh[cui].add(f"MESH:{code}")
        elif source == "RXNORM" and kind in _INGREDIENTS:
            names[cui].append(("label", text))
        elif source == "RXNORM" and kind in ("SY", "TMSY"):
            names[cui].append(("exact", text))
        elif source == "RXNORM" and kind == "BN":
            brands[cui] = text
    parents, ingredients = _rxnorm_relations(folder / "RXNREL.RRF")
    for brand, text in sorted(brands.items()):
        if len(ingredients[brand]) == 1:
            names[min(ingredients[brand])].append(("narrow", text))
    terms = [
        _named(f"RXCUI:{cui}", "ChemicalEntity", found, "RxNorm", version, {f"RXCUI:{up}" for up in parents[cui]})
        for cui, found in sorted(names.items())
        if any(scope == "label" for scope, _ in found)
    ]
    return Vocabulary(tuple(terms), _single("RXCUI", mesh))


def _rxnorm_relations(path: Path) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the ingredient that each salt is a form of, and the ingredients of each brand.

    A row says that its second concept stands in the relation to its first.
    """
    forms: dict[str, set[str]] = defaultdict(set)
    brands: dict[str, set[str]] = defaultdict(set)
    if path.is_file():
        for row in _rows(path, 8):
            if row[7] == "form_of":
                forms[row[4]].add(row[0])
            elif row[7] == "tradename_of":
                brands[row[4]].add(row[0])
    return forms, brands


def read_umls(folder: Path, version: str = "") -> Vocabulary:
    """Return the English concepts of a UMLS subset whose semantic type the schema has a category for.

    Needs ``MRSTY.RRF``; ``MRREL.RRF`` gives parents if it is there. A concept with one code of MeSH, HPO, OMIM,
    SNOMED CT, NCIt or RxNorm means exactly that. Raises VocabularyError for a missing or malformed file.
    """
    categories = _umls_categories(folder / "MRSTY.RRF")
    names: dict[str, list[tuple[Scope, str]]] = defaultdict(list)
    codes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in _rows(folder / UMLS, _COLUMNS):
        cui, language, status, form, preferred = row[0], row[1], row[2], row[4], row[6]
        source, code, text, suppressed = row[11], row[13], row[14], row[16]
        if language != "ENG" or suppressed in ("Y", "O", "E") or cui not in categories:
            continue
        best = (status, form, preferred) == ("P", "PF", "Y")
        names[cui].append(("label" if best else "exact", text))
        if source in _SOURCES:
            start = _SOURCES[source]
            codes[cui, source].add(f"{start}:{code}" if start else code)
    parents: dict[str, set[str]] = defaultdict(set)
    if (folder / "MRREL.RRF").is_file():
        for row in _rows(folder / "MRREL.RRF", 16):
            if row[3] == "PAR" and row[0] != row[4]:
                parents[row[0]].add(f"UMLS:{row[4]}")
    terms = [
        _named(f"UMLS:{cui}", categories[cui], found, "UMLS", version, parents[cui])
        for cui, found in sorted(names.items())
    ]
    exact = tuple(
        m for source in _SOURCES for m in _single("UMLS", {c: v for (c, s), v in codes.items() if s == source})
    )
    return Vocabulary(tuple(terms), exact)


def _umls_categories(path: Path) -> dict[str, str]:
    """Return each concept's category; among several the first in the order of vocabularies.yaml."""
    order = {tui: (place, category) for place, (tui, category) in enumerate(table()["umls_types"].items())}
    found: dict[str, tuple[int, str]] = {}
    for row in _rows(path, 4):
        if row[1] in order:
            found[row[0]] = min(found.get(row[0], order[row[1]]), order[row[1]])
    return {cui: category for cui, (_, category) in found.items()}


def _named(
    curie: str, category: str, found: list[tuple[Scope, str]], vocabulary: str, version: str, parents: set[str]
) -> Term:
    """Return a term with each name once, the label first; further labels are exact names."""
    seen: dict[str, Name] = {}
    for scope, text in sorted(found, key=lambda pair: (SCOPES.index(pair[0]), pair[1])):
        scope = "exact" if seen and scope == "label" else scope
        seen.setdefault(text.casefold(), Name(text, named_origin(vocabulary, version, scope)))
    return Term(curie, category, tuple(seen.values()), tuple(sorted(parents - {curie})))


def _single(start: str, codes: dict[str, set[str]]) -> tuple[Mapping, ...]:
    return tuple(Mapping(f"{start}:{cui}", min(found), 2) for cui, found in sorted(codes.items()) if len(found) == 1)


def _rows(path: Path, columns: int) -> Iterator[list[str]]:
    if not path.is_file():
        raise VocabularyError("vocabulary file is missing", file=str(path))
    try:
        with path.open(encoding="utf-8", newline="\n") as stream:
            for number, line in enumerate(stream, start=1):
                row = line.rstrip("\r\n").split("|")
                if len(row) <= columns - 1:
                    raise VocabularyError(f"fewer than {columns} columns", file=str(path), line=number)
                yield row
    except UnicodeDecodeError as error:
        raise VocabularyError(f"not UTF-8: {error}", file=str(path)) from error
