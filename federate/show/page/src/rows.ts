// A table whose rows are chosen by click or by key, one at a time.
import { element } from "./dom.js";

export type Cell = string | { figure: string };

export class Rows {
  private readonly body: HTMLTableSectionElement;
  private rows: HTMLTableRowElement[] = [];
  private chosen: number | null = null;

  constructor(
    private readonly table: HTMLTableElement,
    private readonly choose: (index: number) => void,
  ) {
    this.body = table.tBodies[0]!;
    this.body.addEventListener("click", (event) => {
      const at = this.at(event);
      if (at >= 0) this.choose(at);
    });
    this.body.addEventListener("keydown", (event) => this.pressed(event));
  }

  fill(headings: Cell[], cells: Cell[][]): void {
    this.chosen = null;
    this.table.tHead!.replaceChildren(
      element("tr", {}, ...headings.map((h) => cell("th", h, { scope: "col" }))),
    );
    this.rows = cells.map((row, k) =>
      element(
        "tr",
        { tabindex: k === 0 ? 0 : -1 },
        ...row.map((c, i) => (i === 0 ? cell("th", c, { scope: "row" }) : cell("td", c))),
      ),
    );
    this.body.replaceChildren(...this.rows);
  }

  get length(): number {
    return this.rows.length;
  }

  get current(): number | null {
    return this.chosen;
  }

  /** Mark a row as the one on show, or none. */
  mark(index: number | null, scroll: boolean): void {
    this.chosen = index;
    for (const row of this.rows) row.removeAttribute("aria-selected");
    const row = index === null ? undefined : this.rows[index];
    if (!row) return;
    row.setAttribute("aria-selected", "true");
    this.enter(row);
    if (scroll) this.reveal(row);
  }

  /** Scroll the table alone, so that the maps stay in sight. */
  private reveal(row: HTMLElement): void {
    const box = this.table.parentElement!;
    const [top, bottom] = [row.offsetTop - 60, row.offsetTop + row.offsetHeight];
    if (top < box.scrollTop) box.scrollTop = top;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  }

  private enter(row: HTMLElement): void {
    for (const other of this.rows) other.tabIndex = -1;
    row.tabIndex = 0;
  }

  private at(event: Event): number {
    const row = (event.target as HTMLElement).closest("tr");
    return row ? this.rows.indexOf(row) : -1;
  }

  private pressed(event: KeyboardEvent): void {
    const at = this.at(event);
    if (at < 0) return;
    const last = this.rows.length - 1;
    const to: Record<string, number> = {
      ArrowDown: Math.min(at + 1, last),
      ArrowUp: Math.max(at - 1, 0),
      PageDown: Math.min(at + 10, last),
      PageUp: Math.max(at - 10, 0),
      Home: 0,
      End: last,
    };
    if (event.key === "Enter" || event.key === " ") this.choose(at);
    else if (event.key in to) {
      const next = this.rows[to[event.key]!]!;
      this.enter(next);
      next.focus();
    } else return;
    event.preventDefault();
  }
}

export function cell(
  tag: "th" | "td",
  content: Cell,
  attributes: Record<string, string> = {},
): HTMLTableCellElement {
  if (typeof content === "string") return element(tag, attributes, content);
  return element(tag, { ...attributes, class: "figure" }, content.figure);
}
