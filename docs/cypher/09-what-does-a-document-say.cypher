// What does this document say?
// :param document => 'PMID:3'
MATCH (d:Document {id: $document})<-[:IN]-(e:Evidence)<-[:SUPPORTED_BY]-(s:Statement)
MATCH (a:Concept {id: s.subject}), (b:Concept {id: s.object})
RETURN a.name AS subject, s.predicate AS predicate, b.name AS object, e.section AS section, e.text AS text
ORDER BY e.sentence_start, subject, object
