// What is selected, and who wants to know.
export type Kind = "federation" | "practice" | "base";
export interface Selected {
  kind: Kind;
  index: number;
}
export type Why = "map" | "table" | "list" | "keys";
type Listener = (selected: Selected | null, why: Why) => void;

export class Selection {
  current: Selected | null = null;
  private readonly listeners: Listener[] = [];

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }

  set(selected: Selected | null, why: Why): void {
    this.current = selected;
    for (const listener of this.listeners) listener(selected, why);
  }
}
