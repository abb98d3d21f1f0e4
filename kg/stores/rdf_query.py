"""SPARQL over a graph folder: read-only, without network, with a time limit.

The queries run on an Oxigraph store that is made from the ledger when the first query after a build asks for it, and
kept. While a build holds the ledger, the store of the last query answers. Each query runs in a process of its own,
because only a process can be stopped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from kg.errors import DataError, StoreBusy, StoreError
from kg.stores.ledger import SPARQL_FOLDER, Ledger
from kg.stores.ledger_lock import FolderLock
from kg.stores.rdf import export
from kg.stores.selection import Selection

_MAKING_SECONDS = 600.0
_JSON, _NTRIPLES = "application/sparql-results+json", "application/n-triples"
_TRIPLE = ("subject", "predicate", "object")
_STORE = re.compile(r"[0-9a-f]{32}-\d+")
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# What can hold the letters of a keyword without being one: strings, IRIs, comments, variables, prefixed names.
_OPAQUE = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|'
    r"'''(?:[^\\]|\\.)*?'''|"
    r'"(?:[^"\\\n\r]|\\.)*"|'
    r"'(?:[^'\\\n\r]|\\.)*'|"
    r"<[^<>\"{}|^`\\\s]*>|#[^\n\r]*|[?$]\w+|"
    r"\b(?!\w*service:)[a-z][\w.-]*:[\w.:%-]*",
    re.DOTALL | re.IGNORECASE,
)


class QueryTimeout(StoreError):
    """A query took longer than it may."""


@dataclass(frozen=True, slots=True)
class SparqlAnswer:
    """Rows under named columns; a cell is the value of an IRI or a literal, or None where nothing is bound.

    CONSTRUCT and DESCRIBE give subject, predicate, object; ASK gives one row with ``answer`` true or false, and
    ``truth``, which is None otherwise.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    truth: bool | None = None


def sparql(folder: Path, query: str, timeout: float = 30.0) -> SparqlAnswer:
    """Answer a SPARQL query over all named graphs of the graph in ``folder``; the usual prefixes are known.

    ``timeout`` is in seconds. Raises DataError for a query that is no SPARQL, that writes, or that asks another
    server; StoreError when the time is over or the folder holds no graph; StoreBusy when a build runs and no store
    was made before.
    """
    with tempfile.TemporaryFile() as file:
        media = ask(folder, query, file, _JSON, _NTRIPLES, timeout)
        file.seek(0)
        if media == _NTRIPLES:
            triples = parse(file, RdfFormat.N_TRIPLES)
            return SparqlAnswer(_TRIPLE, tuple(tuple(_cell(part) for part in quad.triple) for quad in triples))
        answer = json.load(file)
    if "boolean" in answer:
        return SparqlAnswer(("answer",), ((str(answer["boolean"]).lower(),),), bool(answer["boolean"]))
    columns = tuple(answer["head"]["vars"])
    rows = answer["results"]["bindings"]
    return SparqlAnswer(columns, tuple(tuple(row.get(name, {}).get("value") for name in columns) for row in rows))


def ask(folder: Path, query: str, output: IO[bytes], results: str, graph: str, timeout: float) -> str:
    """Write the answer to ``output`` and return its media type: ``results`` for a table, ``graph`` for triples.

    ``output`` is a file that the process of the query writes to. Raises what ``sparql`` raises.
    """
    _refuse_service(query)
    command = [sys.executable, "-m", "kg.stores.rdf_worker", str(_current_store(Path(folder))), results, graph]
    try:
        done = subprocess.run(
            command, input=query.encode(), stdout=output, stderr=subprocess.PIPE, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise QueryTimeout(f"the query took longer than {timeout:g} seconds; narrow it or raise the limit") from error
    if done.returncode:
        raise StoreError("the query needed too much memory, or its process was ended", status=done.returncode)
    said = json.loads(done.stderr.splitlines()[-1])
    if "error" in said:
        raise DataError(f"not a query that can be answered: {said['error']}")
    return str(said["media"])


def _cell(part: object) -> str:
    return part.value if isinstance(part, Literal | NamedNode) else str(part)


def _refuse_service(query: str) -> None:
    """Refuse SERVICE, which would have this machine ask another one.

    >>> _refuse_service('SELECT * { ?service rdfs:label "SERVICE" }')
    >>> _refuse_service("SELECT * { serv\\\\u0069ce <http://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    kg.errors.DataError: SERVICE is refused: queries stay on this machine
    """
    plain = _CODEPOINT.sub(lambda found: chr(int(found[1] or found[2], 16) % 0x110000), query)
    if "service" in _OPAQUE.sub(" ", plain).lower():
        raise DataError("SERVICE is refused: queries stay on this machine")


def _current_store(folder: Path) -> Path:
    stores = folder / SPARQL_FOLDER
    try:
        with Ledger.open(folder, timeout=0) as ledger:
            wanted = stores / f"{ledger.id}-{ledger.last_change}"
            stores.mkdir(exist_ok=True)
            making = FolderLock(stores / "making.lock", exclusive=True, timeout=_MAKING_SECONDS)
            try:
                if not wanted.is_dir():
                    _make(ledger, wanted)
            finally:
                making.release()
            return wanted
    except StoreBusy:
        found = [path for path in stores.glob("*") if _STORE.fullmatch(path.name)]
        if not found:
            raise
        return max(found, key=lambda path: int(path.name.partition("-")[2]))


def _make(ledger: Ledger, wanted: Path) -> None:
    """Make the store beside its final place, move it there, and drop those of earlier changes."""
    try:
        with tempfile.TemporaryDirectory(prefix="making-", dir=wanted.parent) as made:
            quads, partial = Path(made) / "graph.nq", Path(made) / "store"
            export(Selection(ledger), quads)
            store = Store(partial)
            store.bulk_load(path=quads, format=RdfFormat.N_QUADS)
            store.flush()
            del store
            os.rename(partial, wanted)
    except OSError as error:
        raise StoreError(f"cannot make the SPARQL store: {error}", folder=str(wanted)) from error
    for path in wanted.parent.iterdir():
        if path.is_dir() and path != wanted:
            shutil.rmtree(path, ignore_errors=True)
