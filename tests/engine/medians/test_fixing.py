"""Pairs that the bound leaves out, and a search for them that can be stopped."""

from dataclasses import replace

import numpy as np
import pytest

from federate.engine.medians.fixing import rises
from federate.engine.medians.prices import Pricer
from federate.engine.medians.rest import Goal, settle
from federate.engine.medians.table import table_of
from solvers.contract import Options
from tests.oracle import brute_force
from tests.strategies import small_problem


@pytest.mark.parametrize("seed", range(6))
def test_no_pair_of_the_best_plan_rises_above_it(seed: int) -> None:
    problem = replace(small_problem(seed, "bounds"), max_pieces=None)
    best = brute_force(problem)
    assert best is not None
    table = table_of(problem)
    pricer = Pricer(table)
    state = np.zeros(len(table.who), dtype=np.int64)
    worth = pricer.worth(np.full(len(table.who), 20_000.0), state)
    rise = rises(pricer, worth, state, np.inf)
    assert rise is not None
    cost, plan = best
    row = {int(i): k for k, i in enumerate(table.who)}
    index = problem.instance.index
    for code, members in plan.members.items():
        centre = row[index[plan.centre[code]]]
        pairs = [(centre, row[index[member]]) for member in members]
        for pair in pairs:
            assert table.lift(worth.value_gbp + rise[pair]) <= cost + 1e-6


def test_settling_ends_once_told_to_stop() -> None:
    table = table_of(replace(small_problem(1, "bounds"), max_pieces=None))
    pricer = Pricer(table)
    n = len(table.who)
    state = np.zeros(n, dtype=np.int64)
    worth = pricer.worth(np.full(n, 20_000.0), state)
    asked: list[None] = []

    def stopped() -> bool:
        asked.append(None)
        return len(asked) > 2

    assert rises(pricer, worth, state, np.inf, stopped) is None
    assert len(asked) == 3
    goal = Goal(
        below=lambda: np.inf,
        offer=lambda _: None,
        prove=lambda _: None,
        seconds_left=lambda: 60.0,
        stopped=lambda: True,
    )
    assert not settle(pricer, worth, goal, options=Options(), solver="highs")
