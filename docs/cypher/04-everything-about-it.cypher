// Everything within one step of this concept.
// :param name => 'Lactic acidosis'
MATCH (a:Concept {name: $name})-[r]-(b:Concept)
RETURN startNode(r).name AS subject, type(r) AS predicate, endNode(r).name AS object, r.belief AS belief
ORDER BY belief DESC, subject, object
