"""The property graph: its labels, relationship types and constraints, and the Cypher that writes it.

Labels and types stand literally in the text and come from the vocabulary only; every value is a parameter. The same
texts run on Neo4j and on the embedded server. Everything this graph makes carries ``medkg``, the build that wrote it
last: what lacks it belongs to somebody else and is never deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg import schema
from kg.errors import SchemaError
from kg.schema.vocabulary import CATEGORIES, PREDICATES

MODEL_VERSION = "4"
RELATIONSHIPS = tuple(predicate.relationship for predicate in PREDICATES.values())

# The build's mark is set on what it makes, and moved on where it stands already: never put on what another one made.
_OWN = """ON CREATE SET {0}.medkg = $build
ON MATCH SET {0}.medkg = CASE WHEN {0}.medkg IS NULL THEN null ELSE $build END"""


_STATED = tuple(
    line.removesuffix(";")
    for line in (Path(schema.__file__).parent / "constraints.cypher").read_text(encoding="utf-8").splitlines()
    if not line.startswith("//")
)
CONSTRAINTS = tuple(text for text in _STATED if text.startswith("CREATE CONSTRAINT "))
INDEXES = tuple(text for text in _STATED if text.startswith("CREATE INDEX "))
FULL_TEXT = tuple(text for text in _STATED if text.startswith("CREATE FULLTEXT "))
AWAIT_INDEXES = "CALL db.awaitIndexes(3600)"
# The embedded server has no Cypher for it; its SQL names the index after the property, hence `Concept[names]`.
FULL_TEXT_EMBEDDED = (
    "CREATE VERTEX TYPE Concept IF NOT EXISTS",
    "CREATE PROPERTY Concept.names IF NOT EXISTS STRING",
    "CREATE INDEX IF NOT EXISTS ON Concept (names) FULL_TEXT",
)


def category_label(category: str) -> str:
    """Return the label of a category. Raises SchemaError for one that schemas/ does not know."""
    if category not in CATEGORIES:
        raise SchemaError("schemas/ has no such category", category=category)
    return category


def relationship(predicate: str) -> str:
    """Return the relationship type of a predicate.

    Raises SchemaError for one that schemas/ does not know.

    >>> relationship("biolink:causes")
    'CAUSES'
    """
    known = PREDICATES.get(predicate.removeprefix("biolink:"))
    if known is None:
        raise SchemaError("schemas/ has no such predicate", predicate=predicate)
    return known.relationship


def upsert_concepts(category: str) -> str:
    """Return the text that writes ``$rows`` of one category."""
    return f"""UNWIND $rows AS row
MERGE (n:Concept:{category_label(category)} {{id: row.id}})
{_OWN.format("n")}
SET n += row"""


def adopt_concepts(category: str) -> str:
    """Return the text that gives somebody else's concepts, by ``$ids``, the label that ``upsert_concepts`` merges."""
    label = category_label(category)
    return f"UNWIND $ids AS id MATCH (n:Concept {{id: id}}) WHERE NOT n:{label} SET n:{label}"


UPSERT_DOCUMENTS = f"""UNWIND $rows AS row
MERGE (n:Document {{id: row.id}})
{_OWN.format("n")}
SET n += row"""

UPSERT_STATEMENTS = f"""UNWIND $rows AS row
MERGE (n:Statement {{id: row.id}})
{_OWN.format("n")}
SET n += row"""


def create_statements(columns: Sequence[str]) -> str:
    """Return the text that makes statements of ``$rows``, each the values of ``columns``."""
    return f"""UNWIND $rows AS row
CREATE (:Statement {{{_listed(columns)}}})"""


def upsert_edges(kind: str) -> str:
    """Return the text that writes ``$rows`` of one relationship type between concepts."""
    return f"""UNWIND $rows AS row
MATCH (a:Concept {{id: row.subject}})
MATCH (b:Concept {{id: row.object}})
MERGE (a)-[r:{kind} {{id: row.id}}]->(b)
{_OWN.format("r")}
SET r += row.properties"""


def create_edges(kind: str, columns: Sequence[str]) -> str:
    """Return the text that makes edges of ``$rows``, each two ids, more properties, and the values of ``columns``."""
    return f"""UNWIND $rows AS row
MATCH (a:Concept {{id: row[0]}})
MATCH (b:Concept {{id: row[1]}})
CREATE (a)-[r:{kind} {{{_listed(columns, after=3)}}}]->(b)
SET r += row[2]"""


