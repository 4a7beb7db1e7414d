// The legend says what the map shows now, in words as well as colour.
import { ABSENT, KEPT, RED, withAlpha } from "./colours.js";
import { format } from "./data.js";
import type { Column, Payload } from "./data.js";
import { byId, element } from "./dom.js";
import { BROKEN, IDENTITY } from "./painter.js";
import type { Painter } from "./painter.js";

export class Legend {
  private readonly body = byId("legend-body");
  private shown = "";

  constructor(
    private readonly data: Payload,
    private readonly painter: Painter,
  ) {
    if (window.matchMedia("(max-width: 700px)").matches) {
      byId<HTMLDetailsElement>("legend").open = false;
    }
  }

  show(mode: string, overlays: Set<string>, resolution: number): void {
    const points = this.painter.showsPractices(resolution);
    const key = `${mode} ${[...overlays].join()} ${points}`;
    if (key === this.shown) return;
    this.shown = key;
    const lines = [...this.regions(mode), ...this.symbols(overlays, points)];
    this.body.replaceChildren(...lines);
  }

  private regions(mode: string): Node[] {
    const { federations, alone, palette } = this.data;
    const last = alone.length ? [swatch(ABSENT, "stands alone", "dashed")] : [];
    if (mode === IDENTITY) {
      const used = [...new Set(federations.colour)].sort((a, b) => a - b);
      const strip = element("span", { class: "strip", "aria-hidden": "true" });
      for (const k of used) strip.append(block(withAlpha(palette[k % palette.length]!, 0.62)));
      return [
        element("p", {}, strip, "federations"),
        ...last,
      ];
    }
    if (mode === BROKEN) {
      return [
        swatch(withAlpha(RED, 0.55), "breaks a rule"),
        swatch(KEPT, "keeps every rule"),
        ...last,
      ];
    }
    const column = federations.columns.find((c) => c.key === mode);
    const classes = this.painter.ramp(mode)?.classes ?? [];
    return [
      element("p", { class: "of" }, titleOf(column)),
      ...(column ? [element("p", { class: "meant" }, meaningOf(column))] : []),
      ...classes.map((c) => swatch(withAlpha(c.colour, 0.8), c.label)),
      ...last,
    ];
  }

  private symbols(overlays: Set<string>, points: boolean): Node[] {
    const lines: Node[] = [];
    if (overlays.has("practices") && points) {
      lines.push(sign("dot", "practice"), sign("diamond", "lead practice"));
    } else if (overlays.has("practices")) {
      lines.push(element("p", { class: "note" }, "zoom in for practices"));
    }
    if (overlays.has("bases")) {
      const ran = this.data.covered ? "base that runs" : "base open today";
      const not = this.data.covered ? "base that does not run" : "candidate base";
      if (this.data.bases.open.some((o) => o)) lines.push(sign("base open", ran));
      if (this.data.bases.open.some((o) => !o)) lines.push(sign("base", not));
    }
    return lines;
  }
}

/** A measure with its unit, where its title has none. */
function titleOf(column: Column | undefined): string {
  if (!column) return "";
  return column.unit === "share" ? `${column.title}, %` : column.title;
}

function meaningOf(column: Column): string {
  if (column.limit === null) return column.hint;
  return `${column.hint}; at most ${format(column.limit, column.unit)} is allowed`;
}

function block(colour: string): HTMLElement {
  const made = element("span", { class: "swatch" });
  made.style.backgroundColor = colour;
  return made;
}

function swatch(colour: string, label: string, extra = ""): HTMLElement {
  const made = block(colour);
  if (extra) made.classList.add(extra);
  return element("p", {}, made, label);
}

function sign(kind: string, label: string): HTMLElement {
  return element("p", {}, element("span", { class: `sign ${kind}`, "aria-hidden": "true" }), label);
}
