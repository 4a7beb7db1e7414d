// Where practices and bases are drawn: those that share a site are fanned about it.
import type { Payload } from "./data.js";

/** Metres a pixel under which shared sites are fanned. */
export const FAN_BELOW = 120;
/** Signs on the same square of this many metres share a site. */
const SITE_M = 50;
type Shift = [number, number];
const NONE: Shift = [0, 0];

export class Places {
  private readonly fan: Shift[];
  private readonly numPractices: number;

  constructor(practices: Payload["practices"], bases: Payload["bases"]) {
    this.numPractices = practices.x.length;
    const xs = [...practices.x, ...bases.x];
    const ys = [...practices.y, ...bases.y];
    this.fan = xs.map(() => NONE);
    const sites = new Map<string, number[]>();
    xs.forEach((x, i) => {
      const key = `${Math.round(x / SITE_M)},${Math.round(ys[i]! / SITE_M)}`;
      const site = sites.get(key);
      if (site) site.push(i);
      else sites.set(key, [i]);
    });
    for (const site of sites.values()) if (site.length > 1) this.spread(site);
  }

  private spread(site: number[]): void {
    const radius = Math.max(8, site.length * 2.4);
    site.forEach((sign, k) => {
      const turn = (2 * Math.PI * k) / site.length;
      this.fan[sign] = [
        Math.round(radius * Math.sin(turn)),
        Math.round(radius * Math.cos(turn)),
      ];
    });
  }

  /** Pixels right and up of its site at which a practice is drawn. */
  shift(practice: number, resolution: number): Shift {
    return resolution < FAN_BELOW ? this.fan[practice]! : NONE;
  }

  /** The same of an out-of-hours base. */
  shiftOfBase(base: number, resolution: number): Shift {
    return this.shift(this.numPractices + base, resolution);
  }
}
