// Which colour a region has now: its identity, a measure, or the rules it breaks.
import type Style from "ol/style/Style.js";
import { ABSENT, KEPT, RED, rampOf } from "./colours.js";
import type { Ramp } from "./colours.js";
import type { Column, Payload } from "./data.js";
import { labelStyle, regionStyle } from "./styles.js";
import type { Size } from "./styles.js";

export const IDENTITY = "identity";
export const BROKEN = "violations";
/** More federations than this and the whole map shows a measure, not identities. */
const MANY = 200;
/** Pixels across a typical region from which its identity can be seen. */
const SEEN_FROM = 26;
/** Metres a pixel above which signs are drawn smaller. */
const MIDDLE_ABOVE = 70;
/** Pixels down that a label may be moved, the nearest first. */
const SHIFTS = [0, -9, 9, -18, 18, -26, 26];

export class Painter {
  /** What the reader chose, or `null`: what suits the zoom. */
  chosen: string | null = null;
  /** Federations drawn pale, so that the others stand out. */
  pale: ReadonlySet<number> = new Set();
  private regionMetres = 1;
  private readonly columns: Map<string, Column>;
  private readonly ramps = new Map<string, Ramp>();
  private readonly members: number[][];

  constructor(private readonly data: Payload) {
    const { columns, label } = data.federations;
    this.columns = new Map(columns.map((column) => [column.key, column]));
    this.members = label.map(() => []);
    data.practices.federation.forEach((own, i) => {
      if (own !== null) this.members[own]!.push(i);
    });
  }

  /** Metres across a typical region. */
  size(metres: number): void {
    this.regionMetres = metres;
  }

  get isCountry(): boolean {
    return this.data.federations.label.length > MANY;
  }

  mode(resolution: number): string {
    if (this.chosen) return this.chosen;
    return this.isCountry && !this.isNear(resolution) ? "patients" : IDENTITY;
  }

  isNear(resolution: number): boolean {
    return this.regionMetres / resolution >= SEEN_FROM;
  }

  signs(resolution: number): Size {
    if (!this.isNear(resolution)) return "small";
    return resolution > MIDDLE_ABOVE ? "middle" : "large";
  }

  showsPractices(resolution: number): boolean {
    return this.data.practices.x.length <= 400 || this.isNear(resolution);
  }

  ramp(mode: string): Ramp | null {
    const column = this.columns.get(mode);
    if (!column || mode === BROKEN) return null;
    let ramp = this.ramps.get(mode);
    if (!ramp) {
      ramp = rampOf(column);
      this.ramps.set(mode, ramp);
    }
    return ramp;
  }

  region(index: number, resolution: number): Style {
    const mode = this.mode(resolution);
    const thin = !this.isNear(resolution);
    if (mode === IDENTITY) {
      if (this.pale.has(index)) return regionStyle(ABSENT, 0.55, thin);
      return regionStyle(this.identity(index), 0.62, thin);
    }
    const value = this.columns.get(mode)?.values[index] ?? null;
    if (mode === BROKEN) {
      return regionStyle(value ? RED : KEPT, value ? 0.55 : 0.85, thin);
    }
    return regionStyle(this.ramp(mode)!.colour(value), 0.8, thin);
  }

  identity(index: number): string {
    const { palette, federations } = this.data;
    return palette[federations.colour[index]! % palette.length]!;
  }

  label(index: number, resolution: number): Style | undefined {
    if (this.regionMetres / resolution < SEEN_FROM * 1.3) return undefined;
    const broken = Number(this.columns.get(BROKEN)?.values[index] ?? 0) > 0;
    const text = this.data.federations.label[index]!;
    return labelStyle(text, broken, this.clearance(index, resolution));
  }

  /** Pixels to move a label down, or up, so that it hides none of its practices. */
  private clearance(index: number, resolution: number): number {
    const [x, y] = this.data.federations.anchor[index]!;
    const points = this.members[index]!.map((i) => [
      (this.data.practices.x[i]! - x) / resolution,
      (y - this.data.practices.y[i]!) / resolution,
    ]);
    const half = 12 + 4 * this.data.federations.label[index]!.length;
    const hides = (down: number) =>
      points.some(([right, below]) => Math.abs(right!) < half && Math.abs(below! - down) < 14);
    return SHIFTS.find((down) => !hides(down)) ?? 0;
  }
}
