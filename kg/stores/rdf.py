"""RDF files from a ledger, in any usual form; the same ledger gives the same bytes."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from kg.errors import ConfigError, StoreError
from kg.stores.ledger import Ledger
from kg.stores.rdf_quads import quads
from kg.stores.rdf_terms import NAMESPACES

FORMATS = {
    "nquads": RdfFormat.N_QUADS,
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
}
_PREFIXED = (RdfFormat.TURTLE, RdfFormat.TRIG)


def export(ledger: Ledger, output: Path, format: str = "nquads") -> int:
    """Write the graph of a ledger to a file and return the number of quads (or triples) written.

    ``format`` is one of FORMATS; Turtle and N-Triples have no named graphs, so which source says what stays in the
    evidence only. A name that ends in ``.gz`` is compressed. The file appears whole or not at all, and holds no times
    and no blank nodes. Raises ConfigError for another format, StoreError when the file cannot be written.
    """
    if format not in FORMATS:
        raise ConfigError("no such RDF format", format=format, formats=", ".join(FORMATS))
    chosen = FORMATS[format]
    counter = _Counter(quads(ledger))
    content: Iterable[Quad] | Iterable[Triple] = counter if chosen.supports_datasets else _triples(counter)
    with _whole_file(Path(output)) as file:
        serialize(content, file, chosen, prefixes=NAMESPACES if chosen in _PREFIXED else None)
    return counter.count


class _Counter:
    """Counts what passes through."""

    def __init__(self, passing: Iterator[Quad]) -> None:
        self._passing = passing
        self.count = 0

    def __iter__(self) -> Iterator[Quad]:
        for quad in self._passing:
            self.count += 1
            yield quad


def _triples(passing: Iterable[Quad]) -> Iterator[Triple]:
    last: Triple | None = None
    for quad in passing:
        # The plain triple follows itself where several sources say it.
        if quad.triple != last:
            last = quad.triple
            yield last


@contextmanager
def _whole_file(output: Path) -> Iterator[IO[bytes]]:
    """Give a file to write to that takes the place of ``output`` once it is complete and on the disk."""
    partial = output.with_name(f".{output.name}.{os.getpid()}.partial")
    try:
        try:
            with partial.open("wb") as raw:
                if output.suffix == ".gz":
                    with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed:
                        yield cast(IO[bytes], packed)
                else:
                    yield raw
                raw.flush()
                os.fsync(raw.fileno())
            os.replace(partial, output)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write the export: {error.strerror or error}", file=str(output)) from error
