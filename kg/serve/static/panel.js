// The side of the page: the concept with what is said of it, or one statement with the sentences that say it.
// Texts come from documents of any origin: they are set as text, never as markup.

import { LIMIT, address, state } from "./api.js";
import { CATEGORIES, GROUPS, bare, count, says, symmetric, tone } from "./words.js";

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== ""));
  return element;
}

export function showStart(panel, overview, strongest) {
  const sizes = ["concepts", "statements", "evidence", "documents"].map((name) =>
    make("div", { className: "tile" }, make("b", {}, overview[name].toLocaleString("en")), make("span", {}, name)));
  panel.replaceChildren(
    make("h1", {}, "Explore the graph"),
    make("p", { className: "soft" }, "Search above for a concept, or begin with one of the strongest statements."),
    make("div", { className: "tiles" }, ...sizes),
    make("h2", {}, "Strongest statements"),
    rows(strongest.statements, strongest.names, (one) => ({ concept: one.object, statement: one.id })),
    make("p", { className: "boundary" }, overview.boundary),
    make("p", { className: "soft small" }, "Graph ", make("code", {}, overview.graph), " · ",
      make("a", { href: "openapi.json" }, "REST interface (OpenAPI)")),
  );
}

export function showConcept(panel, { concept, parents, concepts, statements, total }) {
  const names = new Map(concepts.map((one) => [one.id, one]));
  const own = statements.slice(0, total);
  const known = new Set();
  const groups = GROUPS.map(([heading, predicates, part]) => [heading,
    own.filter((one) => one[part] === concept.id && predicates.includes(bare(one.predicate)))]);
  for (const [, same] of groups) for (const one of same) known.add(one.id);
  groups.push(["Other ties", own.filter((one) => !known.has(one.id))]);
  const also = concept.synonyms.filter((name) => name.toLowerCase() !== concept.name.toLowerCase())
    .sort((a, b) => a.includes(",") - b.includes(","));
  panel.replaceChildren(
    make("p", { className: `category ${concept.category}` }, CATEGORIES[concept.category] ?? concept.category),
    make("h1", {}, concept.name),
    make("p", { className: "soft small" }, make("code", {}, concept.id), also.length ? ` also ${also.slice(0, 5).join(" · ")}` : ""),
    parents.length ? make("p", { className: "soft small" }, "a kind of ", ...parents.flatMap((one, at) => [at ? " · " : "", end(one)])) : "",
    ...groups.filter(([, same]) => same.length).flatMap(([heading, same]) => [
      make("h2", {}, heading),
      rows(same, names, (one) => ({ concept: concept.id, statement: one.id }), concept.id, heading),
    ]),
    own.length ? (total >= LIMIT ? make("p", { className: "soft small" }, `The ${LIMIT} strongest are shown.`) : "")
      : make("p", { className: "empty" }, "Nothing is said of it under these filters. Lower the belief, reset the filters, or include kinds of it."),
  );
}

export function showStatement(panel, { statement, subject, object, evidence }, centre) {
  const back = centre ? make("a", { className: "back", href: address({ ...state(), statement: "" }) }, `‹ ${centre.name}`) : "";
  const figures = [`support ${statement.support.toFixed(2)}`];
  if (statement.frequency) figures.unshift(`in ${frequency(statement.frequency)}`);
  if (statement.refute > 0) figures.push(`refuted ${statement.refute.toFixed(2)}`);
  figures.push(count(statement.works.length, "work"), `${count(statement.evidence.length, "piece")} of evidence`);
  const qualifiers = Object.entries(statement.qualifiers).map(([name, value]) => `${name.replaceAll("_", " ")}: ${value}`);
  panel.replaceChildren(
    back,
    make("h1", { className: "claim" }, end(subject), make("em", { className: tone(statement.predicate) }, ` ${says(statement.predicate)} `), end(object)),
    qualifiers.length ? make("p", { className: "soft" }, qualifiers.join(" · ")) : "",
    make("p", { className: "belief" }, gauge(statement.belief), make("b", {}, statement.belief.toFixed(2)), make("span", {}, `belief · ${figures.join(" · ")}`)),
    ...evidence.map(quote),
    evidence.length < statement.evidence.length
      ? make("p", { className: "soft small" }, `The filters hide ${count(statement.evidence.length - evidence.length, "piece")} of evidence.`) : "",
    make("p", { className: "soft small" }, "Statement ", make("code", {}, statement.id)),
  );
}

