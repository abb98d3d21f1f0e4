// How are these two connected?
// :param a => 'Aspirin'
// :param b => 'Metformin'
MATCH (a:Concept {name: $a}), (b:Concept {name: $b})
MATCH p = shortestPath((a)-[:CAUSES|ASSOCIATED_WITH|TREATS|HAS_PHENOTYPE*..5]-(b))
RETURN [n IN nodes(p) | n.name] AS chain, [r IN relationships(p) | type(r)] AS predicates
