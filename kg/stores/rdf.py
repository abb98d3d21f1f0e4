"""RDF files from a graph, in any usual form and profile; the same graph gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from kg.errors import ConfigError
from kg.stores.rdf_nanopub import nanopublications
from kg.stores.rdf_quads import blocks
from kg.stores.rdf_runs import runs
from kg.stores.rdf_statements import reifier
from kg.stores.rdf_terms import DATASET, NAMESPACES, integer, lines, literal
from kg.stores.selection import Selection
from kg.stores.whole_files import whole_files

FORMATS = {
    "nquads": RdfFormat.N_QUADS,
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
}
PROFILES = {
    "rdf11": tuple(FORMATS),
    "rdf12": ("nquads", "turtle", "trig", "ntriples"),
    "nanopub": ("nquads", "trig"),
}
"""Which formats can hold a profile: JSON-LD has no triple terms, and a nanopublication is made of named graphs."""
# So many blocks of lines, of some kilobytes each, are encoded, counted, hashed and written in one go.
_AT_ONCE = 8
_PREFIXED = (RdfFormat.TURTLE, RdfFormat.TRIG)


def export(
    selection: Selection, output: Path, format: str = "nquads", profile: str = "rdf11", with_runs: bool = False
) -> int:
    """Write a graph to a file and return the number of its quads.

    ``format`` is one of FORMATS; Turtle and N-Triples have no named graphs, so which source says what stays in the
    evidence only. ``profile`` is one of PROFILES: in ``rdf12`` an association node is a reifier of its triple instead
    of an ``rdf:Statement``; ``nanopub`` is one nanopublication for each statement, and nothing else. ``with_runs``
    tells of the runs that made the evidence; without it the file holds no times. It never holds blank nodes. A name
    that ends in ``.gz`` is compressed. The file appears whole or not at all. Raises ConfigError for another format or
    profile, or a format or profile that cannot hold what is asked for, StoreError when the file cannot be written.
    """
    if profile not in PROFILES:
        raise ConfigError("no such RDF profile", profile=profile, profiles=", ".join(PROFILES))
    if format not in PROFILES[profile]:
        formats = ", ".join(PROFILES[profile])
        raise ConfigError("no such RDF format in this profile", format=format, profile=profile, formats=formats)
    if with_runs and profile == "nanopub":
        raise ConfigError("a nanopublication holds no runs: nothing may stand outside of it", profile=profile)
    parts = chain(_blocks(selection, profile), runs(selection) if with_runs else ())
    described = _Described(parts, closing=profile != "nanopub")
    with whole_files(output) as (file,):
        _write(described, file, FORMATS[format])
    return described.count


def _blocks(selection: Selection, profile: str) -> Iterator[str]:
    if profile == "nanopub":
        return nanopublications(selection)
    return blocks(selection, reifier) if profile == "rdf12" else blocks(selection)


def _write(parts: Iterable[bytes], file: IO[bytes], format: RdfFormat) -> None:
    if format == RdfFormat.N_QUADS:
        file.writelines(parts)
        return
    quads = (quad for part in parts for quad in parse(part, RdfFormat.N_QUADS))
    content: Iterable[Quad] | Iterable[Triple] = quads if format.supports_datasets else _triples(quads)
    serialize(content, file, format, prefixes=NAMESPACES if format in _PREFIXED else None)


class _Described:
    """Lines of N-Quads, many at a time, and after them what they amount to: their number, and a version made from their
    content.

    Without ``closing`` only their number is kept: nothing may stand outside of a nanopublication.
    """

    def __init__(self, parts: Iterator[str], closing: bool) -> None:
        self._parts = parts
        self._closing = closing
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        while part := "".join(islice(self._parts, _AT_ONCE)).encode():
            self.count += part.count(b"\n")
            digest.update(part)
            yield part
        if not self._closing:
            return
        version = digest.hexdigest()[:32]
        last = lines(DATASET, "", ("dcat:version", literal(version)), ("void:triples", integer(self.count)))
        self.count += last.count("\n")
        yield last.encode()


def _triples(quads: Iterable[Quad]) -> Iterator[Triple]:
    last: Triple | None = None
    for quad in quads:
        # The plain triple follows itself where several sources say it.
        if quad.triple != last:
            last = quad.triple
            yield last
