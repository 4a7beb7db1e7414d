// The card of what is selected: a federation, a practice or a base.
import { format } from "./data.js";
import type { Payload } from "./data.js";
import { element } from "./dom.js";
import type { Selected, Selection } from "./selection.js";

type Row = [label: string, value: string];

export class Details {
  constructor(
    private readonly data: Payload,
    private readonly selection: Selection,
    private readonly zoom: () => void,
    private readonly place: HTMLElement,
  ) {
    selection.listen((selected) => this.show(selected));
  }

  /** A short name for the status line and for headings. */
  title(selected: Selected): string {
    const { federations, practices, bases } = this.data;
    if (selected.kind === "federation") {
      const lead = practices.name[federations.lead[selected.index]!]!;
      return `${federations.label[selected.index]} · led by ${lead}`;
    }
    const table = selected.kind === "practice" ? practices : bases;
    return table.name[selected.index] || table.code[selected.index]!;
  }

  private show(selected: Selected | null): void {
    this.place.hidden = selected === null;
    if (!selected) {
      this.place.replaceChildren();
      return;
    }
    const close = element(
      "button",
      {
        type: "button",
        class: "plain",
        "aria-label": "Close details",
        title: "Close (Esc)",
        click: () => this.selection.set(null, "list"),
      },
      "×",
    );
    const zoom = element(
      "button",
      { type: "button", class: "small", click: this.zoom },
      "Zoom to",
    );
    this.place.replaceChildren(
      element("div", { class: "card-top" }, element("h2", {}, this.title(selected)), zoom, close),
      ...this.body(selected),
    );
  }

  private body(selected: Selected): Node[] {
    if (selected.kind === "federation") return this.federation(selected.index);
    if (selected.kind === "practice") return this.practice(selected.index);
    return this.base(selected.index);
  }

  private federation(index: number): Node[] {
    const { federations, practices } = this.data;
    const rows: Row[] = federations.columns
      .filter((column) => column.values[index] !== null)
      .map((column) => [column.title, format(column.values[index], column.unit)]);
    const lead = federations.lead[index]!;
    const members = practices.code
      .map((_, i) => i)
      .filter((i) => practices.federation[i] === index)
      .sort((a, b) => Number(b === lead) - Number(a === lead) || practices.patients[b]! - practices.patients[a]!);
    const terms = Object.entries(federations.terms[index] ?? {}).filter(([, v]) => v !== 0);
    return [
      pairs(rows),
      ...(terms.length
        ? [
            element("h3", {}, "Cost a year"),
            pairs(terms.map(([name, value]) => [name, format(value, "gbp")])),
          ]
        : []),
      ...this.contracts(index),
      ...this.faults((v) => v.federation === index),
      element("h3", {}, members.length === 1 ? "Its practice" : "Its practices"),
      this.list(members, lead),
    ];
  }

