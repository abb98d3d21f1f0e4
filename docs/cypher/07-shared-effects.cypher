// Which other concepts cause or go with what this one causes?
// :param name => 'Metformin'
MATCH (a:Concept {name: $name})-[:CAUSES]->(effect:Concept)-[r:CAUSES|ASSOCIATED_WITH]-(other:Concept)
WHERE other.id <> a.id
RETURN effect.name AS effect, other.name AS other, type(r) AS predicate, r.belief AS belief
ORDER BY belief DESC, other
