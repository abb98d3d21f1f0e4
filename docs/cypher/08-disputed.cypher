// Which statements have evidence on both sides?
MATCH (s:Statement) WHERE s.refute > 0 AND s.support > 0
MATCH (a:Concept {id: s.subject}), (b:Concept {id: s.object})
RETURN a.name AS subject, s.predicate AS predicate, b.name AS object, s.support AS support, s.refute AS refute
ORDER BY refute DESC, subject, object LIMIT 50
