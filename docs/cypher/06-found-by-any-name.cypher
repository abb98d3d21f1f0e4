// Which concepts bear a name like this? Words in lower case; + demands one, * ends a beginning.
// :param words => '+hemorr*'
CALL db.index.fulltext.queryNodes('Concept[names]', $words) YIELD node, score
RETURN node.id AS id, node.name AS name, node.synonyms AS synonyms
ORDER BY score DESC, id LIMIT 20
