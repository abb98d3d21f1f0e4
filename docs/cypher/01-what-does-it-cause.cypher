// What does this cause, and how far is it believed?
// :param name => 'Aspirin'
MATCH (a:Concept {name: $name})-[r:CAUSES]->(b:Concept)
RETURN b.name AS effect, r.belief AS belief, r.works AS works, r.first_year AS since
ORDER BY belief DESC, effect
