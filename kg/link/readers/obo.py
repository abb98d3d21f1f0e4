"""OBO flat files (HPO, SYMP, DOID, MONDO): names, synonyms with scope, is-a, cross-references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kg.errors import VocabularyError
from kg.link.vocabulary import Name, Origin, Scope, Term, named_origin, prefix_of

_SYNONYM = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(EXACT|RELATED|NARROW|BROAD)?')
_ESCAPE = re.compile(r"\\(.)")
_SCOPES: dict[str, Scope] = {"EXACT": "exact", "RELATED": "related", "NARROW": "narrow", "BROAD": "broad"}
Stanza = dict[str, list[str]]


def read_obo(path: Path, vocabulary: str, category: str) -> tuple[Term, ...]:
    """Return the live terms of an OBO file that carry the vocabulary's own prefix.

    Cross-references are kept as CURIEs with the file's own prefixes. Raises VocabularyError for a missing file or
    one that is no OBO.
    """
    header, stanzas = _parse(path)
    release = header.get("data-version", [""])[0]
    found = re.search(r"\d{4}-\d{2}-\d{2}", release + " " + " ".join(header.get("date", [])))
    version = found.group() if found else release
    own = named_origin(vocabulary, version, "label")
    start = prefix_of(vocabulary) + ":"
    terms = [
        _term(stanza, own, category)
        for stanza in stanzas
        if stanza.get("id", [""])[0].startswith(start) and stanza.get("is_obsolete") != ["true"] and "name" in stanza
    ]
    if not terms:
        raise VocabularyError(f"no term with the prefix {start} in this file", file=str(path))
    return tuple(sorted(terms, key=lambda term: term.id))


def _term(stanza: Stanza, own: Origin, category: str) -> Term:
    names = [Name(_unescape(stanza["name"][0]), own)]
    for line in stanza.get("synonym", ()):
        match = _SYNONYM.match(line)
        if match and "obsolete_synonym" not in line:
            scope = _SCOPES[match.group(2) or "RELATED"]
            names.append(Name(_unescape(match.group(1)), Origin(own.vocabulary, own.version, scope, own.licence)))
    parents = tuple(sorted(line.split()[0] for line in stanza.get("is_a", ())))
    xrefs = tuple(sorted({line.split()[0] for line in (*stanza.get("xref", ()), *stanza.get("alt_id", ()))}))
    return Term(stanza["id"][0], category, tuple(names), parents, xrefs)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(r"\1", text).strip()


def _parse(path: Path) -> tuple[Stanza, list[Stanza]]:
    if not path.is_file():
        raise VocabularyError("vocabulary file is missing", file=str(path))
    header: Stanza = {}
    stanzas: list[Stanza] = []
    current: Stanza | None = header
    for line in _lines(path):
        if line.startswith("["):
            current = {} if line == "[Term]" else None
            if current is not None:
                stanzas.append(current)
        elif current is not None:
            tag, colon, value = line.partition(": ")
            if colon:
                current.setdefault(tag, []).append(value)
    if "format-version" not in header:
        raise VocabularyError("not an OBO file: no format-version in its header", file=str(path))
    return header, stanzas


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                stripped = line.strip()
                if stripped:
                    yield stripped
    except UnicodeDecodeError as error:
        raise VocabularyError(f"OBO file is not UTF-8: {error}", file=str(path)) from error
