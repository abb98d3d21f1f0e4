// What the page asks the server, and the state of the page, which is its address: every view can be sent as a link.

export const LIMIT = 30;

export function state() {
  const given = new URLSearchParams(location.hash.slice(1));
  return {
    concept: given.get("concept") ?? "",
    statement: given.get("statement") ?? "",
    min_belief: Number(given.get("min_belief") ?? 0) || 0,
    kind: given.getAll("kind"),
    since: given.get("since") ?? "",
    until: given.get("until") ?? "",
    narrower: given.get("narrower") === "1",
  };
}

export function go(changes) {
  location.hash = address({ ...state(), ...changes });
}

export function address(wanted) {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) {
    for (const one of Array.isArray(value) ? value : [value === true ? "1" : value]) if (one) given.append(name, one);
  }
  return `#${given}`;
}

export function filters({ min_belief, kind, since, until }) {
  return { min_belief, kind, since, until };
}

// One question of each sort at a time: a newer one ends the older.
const running = new Map();

export async function ask(path, parameters = {}) {
  running.get(path)?.abort();
  const control = new AbortController();
  running.set(path, control);
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== "" && one !== undefined) given.append(name, one);
  }
  let response;
  try {
    response = await fetch(`/api/${path}?${given}`, { signal: control.signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server does not answer. Is kg serve still running?");
  }
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Error(answer.message ?? "The server cannot use this question; reset the filters.");
}
