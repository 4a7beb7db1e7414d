// The search box: practices by name or code, federations by label.
import { byId, element } from "./dom.js";
import type { Payload } from "./data.js";
import type { Selected, Selection } from "./selection.js";

const MOST = 12;

interface Entry {
  selected: Selected;
  text: string;
  note: string;
  key: string;
}

export class Search {
  private readonly box = byId<HTMLInputElement>("find");
  private readonly list = byId<HTMLUListElement>("found");
  private readonly entries: Entry[];
  private found: Entry[] = [];
  private active = -1;

  constructor(
    data: Payload,
    private readonly selection: Selection,
  ) {
    this.entries = entriesOf(data);
    this.box.addEventListener("input", () => this.look());
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.box.addEventListener("blur", () => this.close());
    // A mouse press must not take the focus, or blur would close the list first.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = (event.target as HTMLElement).closest("li");
      if (item?.dataset.at) this.choose(Number(item.dataset.at));
    });
  }

  focus(): void {
    this.box.focus();
    this.box.select();
  }

  private look(): void {
    const words = this.box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (entry: Entry) => words.every((word) => entry.key.includes(word));
    const starts = (entry: Entry) => words.length > 0 && entry.key.startsWith(words[0]!);
    const hits = words.length ? this.entries.filter(fits) : [];
    const first = hits.filter(starts);
    this.found = [...first, ...hits.filter((entry) => !starts(entry))].slice(0, MOST);
    this.active = this.found.length ? 0 : -1;
    const items = this.found.map((entry, at) =>
      element(
        "li",
        { role: "option", id: `found-${at}`, "data-at": at },
        element("span", {}, entry.text),
        element("span", { class: "note" }, entry.note),
      ),
    );
    if (words.length && !items.length) {
      items.push(element("li", { class: "none" }, "Nothing found"));
    }
    this.list.replaceChildren(...items);
    this.list.hidden = items.length === 0;
    this.box.setAttribute("aria-expanded", String(items.length > 0));
    this.mark();
  }

  private mark(): void {
    this.list.querySelectorAll("li").forEach((item, at) => {
      item.setAttribute("aria-selected", String(at === this.active));
      if (at === this.active) item.scrollIntoView({ block: "nearest" });
    });
    if (this.active >= 0) {
      this.box.setAttribute("aria-activedescendant", `found-${this.active}`);
    } else this.box.removeAttribute("aria-activedescendant");
  }

  private pressed(event: KeyboardEvent): void {
    const count = this.found.length;
    if (event.key === "ArrowDown" && count) this.active = (this.active + 1) % count;
    else if (event.key === "ArrowUp" && count) this.active = (this.active - 1 + count) % count;
    else if (event.key === "Enter") this.choose(this.active);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.mark();
  }

  private choose(at: number): void {
    const entry = this.found[at];
    if (!entry) return;
    this.close();
    this.selection.set(entry.selected, "keys");
  }

  private close(): void {
    this.list.hidden = true;
    this.active = -1;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }
}

function entriesOf(data: Payload): Entry[] {
  const { federations, practices, bases } = data;
  const entry = (kind: Selected["kind"], index: number, text: string, note: string): Entry => ({
    selected: { kind, index },
    text,
    note,
    key: `${text} ${note}`.toLowerCase(),
  });
  const own = (i: number) => {
    const federation = practices.federation[i] ?? null;
    return federation === null ? "alone" : federations.label[federation]!;
  };
  return [
    ...federations.label.map((label, i) =>
      entry("federation", i, label, `federation led by ${practices.name[federations.lead[i]!]}`),
    ),
    ...practices.name.map((name, i) =>
      entry("practice", i, name || practices.code[i]!, `${practices.code[i]} · ${own(i)}`),
    ),
    ...bases.name.map((name, i) => entry("base", i, name, `${bases.code[i]} · base`)),
  ];
}
