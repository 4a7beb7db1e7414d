// Identity colours come with the data; measures get one light-to-dark ramp.
import type { Column } from "./data.js";
import { format } from "./data.js";

/** ColorBrewer BuPu 5: order survives every kind of sight and grey print. */
export const RAMP = ["#edf8fb", "#b3cde3", "#8c96c6", "#8856a7", "#810f7c"] as const;
export const ABSENT = "#d8dde0";
export const KEPT = "#ffffff";
export const INK = "#212b32";
export const RED = "#d5281b";
export const BLUE = "#005eb8";

export interface Ramp {
  colour(value: number | null | undefined): string;
  classes: { colour: string; label: string }[];
}

export function rampOf(column: Column): Ramp {
  const values = column.values.filter((v): v is number => v !== null);
  const breaks = breaksOf(values);
  const shades = shadesFor(breaks.length + 1);
  const plain = column.unit === "minutes" && breaks.every(Number.isInteger);
  const text = breaks.map((b) => format(b, plain ? "count" : column.unit));
  const classes = shades.map((colour, k) => ({ colour, label: labelOf(text, k) }));
  if (values.length < column.values.length) {
    classes.push({ colour: ABSENT, label: "no figure" });
  }
  return {
    colour(value) {
      if (value === null || value === undefined) return ABSENT;
      let k = 0;
      while (k < breaks.length && value >= breaks[k]!) k += 1;
      return shades[k]!;
    },
    classes,
  };
}

function labelOf(text: string[], k: number): string {
  if (text.length === 0) return "all the same";
  if (k === 0) return `under ${text[0]}`;
  if (k === text.length) return `${text[k - 1]} or more`;
  return `${text[k - 1]} – ${text[k]}`;
}

/** At most four round breaks between the fifths of the values, rising. */
function breaksOf(values: number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[0] ?? 0;
  const high = sorted[sorted.length - 1] ?? 0;
  if (high <= low) return [];
  const step = roundStep((high - low) / 5);
  const breaks: number[] = [];
  for (const share of [0.2, 0.4, 0.6, 0.8]) {
    const value = sorted[Math.floor(share * (sorted.length - 1))]!;
    const round = Number((Math.round(value / step) * step).toPrecision(8));
    const last = breaks[breaks.length - 1] ?? low;
    if (round > last && round < high) breaks.push(round);
  }
  return breaks;
}

function roundStep(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const lead = width / power;
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power * 0.5;
}

function shadesFor(count: number): string[] {
  if (count === 1) return [RAMP[2]];
  return Array.from(
    { length: count },
    (_, k) => RAMP[Math.round((k * (RAMP.length - 1)) / (count - 1))]!,
  );
}

/** A colour as red, green, blue with an opacity. */
export function withAlpha(hex: string, alpha: number): string {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return `rgba(${part(1)}, ${part(3)}, ${part(5)}, ${alpha})`;
}
