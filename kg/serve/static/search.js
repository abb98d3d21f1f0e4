// The search box: a combobox with the concepts found, worked by mouse or by arrows, Enter and Escape.

import { ask } from "./api.js";
import { make } from "./panel.js";
import { CATEGORIES } from "./words.js";

const WAIT = 120;

export class Search {
  constructor(form, input, list, onChoose) {
    Object.assign(this, { input, list, onChoose, at: -1, found: [] });
    input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), WAIT);
    });
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), WAIT));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      clearTimeout(this.timer);
      if (this.at < 0) await this.search();
      if (this.found.length) this.choose(Math.max(this.at, 0));
    });
  }

  async search() {
    const text = this.input.value.trim();
    try {
      this.found = text ? await ask("concepts", { text, limit: 10 }) : [];
    } catch (error) {
      if (error.name === "AbortError") return;
      this.found = [];
    }
    this.at = -1;
    const none = text && !this.found.length ? [make("li", { className: "none" }, "No concept of this name or id in the graph.")] : [];
    this.list.replaceChildren(...none, ...this.found.map((concept, index) => {
      const row = make("li", { id: `match-${index}`, role: "option", "aria-selected": "false" },
        make("span", { className: `concept ${concept.category}` }, concept.name),
        make("small", {}, [CATEGORIES[concept.category] ?? concept.category, concept.id, other(concept, text)].filter(Boolean).join(" · ")));
      row.addEventListener("mousedown", () => this.choose(index));
      return row;
    }));
    this.open(Boolean(text));
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found.length) {
      event.preventDefault();
      this.at = (this.at + step + this.found.length) % this.found.length;
      [...this.list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === this.at)));
      this.list.children[this.at].scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", `match-${this.at}`);
    }
    if (event.key === "Escape") this.close();
  }

  choose(index) {
    const concept = this.found[index];
    this.input.value = concept.name;
    this.close();
    this.onChoose(concept.id);
  }

  open(yes) {
    this.list.hidden = !yes;
    this.input.setAttribute("aria-expanded", String(yes));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.open(false);
  }
}

// The synonym that was typed, where the name is another one.
function other(concept, text) {
  const wanted = text.toLowerCase();
  if (concept.name.toLowerCase().includes(wanted)) return "";
  return concept.synonyms.find((name) => name.toLowerCase().includes(wanted)) ?? "";
}
