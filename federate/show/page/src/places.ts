// Where practices are drawn: those that share a site are fanned about it.
import type { Payload } from "./data.js";

/** Metres a pixel under which shared sites are fanned. */
export const FAN_BELOW = 60;
type Shift = [number, number];
const NONE: Shift = [0, 0];

export class Places {
  private readonly fan: Shift[];
  /** Practices at the same site, by practice; absent where it is alone there. */
  readonly shared = new Map<number, number[]>();

  constructor(practices: Payload["practices"]) {
    this.fan = practices.x.map(() => NONE);
    const sites = new Map<string, number[]>();
    practices.x.forEach((x, i) => {
      const key = `${x},${practices.y[i]}`;
      const site = sites.get(key);
      if (site) site.push(i);
      else sites.set(key, [i]);
    });
    for (const site of sites.values()) if (site.length > 1) this.spread(site);
  }

  private spread(site: number[]): void {
    const radius = Math.max(7, site.length * 2.2);
    site.forEach((practice, k) => {
      const turn = (2 * Math.PI * k) / site.length;
      this.fan[practice] = [
        Math.round(radius * Math.sin(turn)),
        Math.round(radius * Math.cos(turn)),
      ];
      this.shared.set(practice, site);
    });
  }

  /** Pixels right and up of its site at which a practice is drawn. */
  shift(practice: number, resolution: number): Shift {
    return resolution < FAN_BELOW ? this.fan[practice]! : NONE;
  }
}
