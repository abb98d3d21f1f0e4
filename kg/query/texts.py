"""The Cypher of the query API: one set of texts for every store. Values are parameters, always."""

from __future__ import annotations

from collections.abc import Sequence

from kg.schema.vocabulary import PREDICATES

NAME_INDEX = "Concept[names]"
_KINDS = "|".join(predicate.relationship for predicate in PREDICATES.values())

_CONCEPT = """RETURN c.id AS id, c.name AS name, c.category AS category, c.synonyms AS synonyms, c.xrefs AS xrefs,
c.parents AS parents, c.source AS source"""
_STATEMENT = """RETURN s.id AS id, s.subject AS subject, s.predicate AS predicate, s.object AS object,
s.qualifiers AS qualifiers, s.belief AS belief, s.support AS support, s.refute AS refute, s.works AS works,
s.count AS count, s.total AS total, s.frequency AS frequency, s.frequency_low AS frequency_low,
s.frequency_high AS frequency_high,
[(s)-[:SUPPORTED_BY]->(e:Evidence) | e.id] AS evidence"""
_EVIDENCE = """RETURN e.id AS id, e.statement AS statement, e.document AS document, e.work AS work,
d.title AS title, d.url AS url, d.kind AS kind, d.published AS published, e.section AS section, e.text AS text,
e.sentence_start AS sentence_start, e.sentence_end AS sentence_end, e.subject_start AS subject_start,
e.subject_end AS subject_end, e.object_start AS object_start, e.object_end AS object_end,
e.polarity AS polarity, e.certainty AS certainty, e.score AS score, e.reader AS reader, e.strength AS strength,
e.count AS count, e.total AS total"""

VERSION = "MATCH (p:Projection {id: 'medkg'}) RETURN p.ledger AS ledger, p.change AS change"
CONCEPT = f"MATCH (c:Concept {{id: $id}}) {_CONCEPT}"
STATED = tuple(f"MATCH (s:Statement {{{part}: $id}}) RETURN s.id AS id LIMIT 1" for part in ("subject", "object"))
CONCEPTS = f"MATCH (c:Concept) {_CONCEPT} ORDER BY c.id"
CONCEPTS_BY_ID = f"UNWIND $ids AS id MATCH (c:Concept {{id: id}}) {_CONCEPT}"
NAMED = f"""CALL db.index.fulltext.queryNodes($index, $words) YIELD node AS c, score
WITH c, score ORDER BY score DESC, c.id LIMIT $limit {_CONCEPT}"""
NARROWER = "UNWIND $ids AS id MATCH (:Concept {id: id})<-[:SUBCLASS_OF]-(c:Concept) RETURN DISTINCT c.id AS id"
BROADER = "UNWIND $ids AS id MATCH (:Concept {id: id})-[:SUBCLASS_OF]->(c:Concept) RETURN DISTINCT c.id AS id"
SUBCLASSES = "MATCH (c:Concept)-[:SUBCLASS_OF]->(up:Concept) RETURN c.id AS id, up.id AS up"
PHENOTYPES = """MATCH (s:Statement {predicate: 'biolink:has_phenotype'})
MATCH (s)-[:SUPPORTED_BY]->(e:Evidence)-[:IN]->(d:Document)
WHERE (s.belief > 0 OR s.total > 0) AND e.certainty <> 'hypothesis'
RETURN s.id AS statement, s.subject AS subject, s.object AS object, e.work AS work, e.count AS count,
e.total AS total, e.polarity AS polarity, e.strength AS strength, d.kind AS kind"""
STATEMENTS = f"MATCH (s:Statement) {_STATEMENT} ORDER BY s.id"
STATEMENTS_BY_ID = f"UNWIND $ids AS id MATCH (s:Statement {{id: id}}) {_STATEMENT}"
# The strength of a contradiction is that of its weaker side.
CONTRADICTED = f"""MATCH (s:Statement) WHERE s.support > 0 AND s.refute > 0
WITH s, CASE WHEN s.support < s.refute THEN s.support ELSE s.refute END AS weaker,
CASE WHEN s.support < s.refute THEN s.refute ELSE s.support END AS stronger
ORDER BY weaker DESC, stronger DESC, s.id LIMIT $limit {_STATEMENT}"""
COUNTS = {
    name: f"MATCH (n:{label}) RETURN count(n) AS n"
    for name, label in (
        ("concepts", "Concept"),
        ("statements", "Statement"),
        ("evidence", "Evidence"),
        ("documents", "Document"),
    )
}


def statements(given: Sequence[str], condition: str) -> str:
    """Return the text that lists statements whose ``given`` parts (subject, predicate, object) are among
    ``$subject``, ``$predicate``, ``$object``; ``condition`` is one more on ``s``.
    """
    # The first part is looked up, value by value, in its index; the others are compared.
    start = f"UNWIND ${given[0]} AS value MATCH (s:Statement {{{given[0]}: value}})" if given else "MATCH (s:Statement)"
    where = " AND ".join([*(f"s.{name} IN ${name}" for name in given[1:]), condition])
    return f"{start} WHERE {where} WITH DISTINCT s ORDER BY s.belief DESC, s.id LIMIT $limit {_STATEMENT}"


def evidence(condition: str) -> str:
    """Return the text that lists the evidence of statement ``$id``; ``condition`` is one on ``d``, or empty."""
    where = f"WHERE {condition}" if condition else ""
    return f"MATCH (:Statement {{id: $id}})-[:SUPPORTED_BY]->(e:Evidence)-[:IN]->(d:Document) {where} {_EVIDENCE}"


def speaking(part: str, condition: str) -> str:
    """Return the text that lists, for ``$ids`` as ``part`` of a statement, each document's evidence: ids and scores.

    ``condition`` is one on ``d``, or empty: then no document needs to be looked at.
    """
    document = f"-[:IN]->(d:Document) WHERE {condition}" if condition else ""
    return f"""UNWIND $ids AS id MATCH (s:Statement {{{part}: id}}) WHERE s.belief >= $min_belief
MATCH (s)-[:SUPPORTED_BY]->(e:Evidence){document}
RETURN e.document AS document, collect([e.id, e.score]) AS pieces"""


def ties(condition: str) -> str:
    """Return the text that finds what joins each of ``$ids`` to another concept and is believed at least so far.

    ``condition`` is one more, on ``s``, the statement; empty where there is none.
    """
    narrowed = f"""WITH one, b, r MATCH (s:Statement {{id: r.id}}) WHERE {condition}""" if condition else ""
    return f"""UNWIND $ids AS one MATCH (:Concept {{id: one}})-[r:{_KINDS}]-(b:Concept) WHERE r.belief >= $min_belief
{narrowed}
RETURN one, b.id AS other, b.category AS category, r.id AS statement, r.belief AS belief"""


EVIDENCE_BY_ID = f"UNWIND $ids AS id MATCH (e:Evidence {{id: id}})-[:IN]->(d:Document) {_EVIDENCE}"
