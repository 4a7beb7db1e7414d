"""The finish by looking against trying everything, and where it gives up."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.engine.columns import finish, solve_columns
from federate.engine.columns.looking import Looked, look_through
from federate.engine.columns.master import Column, Duals, Master, alone_columns
from federate.engine.columns.pricing import Pricer
from federate.engine.columns.relaxation import priced_columns
from solvers.contract import Options
from tests.engine.columns.test_pricing import random_prices
from tests.oracle import brute_force, partitions
from tests.strategies import RULES, small_problem

EVERYWHERE = [r for r in RULES if r != "loose pieces"]
ROWS = 5
NEVER = 1e9


def look(
    columns: Sequence[Column],
    *,
    rows: int = ROWS,
    start: float = -NEVER,
    below: float = NEVER,
    count: tuple[int, int] = (0, ROWS),
    work: int = 10**6,
    reduced: Sequence[float] | None = None,
) -> Looked:
    """Look through columns over practices of 100 patients each."""
    return look_through(
        columns,
        np.zeros(len(columns)) if reduced is None else np.array(reduced),
        range(rows),
        np.full(rows, 100.0),
        start=start,
        below=below,
        tolerance=0.0,
        count=count,
        work=work,
    )


@settings(max_examples=80, deadline=None)
@given(
    masks=st.sets(st.integers(1, 2**ROWS - 1), min_size=1, max_size=20),
    costs=st.lists(st.integers(-50, 200), min_size=20, max_size=20),
    count=st.sampled_from([(0, 5), (2, 2), (3, 4)]),
)
def test_the_cheapest_choice_is_the_cheapest_of_all(
    masks: set[int], costs: list[int], count: tuple[int, int]
) -> None:
    chosen = [tuple(r for r in range(ROWS) if mask & 2**r) for mask in sorted(masks)]
    price = dict(zip(chosen, costs, strict=False))
    columns = [Column(rows, rows[0], price[rows]) for rows in chosen]
    looked = look(columns, count=count)
    tried = [
        sum(price[rows] for rows in parts)
        for parts in partitions(tuple(range(ROWS)))
        if all(rows in price for rows in parts) and count[0] <= len(parts) <= count[1]
    ]
    assert looked.is_whole
    assert looked.least_gbp == min([NEVER, *tried])
    assert bool(looked.picked) == bool(tried)
    if tried:
        assert sum(columns[k].cost for k in looked.picked) == looked.least_gbp
        inside = [i for k in looked.picked for i in columns[k].members]
        assert sorted(inside) == list(range(ROWS))


def test_more_practices_than_a_word_has_bits() -> None:
    rows = 130
    pairs = [Column((i, i + 1), i, 3.0) for i in range(rows - 1)]
    alone = [Column((i,), -1, 2.0) for i in range(rows)]
    looked = look(
        [*pairs, *alone],
        rows=rows,
        count=(0, rows),
        start=195.0,
        below=196.0,
        reduced=[0.0] * len(pairs) + [0.5] * len(alone),
    )
    assert looked == Looked(195.0, tuple(range(0, rows - 1, 2)), is_whole=True)


def test_who_is_in_no_column_leaves_no_plan() -> None:
    assert look([Column((0, 1, 2, 3), 0, 1.0)]) == Looked(NEVER, (), is_whole=True)
    assert look([]) == Looked(NEVER, (), is_whole=True)


def test_what_stands_alone_is_no_federation() -> None:
    columns = [Column((0, 1, 2, 3), 0, 1.0), Column((4,), -1, 1.0)]
    assert look(columns, count=(1, 1)).least_gbp == 2.0
    assert not look(columns, count=(2, 2)).picked


def test_a_start_that_cannot_get_below_is_left() -> None:
    columns = [Column((r,), r, 1.0) for r in range(ROWS)]
    dear = look(columns, start=0.0, below=20.0, reduced=[10.0] * ROWS)
    assert dear == Looked(20.0, (), is_whole=True)
    assert look(columns, start=0.0, below=20.0).least_gbp == ROWS


def test_too_long_a_look_proves_nothing() -> None:
    columns = [Column((r,), r, 1.0) for r in range(ROWS)]
    assert not look(columns, work=3).is_whole


@pytest.mark.parametrize("rule", RULES)
def test_reduced_costs_of_columns_are_those_of_the_pricing(rule: str) -> None:
    problem = small_problem(3, rule)
    prices = random_prices(problem, 3)
    priced = Pricer(problem).enumerate(*prices, limit=NEVER, most=20_000)
    master = Master(problem, "highs")
    master.cut(prices[2].sets)
    count = prices[1] if master.has_count else 0.0
    columns = priced_columns(problem, priced)
    found = master.reduced(columns, Duals(prices[0], count, prices[2]))
    assert found + count == pytest.approx(priced.reduced + prices[1])
    alone = alone_columns(problem)
    assert master.reduced(alone, Duals(prices[0], count, prices[2])) == pytest.approx(
        [c.cost - prices[0][list(c.members)].sum() for c in alone]
    )


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**16), rule=st.sampled_from(EVERYWHERE))
def test_a_solver_chooses_where_looking_takes_too_long(seed: int, rule: str) -> None:
    problem = small_problem(seed, rule)
    best = brute_force(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finish, "LOOKS", 0)
        patch.setattr(finish, "FEW_LOOKS", 0)
        answer = solve_columns(problem, options=Options(rel_gap=1e-9))
    assert (answer.grouping is None) == (best is None)
    if best is not None:
        assert answer.objective_gbp == pytest.approx(best[0], abs=1e-3)
        assert answer.bound_gbp == pytest.approx(best[0], abs=1e-3)
