"""The process that answers one SPARQL query: store and formats as arguments, query on stdin, answer on stdout.

``python -m kg.stores.rdf_worker STORE RESULTS GRAPH``: media types for a table (SELECT, ASK) and for a graph
(CONSTRUCT, DESCRIBE). The last line of stderr is one JSON object: ``{"media"}`` or ``{"error"}``.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import IO

from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store, serialize

from kg.stores.rdf_terms import NAMESPACES

_MEMORY = 4 << 30


def answer(store: Store, query: str, results: str, graph: str, output: IO[bytes]) -> str:
    """Write the answer and return its media type.

    Raises SyntaxError, ValueError, OSError or RuntimeError where the query cannot be answered.

    >>> from io import BytesIO
    >>> answer(Store(), "ASK { ?s ?p ?o }", "text/csv", "text/turtle", output := BytesIO()), output.getvalue()
    ('text/csv', b'false')
    """
    found = store.query(query, prefixes=NAMESPACES, use_default_graph_as_union=True)
    if isinstance(found, QueryTriples):
        form = RdfFormat.from_media_type(graph)
        serialize(found, output, form, prefixes=NAMESPACES if form == RdfFormat.TURTLE else None)
        return graph
    found.serialize(output, QueryResultsFormat.from_media_type(results))
    return results


def main() -> None:
    """Answer the query of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    path, results, graph = sys.argv[1:]
    query = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        said = {"media": answer(Store.read_only(path), query, results, graph, sys.stdout.buffer)}
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        said = {"error": str(error)}
    sys.stdout.flush()
    print("\n" + json.dumps(said), file=sys.stderr)


if __name__ == "__main__":
    main()