  /** Each contract on offer, and why it is taken or not. */
  private contracts(index: number): Node[] {
    const offers = this.data.federations.contracts[index] ?? [];
    if (offers.length === 0) return [];
    const rows = offers.flatMap((offer) => {
      const name = element("th", { scope: "row" }, offer.name);
      if (offer.taken) name.append(element("span", { class: "tag" }, "taken"));
      const figures = [
        format(offer.risk, "share"),
        format(offer.worst_gbp / 1e6, "number"),
        format(offer.premium_gbp / 1e3, "count"),
        format(offer.total_gbp / 1e3, "count"),
      ];
      const cells = figures.map((text) => element("td", {}, text));
      const mark = offer.kept ? "" : "✗ ";
      const why = element("td", { colspan: 5, class: offer.kept ? "why" : "why bad" }, mark + offer.why);
      return [
        element("tr", { class: "offer" }, name, ...cells),
        element("tr", {}, why),
      ];
    });
    const head = [
      ["Contract", "Of the scenario's menu"],
      ["Risk", "Chance of an overspend kept above the tolerance"],
      ["Worst, £m", "Overspend kept in the mean of the worst years"],
      ["Premium, £k", "What it costs a year beyond the mean of what it pays"],
      ["Total, £k", "Premium and the scenario's price of the risk kept, a year"],
    ].map(([title, hint]) => element("th", { scope: "col", title: hint! }, title!));
    return [
      element("h3", {}, "Contracts on offer"),
      element(
        "table",
        { class: "members offers" },
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...rows),
      ),
    ];
  }

  private faults(concerns: (v: Payload["violations"][number]) => boolean): Node[] {
    const found = this.data.violations.filter(concerns);
    if (found.length === 0) return [];
    const lines = found.map((v) => element("li", {}, v.message));
    return [
      element("h3", { class: "bad" }, "Rules broken"),
      element("ul", { class: "bad" }, ...lines),
    ];
  }

  private list(members: number[], lead: number): HTMLElement {
    const { practices } = this.data;
    const rows = members.map((i) => {
      const open = element(
        "button",
        {
          type: "button",
          class: "link",
          click: () => this.selection.set({ kind: "practice", index: i }, "list"),
        },
        practices.name[i] || practices.code[i]!,
      );
      const first = element("th", { scope: "row" }, open);
      if (i === lead) first.append(element("span", { class: "tag" }, "lead"));
      return element(
        "tr",
        {},
        first,
        element("td", {}, format(practices.patients[i], "count")),
        element("td", {}, i === lead ? "–" : format(practices.minutes[i], "minutes")),
      );
    });
    const head = element(
      "tr",
      {},
      element("th", { scope: "col" }, "Practice"),
      element("th", { scope: "col" }, "Patients"),
      element("th", { scope: "col", title: "Minutes to the lead practice" }, "Minutes"),
    );
    return element(
      "table",
      { class: "members" },
      element("thead", {}, head),
      element("tbody", {}, ...rows),
    );
  }

  private practice(index: number): Node[] {
    const { federations, practices, bases } = this.data;
    const federation = practices.federation[index] ?? null;
    const lead = federation !== null && federations.lead[federation] === index;
    const rows: Row[] = [
      ["Code", practices.code[index]!],
      ["Patients", format(practices.patients[index], "count")],
    ];
    if (lead) rows.push(["Role", "lead practice of its federation"]);
    else if (federation !== null) {
      const minutes = format(practices.minutes[index], "minutes");
      rows.push(["To the lead practice", `${minutes} min (${practices.source[index]})`]);
    }
    if (this.data.covered) {
      const base = practices.base[index] ?? null;
      const minutes = format(practices.base_minutes[index], "minutes");
      const text = base === null ? "no base covers it" : `${bases.name[base]}, ${minutes} min`;
      rows.push(["Out of hours", text]);
    }
    return [
      pairs(rows),
      this.belongs(federation),
      ...this.faults((v) => v.practices.includes(index)),
    ];
  }

  private belongs(federation: number | null): HTMLElement {
    if (federation === null) return element("p", {}, "Stands alone, outside every federation.");
    const open = element(
      "button",
      {
        type: "button",
        class: "link",
        click: () => this.selection.set({ kind: "federation", index: federation }, "list"),
      },
      this.title({ kind: "federation", index: federation }),
    );
    return element("p", {}, "Federation ", open);
  }

  private base(index: number): Node[] {
    const { bases, practices } = this.data;
    const covered = practices.code.map((_, i) => i).filter((i) => practices.base[i] === index);
    const patients = covered.reduce((sum, i) => sum + practices.patients[i]!, 0);
    const rows: Row[] = [
      ["Out-of-hours base", bases.code[index]!],
      ["Today", bases.status[index] === "open" ? "open" : "candidate, not open"],
    ];
    if (this.data.covered) {
      const open = bases.open[index]!;
      rows.push(["In this plan", open ? "runs" : "does not run"]);
      if (open) {
        rows.push(["Practices covered", format(covered.length, "count")]);
        rows.push(["Patients covered", format(patients, "count")]);
      }
    }
    return [pairs(rows)];
  }
}

function pairs(rows: Row[]): HTMLElement {
  const lines = rows.map(([label, value]) =>
    element("div", {}, element("dt", {}, label), element("dd", {}, value)),
  );
  return element("dl", { class: "pairs" }, ...lines);
}
