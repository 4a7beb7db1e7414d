"""What was known when: the best plan and the best bound over the seconds of a run."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from federate.engine.events import Event

__all__ = [
    "Trace",
    "TraceWriter",
    "first_plan_s",
    "gap_reached_s",
    "read_traces",
    "trace_of",
    "trace_path",
]

Point = tuple[float, float | None, float | None]
Trace = tuple[Point, ...]

COLUMNS = ("suite", "case", "seed", "seconds", "objective_gbp", "bound_gbp")


def trace_of(events: Iterable[Event]) -> Trace:
    """Return (seconds, best plan, best bound) each time one of them changes."""
    out: list[Point] = []
    for event in events:
        point = (round(event.seconds, 3), event.objective_gbp, event.bound_gbp)
        if point[1:] != (None, None) and (not out or out[-1][1:] != point[1:]):
            out.append(point)
    return tuple(out)


def first_plan_s(trace: Trace) -> float | None:
    """Return when the first plan was there, or ``None``."""
    return next((s for s, objective, _ in trace if objective is not None), None)


def gap_reached_s(trace: Trace, gap: float) -> float | None:
    """Return when the proven gap was first at most this fraction, or ``None``."""
    for seconds, objective, bound in trace:
        if objective is None or bound is None:
            continue
        if objective - bound <= gap * max(1e-9, abs(objective)):
            return seconds
    return None


def trace_path(table: Path) -> Path:
    """Return the file of the traces that goes with a table of rows."""
    return table.with_suffix(".trace.csv")


class TraceWriter:
    """Writes the traces of many runs into one tidy file."""

    def __init__(self, file: Any) -> None:
        self._table = csv.writer(file, lineterminator="\n")
        self._table.writerow(COLUMNS)

    def write(self, row: Mapping[str, Any], trace: Trace) -> None:
        """Write the trace of the run that `row` tells of."""
        for point in trace:
            self._table.writerow((row["suite"], row["case"], row["seed"], *point))


def read_traces(path: Path) -> Iterator[tuple[tuple[str, str], Trace]]:
    """Yield (case, seed) and trace of each run in a file."""
    runs: dict[tuple[str, str], list[Point]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            objective, bound = (
                float(line[name]) if line[name] else None for name in COLUMNS[-2:]
            )
            point = (float(line["seconds"]), objective, bound)
            runs.setdefault((line["case"], line["seed"]), []).append(point)
    for run, points in runs.items():
        yield run, tuple(points)
