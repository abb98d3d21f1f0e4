"""The Cypher of the query API: one set of texts for every store. Values are parameters, always."""

from __future__ import annotations

from kg.schema.vocabulary import PREDICATES

NAME_INDEX = "Concept[names]"

_CONCEPT = """RETURN c.id AS id, c.name AS name, c.category AS category, c.synonyms AS synonyms, c.xrefs AS xrefs,
c.parents AS parents, c.source AS source"""
_STATEMENT = """RETURN s.id AS id, s.subject AS subject, s.predicate AS predicate, s.object AS object,
s.qualifiers AS qualifiers, s.belief AS belief, s.support AS support, s.refute AS refute, s.works AS works"""
_STRONGEST = "ORDER BY s.belief DESC, s.id LIMIT $limit"

CONCEPT = f"MATCH (c:Concept {{id: $id}}) {_CONCEPT}"
CONCEPTS = f"MATCH (c:Concept) {_CONCEPT} ORDER BY c.id"
NAMED = f"""CALL db.index.fulltext.queryNodes($index, $words) YIELD node AS c, score
WITH c, score ORDER BY score DESC, c.id LIMIT $limit {_CONCEPT}"""
STATEMENT = f"MATCH (s:Statement {{id: $id}}) {_STATEMENT}"
STATEMENTS = f"MATCH (s:Statement) {_STATEMENT} ORDER BY s.id"
NEIGHBOURHOOD = f"""MATCH (s:Statement) WHERE (s.subject = $id OR s.object = $id) AND s.belief >= $min_belief
{_STATEMENT} {_STRONGEST}"""
EVIDENCE = """MATCH (:Statement {id: $id})-[:SUPPORTED_BY]->(e:Evidence)-[:IN]->(d:Document)
RETURN e.id AS id, e.document AS document, e.work AS work, d.title AS title, d.url AS url, d.kind AS kind,
d.published AS published, e.section AS section, e.text AS text,
e.sentence_start AS sentence_start, e.sentence_end AS sentence_end, e.subject_start AS subject_start,
e.subject_end AS subject_end, e.object_start AS object_start, e.object_end AS object_end,
e.polarity AS polarity, e.certainty AS certainty, e.score AS score, e.reader AS reader, e.strength AS strength
ORDER BY e.score DESC, e.id"""
COUNTS = {
    label.lower(): f"MATCH (n:{label}) RETURN count(n) AS n"
    for label in ("Concept", "Statement", "Evidence", "Document")
}


def statements(subject: bool, predicate: bool, obj: bool) -> str:
    """Return the text that lists statements, restricted by the parameters that are said to be given."""
    given = (("subject", subject), ("predicate", predicate), ("object", obj))
    conditions = [f"s.{name} = ${name}" for name, wanted in given if wanted]
    where = " AND ".join([*conditions, "s.belief >= $min_belief"])
    return f"MATCH (s:Statement) WHERE {where} {_STATEMENT} {_STRONGEST}"


def path(max_length: int) -> str:
    """Return the text that finds the shortest chains of at most ``max_length`` edges, the most believed first."""
    kinds = "|".join(predicate.relationship for predicate in PREDICATES.values())
    return f"""MATCH (a:Concept {{id: $source}}), (b:Concept {{id: $target}})
MATCH p = allShortestPaths((a)-[:{kinds}*..{int(max_length)}]-(b))
WITH [r IN relationships(p) | r.id] AS ids, reduce(belief = 1.0, r IN relationships(p) | belief * r.belief) AS belief
RETURN ids ORDER BY belief DESC, ids LIMIT 1"""
