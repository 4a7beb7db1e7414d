// The risk curve: chance of an overspend against population, a mark a federation.
import { INK, RED } from "./colours.js";
import { format } from "./data.js";
import type { Payload, RiskCurve } from "./data.js";
import { element } from "./dom.js";
import type { Selected, Selection } from "./selection.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [336, 230, 34, 8, 10, 34];
/** Tol's vibrant colours, as the still picture has them, each with its own dashes. */
const LINES = ["#0077bb", "#4c6272", "#009988", "#ee7733", "#cc3311", "#ee3377"];
const DASHES = ["", "1.5 3", "8 3 1.5 3", "2 2.5", "5 2", "10 4"];
const SOFT = "#4c6272";

export class Curve {
  private readonly marks: SVGElement[] = [];

  constructor(
    private readonly data: Payload,
    private readonly selection: Selection,
    place: HTMLElement,
  ) {
    const { risk } = data;
    place.hidden = risk === null;
    if (!risk) return;
    place.append(this.draw(risk), legend(risk), element("p", { class: "note" }, risk.says));
    selection.listen((selected) => this.mark(selected));
  }

  private draw(risk: RiskCurve): SVGElement {
    const { across, up, most } = scales(risk);
    const picture = svg("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": risk.says,
    });
    picture.append(...axes(across, up, most, risk));
    risk.curves.forEach((curve, k) => {
      const points = curve.persons.map((n, i) => `${across(n)},${up(curve.risk[i]!)}`);
      picture.append(
        svg("polyline", {
          points: points.join(" "),
          fill: "none",
          stroke: LINES[k % LINES.length]!,
          "stroke-width": k === 1 ? 1.2 : 2,
          "stroke-dasharray": DASHES[k % DASHES.length]!,
        }),
      );
    });
    for (const spot of risk.spots) {
      const [x, y] = [across(spot.persons), up(spot.risk)];
      if (spot.bare !== null) {
        const top = up(spot.bare);
        picture.append(svg("line", { x1: x, x2: x, y1: top, y2: y, stroke: SOFT, "stroke-width": 0.6 }));
        picture.append(circle(x, top, "#ffffff", INK));
      }
    }
    // The marks last: nothing lies over what is clicked.
    for (const spot of risk.spots) {
      const mark = this.spot(spot, across(spot.persons), up(spot.risk));
      this.marks[spot.federation] = mark;
      picture.append(mark);
    }
    return picture;
  }

  private spot(spot: RiskCurve["spots"][number], x: number, y: number): SVGElement {
    const mark = circle(x, y, spot.kept ? INK : RED, "#ffffff");
    mark.classList.add("spot");
    const label = this.data.federations.label[spot.federation]!;
    const title = svg("title", {});
    const needs = spot.needs === null ? "" : `; ${format(spot.needs, "count")} needed without a contract`;
    title.textContent = `${label}: ${format(spot.persons, "count")} patients, ${format(spot.risk, "share")}${needs}`;
    mark.append(title);
    mark.addEventListener("click", () =>
      this.selection.set({ kind: "federation", index: spot.federation }, "list"),
    );
    return mark;
  }

  private mark(selected: Selected | null): void {
    const own = selected?.kind === "practice"
      ? this.data.practices.federation[selected.index]
      : selected?.kind === "federation" ? selected.index : null;
    this.marks.forEach((mark, index) => {
      mark.classList.toggle("chosen", index === own);
      mark.setAttribute("r", index === own ? "6.5" : "3.4");
      if (index === own) mark.parentNode?.append(mark);
    });
  }
}

type Scale = (value: number) => number;

function scales(risk: RiskCurve): { across: Scale; up: Scale; most: number } {
  const persons = risk.curves[0]!.persons;
  const [low, high] = [Math.log(persons[0]!), Math.log(persons[persons.length - 1]!)];
  const risks = [
    ...risk.curves.flatMap((curve) => curve.risk),
    ...risk.spots.flatMap((spot) => [spot.risk, spot.bare ?? 0]),
    1.3 * (risk.limit ?? 0),
    0.01,
  ];
  const most = Math.max(...risks);
  return {
    across: (n) => LEFT + ((WIDTH - LEFT - RIGHT) * (Math.log(n) - low)) / (high - low),
    up: (share) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * share) / most,
    most,
  };
}

