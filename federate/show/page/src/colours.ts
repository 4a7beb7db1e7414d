// Identity colours come with the data; measures get one light-to-dark ramp.
import type { Column, Figure } from "./data.js";
import { format } from "./data.js";

/** ColorBrewer BuPu 5: order survives every kind of sight and grey print. */
export const RAMP = ["#edf8fb", "#b3cde3", "#8c96c6", "#8856a7", "#810f7c"] as const;
export const ABSENT = "#d8dde0";
export const KEPT = "#ffffff";
export const INK = "#212b32";
export const RED = "#d5281b";
export const BLUE = "#005eb8";

export interface Ramp {
  colour(value: Figure | undefined): string;
  classes: { colour: string; label: string }[];
}

export function rampOf(column: Column): Ramp {
  const values = column.values.filter((v): v is number => typeof v === "number");
  const breaks = withLimit(breaksOf(values), values, column.limit);
  const shades = shadesFor(breaks.length + 1);
  const plain = column.unit === "minutes" && breaks.every(Number.isInteger);
  const text = breaks.map((b) => format(b, plain ? "count" : column.unit));
  const classes = shades.map((colour, k) => ({ colour, label: labelOf(text, k) }));
  if (values.length < column.values.length) {
    classes.push({ colour: ABSENT, label: "no figure" });
  }
  return {
    colour(value) {
      if (typeof value !== "number") return ABSENT;
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

/** At most four round breaks near the fifths of the values, rising. */
function breaksOf(values: number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const fifth = (k: number) => sorted[Math.round((k * (sorted.length - 1)) / 5)] ?? 0;
  const [low, high] = [fifth(0), fifth(5)];
  if (high <= low) return [];
  // A few values far out must not coarsen the breaks between all the others.
  const middle = fifth(4) - fifth(1);
  const step = roundBelow((middle > 0 ? middle : high - low) / 4);
  const breaks: number[] = [];
  for (const k of [1, 2, 3, 4]) {
    const round = Number((Math.round(fifth(k) / step) * step).toPrecision(8));
    const last = breaks[breaks.length - 1] ?? low;
    if (round > last && round < high) breaks.push(round);
  }
  return breaks;
}

/** The same, what a rule allows in place of the break nearest to it. */
function withLimit(breaks: number[], values: number[], limit: number | null): number[] {
  // A hair above: what is just allowed lies below the break.
  if (limit === null || !values.some((v) => v > limit * (1 + 1e-5))) return breaks;
  const at = limit * (1 + 1e-5);
  if (!values.some((v) => v <= at)) return breaks;
  if (breaks.length < 4) return [...breaks.filter((b) => b !== limit), at].sort((a, b) => a - b);
  const off = breaks.map((b) => Math.abs(b - at));
  const nearest = off.indexOf(Math.min(...off));
  return breaks.map((b, k) => (k === nearest ? at : b)).sort((a, b) => a - b);
}

/** The largest 1, 2 or 5 times a power of ten that is not above `width`. */
function roundBelow(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const lead = width / power;
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
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
