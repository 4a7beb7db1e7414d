"""Run a suite: ``python -m benchmarks.run SUITE [--data DIR] [--out CSV]``."""

import argparse
import csv
import sys
from fnmatch import fnmatch
from pathlib import Path

from benchmarks.cases import SUITES, suite
from benchmarks.measure import COLUMNS, measure

__all__ = ["main"]


def main(argv: list[str] | None = None) -> int:
    """Run the cases one after the other; a row is written as soon as it is known."""
    args = _arguments(argv)
    cases = [c for c in suite(args.suite, args.data) if fnmatch(c.name, args.only)]
    if not cases:
        print(f"no case of {args.suite} matches {args.only!r}", file=sys.stderr)
        return 2
    with args.out.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        for case in cases:
            row = measure(case, args.time_limit, args.threads, args.seed)
            table.writerow(row)
            file.flush()
            gap = row.get("gap")
            print(
                f"{case.name:32} {row.get('status', ''):12}"
                f" {row.get('num_federations', '')!s:>5} federations"
                f"  £{row.get('objective_gbp') or 0:>14,.0f}"
                f"  gap {'none' if gap is None else f'{gap:.3%}':>8}"
                f"  {row.get('num_violations', '')!s:>4} broken"
                f"  {row.get('solve_s', 0):>7} s  {row['peak_memory_mb']} MB",
                flush=True,
            )
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run")
    parser.add_argument("suite", choices=sorted(SUITES))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", default="*", help="cases whose name matches")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="S")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("benchmark.csv"))
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
