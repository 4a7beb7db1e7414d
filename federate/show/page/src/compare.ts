// Two maps that move together, and tables that say what changes between them.
import { createEmpty, extend } from "ol/extent.js";
import type { Against, Change, Compared, Fate, Shown } from "./compare_data.js";
import { format, readPayload } from "./data.js";
import type { Unit } from "./data.js";
import { announce, byId, element } from "./dom.js";
import { BROKEN, IDENTITY } from "./painter.js";
import { Pane } from "./pane.js";
import { Rows, cell } from "./rows.js";
import { Search } from "./search.js";
import { Selection } from "./selection.js";
import { Tip } from "./tip.js";
import type { Lit } from "./view.js";

const data = readPayload<Compared>();
const base = data.plans[0]!;
const selection = new Selection();
const tip = new Tip(base, byId("tip"));
const moves = new Rows(byId<HTMLTableElement>("moves"), (k) => showMove(k));
const fates = new Rows(byId<HTMLTableElement>("fates"), (k) => showFate(k));
const search = new Search(base, selection);
const edge = element("div", { id: "edge", "aria-hidden": "true" });
const HINT = "Choose a practice or a federation, on a map or in a table, to see what becomes of it.";
const NOTHING: Shown = { practice: null, before: null, after: null };
let other = 1;
let against: Against = data.against[0]!;
let panes: [Pane, Pane] = open();
let paleOn = true;

function plan(): Compared["plans"][number] {
  return data.plans[other]!;
}

/** Build both maps for the plan that is held against the base. */
function open(): [Pane, Pane] {
  const made = [base, plan()].map(
    (payload, k) => new Pane(payload, byId(`map-${k}`), against.changes),
  ) as [Pane, Pane];
  // One view for two maps: whatever moves the one moves the other.
  made[1].view.map.setView(made[0].view.map.getView());
  made.forEach((pane, k) => {
    pane.listen(
      tip,
      (practice, federation) => pick(k, practice, federation),
      (federation) => pane.view.hover(federation),
    );
  });
  return made;
}

function label(payload: Compared["plans"][number], federation: number | null): string {
  return federation === null ? "alone" : payload.federations.label[federation]!;
}

function nameOf(practice: number): string {
  const { name, code } = base.practices;
  return name[practice] ? `${code[practice]} ${name[practice]}` : code[practice]!;
}

function minutes(change: Change): string {
  return `${format(change.minutes_before, "minutes")} → ${format(change.minutes_after, "minutes")}`;
}

function signed(value: number, unit: Unit): string {
  return `${value < 0 ? "−" : "+"}${format(Math.abs(value), unit)}`;
}

/** Mark what is shown on both maps and bring it into view. */
function show(shown: Shown, zoom: boolean): void {
  const lit = [shown.before, shown.after].map(
    (federation): Lit => ({
      federations: federation === null ? [] : [federation],
      practices: shown.practice === null ? [] : [shown.practice],
    }),
  );
  panes.forEach((pane, k) => pane.view.light(lit[k]!, { federations: [], practices: [] }));
  if (!zoom) return;
  byId("maps").scrollIntoView({ block: "nearest" });
  const extent = createEmpty();
  panes.forEach((pane, k) => extend(extent, pane.view.extentOf(lit[k]!)));
  panes[0].view.zoomInto(extent);
}

function say(text: string): void {
  byId("picked").textContent = text || HINT;
}

function showMove(k: number, scroll = false): void {
  const change = against.changes[k]!;
  moves.mark(k, scroll);
  fates.mark(null, false);
  show(change, true);
  say(tellPractice(change.practice));
}

function tellPractice(practice: number): string {
  const change = against.changes.find((one) => one.practice === practice);
  const [was, now] = [base, plan()].map((p) => label(p, p.practices.federation[practice] ?? null));
  const who = `${nameOf(practice)}, ${format(base.practices.patients[practice], "count")} patients`;
  if (change) return `${who}: ${was} → ${now}, ${minutes(change)} min to the lead practice`;
  const [from, to] = [base, plan()].map((p) => format(p.practices.minutes[practice], "minutes"));
  return `${who}: stays in ${was}${was === now ? "" : `, now ${now}`}, ${from} → ${to} min to the lead practice`;
}

function showFate(k: number): void {
  const fate = against.fates[k]!;
  fates.mark(k, false);
  moves.mark(null, false);
  show({ practice: null, before: fate.before, after: fate.after }, true);
  say(tellFate(fate));
}

function tellFate(fate: Fate): string {
  const was = fate.before === null ? "new" : label(base, fate.before);
  const now = fate.after === null ? "gone" : label(plan(), fate.after);
  const sizes = `${format(fate.patients_before, "count")} → ${format(fate.patients_after, "count")} patients`;
  return `${was} → ${now}: ${sizes}; ${fate.joined.length} joined, ${fate.left.length} left`;
}

