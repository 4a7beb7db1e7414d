"""Pooled risk, contracts, tiers and scale: every engine and brute force agree."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from federate.engine.answer import objective_gbp, to_plan
from federate.engine.columns import solve_columns
from federate.engine.compact import solve_compact
from federate.engine.events import Event
from federate.engine.search import search
from federate.engine.solve import solve
from federate.errors import PlanError
from federate.plan_file import read_plan, write_plan
from federate.practices.instance import Partners
from federate.problem import Problem
from federate.scenario import Scenario
from federate.verify import verify
from solvers.contract import Options, Status
from tests.oracle import brute_force
from tests.strategies import small_instance

# Lists of 2,000 to 16,000 patients: σ is 4 % to 9 % of budget.
RARE: dict[str, Any] = {"max_probability": 0.12, "tolerance": 0.055}
STOP = {"stop_loss_from": 0.03, "loading": 0.3, "fixed_gbp": 3_000.0}
CUT = {"carve_out_above_gbp": 40_000.0, "loading": 0.02, "fixed_gbp": 2_000.0}
QUOTA = {"quota_share": 0.35, "fee_share": 0.0015}

ASKED: dict[str, dict[str, Any]] = {
    "rule": {"risk": RARE},
    "rule in a skewed tail": {"risk": {**RARE, "tail": "normal-power"}},
    "price of the worst years": {
        "risk": {"gbp_per_gbp_at_risk": 0.05, "measure": "cvar"}
    },
    "price of overspends": {"risk": {"gbp_per_gbp_at_risk": 0.4}},
    "stop-loss": {
        "risk": {**RARE, "gbp_per_gbp_at_risk": 0.2},
        "contracts": {"menu": {"stop": STOP}},
    },
    "carve-out": {
        "risk": {**RARE, "gbp_per_gbp_at_risk": 0.2},
        "contracts": {"menu": {"cut": CUT}},
    },
    "quota share": {
        "risk": {**RARE, "gbp_per_gbp_at_risk": 0.2},
        "contracts": {"menu": {"share": QUOTA}},
    },
    "menu of two": {
        "risk": {**RARE, "tail": "normal-power", "gbp_per_gbp_at_risk": 0.2},
        "contracts": {"menu": {"stop": STOP, "cut": CUT}},
    },
    "tiers with a floor": {
        "risk": RARE,
        "tiers": {
            "readiness_column": "imd",
            "full_readiness": 25.0,
            "partial_readiness": 15.0,
            "min_full_share": 0.3,
        },
    },
    "allowance": {"scale": {"gbp_per_head": 1.0, "allowance_gbp_per_head": 6.0}},
    "benefit": {"scale": {"benefit_share": 0.004, "benefit_persons": 30_000.0}},
}


def _problem(asked: str, seed: int) -> Problem:
    held = ASKED[asked]
    scale = {"fixed_gbp_per_federation": 60_000.0, "gbp_per_member": 100.0}
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "cover": {"enabled": False},
            "risk": {},
            **held,
            "scale": scale | held.get("scale", {}),
        }
    )
    return Problem.build(small_instance(seed, 6), scenario)


def _searched_gbp(problem: Problem, best_gbp: float) -> float | None:
    """Return the cost that local search ends at, left as soon as it is the best."""
    told = [np.inf]

    def hear(event: Event) -> None:
        if event.objective_gbp is not None:
            told.append(event.objective_gbp)

    return search(
        problem,
        time_limit_s=30.0,
        listen=hear,
        cancel=lambda: min(told) <= best_gbp * (1 + 1e-8),
    ).objective_gbp


@pytest.mark.parametrize("seed", [1, 4])
@pytest.mark.parametrize("asked", ASKED)
def test_compact_columns_and_search_reach_what_brute_force_finds(
    asked: str, seed: int
) -> None:
    problem = _problem(asked, seed)
    best = brute_force(problem)
    exact = Options(rel_gap=0.0)
    answers = (
        solve_compact(problem, options=exact),
        solve_columns(problem, options=exact),
    )
    if best is None:
        assert all(answer.status is Status.INFEASIBLE for answer in answers)
        return
    for answer in answers:
        assert answer.grouping is not None
        assert answer.status is Status.OPTIMAL
        assert answer.objective_gbp == pytest.approx(best[0], rel=1e-8)
        assert answer.bound_gbp == pytest.approx(best[0], rel=1e-6)
        assert objective_gbp(problem, answer.grouping) == answer.objective_gbp
        assert verify(problem, to_plan(problem, answer.grouping)) == ()
    assert _searched_gbp(problem, best[0]) == pytest.approx(best[0], rel=1e-8)


def test_the_scenarios_bind() -> None:
    """Each changes the best plan, or its cost, of one of the seeds at least."""
    plain = {}
    for seed in (1, 4):
        scenario = Scenario.model_validate(
            {
                "schema": 1,
                "cover": {"enabled": False},
                "scale": {"fixed_gbp_per_federation": 60_000.0, "gbp_per_member": 1e2},
            }
        )
        best = brute_force(Problem.build(small_instance(seed, 6), scenario))
        assert best is not None
        plain[seed] = best[0]
    for asked in ASKED:
        found = {seed: brute_force(_problem(asked, seed)) for seed in plain}
        assert any(
            best is None or abs(best[0] - plain[seed]) > 1.0
            for seed, best in found.items()
        ), asked


LIMITED: dict[str, dict[str, Any]] = {
    "concentration": {
        "rules": {"size_bounds": (4_000, 30_000), "contiguity": "none"},
        "risk": {"max_probability": 0.05, "tolerance": 0.035},
        "contracts": {
            "max_partner_share": 0.45,
            "menu": {
                "own": {"partner": "V1", **STOP, "quota_share": 0.0},
                "stop": {**STOP, "loading": 1.0, "fixed_gbp": 30_000.0},
            },
        },
    },
    "two partners": {
        "risk": {**RARE, "gbp_per_gbp_at_risk": 0.3},
        "contracts": {
            "required": True,
            "max_partner_share": 0.7,
            "menu": {
                "first": {"partner": "V1", **STOP, "quota_share": 0.0},
                "second": {"partner": "V2", **QUOTA},
            },
        },
    },
}


def _limited(asked: str, seed: int, capacity_gbp: float | None = None) -> Problem:
    held = LIMITED[asked]
    scale = {"fixed_gbp_per_federation": 60_000.0, "gbp_per_member": 100.0}
    scenario = Scenario.model_validate(
        {"schema": 1, "cover": {"enabled": False}, "scale": scale, **held}
    )
    partners = Partners(
        code=("V1", "V2"),
        name=("One", "Two"),
        contract=("stop_loss", "quota_share"),
        share=np.array([0.9, 0.35]),
        fee_share=np.array([0.0, 0.0]),
        fixed_gbp=np.array([500.0, 0.0]),
        capacity_gbp=np.array([np.nan if capacity_gbp is None else capacity_gbp, 9e9]),
    )
    instance = replace(small_instance(seed, 5), partners=partners)
    return Problem.build(instance, scenario)


@pytest.mark.parametrize("engine", ["compact", "columns"])
@pytest.mark.parametrize("seed", [1, 3, 5])
@pytest.mark.parametrize("asked", LIMITED)
def test_limits_on_partners_give_the_best_plan(
    asked: str, seed: int, engine: str
) -> None:
    problem = _limited(asked, seed)
    best = brute_force(problem)
    asked_for = problem.scenario.solve.model_copy(
        update={"engine": engine, "gap": 1e-6, "time_limit_s": 60.0}
    )
    scenario = problem.scenario.model_copy(update={"solve": asked_for})
    result = solve(replace(problem, scenario=scenario))
    if best is None:
        assert result.plan is None or result.violations
        return
    assert result.violations == ()
    assert result.status is Status.OPTIMAL
    assert result.objective_gbp == pytest.approx(best[0], rel=2e-6)
    assert result.plan is not None
    assert set(result.plan.contracts) == set(result.plan.members)


def test_search_keeps_limits_on_partners() -> None:
    problem = _limited("concentration", 1)
    asked_for = problem.scenario.solve.model_copy(
        update={"engine": "search", "time_limit_s": 4.0}
    )
    scenario = problem.scenario.model_copy(update={"solve": asked_for})
    best = brute_force(problem)
    result = solve(replace(problem, scenario=scenario))
    assert best is not None
    assert result.violations == ()
    assert result.objective_gbp is not None
    assert best[0] * (1 - 1e-9) <= result.objective_gbp <= best[0] * 1.1


def test_a_limit_binds_and_costs() -> None:
    """Without it the partner would carry more than it may."""
    for asked in LIMITED:
        more = []
        for seed in (1, 3, 5):
            problem = _limited(asked, seed)
            contracts = problem.scenario.contracts.model_copy(
                update={"max_partner_share": None}
            )
            free = problem.scenario.model_copy(update={"contracts": contracts})
            loose = brute_force(Problem.build(problem.instance, free))
            best = brute_force(problem)
            if best is not None and loose is not None:
                more.append(best[0] - loose[0])
        assert max(more) > 1.0, asked


def test_capacity_of_a_partner_is_kept_as_stated() -> None:
    problem = _limited("concentration", 1, capacity_gbp=1.0)
    assert problem.cost.pooled is not None
    limit = next(x for x in problem.cost.pooled.limits if x.partner == "V1")
    assert limit.most_gbp == 1.0
    best = brute_force(problem)
    assert best is None or "own" not in best[1].contracts.values()


def test_a_plan_says_who_carries_too_much() -> None:
    problem = _limited("concentration", 1)
    plan = brute_force(problem)
    assert plan is not None
    all_own = replace(plan[1], contracts=dict.fromkeys(plan[1].centre, "own"))
    told = [v.message for v in verify(problem, all_own)]
    assert any("partner V1 would carry budgets of £" in message for message in told)


def test_a_plan_file_keeps_the_contracts_and_names_faults(tmp_path: Path) -> None:
    problem = _limited("concentration", 1)
    found = brute_force(problem)
    assert found is not None
    file = tmp_path / "plan.csv"
    write_plan(found[1], file)
    assert read_plan(file, problem) == found[1]
    file.write_text(file.read_text().replace("own", "owl"))
    with pytest.raises(PlanError, match="no such contract"):
        read_plan(file, problem)
