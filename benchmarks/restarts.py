"""The same question after one change: ``python -m benchmarks.restarts [--out CSV]``.

England by travel alone, 30,000 to 50,000 patients, is solved to a gap; then one bound
or one price is changed, and the changed question is solved to the same gap: from
nothing (``cold``), and from the plan and the prices of the first answer (``warm``).
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import federate
from benchmarks.cases import TRAVEL_ALONE
from benchmarks.measure import cpu_seconds, provenance
from benchmarks.run import BESIDE
from benchmarks.table import table_at
from benchmarks.trace import first_plan_s, gap_reached_s, trace_of

__all__ = ["CHANGES", "COLUMNS", "main", "rows"]

BOUNDS = (30_000, 50_000)
CHANGES: Mapping[str, Mapping[str, Any]] = {
    "upper bound 52,000": {"rules__size_bounds": (30_000, 52_000)},
    "lower bound 31,000": {"rules__size_bounds": (31_000, 50_000)},
    "travel a tenth dearer": {"weights__travel_gbp_per_patient_min": 1.1},
}
COLUMNS = (
    *("source", "change", "arm", "status", "objective_gbp", "bound_gbp", "gap"),
    *("first_plan_s", "to_gap_s", "solve_s", "cpu_s", "share_of_cold", "asked_gap"),
    *("time_limit_s", "threads", "federate", "commit", "highspy", "python"),
    *("machine", "date"),
)


def rows(
    source: Path, *, gap: float, time_limit_s: float, threads: int
) -> Iterator[dict[str, Any]]:
    """Yield the row of the first answer, then two for each change."""
    instance = federate.read(source)
    first = federate.Scenario.model_validate(TRAVEL_ALONE).with_(
        rules__size_bounds=BOUNDS,
        solve__gap=gap,
        solve__time_limit_s=time_limit_s,
        solve__threads=threads,
    )
    known = {"source": source.stem, "asked_gap": gap}
    known |= {"time_limit_s": time_limit_s, "threads": threads}
    answer, row = _answered(first, instance, gap, None)
    yield known | row | {"change": "", "arm": "cold"}
    for name, change in CHANGES.items():
        changed = first.with_(**change)
        _, cold = _answered(changed, instance, gap, None)
        yield known | cold | {"change": name, "arm": "cold"}
        _, warm = _answered(changed, instance, gap, answer)
        share = round(warm["solve_s"] / cold["solve_s"], 3)
        yield known | warm | {"change": name, "arm": "warm", "share_of_cold": share}


def main(argv: list[str] | None = None) -> int:
    """Answer every change both ways; rows are written as soon as they are known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.restarts")
    parser.add_argument("--data", type=Path, default=BESIDE / "data")
    parser.add_argument("--table", default="england_practices.csv")
    parser.add_argument("--gap", type=float, default=0.003)
    parser.add_argument("--time-limit", type=float, default=480.0, metavar="S")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("restarts.csv"))
    args = parser.parse_args(argv)
    source = args.data / args.table
    if not source.is_file():
        print(f"no {source}; name its folder with --data", file=sys.stderr)
        return 2
    # Read before anything runs: a checkout may move while a long table is made.
    known = provenance(COLUMNS)
    federate.solve("toy")  # so that kernels are compiled by then
    with table_at(args.out, COLUMNS) as write:
        for row in rows(
            source, gap=args.gap, time_limit_s=args.time_limit, threads=args.threads
        ):
            write(row | known)
            print(row, flush=True)
    return 0


def _answered(
    scenario: federate.Scenario,
    instance: federate.Instance,
    gap: float,
    start: federate.Result | None,
) -> tuple[federate.Result, dict[str, Any]]:
    """Solve, and return the answer with the row of it."""
    began, before = time.perf_counter(), cpu_seconds()
    result = federate.solve(scenario, instance=instance, warm_start=start)
    took_s = time.perf_counter() - began
    trace = trace_of(result.events)
    return result, {
        "status": result.status.value,
        "objective_gbp": _pounds(result.objective_gbp),
        "bound_gbp": _pounds(result.bound_gbp),
        "gap": result.gap,
        "first_plan_s": first_plan_s(trace),
        "to_gap_s": gap_reached_s(trace, gap),
        "solve_s": round(took_s, 2),
        "cpu_s": round(cpu_seconds() - before, 2),
    }


def _pounds(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


if __name__ == "__main__":
    sys.exit(main())
