// The scorecard, the rules broken and the named exceptions.
import type { Payload, Violation } from "./data.js";
import { byId, element } from "./dom.js";

export function showFacts(data: Payload): void {
  const tiles = data.facts.map((fact) =>
    element(
      "div",
      { "data-key": fact.key },
      element("dt", {}, fact.label),
      element("dd", { class: "value" }, fact.value),
      ...(fact.note ? [element("dd", { class: "note" }, fact.note)] : []),
    ),
  );
  byId("facts").replaceChildren(...tiles);
}

export function showLists(data: Payload, go: (violation: Violation, broken: boolean) => void): void {
  const count = data.violations.length;
  const heading = byId("violations-title");
  heading.textContent =
    count === 0 ? "Every rule is kept" : count === 1 ? "1 rule broken" : `${count} rules broken`;
  heading.classList.toggle("good", count === 0);
  heading.classList.toggle("bad", count > 0);
  byId("violation-list").replaceChildren(
    ...data.violations.map((v) => entry(v, () => go(v, true))),
  );
  byId("exceptions").hidden = data.exceptions.length === 0;
  byId("exception-list").replaceChildren(
    ...data.exceptions.map((v) => entry(v, () => go(v, false))),
  );
}

function entry(violation: Violation, click: () => void): HTMLElement {
  const hasPlace = violation.federation !== null || violation.practices.length > 0;
  if (!hasPlace) return element("li", {}, violation.message);
  return element(
    "li",
    {},
    element("button", { type: "button", title: "Show on the map", click }, violation.message),
  );
}
