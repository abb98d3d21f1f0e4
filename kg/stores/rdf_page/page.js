// Asks /sparql and shows the answer. What comes back is only ever put in as text.
"use strict";

const EXAMPLES = {
  "the most believed statements": `SELECT ?subject ?predicate ?object ?belief WHERE {
  ?statement a biolink:Association ; mkv:belief ?belief ; rdf:predicate ?predicate ;
    rdf:subject/rdfs:label ?subject ; rdf:object/rdfs:label ?object
} ORDER BY DESC(?belief) ?subject LIMIT 20`,
  "who says so, in which words": `SELECT ?subject ?predicate ?object ?polarity ?quotation ?document WHERE {
  ?statement rdf:subject/rdfs:label ?subject ; rdf:predicate ?predicate ; rdf:object/rdfs:label ?object ;
    biolink:has_evidence ?evidence .
  ?evidence mkv:polarity ?polarity ; oa:hasTarget ?target .
  ?target oa:hasSource ?document ; oa:hasSelector/oa:exact ?quotation
} LIMIT 20`,
  "how many statements of each predicate": `SELECT ?predicate (COUNT(*) AS ?statements) (MAX(?belief) AS ?strongest) WHERE {
  ?statement a biolink:Association ; rdf:predicate ?predicate ; mkv:belief ?belief
} GROUP BY ?predicate ORDER BY DESC(?statements)`,
};
const TABLE = "application/sparql-results+json";
const place = (id) => document.getElementById(id);

function element(name, text) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  return made;
}

function cell(term) {
  const made = element("td");
  if (term && term.type === "uri" && /^https?:/.test(term.value)) {
    const link = element("a", term.value);
    link.href = term.value;
    link.rel = "noreferrer";
    made.append(link);
  } else {
    made.textContent = term ? term.value : "";
  }
  return made;
}

function row(cells) {
  const made = element("tr");
  made.append(...cells);
  return made;
}

function table(answer) {
  if ("boolean" in answer) return [element("p", answer.boolean ? "yes" : "no"), "1 answer"];
  const columns = answer.head.vars;
  const rows = answer.results.bindings;
  const head = element("thead");
  const body = element("tbody");
  head.append(row(columns.map((name) => element("th", name))));
  body.append(...rows.map((found) => row(columns.map((name) => cell(found[name])))));
  const made = element("table");
  made.append(head, body);
  return [made, `${rows.length} rows`];
}

async function ask(event) {
  event.preventDefault();
  const state = place("state");
  state.className = "";
  state.textContent = "asking";
  place("answer").replaceChildren();
  try {
    const reply = await fetch("sparql", {
      method: "POST",
      headers: { Accept: `${TABLE}, text/turtle` },
      body: new URLSearchParams({ query: place("query").value }),
    });
    if (!reply.ok) throw new Error(await reply.text());
    const plain = reply.headers.get("Content-Type") !== TABLE;
    const [made, count] = plain ? [element("pre", await reply.text()), "a graph"] : table(await reply.json());
    place("answer").append(made);
    state.textContent = count;
  } catch (error) {
    state.className = "wrong";
    state.textContent = error.message;
  }
}

for (const name of Object.keys(EXAMPLES)) place("examples").append(new Option(name));
place("examples").addEventListener("change", (event) => { place("query").value = EXAMPLES[event.target.value]; });
place("ask").addEventListener("submit", ask);
// A link that carries a query asks it: /?query=...
const given = new URLSearchParams(location.search).get("query");
place("query").value = given || Object.values(EXAMPLES)[0];
if (given) place("ask").requestSubmit();
