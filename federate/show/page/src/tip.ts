// The note beside the pointer.
import { format } from "./data.js";
import type { Payload } from "./data.js";
import { element } from "./dom.js";

const MOST = 6;

export interface Under {
  federation: number | null;
  practices: number[];
  base: number | null;
}

export class Tip {
  constructor(
    private data: Payload,
    private readonly box: HTMLElement,
  ) {}

  hide(): void {
    this.box.hidden = true;
  }

  /** Show a note at a point; `data` where another plan than the last is meant. */
  show(under: Under, x: number, y: number, data = this.data): void {
    this.data = data;
    const lines = this.lines(under);
    this.box.hidden = lines.length === 0;
    if (this.box.hidden) return;
    this.box.replaceChildren(...lines);
    const room = this.box.offsetParent as HTMLElement | null;
    const width = room?.clientWidth ?? 0;
    const height = room?.clientHeight ?? 0;
    const left = x + 14 + this.box.offsetWidth > width ? x - 14 - this.box.offsetWidth : x + 14;
    const top = y + 14 + this.box.offsetHeight > height ? y - 14 - this.box.offsetHeight : y + 14;
    this.box.style.left = `${Math.max(0, left)}px`;
    this.box.style.top = `${Math.max(0, top)}px`;
  }

  private lines(under: Under): Node[] {
    const lines: Node[] = [];
    const { practices, bases } = this.data;
    if (under.base !== null) {
      lines.push(line(bases.name[under.base]!, "out-of-hours base"));
    }
    for (const i of under.practices.slice(0, MOST)) {
      const patients = `${format(practices.patients[i], "count")} patients`;
      lines.push(line(practices.name[i] || practices.code[i]!, `${practices.code[i]} · ${patients}`));
    }
    const more = under.practices.length - MOST;
    if (more > 0) lines.push(element("p", {}, `and ${more} more here`));
    const own = under.practices.length
      ? practices.federation[under.practices[0]!] ?? null
      : under.federation;
    if (own !== null) lines.push(this.federation(own, under.practices.length > 0));
    else if (under.practices.length) lines.push(element("p", {}, "stands alone"));
    return lines;
  }

  private federation(index: number, below: boolean): Node {
    const { federations, practices } = this.data;
    const label = federations.label[index]!;
    const lead = practices.name[federations.lead[index]!] ?? "";
    if (below) return element("p", {}, `in ${label}, led by ${lead}`);
    const of = (key: string) => federations.columns.find((c) => c.key === key)?.values[index];
    const note = `${format(of("patients"), "count")} patients · ${format(of("practices"), "count")} practices`;
    return line(`${label} · ${lead}`, note);
  }
}

function line(strong: string, note: string): HTMLElement {
  return element("p", {}, element("strong", {}, strong), element("br"), note);
}
