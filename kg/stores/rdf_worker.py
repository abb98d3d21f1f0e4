"""The process that answers one SPARQL query: store as argument, query on stdin, one JSON object on stdout."""

from __future__ import annotations

import json
import sys
from typing import Any

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, Store

from kg.stores.rdf_terms import NAMESPACES


def answer(store: Store, query: str) -> dict[str, Any]:
    """Return ``{"columns", "rows"}`` or ``{"error"}``.

    >>> answer(Store(), "ASK { ?s ?p ?o }")
    {'columns': ['answer'], 'rows': [['false']]}
    """
    try:
        result = store.query(query, prefixes=NAMESPACES, use_default_graph_as_union=True)
        if isinstance(result, QueryBoolean):
            return {"columns": ["answer"], "rows": [["true" if result else "false"]]}
        if isinstance(result, QuerySolutions):
            rows = [[_cell(value) for value in solution] for solution in result]
            return {"columns": [variable.value for variable in result.variables], "rows": rows}
        triples = [[_cell(part) for part in (t.subject, t.predicate, t.object)] for t in result]
        return {"columns": ["subject", "predicate", "object"], "rows": triples}
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        return {"error": str(error)}


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    return value.value if isinstance(value, Literal | NamedNode) else str(value)


if __name__ == "__main__":
    json.dump(answer(Store.read_only(sys.argv[1]), sys.stdin.buffer.read().decode("utf-8", "replace")), sys.stdout)
