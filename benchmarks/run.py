"""Run a suite: ``python -m benchmarks.run SUITE [--data DIR] [--out CSV]``."""

import argparse
import csv
import sys
from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatch
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.answer import Limits
from benchmarks.cases import Case
from benchmarks.measure import COLUMNS, measure_traced
from benchmarks.suites import SUITES, suite
from benchmarks.trace import TraceWriter, trace_path

__all__ = ["main"]

BESIDE = Path(__file__).resolve().parents[2] / "shared"
FIRST = Case("", "toy", "toy", "toy")  # so that kernels are compiled by then
PEERS_PYTHON = Path(__file__).parent / "peers" / ".venv" / "bin" / "python"


def main(argv: list[str] | None = None) -> int:
    """Run the cases one after the other; a row is written as soon as it is known."""
    args = _arguments(argv)
    limits = Limits(
        time_limit_s=args.time_limit,
        gap=args.gap,
        threads=args.threads,
        seed=args.seed,
        engine=args.engine,
        solver=args.solver,
        peers_python=str(args.peers_python),
        certify=args.certify,
    )
    cases = [
        case
        for case in suite(args.suite, args.data, args.bench)
        if fnmatch(case.name, args.only)
    ]
    if not cases:
        print(
            f"no case of {args.suite} matches {args.only!r} and has its files under "
            f"{args.data} or {args.bench}; name their folders with --data or --bench",
            file=sys.stderr,
        )
        return 2
    with (
        args.out.open("w", newline="", encoding="utf-8") as rows,
        trace_path(args.out).open("w", newline="", encoding="utf-8") as traces,
    ):
        table = csv.DictWriter(rows, COLUMNS, lineterminator="\n")
        table.writeheader()
        tracer = TraceWriter(traces)
        measure_traced(FIRST, limits)
        seeds = range(args.seed, args.seed + args.repeat)
        for case, seed in product(cases, seeds):
            row, trace = measure_traced(case, replace(limits, seed=seed))
            table.writerow(row)
            tracer.write(row, trace)
            rows.flush()
            traces.flush()
            print(_line(row), flush=True)
    return 0


def _line(row: Mapping[str, Any]) -> str:
    """Return a row as a line for people."""
    cost, away = row.get("objective_gbp"), row.get("gap_to_published")
    gap = f"gap {_percent(row.get('gap')):>9}"
    if "certify_s" in row:
        gap += f"  certified {_percent(row['certified_gap'])}"
    parts = [
        f"{row['case']:36} {row['status']:11}",
        f"{'' if cost is None else f'{cost:,.2f}':>16}",
        gap,
        f"{row.get('num_violations', '')!s:>3} broken",
        f"{row.get('solve_s', 0):>7} s",
        f"{row.get('peak_memory_mb', ''):>5} MB",
    ]
    if away is not None:
        parts.append(f"{_percent(away)} above published; {row['convention']}")
    return "  ".join(parts)


def _percent(gap: float | None) -> str:
    return "none" if gap is None else f"{gap:.4%}"


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run")
    parser.add_argument("suite", choices=sorted(SUITES))
    parser.add_argument("--data", type=Path, default=BESIDE / "data")
    parser.add_argument("--bench", type=Path, default=BESIDE / "bench")
    parser.add_argument("--only", default="*", help="cases whose name matches")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="S")
    parser.add_argument("--gap", type=float, help="in place of the scenario's")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--repeat", type=int, default=1, help="seeds, one after another"
    )
    parser.add_argument(
        "--certify", action="store_true", help="derive every bound again afterwards"
    )
    parser.add_argument("--engine", default="", help="in place of auto")
    parser.add_argument("--solver", default="", help="in place of highs")
    parser.add_argument("--out", type=Path, default=Path("benchmark.csv"))
    parser.add_argument(
        "--peers-python", type=Path, default=PEERS_PYTHON, help="see peers/README.md"
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
