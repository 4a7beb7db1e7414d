"""A small plan with a rule on risk, contracts on offer and an allowance."""

from typing import Any

from federate.engine.answer import Grouping, to_plan
from federate.problem import Problem
from federate.result import Result, evaluated
from federate.scenario import Scenario
from tests.strategies import small_instance

__all__ = ["ASKED", "insured"]

ASKED: dict[str, Any] = {
    "schema": 1,
    "title": "Insured",
    "rules": {"num_federations": "free", "respect_vetoes": False},
    "cover": {"enabled": False},
    "risk": {
        "tolerance": 0.06,
        "max_probability": 0.05,
        "tail": "normal-power",
        "gbp_per_gbp_at_risk": 0.5,
    },
    "contracts": {
        "menu": {
            "cap": {"stop_loss_from": 0.05, "loading": 0.3},
            "share": {"quota_share": 0.4, "fee_share": 0.003},
            "large": {"carve_out_above_gbp": 60_000.0, "loading": 0.1},
        }
    },
}


def insured(
    *groups: tuple[int, ...], asked: dict[str, Any] | None = None, **sections: Any
) -> Result:
    """Return six practices in `groups`, each led by the first named, scored."""
    scenario = Scenario.model_validate((asked or ASKED) | sections)
    problem = Problem.build(small_instance(3), scenario)
    groups = groups or ((0, 1, 2), (3, 4, 5))
    grouping = Grouping(groups, tuple(group[0] for group in groups))
    return evaluated(problem, to_plan(problem, grouping))
