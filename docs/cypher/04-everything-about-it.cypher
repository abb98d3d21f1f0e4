// Everything that is said of this concept, as subject or object.
// :param name => 'Lactic acidosis'
MATCH (a:Concept {name: $name})-[r]-(b:Concept)
WHERE r.belief IS NOT NULL
RETURN startNode(r).name AS subject, type(r) AS predicate, endNode(r).name AS object, r.belief AS belief
ORDER BY belief DESC, subject, object