export function showError(panel, message) {
  panel.replaceChildren(make("h1", {}, "That did not work"), make("p", { className: "empty", role: "alert" }, message),
    make("p", {}, make("a", { href: "#" }, "Start again")));
}

function end(concept) {
  return make("a", { className: concept.category, href: address({ ...state(), concept: concept.id, statement: "" }) }, concept.name);
}

// Where a heading says it, the first predicate of its group is not said again.
function rows(statements, names, target, centre, heading) {
  const said = GROUPS.find((group) => group[0] === heading)?.[1][0];
  return make("ul", { className: "rows" }, ...statements.map((one) => {
    const shown = centre === one.subject ? [one.object] : centre === one.object ? [one.subject] : [one.subject, one.object];
    const ends = shown.map((id) => make("span", { className: `concept ${names.get(id)?.category ?? ""}` }, names.get(id)?.name ?? id));
    const words = bare(one.predicate) === said ? "" : make("em", {}, says(one.predicate));
    return make("li", { className: one.belief ? "" : "unbelieved" }, make("a", { href: address({ ...state(), ...target(one) }), "data-statement": one.id },
      make("span", {}, ...(centre === one.subject || (centre && symmetric(one.predicate)) ? [words, " ", ends[0]] : [ends[0], " ", words, " ", ends[1]])),
      make("span", { className: "weight" }, gauge(one.belief), make("b", {}, one.belief.toFixed(2)), make("small", {}, one.frequency ? frequency(one.frequency) : count(one.works.length, "work")))));
  }));
}

function frequency({ share, count: some, total }) {
  return `${Math.round(100 * share)} % (${some} of ${total})`;
}

function gauge(belief) {
  const full = make("i");
  full.style.width = `${100 * belief}%`;
  return make("i", { className: "gauge", "aria-hidden": "true" }, full);
}

function quote(evidence) {
  const badges = [evidence.polarity === "refutes" ? "refutes" : "", evidence.certainty === "asserted" ? "" : evidence.certainty,
    evidence.strength, evidence.total ? `${evidence.count} of ${evidence.total} patients` : ""].filter(Boolean);
  const title = evidence.title || evidence.document;
  const source = /^https?:\/\//.test(evidence.url)
    ? make("a", { href: evidence.url, target: "_blank", rel: "noopener noreferrer" }, title) : make("span", {}, title);
  const about = [evidence.kind.replaceAll("_", " "), evidence.published, evidence.section, `${evidence.reader.split("/")[0]}, score ${evidence.score.toFixed(2)}`];
  return make("blockquote", { className: evidence.polarity },
    make("p", {}, ...(evidence.text ? marked(evidence) : [make("i", {}, "A curated source: no sentence.")])),
    make("cite", {}, source, make("span", {}, about.filter(Boolean).join(" · ")), make("code", {}, evidence.document),
      ...badges.map((badge) => make("span", { className: `badge ${badge === "refutes" ? "refutes" : ""}` }, badge))));
}

// Offsets count code points of the document, as Python does, not the UTF-16 units of a JavaScript string.
function marked({ text, sentence, subject, object }) {
  const letters = Array.from(text);
  const from = sentence?.start ?? 0;
  const marks = [[subject, "subject"], [object, "object"]].filter(([span]) => sentence && span)
    .map(([span, part]) => [span.start - from, span.end - from, part]).sort((a, b) => a[0] - b[0]);
  const parts = [];
  let at = 0;
  for (const [start, stop, part] of marks) {
    if (start < at || stop > letters.length) continue;
    parts.push(letters.slice(at, start).join(""), make("mark", { className: part, title: part }, letters.slice(start, stop).join("")));
    at = stop;
  }
  return [...parts, letters.slice(at).join("")];
}
