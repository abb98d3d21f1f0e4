// The neighbourhood as a picture: the concept in the middle, around it what is said to be tied to it.

import cytoscape from "./cytoscape.min.mjs";
import { CATEGORIES, says, symmetric, tone } from "./words.js";

const FONT = "13px system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif";
const RINGS = [12, 18, 24, 30, 36, 42];
const LINE = 17;
const WIDEST = 150;
const pen = document.createElement("canvas").getContext("2d");

export class Picture {
  constructor(element, { onNode, onEdge }) {
    this.element = element;
    this.cy = cytoscape({ container: element, minZoom: 0.2, maxZoom: 2.5, boxSelectionEnabled: false });
    this.cy.on("tap", "node", (event) => onNode(event.target.id()));
    this.cy.on("tap", "edge", (event) => onEdge(event.target.id()));
    this.cy.on("mouseover", "node, edge", (event) => this.point(event.target.id()));
    this.cy.on("mouseout", "node, edge", () => this.point(""));
    this.colour();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.colour());
    new ResizeObserver(() => this.fit()).observe(element);
  }

  show(centre, concepts, statements) {
    const stretch = Math.min(1.9, Math.max(0.9, this.element.clientWidth / this.element.clientHeight));
    const around = arranged(centre, concepts, statements, stretch);
    const name = concepts.find((concept) => concept.id === centre).name;
    this.cy.elements().remove();
    this.cy.add(concepts.map((concept) => ({
      data: { id: concept.id, ...lettering(concept.name, concept.id === centre) },
      position: around.get(concept.id),
      classes: `${concept.category} ${concept.id === centre ? "centre" : ""}`,
    })));
    this.cy.add(statements.map((one) => ({
      data: { id: one.id, source: one.subject, target: one.object, says: says(one.predicate), width: 1 + 5 * one.belief },
      classes: [tone(one.predicate), symmetric(one.predicate) ? "both" : "", one.refute > 0 ? "disputed" : ""].join(" "),
    })));
    this.fit();
    this.element.setAttribute("aria-label", `${concepts.length - 1} concepts around ${name}; listed at the side`);
  }

  clear() {
    this.cy.elements().remove();
    this.element.setAttribute("aria-label", "No concept is chosen yet");
  }

  choose(statement) {
    this.cy.edges().unselect();
    this.cy.getElementById(statement).select();
  }

  point(id) {
    this.cy.elements().removeClass("pointed");
    this.cy.getElementById(id).addClass("pointed");
  }

  fit() {
    this.cy.resize();
    this.cy.fit(undefined, 34);
    if (this.cy.zoom() > 1.25) this.cy.zoom({ level: 1.25, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } });
  }

  colour() {
    const css = getComputedStyle(document.documentElement);
    const of = (name) => css.getPropertyValue(`--${name}`).trim();
    const node = (selector, colour) => ({ selector, style: { "background-color": of(colour) } });
    this.cy.style([
      { selector: "node", style: {
        shape: "round-rectangle", width: "data(wide)", height: "data(high)", label: "data(label)", color: of("on-node"),
        "background-color": of("other"), "text-wrap": "wrap", "text-max-width": WIDEST + 12, "text-valign": "center",
        "font-size": 13, "line-height": 1.25, "font-family": "system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif" } },
      node("node.Disease", "disease"), node("node.PhenotypicFeature", "sign"), node("node.ChemicalEntity", "drug"),
      node("node.Gene", "gene"), node("node.Treatment", "treatment"), node("node.DiagnosticAid", "test"),
      { selector: "node.centre", style: { "font-weight": "bold", "border-width": 3, "border-color": of("ink"), "border-opacity": 0.35 } },
      { selector: "edge", style: {
        "curve-style": "bezier", width: "data(width)", "line-color": of("soft"), "target-arrow-color": of("soft"),
        "target-arrow-shape": "triangle", "arrow-scale": 0.9, opacity: 0.55, "font-size": 12, color: of("ink"),
        "text-background-color": of("card"), "text-background-opacity": 0.92, "text-background-padding": 3 } },
      { selector: "edge.helps", style: { "line-color": of("treatment"), "target-arrow-color": of("treatment") } },
      { selector: "edge.harms", style: { "line-color": of("disease"), "target-arrow-color": of("disease") } },
      { selector: "edge.both", style: { "target-arrow-shape": "none" } },
      { selector: "edge.disputed", style: { "line-style": "dashed" } },
      { selector: "node.pointed", style: { "border-width": 3, "border-color": of("accent"), "border-opacity": 1 } },
      { selector: "edge.pointed", style: { opacity: 1, label: "data(says)", "z-index": 9 } },
      { selector: "edge:selected", style: { opacity: 1, label: "data(says)", "line-color": of("accent"), "target-arrow-color": of("accent"), "z-index": 9 } },
    ]);
  }
}

// Rings around the middle, the strongest ties inside, each category together; the same neighbourhood, the same picture.
function arranged(centre, concepts, statements, stretch) {
  const strength = new Map();
  for (const { subject, object, belief } of statements) {
    for (const end of [subject, object]) strength.set(end, Math.max(strength.get(end) ?? 0, belief));
  }
  const order = Object.keys(CATEGORIES);
  const others = concepts.filter((concept) => concept.id !== centre)
    .sort((a, b) => strength.get(b.id) - strength.get(a.id) || a.id.localeCompare(b.id));
  const rings = [];
  for (let room = 0; room < others.length; room += RINGS[Math.min(rings.length - 1, RINGS.length - 1)]) {
    rings.push(RINGS[Math.min(rings.length, RINGS.length - 1)]);
  }
  const all = rings.reduce((sum, room) => sum + room, 0);
  const places = new Map([[centre, { x: 0, y: 0 }]]);
  let at = 0;
  rings.forEach((room, ring) => {
    const end = ring === rings.length - 1 ? others.length : at + Math.round((others.length * room) / all);
    const here = others.slice(at, end)
      .sort((a, b) => order.indexOf(a.category) - order.indexOf(b.category) || a.name.localeCompare(b.name));
    const high = 190 + 125 * ring;
    here.forEach((concept, index) => {
      const angle = -Math.PI / 2 + (2 * Math.PI * (index + (ring % 2) / 2)) / here.length;
      places.set(concept.id, { x: stretch * high * Math.cos(angle), y: high * Math.sin(angle) });
    });
    at = end;
  });
  return places;
}

// The label in lines that fit, and the size of the box that holds them.
function lettering(name, bold) {
  pen.font = `${bold ? "bold " : ""}${FONT}`;
  const lines = [""];
  for (const word of name.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.at(-1) && pen.measureText(longer).width > WIDEST) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  const kept = lines.length > 3 ? [...lines.slice(0, 2), `${lines[2]} …`] : lines;
  const wide = Math.min(WIDEST + 30, Math.max(...kept.map((line) => pen.measureText(line).width)));
  return { label: kept.join("\n"), wide: wide + 20, high: kept.length * LINE + 12 };
}
