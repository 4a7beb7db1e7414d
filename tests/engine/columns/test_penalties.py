"""Penalties: what leaving a practice uncovered costs, and when it is doubled."""

import numpy as np
import pytest

from federate.engine.columns.finds import Priced
from federate.engine.columns.master import Duals, Master, alone_columns
from federate.engine.columns.penalties import ROOM, Penalties
from federate.engine.columns.pricing import NO_CUTS
from federate.problem import Problem
from solvers.contract import Options
from tests.strategies import small_problem


@pytest.fixture
def problem() -> Problem:
    return small_problem(4, "bounds", num_practices=12)


def penalties(problem: Problem, *, near: bool) -> tuple[Master, Penalties]:
    master = Master(problem, "highs")
    master.add(alone_columns(problem))
    return master, Penalties(master, None, None, near=near)


def priced(members: tuple[int, ...], reduced: float, n: int) -> Priced:
    """Return one federation as all that a pricing found."""
    return Priced(
        members=(members,),
        centres=(members[0],),
        reduced=np.array([reduced]),
        least=np.zeros(n),
        complete=True,
    )


def test_nothing_is_covered_at_first_and_that_costs_the_penalties(
    problem: Problem,
) -> None:
    master, found = penalties(problem, near=False)
    outcome, _ = master.solve(Options())
    assert found.uncovered(outcome) == set(master.practices)
    assert outcome.objective == pytest.approx(found.gbp[: problem.n].sum())


def test_a_doubled_penalty_takes_the_place_of_the_last(problem: Problem) -> None:
    master, found = penalties(problem, near=True)
    before = found.gbp[: problem.n].sum()
    assert found.double([3])
    outcome, _ = master.solve(Options())
    assert outcome.objective == pytest.approx(before + found.gbp[3] / 2)
    assert not found.double([])


def test_only_what_nothing_cheap_has_is_doubled_early(problem: Problem) -> None:
    master, found = penalties(problem, near=False)
    outcome, _ = master.solve(Options())
    before = found.gbp.copy()
    found.double_early(outcome, priced((0, 1), -1e6, problem.n))
    rest = np.arange(2, problem.n)
    assert found.gbp[:2] == pytest.approx(before[:2])
    assert found.gbp[rest] == pytest.approx(2 * before[rest])


@pytest.mark.parametrize("near", [True, False])
def test_room_is_left_above_prices_but_where_penalties_are_near(
    problem: Problem, near: bool
) -> None:
    _, found = penalties(problem, near=near)
    before = found.gbp[: problem.n].copy()
    price = np.full(problem.n, 10 * before.max())
    found.leave_room(Duals(price, 0.0, NO_CUTS))
    expected = before if near else ROOM * price
    assert found.gbp[: problem.n] == pytest.approx(expected)


@pytest.mark.parametrize("near", [True, False])
def test_low_penalties_rise_to_a_mean_price_at_the_end(
    problem: Problem, near: bool
) -> None:
    master, found = penalties(problem, near=near)
    outcome, _ = master.solve(Options())
    before = found.gbp[: problem.n].copy()
    price = np.full(problem.n, 10 * before.max())
    assert found.double_late(outcome, Duals(price, 0.0, NO_CUTS))
    assert found.gbp[: problem.n] == pytest.approx(2 * before if near else price)
