// What is said to cause this?
// :param name => 'Hemorrhage'
MATCH (a:Concept)-[r:CAUSES]->(b:Concept {name: $name})
RETURN a.name AS cause, a.category AS category, r.belief AS belief, r.works AS works
ORDER BY belief DESC, cause
