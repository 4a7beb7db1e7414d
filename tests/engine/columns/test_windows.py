"""Windows better a large plan and leave the rest as it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from federate.engine.answer import Answer, Grouping, objective_gbp, to_plan
from federate.engine.columns import solve as engine
from federate.engine.columns.excess import excess_gbp, most_to_gain_gbp
from federate.engine.columns.master import Duals
from federate.engine.columns.progress import Progress
from federate.engine.columns.relaxation import Relaxation
from federate.engine.columns.windows import Windows
from federate.problem import Problem
from federate.problem.restrict import restrict
from federate.verify import verify
from solvers.contract import Options
from tests.strategies import small_problem

EXACT = Options(rel_gap=1e-9)


def solve_window(small: Problem, present: Grouping | None) -> Answer:
    return engine.solve_columns(small, options=EXACT, warm_start=present)


def bettered(
    county: Problem,
    grouping: Grouping,
    sizes: tuple[int, ...],
    *,
    solve: Callable[[Problem, Grouping | None], Answer] = solve_window,
    mending: tuple[int, ...] = (),
    suspects: set[int] | None = None,
    prices: Duals | None = None,
    worth_while: float = 0.0,
    workers: int = 1,
) -> Grouping:
    """Return the plan that windows end with."""
    windows = Windows(
        county,
        grouping,
        solve,
        sizes=sizes,
        mending=mending or sizes,
        seed=0,
        suspects=set() if suspects is None else suspects,
        prices=lambda: prices,
        worth_while=worth_while,
        keep_on=lambda _: True,
    )
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for work in [pool.submit(windows.work) for _ in range(workers)]:
            work.result()
    return windows.grouping


def test_windows_better_a_poor_plan(
    county: Problem, poor: Grouping, optimum: float
) -> None:
    better = bettered(county, poor, (12,))
    before, after = objective_gbp(county, poor), objective_gbp(county, better)
    assert after < before
    assert after >= optimum - 1e-6
    assert verify(county, to_plan(county, better)) == ()


def test_a_window_of_the_whole_finds_the_optimum(
    county: Problem, poor: Grouping, optimum: float
) -> None:
    better = bettered(county, poor, (30,))
    assert objective_gbp(county, better) == pytest.approx(optimum)


def test_windows_mend_what_breaks_a_rule(county: Problem, poor: Grouping) -> None:
    moved = poor.members[0][0]
    members = [tuple(i for i in m if i != moved) for m in poor.members]
    members[-1] = (*members[-1], moved)
    centres = [m[0] for m in members if m]
    broken = Grouping(tuple(m for m in members if m), tuple(centres))
    found = verify(county, to_plan(county, broken))
    index = county.instance.index
    suspects = {index[code] for v in found for code in v.practices}
    assert suspects
    mended = bettered(county, broken, (30,), suspects=suspects)
    assert suspects == set()
    assert verify(county, to_plan(county, mended)) == ()


def test_a_window_that_mends_holds_more_than_what_it_mends(
    county: Problem, poor: Grouping
) -> None:
    pair = poor.members[0] + poor.members[1]
    broken = Grouping((pair, *poor.members[2:]), (pair[0], *poor.centres[2:]))
    seen: list[tuple[int, bool]] = []

    def solve_seen(small: Problem, present: Grouping | None) -> Answer:
        seen.append((small.n, present is None))
        return solve_window(small, present)

    windows = Windows(
        county,
        broken,
        solve_seen,
        sizes=(5,),
        mending=(6, 30),
        seed=0,
        suspects=set(pair),
        prices=lambda: None,
        worth_while=0.0,
        keep_on=lambda plan: plan is None,
    )
    windows.mend()
    assert all(is_mended and n >= len(pair) + 6 for n, is_mended in seen)
    assert verify(county, to_plan(county, windows.grouping)) == ()
    assert not windows.is_settled


def test_a_restriction_costs_what_the_whole_costs(county: Problem) -> None:
    keep = np.array([1, 4, 5, 9, 12, 20])
    small = restrict(county, keep, (1, None))
    whole = county.cost.cost(keep[[0, 2, 3]], int(keep[2]))
    assert small.cost.cost([0, 2, 3], 2) == pytest.approx(whole)


def test_a_restriction_keeps_neighbours_and_opens_its_border(county: Problem) -> None:
    keep = np.arange(0, 30, 2)
    small = restrict(county, keep, (1, None))
    for k, i in enumerate(keep):
        beside = {int(j) for j in county.graph.of(int(i))}
        assert {int(keep[j]) for j in small.graph.of(k)} == beside & set(keep.tolist())
        assert small.graph.on_edge[k] or not beside - set(keep.tolist())


def test_a_restriction_carries_the_rules_over() -> None:
    whole = small_problem(2, "together", num_practices=8)
    keep = np.array([0, 2, 3, 5])
    small = restrict(whole, keep, (1, None))
    assert small.together == ((0, 1, 2),)
    assert small.instance.practices.code == ("P0", "P2", "P3", "P5")


def test_windows_are_laid_only_where_prices_leave_something_to_gain(
    county: Problem, poor: Grouping
) -> None:
    proven = Progress(county, EXACT, "highs")
    Relaxation(proven, poor).converge(1e-9)
    seen: list[int] = []

    def solve_counted(small: Problem, present: Grouping | None) -> Answer:
        seen.append(small.n)
        return solve_window(small, present)

    def improve(worth_while: float) -> Grouping:
        seen.clear()
        return bettered(
            county,
            poor,
            (12,),
            solve=solve_counted,
            prices=proven.duals,
            worth_while=worth_while,
        )

    better = improve(0.0)
    assert objective_gbp(county, better) < objective_gbp(county, poor)
    assert seen
    assert improve(1.0) == Grouping(*_in_order(poor))
    assert not seen


@pytest.mark.parametrize("seed", range(3))
def test_two_workers_end_with_a_plan_that_keeps_the_rules(
    seed: int, county: Problem, poor: Grouping, optimum: float
) -> None:
    better = bettered(county, poor, (8, 12, 30), workers=2)
    assert objective_gbp(county, better) == pytest.approx(optimum)
    assert verify(county, to_plan(county, better)) == ()


def test_windows_are_not_shared_where_the_count_is_ruled(
    county: Problem, poor: Grouping
) -> None:
    def can_share(problem: Problem) -> bool:
        return Windows(
            problem,
            poor,
            solve_window,
            sizes=(8,),
            mending=(8,),
            seed=0,
            suspects=set(),
            prices=lambda: None,
            worth_while=0.0,
            keep_on=lambda _: True,
        ).can_share

    assert can_share(county)
    assert not can_share(replace(county, num_federations=(1, 9)))
    assert not can_share(replace(county, alone_gbp=np.ones(county.n)))


def test_what_can_be_gained_is_never_less_than_what_is(
    county: Problem, poor: Grouping, optimum: float
) -> None:
    proven = Progress(county, EXACT, "highs")
    relaxation = Relaxation(proven, poor)
    outcome, _ = relaxation.converge(1e-9)
    relaxation.cut(outcome)
    relaxation.converge(1e-9)
    assert proven.duals is not None
    groups = list(zip(poor.members, poor.centres, strict=True))
    most = most_to_gain_gbp(county, groups, proven.duals)
    assert most >= objective_gbp(county, poor) - optimum - 1e-6
    assert sum(excess_gbp(county, g, proven.duals) for g in groups) <= most + 1e-6


def _in_order(
    grouping: Grouping,
) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    groups = sorted(zip(grouping.members, grouping.centres, strict=True))
    return tuple(m for m, _ in groups), tuple(c for _, c in groups)
