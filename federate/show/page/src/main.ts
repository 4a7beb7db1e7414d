// Puts the page together: data in, map, lists and table linked by a selection.
import { Curve } from "./curve.js";
import { readPayload } from "./data.js";
import type { Violation } from "./data.js";
import { Details } from "./details.js";
import { announce, byId, element } from "./dom.js";
import { Legend } from "./legend.js";
import { showFacts, showLists } from "./lists.js";
import { BROKEN, IDENTITY, Painter } from "./painter.js";
import { Search } from "./search.js";
import { Selection } from "./selection.js";
import type { Selected, Why } from "./selection.js";
import { Table } from "./table.js";
import { Tip } from "./tip.js";
import { MapView } from "./view.js";
import type { Lit } from "./view.js";

const data = readPayload();
const selection = new Selection();
const painter = new Painter(data);
const view = new MapView(data, painter, byId("map"));
const table = new Table(data, selection, (i) => painter.identity(i), byId<HTMLTableElement>("table"));
const details = new Details(data, selection, () => zoomToSelected(), byId("details"));
const search = new Search(data, selection);
const legend = new Legend(data, painter);
new Curve(data, selection, byId("curve"));
const tip = new Tip(data, byId("tip"));
const overlays = new Set<string>();
const NOTHING: Lit = { federations: [], practices: [] };
let broken: Lit = NOTHING;

function titles(): void {
  byId("title").textContent = data.title;
  byId("subtitle").textContent = data.subtitle;
  byId("attribution").textContent = data.attribution;
  byId("made").textContent = data.made;
}

function lightOf(selected: Selected | null): Lit {
  if (!selected || selected.kind === "base") return NOTHING;
  if (selected.kind === "federation") return { federations: [selected.index], practices: [] };
  const own = data.practices.federation[selected.index] ?? null;
  return { federations: own === null ? [] : [own], practices: [selected.index] };
}

function zoomToSelected(): void {
  const selected = selection.current;
  if (!selected) view.whole();
  else if (selected.kind === "base") {
    const served = data.practices.base.flatMap((b, i) => (b === selected.index ? [i] : []));
    view.zoomTo({ federations: [], practices: served }, [selected.index]);
  } else view.zoomTo(lightOf(selected));
}

function onSelected(selected: Selected | null, why: Why): void {
  broken = NOTHING;
  view.light(lightOf(selected), broken, selected?.kind === "base" ? selected.index : null);
  if (selected && why !== "map") zoomToSelected();
  if (selected) bringIntoView(why);
  announce(selected ? `${details.title(selected)} selected` : "Nothing selected");
}

/** Beside the map: its details. Where all stands in one column: the map first. */
function bringIntoView(why: Why): void {
  const oneColumn = window.matchMedia("(max-width: 1000px)").matches;
  if (!oneColumn) byId("details").scrollIntoView({ block: "nearest" });
  else if (why !== "map") byId("map").scrollIntoView({ block: "nearest" });
}

/** Show where a rule is broken, outlined in red, or where an exception is. */
function goTo(violation: Violation, isBroken: boolean): void {
  selection.set(null, "list");
  const federations = violation.federation === null ? [] : [violation.federation];
  const place = { federations, practices: violation.practices };
  if (isBroken) broken = place;
  view.light(isBroken ? NOTHING : place, broken);
  view.zoomTo(place);
  bringIntoView("list");
  announce(`On the map: ${violation.message}`);
}

function refresh(): void {
  const resolution = view.map.getView().getResolution() ?? 1;
  const mode = painter.mode(resolution);
  const radio = document.querySelector<HTMLInputElement>(`#layers input[value="${mode}"]`);
  if (radio) radio.checked = true;
  legend.show(mode, overlays, resolution);
}

