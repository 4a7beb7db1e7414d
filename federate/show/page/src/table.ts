// The table of federations: sorted by its headings, walked with the arrows.
import { format } from "./data.js";
import type { Column, Payload } from "./data.js";
import { announce, element } from "./dom.js";
import type { Selection } from "./selection.js";

type Direction = "ascending" | "descending";

function order(x: string | number, y: string | number): number {
  if (typeof x === "number" && typeof y === "number") return x - y;
  return String(x).localeCompare(String(y), "en-GB");
}

export class Table {
  private order: number[];
  private readonly columns: Column[];
  private readonly rows: HTMLTableRowElement[];
  private readonly body: HTMLTableSectionElement;
  private sorted: { column: Column | null; direction: Direction } = {
    column: null,
    direction: "ascending",
  };

  constructor(
    private readonly data: Payload,
    private readonly selection: Selection,
    colour: (index: number) => string,
    private readonly table: HTMLTableElement,
  ) {
    this.body = table.tBodies[0]!;
    this.order = data.federations.label.map((_, i) => i);
    this.columns = data.federations.columns.filter((column) => column.in_table);
    this.rows = this.order.map((i) => this.row(i, colour(i)));
    table.tHead!.append(this.headings());
    this.fill();
    this.body.addEventListener("click", (event) => this.clicked(event));
    this.body.addEventListener("keydown", (event) => this.pressed(event));
    selection.listen((selected, why) => {
      const own = selected?.kind === "practice"
        ? data.practices.federation[selected.index] ?? null
        : selected?.kind === "federation" ? selected.index : null;
      this.mark(own, why === "map" || why === "keys" || why === "list");
    });
  }

  private headings(): HTMLTableRowElement {
    const heading = (title: string, hint: string, column: Column | null) => {
      const button = element("button", { type: "button", title: hint }, title);
      const cell = element(
        "th",
        { scope: "col", "aria-sort": column === null ? "ascending" : "none" },
        button,
      );
      button.addEventListener("click", () => this.sort(column, cell));
      return cell;
    };
    return element(
      "tr",
      {},
      heading("Federation", "Label and lead practice", null),
      ...this.columns.map((c) => heading(c.title, c.hint, c)),
    );
  }

  private row(index: number, colour: string): HTMLTableRowElement {
    const { federations, practices } = this.data;
    const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.backgroundColor = colour;
    const lead = practices.name[federations.lead[index]!] ?? "";
    return element(
      "tr",
      { tabindex: -1, "data-index": index },
      element(
        "th",
        { scope: "row" },
        swatch,
        federations.label[index]!,
        element("span", { class: "lead" }, lead),
      ),
      ...this.columns.map((column) => {
        const value = column.values[index] ?? null;
        const bad = column.key === "violations" && value ? "bad" : "";
        const kind = column.unit === "text" ? "text" : bad;
        return element("td", { class: kind }, format(value, column.unit));
      }),
    );
  }

  private fill(): void {
    this.body.replaceChildren(...this.order.map((i) => this.rows[i]!));
    this.enter(this.body.querySelector<HTMLElement>("[aria-selected=true]") ?? this.at(0));
  }

  private at(position: number): HTMLElement | null {
    const index = this.order[position];
    return index === undefined ? null : this.rows[index]!;
  }

  /** Make one row the table's place in the Tab order. */
  private enter(row: HTMLElement | null): void {
    for (const other of this.body.querySelectorAll<HTMLElement>('[tabindex="0"]')) {
      other.tabIndex = -1;
    }
    if (row) row.tabIndex = 0;
  }

  private sort(column: Column | null, cell: HTMLElement): void {
    const again = column === this.sorted.column;
    const up = again ? this.sorted.direction === "descending" : column === null;
    this.sorted = { column, direction: up ? "ascending" : "descending" };
    const sign = up ? 1 : -1;
    const value = (i: number) => column?.values[i] ?? null;
    this.order.sort((a, b) => {
      const [x, y] = column ? [value(a), value(b)] : [a, b];
      if (x === null || y === null) return Number(x === null) - Number(y === null);
      return sign * order(x, y) || a - b;
    });
    for (const other of this.table.tHead!.querySelectorAll("th")) {
      other.setAttribute("aria-sort", other === cell ? this.sorted.direction : "none");
    }
    this.fill();
    announce(`Sorted by ${cell.textContent}, ${this.sorted.direction}`);
  }

  private clicked(event: Event): void {
    const row = (event.target as HTMLElement).closest("tr");
    if (row) this.choose(row);
  }

  private choose(row: HTMLElement): void {
    const index = Number(row.dataset.index);
    this.selection.set({ kind: "federation", index }, "table");
  }

  private pressed(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest("tr");
    if (!row) return;
    const at = this.order.indexOf(Number(row.dataset.index));
    const last = this.order.length - 1;
    const page = 10;
    const to: Record<string, number> = {
      ArrowDown: Math.min(at + 1, last),
      ArrowUp: Math.max(at - 1, 0),
      PageDown: Math.min(at + page, last),
      PageUp: Math.max(at - page, 0),
      Home: 0,
      End: last,
    };
    if (event.key === "Enter" || event.key === " ") this.choose(row);
    else if (event.key in to) {
      const next = this.at(to[event.key]!);
      this.enter(next);
      next?.focus();
    } else return;
    event.preventDefault();
  }

  /** The federation before or after another, in the order on show. */
  step(from: number | null, by: number): number {
    const count = this.order.length;
    const at = from === null ? (by > 0 ? -1 : 0) : this.order.indexOf(from);
    return this.order[(at + by + count) % count]!;
  }

  private mark(index: number | null, scroll: boolean): void {
    for (const row of this.body.querySelectorAll("[aria-selected=true]")) {
      row.removeAttribute("aria-selected");
    }
    if (index === null) return;
    const row = this.rows[index]!;
    row.setAttribute("aria-selected", "true");
    this.enter(row);
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }
}
