// The page: reads its address, asks the server, shows the answer; whatever is clicked changes the address.

import { LIMIT, ask, filters, go, state } from "./api.js";
import { make, showConcept, showError, showStart, showStatement } from "./panel.js";
import { Picture } from "./picture.js";
import { Search } from "./search.js";
import { CATEGORIES, KINDS } from "./words.js";

const $ = (id) => document.getElementById(id);
const panel = $("panel");
const picture = new Picture($("graph"), {
  onNode: (id) => go({ concept: id, statement: "" }),
  onEdge: (id) => go({ statement: id }),
});
new Search($("search"), $("query"), $("matches"), (id) => go({ concept: id, statement: "" }));
let shown = { key: "", answer: null };

async function render() {
  const now = state();
  syncFilters(now);
  document.body.classList.add("asking");
  try {
    if (!now.concept && !now.statement) await start(now);
    else await concept(now);
  } catch (error) {
    if (error.name === "AbortError") return;
    picture.clear();
    shown = { key: "", answer: null };
    showError(panel, error.message);
  }
  document.body.classList.remove("asking");
}

async function start(now) {
  const [overview, statements] = await Promise.all([ask("graph"), ask("statements", { ...filters(now), limit: 12 })]);
  const ids = [...new Set(statements.flatMap((one) => [one.subject, one.object]))];
  const names = new Map((ids.length ? await ask("named", { id: ids }) : []).map((one) => [one.id, one]));
  shown = { key: "", answer: null };
  if (statements.length) {
    const first = await ask("neighbourhood", { name: statements[0].object, ...filters(now), limit: LIMIT });
    picture.show(first.concept.id, first.concepts, first.statements);
    hint(`Around the strongest statement: ${first.concept.name}. Click a line to read its evidence, a concept to go there.`);
  } else {
    picture.clear();
    hint("");
  }
  showStart(panel, overview, { statements, names });
  document.title = "medkg explorer";
}

async function concept(now) {
  const explained = now.statement ? ask(`statements/${encodeURIComponent(now.statement)}`, filters(now)) : null;
  const name = now.concept || (await explained).subject.id;
  const key = JSON.stringify([name, filters(now), now.narrower]);
  if (shown.key !== key) {
    const answer = await ask("neighbourhood", { name, ...filters(now), include_descendants: now.narrower, limit: LIMIT });
    shown = { key, answer };
    picture.show(answer.concept.id, answer.concepts, answer.statements);
    hint(answer.total ? "Click a line to read its evidence, a concept to go there." : "");
  }
  if (explained) showStatement(panel, await explained, shown.answer.concept);
  else showConcept(panel, shown.answer);
  picture.choose(now.statement);
  panel.scrollTop = 0;
  document.title = `${shown.answer.concept.name} · medkg explorer`;
}

function hint(text) {
  $("hint").textContent = text;
}

function syncFilters(now) {
  $("min_belief").value = now.min_belief;
  $("filters").querySelector("output").textContent = now.min_belief.toFixed(2);
  for (const box of $("kinds").querySelectorAll("input")) box.checked = now.kind.includes(box.value);
  $("since").value = now.since;
  $("until").value = now.until;
  $("narrower").checked = now.narrower;
}

$("kinds").append(...KINDS.map((kind) =>
  make("label", { className: "chip" }, make("input", { type: "checkbox", value: kind }), make("span", {}, kind.replaceAll("_", " ")))));
$("legend").append(
  ...["Disease", "PhenotypicFeature", "ChemicalEntity", "Gene", "Treatment", "DiagnosticAid"].map((category) =>
    make("span", { className: `key ${category}` }, make("i"), CATEGORIES[category])),
  ...[["helps", "treats, prevents"], ["harms", "causes, harms"], ["disputed", "also refuted"]].map(([tone, words]) =>
    make("span", { className: `key line ${tone}` }, make("i"), words)));

$("min_belief").addEventListener("input", (event) => {
  $("filters").querySelector("output").textContent = Number(event.target.value).toFixed(2);
});
$("filters").addEventListener("change", () => {
  const year = (id) => (/^\d{4}$/.test($(id).value) ? $(id).value : "");
  go({
    min_belief: Number($("min_belief").value),
    kind: [...$("kinds").querySelectorAll("input:checked")].map((box) => box.value),
    since: year("since"), until: year("until"), narrower: $("narrower").checked,
  });
});
$("filters").addEventListener("submit", (event) => event.preventDefault());
$("reset").addEventListener("click", () => go({ min_belief: 0, kind: [], since: "", until: "", narrower: false }));
for (const [type, id] of [["mouseover", true], ["focusin", true], ["mouseout", false]]) {
  panel.addEventListener(type, (event) => picture.point(id ? event.target.closest?.("[data-statement]")?.dataset.statement ?? "" : ""));
}
document.addEventListener("keydown", (event) => {
  const writing = event.target.matches("input:not([type=checkbox]):not([type=range])");
  if (event.key === "/" && !writing) {
    event.preventDefault();
    $("query").select();
  }
  if (event.key === "Escape" && !writing && state().statement && state().concept) go({ statement: "" });
});
addEventListener("hashchange", render);
render();
