"""Real maps beside ours: ``python -m benchmarks.maps [--data DIR] [--out CSV]``.

For each seed region five plans, scored under the preset `pcn2019` and compared
criterion by criterion:

=========  ====================================================================
real       the primary care networks of January 2023
equal      the cheapest plan at equal bounds: as many federations as there are
           real networks, none smaller than the smallest of them or larger than
           the largest
best       the cheapest plan of 30,000 to 50,000 patients a federation
near       the same with £100 a year for each patient who leaves a network
repaired   the same rules kept, as few patients moved as possible
=========  ====================================================================
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import federate
from benchmarks.cases import REGIONS
from benchmarks.run import BESIDE
from benchmarks.table import table_at
from federate.errors import InfeasibleError
from federate.result import Result
from federate.whatif.comparison import Comparison

__all__ = ["COLUMNS", "equal_bounds", "main", "rows_of"]

PLANS = ("real", "equal", "best", "near", "repaired")
COLUMNS = ("region", "group", "criterion", "unit", *PLANS)


@dataclass(frozen=True)
class Limits:
    """Seconds and threads for each of the solves of one region."""

    time_limit_s: float
    threads: int


def equal_bounds(asked: federate.Scenario, real: Result) -> federate.Scenario:
    """Return a scenario with the count and the range of size of the real networks.

    A practice in no network is left out of account.
    """
    sizes = real.to_frame()["patients"]
    return asked.with_(
        rules__size_bounds=(int(sizes.min()), int(sizes.max())),
        rules__num_federations=len(sizes),
    )


def compared(source: str, limits: Limits) -> Comparison:
    """Return the plans of a region side by side; those that do not exist left out."""
    asked = federate.Scenario.load(
        "pcn2019",
        instance=source,
        cover__enabled=False,
        solve__time_limit_s=limits.time_limit_s,
        solve__threads=limits.threads,
    )
    real = federate.evaluate("current", asked)
    found = {
        "real": real,
        "equal": federate.solve(equal_bounds(asked, real)),
        "best": federate.solve(asked),
        "near": federate.solve(asked, near=real),
    }
    try:
        fixed = federate.repair(real)
        found["repaired"] = fixed.after
        proven = f"at least {fixed.least_patients:,} must"
        if fixed.is_least_led:
            proven += f"; {fixed.patients:,} while the old leads lead on"
        print(f"repair moves {fixed.patients:,} patients; {proven}", flush=True)
    except InfeasibleError as error:
        print(f"no repair: {error}", flush=True)
    for name, result in found.items():
        print(f"  {name:9} {result}", flush=True)
    kept = {name: result for name, result in found.items() if result.plan is not None}
    return federate.compare(*kept.values(), scenario=asked, names=tuple(kept))


def rows_of(region: str, comparison: Comparison) -> Iterator[dict[str, object]]:
    """Yield one row a criterion, and who moves; blank where a plan has no figure."""
    names = comparison.names
    for figure in comparison.figures:
        values = ("" if v is None else f"{v:.6g}" for v in figure.of_plans)
        yield {
            "region": region,
            "group": figure.group,
            "criterion": figure.key,
            "unit": figure.unit,
            **dict(zip(names, values, strict=True)),
        }
    moved: dict[str, list[int | None]] = {
        "moved_practices": [0, *(len(diff.moved) for diff in comparison.diffs)],
        "moved_patients": [0, *(diff.patients for diff in comparison.diffs)],
    }
    for key, counts in moved.items():
        yield {
            "region": region,
            "group": "moves",
            "criterion": key,
            "unit": "persons" if key.endswith("patients") else "count",
            **dict(zip(names, counts, strict=True)),
        }


def main(argv: list[str] | None = None) -> int:
    """Compare region after region; rows are written as soon as they are known."""
    args = _arguments(argv)
    limits = Limits(args.time_limit, args.threads)
    present = [
        (region, path)
        for region in REGIONS
        if fnmatch(region, args.only)
        and (path := args.data / f"regions/{region}.csv").is_file()
    ]
    if not present:
        print(f"no region under {args.data}; name its folder", file=sys.stderr)
        return 2
    with table_at(args.out, COLUMNS) as write:
        for region, path in present:
            comparison = compared(str(path), limits)
            for row in rows_of(region, comparison):
                write(row)
            print(f"{region}: {comparison.summary}", flush=True)
            if args.pages is not None:
                comparison.to_html(args.pages / f"{region}.html")
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.maps")
    parser.add_argument("--data", type=Path, default=BESIDE / "data")
    parser.add_argument("--only", default="*", help="regions whose name matches")
    parser.add_argument("--time-limit", type=float, default=30.0, metavar="S")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("maps.csv"))
    parser.add_argument("--pages", type=Path, help="folder for a page a region")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
