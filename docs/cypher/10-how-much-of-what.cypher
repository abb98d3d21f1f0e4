// How many statements of each predicate are there, and how far are they believed?
MATCH (s:Statement)
RETURN s.predicate AS predicate, count(*) AS statements, max(s.belief) AS strongest
ORDER BY statements DESC, predicate
