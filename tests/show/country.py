"""A country of 900 practices in 300 federations, to see what many look like."""

import numpy as np

from federate.plan import Plan
from federate.practices.instance import Instance, Practices
from federate.problem import Problem
from federate.result import Result, evaluated
from federate.scenario.schema import Scenario

__all__ = ["country"]

SIDE = 30
STEP_M = 20_000.0
IN_A_ROW = 3


def country() -> Result:
    """Return a chequerboard of practices, three in a row to a federation."""
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    n = len(row)
    rng = np.random.default_rng(0)
    practices = Practices(
        code=tuple(f"P{i:03d}" for i in range(n)),
        name=tuple(f"Surgery {i}" for i in range(n)),
        easting_m=20_000.0 + STEP_M * column,
        northing_m=20_000.0 + STEP_M * row + rng.uniform(-2_000, 2_000, n),
        list_size=rng.integers(4_000, 18_000, n),
        budget_gbp=np.full(n, np.nan),
    )
    instance = Instance(name="country", title="Country", practices=practices)
    asked = {"schema": 1, "rules": {"num_federations": "free"}}
    problem = Problem.build(instance, Scenario.model_validate(asked))
    number = {code: i // IN_A_ROW for i, code in enumerate(practices.code)}
    federation = {code: f"F{k:03d}" for code, k in number.items()}
    middles = practices.code[1::IN_A_ROW]
    centre = {federation[code]: code for code in middles}
    return evaluated(problem, Plan(federation=federation, centre=centre))
