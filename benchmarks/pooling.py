"""Risk, contract and likeness: ``python -m benchmarks.pooling [--data DIR]``.

Three real regions, each under every rule P(overspend > 3 %) ≤ ε with ε of 1, 5 and
10 %, without a contract, with a stop-loss from 2 % and with a carve-out, in federations
that must be neighbours and in like-minded ones that need not be. A row that cannot be
has the sentence that says so, and the number that would make it possible.

What is published: 3.6, the spread of a patient's yearly cost that fits all care (HSJ
2011, 5023200). What is a choice of ours: shocks of 0.5 % that all share and that
neighbours share; budgets set from each practice's own history, so without an error of
their own; running cost, loadings and the threshold of the carve-out, for which nothing
published was found. A stop-loss begins below what is tolerated because its fair price
is paid out of the same budget.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import product
from math import ceil
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import federate
from benchmarks.run import BESIDE
from benchmarks.table import table_at
from federate.criteria.tails import value_at_risk
from federate.result import Result
from solvers.contract import Status

__all__ = ["COLUMNS", "Ask", "asks", "main", "row_of"]

REGIONS = ("trafford", "oxfordshire", "outer_ne_london")
EPSILONS = (0.01, 0.05, 0.10)
CONTRACTS: Mapping[str, Mapping[str, Any]] = {
    "none": {},
    "stop-loss": {"stop-loss": {"stop_loss_from": 0.02, "loading": 0.3}},
    "carve-out": {"carve-out": {"carve_out_above_gbp": 85_000.0, "loading": 0.2}},
}
FEATURES = ("imd_2019", "share_65plus", "rurality", "it_system_2019")
GROUPINGS: Mapping[str, Mapping[str, Any]] = {
    "geographic": {
        "rules": {"contiguity": "contiguous"},
        "likeness": {"mode": "geographic"},
    },
    "like-minded": {
        "rules": {"contiguity": "none"},
        "likeness": {"mode": "like-minded", "features": {f: {} for f in FEATURES}},
    },
}
SIZE_BOUNDS = (10_000, 100_000)
COLUMNS = (
    "region",
    "grouping",
    "max_probability",
    "contract",
    "status",
    "federations",
    "insured",
    "size_median_persons",
    "travel_mean_min",
    "likeness_mean",
    "overspend_worst_probability",
    "expected_overspend_gbp",
    "cvar_gbp",
    "premium_gbp",
    "objective_gbp",
    "bound_gbp",
    "gap",
    "engine",
    "seconds",
    "cpu_s",
    "says",
)


@dataclass(frozen=True)
class Ask:
    """One row: a region, how practices group, ε, and what contract is on offer."""

    region: str
    grouping: str
    max_probability: float
    contract: str

    def scenario(self, source: str) -> federate.Scenario:
        """Return the scenario of this row for a region's table."""
        grouping = GROUPINGS[self.grouping]
        return federate.Scenario.model_validate(
            {
                "schema": 1,
                "title": f"{self.region}, {self.grouping}",
                "instance": source,
                "rules": {"size_bounds": SIZE_BOUNDS, **grouping["rules"]},
                "likeness": grouping["likeness"],
                "scale": {
                    "fixed_gbp_per_federation": 180_000.0,
                    "gbp_per_head": 1.5,
                    "gbp_per_member": 4_000.0,
                },
                "risk": {
                    "tolerance": 0.03,
                    "max_probability": self.max_probability,
                    "tau_practice": 0.0,
                    "tau_region": 0.005,
                },
                "contracts": {"menu": CONTRACTS[self.contract]},
                "cover": {"enabled": False},
            }
        )


def asks(only: str = "*") -> Iterator[Ask]:
    """Yield the rows, region by region."""
    for region in REGIONS:
        if fnmatch(region, only):
            for grouping, epsilon, contract in product(GROUPINGS, EPSILONS, CONTRACTS):
                yield Ask(region, grouping, epsilon, contract)


def row_of(ask: Ask, result: Result, seconds: float, cpu_s: float) -> dict[str, Any]:
    """Return one row of the table; a plan that breaks a rule has no figures."""
    row: dict[str, Any] = {
        "region": ask.region,
        "grouping": ask.grouping,
        "max_probability": ask.max_probability,
        "contract": ask.contract,
        "status": result.status.value,
        "engine": result.engine,
        "seconds": f"{seconds:.1f}",
        "cpu_s": f"{cpu_s:.1f}",
        "says": _said(result),
    }
    card = result.scorecard
    if card is None or result.violations:
        return row
    totals = card.totals
    shown: dict[str, float | int | None] = {
        "federations": len(card.federations),
        "insured": totals["num_contracts"],
        "size_median_persons": totals["size_median_persons"],
        "travel_mean_min": totals["travel_mean_min"],
        "likeness_mean": totals["likeness_mean"],
        "overspend_worst_probability": totals["overspend_worst_probability"],
        "expected_overspend_gbp": totals["expected_overspend_gbp"],
        "cvar_gbp": sum(f.cvar_gbp or 0.0 for f in card.federations),
        "premium_gbp": totals["premium_gbp"],
        "objective_gbp": result.objective_gbp,
        "bound_gbp": result.bound_gbp,
        "gap": result.gap,
    }
    return row | {k: "" if v is None else f"{v:.6g}" for k, v in shown.items()}


def _said(result: Result) -> str:
    """Return why there is no plan, or how little is known of that."""
    if result.reasons:
        return result.reasons[0]
    if result.status is not Status.NO_SOLUTION:
        return ""
    said = "no plan found in time; nothing proves that there is none"
    enough = _tolerance_of(result)
    if enough is None or enough <= result.problem.scenario.risk.tolerance:
        return said
    return f"{said}; the one tried would keep risk.tolerance = {enough:.4f}"


def _tolerance_of(result: Result) -> float | None:
    """Return the tolerance that every federation of a plan keeps, rounded up.

    VaR at 1 − ε of each, under the contract it takes; ``None`` without a plan.
    """
    pooled, epsilon = (
        result.problem.pooled,
        result.problem.scenario.risk.max_probability,
    )
    if result.plan is None or pooled is None or epsilon is None:
        return None
    index, terms, worst = result.problem.instance.index, pooled.terms, 0.0
    for codes in result.plan.members.values():
        held = pooled.weighed([index[code] for code in codes])
        law = (terms.mean, held.sigma_rel, held.skew)
        worst = max(worst, value_at_risk(terms.tail, 1 - epsilon, *law))
    return ceil(worst * 1e4) / 1e4


def main(argv: list[str] | None = None) -> int:
    """Solve row after row; each is written as soon as it is known."""
    args = _arguments(argv)
    sources = {region: args.data / f"regions/{region}.csv" for region in REGIONS}
    present = [ask for ask in asks(args.only) if sources[ask.region].is_file()]
    if not present:
        print(f"no region under {args.data}; name its folder", file=sys.stderr)
        return 2
    with table_at(args.out, COLUMNS) as write:
        for ask in present:
            began, began_cpu = perf_counter(), process_time()
            result = federate.solve(
                ask.scenario(str(sources[ask.region])),
                time_limit_s=args.time_limit,
                threads=args.threads,
            )
            seconds, cpu_s = perf_counter() - began, process_time() - began_cpu
            write(row_of(ask, result, seconds, cpu_s))
            print(ask, result, f"{seconds:.1f} s", flush=True)
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pooling")
    parser.add_argument("--data", type=Path, default=BESIDE / "data")
    parser.add_argument("--only", default="*", help="regions whose name matches")
    parser.add_argument("--time-limit", type=float, default=30.0, metavar="S")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("pooling.csv"))
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