/** Show what was clicked on one of the maps, without moving them. */
function pick(k: number, practice: number | null, federation: number | null): void {
  if (practice !== null) {
    const own = [base, plan()].map((p) => p.practices.federation[practice] ?? null);
    const at = against.changes.findIndex((change) => change.practice === practice);
    moves.mark(at < 0 ? null : at, true);
    fates.mark(null, false);
    show({ practice, before: own[0]!, after: own[1]! }, false);
    say(tellPractice(practice));
    return;
  }
  const at = against.fates.findIndex(
    (fate) => federation !== null && (k === 0 ? fate.before : fate.after) === federation,
  );
  moves.mark(null, false);
  fates.mark(at < 0 ? null : at, true);
  const fate = against.fates[at];
  show(fate ? { practice: null, before: fate.before, after: fate.after } : NOTHING, false);
  say(fate ? tellFate(fate) : "");
}

function clear(): void {
  moves.mark(null, false);
  fates.mark(null, false);
  show(NOTHING, false);
  say("");
  announce("Nothing selected");
}

function step(by: number): void {
  if (!moves.length) return;
  const now = moves.current;
  const at = now === null ? (by > 0 ? 0 : moves.length - 1) : now + by;
  showMove((at + moves.length) % moves.length, true);
}

function fillTables(): void {
  const names = [data.names[0]!, data.names[other]!];
  const count = against.changes.length;
  const practices = count === 1 ? "1 practice changes" : `${count} practices change`;
  byId("moves-title").textContent = `${practices} federation`;
  moves.fill(
    ["Practice", { figure: "Patients" }, `In ${names[0]}`, `In ${names[1]}`, { figure: "Minutes" }],
    against.changes.map((change) => [
      nameOf(change.practice),
      { figure: format(base.practices.patients[change.practice], "count") },
      label(base, change.before),
      `${label(plan(), change.after)}${change.is_new ? " (new)" : ""}`,
      { figure: minutes(change) },
    ]),
  );
  fates.fill(
    [names[0]!, names[1]!, { figure: "Patients" }, { figure: "Joined" }, { figure: "Left" }],
    against.fates.map((fate) => [
      fate.before === null ? "–" : label(base, fate.before),
      fate.after === null ? "gone" : label(plan(), fate.after),
      { figure: `${format(fate.patients_before, "count")} → ${format(fate.patients_after, "count")}` },
      { figure: fate.before === null ? "new" : String(fate.joined.length) },
      { figure: String(fate.left.length) },
    ]),
  );
}

function fillCriteria(): void {
  const table = byId<HTMLTableElement>("criteria");
  const pair = (values: (number | null)[]) => [values[0] ?? null, values[other] ?? null] as const;
  table.tHead!.replaceChildren(
    element(
      "tr",
      {},
      cell("th", "", { scope: "col" }),
      ...[data.names[0]!, data.names[other]!, "Change"].map((h) => cell("th", { figure: h }, { scope: "col" })),
    ),
  );
  const groups = { cost: "Cost, £ a year", totals: "Figures", proof: "Rules and proof" };
  const rows: HTMLElement[] = [];
  let group = "";
  for (const criterion of data.criteria) {
    if (criterion.group !== group) {
      group = criterion.group;
      rows.push(element("tr", { class: "group" }, element("th", { colspan: 4, scope: "rowgroup" }, groups[criterion.group])));
    }
    const [was, now] = pair(criterion.values);
    const same = was === now || was === null || now === null;
    rows.push(
      element(
        "tr",
        same ? { class: "same" } : {},
        cell("th", criterion.title, { scope: "row" }),
        ...[was, now].map((value) => cell("td", { figure: format(value, criterion.unit) })),
        cell("td", { figure: same ? "" : signed(now - was, criterion.unit) }),
      ),
    );
  }
  table.tBodies[0]!.replaceChildren(...rows);
}

function fillBroken(): void {
  const parts = [base, plan()].flatMap((payload, k) => {
    const name = data.names[k === 0 ? 0 : other]!;
    const count = payload.violations.length;
    const heading = element("h3", {}, count ? `${name}: ${count} broken` : `${name}: every rule is kept`);
    const items = payload.violations.map((violation) => {
      const places: Lit = {
        federations: violation.federation === null ? [] : [violation.federation],
        practices: violation.practices,
      };
      const go = () => {
        clear();
        const view = panes[k]!.view;
        view.light({ federations: [], practices: [] }, places);
        view.zoomInto(view.extentOf(places));
        say(violation.message);
      };
      return element("li", {}, element("button", { type: "button", click: go }, violation.message));
    });
    return [heading, element("ul", {}, ...items)];
  });
  byId("broken").replaceChildren(...parts);
}

