"""Pooled risk, contracts, tiers and scale: every engine and brute force agree."""

from typing import Any

import pytest

from federate.engine.answer import objective_gbp, to_plan
from federate.engine.columns import solve_columns
from federate.engine.compact import solve_compact
from federate.engine.search import search
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
    found = search(problem, time_limit_s=0.5, seed=seed)
    assert found.objective_gbp == pytest.approx(best[0], rel=1e-8)


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
