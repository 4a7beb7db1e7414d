// What federate/whatif/payload.py puts into the page.
import type { Payload, Unit } from "./data.js";

export interface Change {
  practice: number;
  before: number | null;
  after: number | null;
  is_new: boolean;
  minutes_before: number | null;
  minutes_after: number | null;
}

export interface Fate {
  before: number | null;
  after: number | null;
  joined: number[];
  left: number[];
  patients_before: number | null;
  patients_after: number | null;
}

export interface Criterion {
  group: "cost" | "totals" | "proof";
  title: string;
  unit: Unit;
  values: (number | null)[];
}

/** One plan held against the base. */
export interface Against {
  summary: string;
  changes: Change[];
  fates: Fate[];
}

export interface Compared {
  schema: 1;
  title: string;
  subtitle: string;
  attribution: string;
  names: string[];
  plans: Payload[];
  against: Against[];
  criteria: Criterion[];
}

/** What is shown on both maps: a practice, and a federation on either. */
export interface Shown {
  practice: number | null;
  before: number | null;
  after: number | null;
}