/** Draw pale what neither gains nor loses anybody. */
function paint(): void {
  const stays = against.fates.filter((fate) => !fate.joined.length && !fate.left.length);
  const sides = [stays.map((fate) => fate.before), stays.map((fate) => fate.after)];
  panes.forEach((pane, k) => {
    const pale = sides[k]!.filter((index): index is number => index !== null);
    pane.painter.pale = new Set(paleOn ? pale : []);
    pane.painter.chosen = colour();
    pane.view.repaint();
  });
}

function colour(): string {
  return document.querySelector<HTMLInputElement>("#layers input:checked")?.value ?? IDENTITY;
}

function switches(): void {
  for (const [value, title] of [[IDENTITY, "Federations"], [BROKEN, "Rules broken"]]) {
    const input = element("input", { type: "radio", name: "layer", value: value!, checked: value === IDENTITY });
    input.addEventListener("change", paint);
    byId("layers").append(element("label", {}, input, element("span", {}, title!)));
  }
  const checks: [string, string, boolean, (on: boolean) => void][] = [
    ["changes", "Changes only", true, (on) => { paleOn = on; paint(); }],
    ["practices", "Practices", true, (on) => panes.forEach((pane) => pane.view.show("practices", on))],
    ["swiped", "One over the other", false, stack],
  ];
  for (const [value, title, checked, does] of checks) {
    const input = element("input", { type: "checkbox", value, checked });
    input.addEventListener("change", () => does(input.checked));
    byId("overlays").append(element("label", {}, input, element("span", {}, title)));
  }
  byId("swipe").addEventListener("input", wipe);
  const choice = byId<HTMLSelectElement>("other");
  data.names.slice(1).forEach((name, k) => choice.append(element("option", { value: k + 1 }, name)));
  byId("against").hidden = data.names.length < 3;
  choice.addEventListener("change", () => hold(Number(choice.value)));
}

/** Put one map over the other, or both side by side. */
function stack(on: boolean): void {
  byId("maps").classList.toggle("over", on);
  byId("wipe").hidden = !on;
  if (on) byId("maps").append(edge);
  else edge.remove();
  wipe();
  panes.forEach((pane) => pane.view.map.updateSize());
}

function wipe(): void {
  const on = byId("maps").classList.contains("over");
  const at = 100 - Number(byId<HTMLInputElement>("swipe").value);
  const top = byId("map-1").parentElement!;
  top.style.clipPath = on ? `inset(0 0 0 ${at}%)` : "";
  edge.style.left = `${at}%`;
}

/** Hold another plan against the base. */
function hold(k: number): void {
  panes.forEach((pane) => pane.close());
  other = k;
  against = data.against[k - 1]!;
  panes = open();
  fill();
  panes.forEach((pane) => pane.view.map.updateSize());
  panes[0].view.whole(false);
  announce(`Held against ${data.names[k]}`);
}

function fill(): void {
  byId("summary").textContent = against.summary;
  [0, other].forEach((k, side) => {
    byId(`name-${side}`).textContent = data.names[k]!;
    const hint = "Arrow keys pan, plus and minus zoom, both maps; every change is also in the tables below.";
    byId(`map-${side}`).setAttribute("aria-label", `Map of ${data.names[k]}. ${hint}`);
  });
  fillTables();
  fillCriteria();
  fillBroken();
  paint();
  say("");
}

function keys(): void {
  const help = byId<HTMLDialogElement>("help");
  byId("help-open").addEventListener("click", () => help.showModal());
  byId("help-close").addEventListener("click", () => help.close());
  const swiped = document.querySelector<HTMLInputElement>("#overlays input[value=swiped]")!;
  const does: Record<string, () => void> = {
    "?": () => help.showModal(),
    "/": () => search.focus(),
    "[": () => step(-1),
    "]": () => step(1),
    s: () => swiped.click(),
    "0": () => panes[0].view.whole(),
    Escape: clear,
  };
  document.addEventListener("keydown", (event) => {
    const typing = (event.target as HTMLElement).matches("input[type=search], select");
    if (help.open || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = does[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

selection.listen((selected) => {
  if (selected?.kind === "practice") pick(0, selected.index, null);
  else if (selected?.kind === "federation") pick(0, null, selected.index);
  else return;
  const extent = createEmpty();
  const lit: Lit =
    selected.kind === "practice"
      ? { federations: [], practices: [selected.index] }
      : { federations: [selected.index], practices: [] };
  extend(extent, panes[0].view.extentOf(lit));
  panes[0].view.zoomInto(extent);
});
byId("title").textContent = data.title;
byId("subtitle").textContent = data.subtitle;
byId("attribution").textContent = data.attribution;
switches();
keys();
fill();
panes.forEach((pane) => pane.view.map.updateSize());
panes[0].view.whole(false);
for (const event of ["beforeprint", "afterprint"]) {
  window.addEventListener(event, () => {
    panes.forEach((pane) => {
      pane.view.map.updateSize();
      pane.view.map.renderSync();
    });
  });
}
document.documentElement.dataset.ready = "true";
