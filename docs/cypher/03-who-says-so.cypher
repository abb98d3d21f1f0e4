// Who says so, and in which words?
// :param subject => 'Aspirin'
// :param object => 'Hemorrhage'
MATCH (a:Concept {name: $subject})-[r:CAUSES]->(b:Concept {name: $object})
WITH r.id AS id
MATCH (s:Statement {id: id})-[:SUPPORTED_BY]->(e:Evidence)-[:IN]->(d:Document)
RETURN d.id AS document, d.published AS published, e.polarity AS polarity, e.certainty AS certainty,
  e.score AS score, e.text AS text
ORDER BY score DESC, document
