// What federate/show/payload.py puts into the page, and its shapes unpacked.
import MultiPolygon from "ol/geom/MultiPolygon.js";

export type Unit = "count" | "persons" | "minutes" | "km" | "share" | "gbp" | "number" | "text";
export type Figure = number | string | null;
/** Rings of whole metres, each flat: x, y, then steps dx, dy. */
export type Polygons = number[][][];

export interface Fact {
  key: string;
  label: string;
  value: string;
  note: string;
}

export interface Column {
  key: string;
  title: string;
  unit: Unit;
  hint: string;
  in_table: boolean;
  /** What a rule allows; `null` where none limits this figure. */
  limit: number | null;
  /** Numbers, but for a column of texts. */
  values: Figure[];
}

/** One contract of the menu, and what it would do for one federation. */
export interface Offer {
  name: string;
  risk: number;
  worst_gbp: number;
  premium_gbp: number;
  total_gbp: number;
  kept: boolean;
  taken: boolean;
  why: string;
}

/** Chance of an overspend against population, and where each federation is. */
export interface RiskCurve {
  tolerance: number;
  limit: number | null;
  enough: number | null;
  says: string;
  curves: { name: string; persons: number[]; risk: number[] }[];
  spots: {
    federation: number;
    persons: number;
    risk: number;
    bare: number | null;
    needs: number | null;
    kept: boolean;
  }[];
}

export interface Violation {
  federation: number | null;
  practices: number[];
  message: string;
}

export interface Payload {
  schema: 1;
  title: string;
  subtitle: string;
  attribution: string;
  made: string;
  facts: Fact[];
  federations: {
    label: string[];
    lead: number[];
    colour: number[];
    anchor: [number, number][];
    region: Polygons[];
    terms: Record<string, number>[];
    contracts: Offer[][];
    columns: Column[];
  };
  practices: {
    code: string[];
    name: string[];
    x: number[];
    y: number[];
    patients: number[];
    federation: (number | null)[];
    minutes: (number | null)[];
    source: string[];
    base: (number | null)[];
    base_minutes: (number | null)[];
  };
  alone: Polygons;
  outline: Polygons;
  bases: {
    code: string[];
    name: string[];
    x: number[];
    y: number[];
    status: string[];
    open: boolean[];
  };
  covered: boolean;
  violations: Violation[];
  exceptions: Violation[];
  palette: string[];
  risk: RiskCurve | null;
}

export function readPayload<T = Payload>(): T {
  const text = document.getElementById("data")?.textContent ?? "";
  return JSON.parse(text) as T;
}

export function toGeometry(polygons: Polygons): MultiPolygon {
  return new MultiPolygon(polygons.map((rings) => rings.map(unpackRing)));
}

function unpackRing(steps: number[]): number[][] {
  const ring: number[][] = [];
  let x = 0;
  let y = 0;
  for (let k = 0; k + 1 < steps.length; k += 2) {
    x += steps[k]!;
    y += steps[k + 1]!;
    ring.push([x, y]);
  }
  return ring;
}

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en-GB", {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const hundredth = new Intl.NumberFormat("en-GB", {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

export function format(value: Figure | undefined, unit: Unit): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value;
  switch (unit) {
    case "count":
    case "persons":
      return whole.format(value);
    case "minutes":
    case "km":
      return tenth.format(value);
    case "share":
      return `${tenth.format(value * 100)}\u00a0%`;
    case "gbp":
      return `£${Math.abs(value) < 100 ? hundredth.format(value) : whole.format(value)}`;
    case "number":
      return hundredth.format(value);
    case "text":
      return String(value);
  }
}