function axes(across: Scale, up: Scale, most: number, risk: RiskCurve): SVGElement[] {
  const made: SVGElement[] = [];
  const [left, right, floor] = [LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM];
  for (const share of ticks(most)) {
    const y = up(share);
    made.push(svg("line", { x1: left, x2: right, y1: y, y2: y, stroke: "#d8dde0" }));
    made.push(text(`${Number((100 * share).toPrecision(3))}`, left - 4, y + 3, "end"));
  }
  const persons = risk.curves[0]!.persons;
  for (const n of thousands(persons[0]!, persons[persons.length - 1]!)) {
    const x = across(n);
    made.push(svg("line", { x1: x, x2: x, y1: TOP, y2: floor, stroke: "#eef1f2" }));
    made.push(text(`${n / 1000}k`, x, floor + 12, "middle"));
  }
  made.push(text("patients", right, floor + 26, "end"));
  made.push(text(`% of years over by more than ${Number((100 * risk.tolerance).toPrecision(3))} %`, 2, floor + 26, "start"));
  if (risk.limit !== null) {
    const y = up(risk.limit);
    made.push(svg("line", { x1: left, x2: right, y1: y, y2: y, stroke: RED, "stroke-width": 1.2 }));
    const allowed = text(`allowed: ${Number((100 * risk.limit).toPrecision(3))} %`, right, y - 3, "end");
    allowed.setAttribute("fill", "#b3261e");
    made.push(allowed);
    const enough = risk.enough ?? 0;
    if (enough > persons[0]! && enough < persons[persons.length - 1]!) {
      const x = across(enough);
      made.push(svg("line", { x1: x, x2: x, y1: y, y2: floor, stroke: RED, "stroke-dasharray": "3 3" }));
    }
  }
  return made;
}

/** Round shares from 0 up to `most`, at most six. */
function ticks(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [0.1, 0.2, 0.5, 1, 2].map((k) => k * power).find((s) => most / s <= 6) ?? power;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, k) => k * step);
}

/** 1, 2, 3 and 5 times powers of ten between two populations. */
function thousands(low: number, high: number): number[] {
  const found: number[] = [];
  for (let power = 1000; power <= high; power *= 10) {
    for (const k of [1, 2, 3, 5]) if (k * power >= low && k * power <= high) found.push(k * power);
  }
  return found;
}

/** Which line is which, in words beside a piece of it. */
function legend(risk: RiskCurve): HTMLElement {
  const lines = risk.curves.map((curve, k) => {
    const piece = svg("svg", { viewBox: "0 0 26 8", class: "piece", "aria-hidden": "true" });
    piece.append(
      svg("line", {
        x1: 0,
        x2: 26,
        y1: 4,
        y2: 4,
        stroke: LINES[k % LINES.length]!,
        "stroke-width": k === 1 ? 1.2 : 2,
        "stroke-dasharray": DASHES[k % DASHES.length]!,
      }),
    );
    const line = element("li", {}, curve.name);
    line.prepend(piece);
    return line;
  });
  const mark = (fill: string, label: string) => {
    const piece = svg("svg", { viewBox: "0 0 26 8", class: "piece", "aria-hidden": "true" });
    piece.append(circle(13, 4, fill, INK));
    const line = element("li", {}, label);
    line.prepend(piece);
    return line;
  };
  lines.push(mark(INK, "federation"));
  if (risk.spots.some((spot) => !spot.kept)) lines.push(mark(RED, "federation that breaks the rule"));
  if (risk.spots.some((spot) => spot.bare !== null)) lines.push(mark("#ffffff", "the same, had it no contract"));
  return element("ul", { class: "curves" }, ...lines);
}

function circle(x: number, y: number, fill: string, stroke: string): SVGElement {
  return svg("circle", { cx: x, cy: y, r: 3.4, fill, stroke, "stroke-width": 0.9 });
}

function text(said: string, x: number, y: number, anchor: string): SVGElement {
  const made = svg("text", { x, y, "text-anchor": anchor, "font-size": 10, fill: SOFT });
  made.textContent = said;
  return made;
}

function svg(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