function layerSwitch(): void {
  const titlesOf: [string, string][] = [[IDENTITY, "Federations"]];
  const short: Record<string, string> = {
    patients: "Patients",
    overspend_probability: "Overspend risk",
    bare_overspend_probability: "Risk without contract",
    travel_mean_min: "Travel",
  };
  for (const column of data.federations.columns) {
    const title = short[column.key];
    if (title) titlesOf.push([column.key, title]);
  }
  titlesOf.push([BROKEN, "Rules broken"]);
  for (const [value, title] of titlesOf) {
    const input = element("input", { type: "radio", name: "layer", value });
    input.addEventListener("change", () => {
      painter.chosen = value;
      view.repaint();
      refresh();
      announce(`Coloured by ${title.toLowerCase()}`);
    });
    byId("layers").append(element("label", {}, input, element("span", {}, title)));
  }
}

function overlaySwitch(): void {
  const offered: [string, string, string[]][] = [["practices", "Practices", ["practices"]]];
  if (data.bases.code.length) offered.push(["bases", "Bases", ["bases"]]);
  if (data.covered) offered.push(["cover", "Cover", ["spokes"]]);
  view.show("spokes", false);
  for (const [key, title, layers] of offered) {
    const on = key !== "cover";
    if (on) overlays.add(key);
    const input = element("input", { type: "checkbox", checked: on, value: key });
    input.addEventListener("change", () => {
      if (input.checked) overlays.add(key);
      else overlays.delete(key);
      for (const layer of layers) view.show(layer, input.checked);
      refresh();
    });
    byId("overlays").append(element("label", {}, input, element("span", {}, title)));
  }
}

function pointer(): void {
  const under = (coordinate: number[]) => {
    const practices = overlays.has("practices") ? view.practicesAt(coordinate) : [];
    const base = view.basesAt(coordinate)[0];
    return {
      federation: view.federationAt(coordinate),
      practices: practices.map((hit) => hit.index),
      base: base?.index ?? null,
      baseFirst: (base?.off ?? Infinity) < (practices[0]?.off ?? Infinity),
    };
  };
  view.map.on("pointermove", (event) => {
    if (event.dragging) return tip.hide();
    const found = under(event.coordinate);
    view.hover(found.federation);
    const target = byId("map");
    const [x, y] = [event.pixel[0]! + target.offsetLeft, event.pixel[1]! + target.offsetTop];
    tip.show(found, x, y);
  });
  byId("map").addEventListener("pointerleave", () => {
    view.hover(null);
    tip.hide();
  });
  view.map.on("singleclick", (event) => {
    const found = under(event.coordinate);
    if (found.base !== null && found.baseFirst) selection.set({ kind: "base", index: found.base }, "map");
    else if (found.practices.length) {
      selection.set({ kind: "practice", index: found.practices[0]! }, "map");
    } else if (found.federation !== null) {
      selection.set({ kind: "federation", index: found.federation }, "map");
    } else selection.set(null, "map");
  });
}

function step(by: number): void {
  const now = selection.current?.kind === "federation" ? selection.current.index : null;
  selection.set({ kind: "federation", index: table.step(now, by) }, "keys");
}

function keys(): void {
  const help = byId<HTMLDialogElement>("help");
  byId("help-open").addEventListener("click", () => help.showModal());
  byId("help-close").addEventListener("click", () => help.close());
  const does: Record<string, () => void> = {
    "?": () => help.showModal(),
    "/": () => search.focus(),
    "[": () => step(-1),
    "]": () => step(1),
    l: zoomToSelected,
    "0": () => view.whole(),
    Escape: () => selection.set(null, "keys"),
  };
  document.addEventListener("keydown", (event) => {
    const typing = (event.target as HTMLElement).matches("input[type=search]");
    if (help.open || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = does[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

titles();
showFacts(data);
showLists(data, goTo);
layerSwitch();
overlaySwitch();
pointer();
keys();
selection.listen(onSelected);
view.map.getView().on("change:resolution", refresh);
refresh();
// Only now do lists and table leave the map the room it keeps.
view.map.updateSize();
view.whole(false);
/** The map is drawn anew at the size it has on paper, and back again. */
for (const [event, onPaper] of [["beforeprint", true], ["afterprint", false]] as const) {
  window.addEventListener(event, () => {
    byId("map").classList.toggle("paper", onPaper);
    view.map.updateSize();
    view.map.renderSync();
  });
}
document.documentElement.dataset.ready = "true";