UPSERT_EVIDENCE = f"""UNWIND $rows AS row
MATCH (s:Statement {{id: row.statement}})
MATCH (d:Document {{id: row.document}})
MERGE (n:Evidence {{id: row.id}})
{_OWN.format("n")}
SET n += row
MERGE (s)-[:SUPPORTED_BY]->(n)
MERGE (n)-[:IN]->(d)"""


def create_evidence(columns: Sequence[str]) -> str:
    """Return the text that makes evidence of ``$rows``, each the values of ``columns``."""
    statement, document = columns.index("statement"), columns.index("document")
    return f"""UNWIND $rows AS row
MATCH (s:Statement {{id: row[{statement}]}})
MATCH (d:Document {{id: row[{document}]}})
CREATE (s)-[:SUPPORTED_BY]->(:Evidence {{{_listed(columns)}}})-[:IN]->(d)"""


def _listed(columns: Sequence[str], after: int = 0) -> str:
    """Return the properties of what a text makes of a row; ``columns`` are words of ours, never data."""
    return ", ".join([*(f"{name}: row[{at}]" for at, name in enumerate(columns, after)), "medkg: $build"])


DROP_EVIDENCE = """UNWIND $rows AS row
MATCH (:Statement {id: row.id})-[:SUPPORTED_BY]->(e:Evidence)
WHERE NOT e.id IN row.evidence AND e.medkg IS NOT NULL
DETACH DELETE e"""

COUNT_STATEMENTS = "MATCH (s:Statement) RETURN count(s) AS n"
GONE_STATEMENTS = """MATCH (s:Statement) WHERE s.id IN $ids
RETURN s.id AS id, s.subject AS subject, s.predicate AS predicate"""

DROP_STATEMENTS = """UNWIND $ids AS id
MATCH (s:Statement {id: id}) WHERE s.medkg IS NOT NULL
OPTIONAL MATCH (s)-[:SUPPORTED_BY]->(e:Evidence) WHERE e.medkg IS NOT NULL
DETACH DELETE e, s"""


def drop_edges(kind: str) -> str:
    """Return the text that deletes the edges of ``$rows`` of one relationship type."""
    return f"""UNWIND $rows AS row
MATCH (:Concept {{id: row.subject}})-[r:{kind} {{id: row.id}}]->()
WHERE r.medkg IS NOT NULL
DELETE r"""


CONCEPT_CATEGORIES = "MATCH (n:Concept) WHERE n.medkg IS NOT NULL RETURN n.id AS id, n.category AS category"
FOREIGN_CONCEPTS = "MATCH (n:Concept) WHERE n.medkg IS NULL RETURN n.id AS id"
STATEMENTS_ABOUT = "MATCH (s:Statement) WHERE s.subject IN $ids OR s.object IN $ids RETURN s.id AS id"
DROP_CONCEPTS = "UNWIND $ids AS id MATCH (n:Concept {id: id}) DETACH DELETE n"


def digests(label: str) -> str:
    """Return the text that reads which nodes of a label this graph holds, and in which form."""
    return f"MATCH (n:{label}) WHERE n.medkg IS NOT NULL RETURN n.id AS id, n.digest AS digest"


def drop_nodes(label: str) -> str:
    """Return the text that deletes nodes by ``$ids``, except where something of somebody else hangs on them."""
    return f"""UNWIND $ids AS id
MATCH (n:{label} {{id: id}})
WHERE n.medkg IS NOT NULL AND NOT (n)--()
DELETE n"""


def sweep_edges(kind: str) -> str:
    """Return the text that deletes a batch of edges which an earlier build made and this one did not."""
    return f"""MATCH ()-[r:{kind}]->() WHERE r.medkg <> $build
WITH r LIMIT $limit DELETE r RETURN count(*) AS dropped"""


def sweep_nodes(label: str, detach: bool) -> str:
    """Return the text that deletes a batch of nodes which an earlier build made and this one did not."""
    alone = "" if detach else " AND NOT (n)--()"
    return f"""MATCH (n:{label}) WHERE n.medkg <> $build{alone}
WITH n LIMIT $limit {"DETACH DELETE" if detach else "DELETE"} n RETURN count(*) AS dropped"""


READ_MARK = """MATCH (p:Projection {id: 'medkg'})
RETURN p.ledger AS ledger, p.change AS change, p.model AS model, coalesce(p.indexed, false) AS indexed"""
WRITE_MARK = """MERGE (p:Projection {id: 'medkg'})
SET p.ledger = $ledger, p.change = $change, p.model = $model, p.indexed = true, p.medkg = $build"""
DROP_MARK = "MATCH (p:Projection {id: 'medkg'}) DELETE p"
