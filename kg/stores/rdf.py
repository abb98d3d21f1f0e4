"""RDF files from a graph, in any usual form; the same graph gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from kg.errors import ConfigError
from kg.stores.rdf_quads import blocks
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
_PREFIXED = (RdfFormat.TURTLE, RdfFormat.TRIG)


def export(selection: Selection, output: Path, format: str = "nquads") -> int:
    """Write a graph to a file and return the number of its quads.

    ``format`` is one of FORMATS; Turtle and N-Triples have no named graphs, so which source says what stays in the
    evidence only. A name that ends in ``.gz`` is compressed. The file appears whole or not at all, and holds no times
    and no blank nodes. Raises ConfigError for another format, StoreError when the file cannot be written.
    """
    if format not in FORMATS:
        raise ConfigError("no such RDF format", format=format, formats=", ".join(FORMATS))
    described = _Described(blocks(selection))
    with whole_files(output) as (file,):
        _write(described, file, FORMATS[format])
    return described.count


def _write(parts: Iterable[str], file: IO[bytes], format: RdfFormat) -> None:
    if format == RdfFormat.N_QUADS:
        for part in parts:
            file.write(part.encode())
        return
    quads = (quad for part in parts for quad in parse(part, RdfFormat.N_QUADS))
    content: Iterable[Quad] | Iterable[Triple] = quads if format.supports_datasets else _triples(quads)
    serialize(content, file, format, prefixes=NAMESPACES if format in _PREFIXED else None)


class _Described:
    """Lines of N-Quads, and after them what they amount to: their number, and a version made from their content."""

    def __init__(self, parts: Iterator[str]) -> None:
        self._parts = parts
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        digest = hashlib.sha256()
        for part in self._parts:
            self.count += part.count("\n")
            digest.update(part.encode())
            yield part
        version = digest.hexdigest()[:32]
        last = lines(DATASET, "", ("dcat:version", literal(version)), ("void:triples", integer(self.count)))
        self.count += last.count("\n")
        yield last


def _triples(quads: Iterable[Quad]) -> Iterator[Triple]:
    last: Triple | None = None
    for quad in quads:
        # The plain triple follows itself where several sources say it.
        if quad.triple != last:
            last = quad.triple
            yield last
