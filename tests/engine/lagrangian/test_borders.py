"""Borders redrawn: exact within a window, and within the rules."""

import numpy as np
import pytest

from federate.engine.answer import Grouping, objective_gbp, to_grouping, to_plan
from federate.engine.lagrangian.borders import Window, can_redraw, redraw
from federate.engine.lagrangian.facts import facts_of
from federate.engine.lagrangian.sweep import sweep
from federate.engine.search import search
from federate.problem import Problem
from federate.verify import verify
from solvers.contract import Options
from tests.oracle import brute_force
from tests.strategies import POOLED, RULES, small_problem

EXACT = Options(rel_gap=1e-9)


def leaders(problem: Problem, grouping: Grouping) -> np.ndarray:
    out = np.full(problem.n, -1, dtype=np.int64)
    for members, centre in zip(grouping.members, grouping.centres, strict=True):
        out[list(members)] = centre
    return out


def start_of(problem: Problem) -> Grouping | None:
    found = search(problem, time_limit_s=0.05, seed=1)
    assert found.grouping is not None
    if verify(problem, to_plan(problem, found.grouping)):
        return None
    return found.grouping


@pytest.mark.parametrize("rule", ["bounds", "anywhere", "near", "inside"])
def test_redrawing_everything_finds_the_best_plan_with_these_centres(
    rule: str,
) -> None:
    tried = 0
    for seed in range(30):
        problem = small_problem(seed, rule, num_practices=7)
        best = brute_force(problem)
        if best is None:
            continue
        aim = to_grouping(problem, best[1])
        everybody = np.arange(problem.n)
        window = Window(everybody, leaders(problem, aim), np.sort(aim.centres))
        assert redraw(problem, facts_of(problem), window, EXACT) is None
        tried += 1
    assert tried > 3


@pytest.mark.parametrize("rule", ["bounds", "count", "near", "anywhere", "oversize"])
def test_a_swept_plan_is_no_dearer_and_keeps_every_rule(rule: str) -> None:
    swept = cheaper = 0
    for seed in range(8):
        problem = small_problem(seed, rule, num_practices=24)
        start = start_of(problem)
        if start is None:
            continue
        facts = facts_of(problem)
        end = sweep(problem, facts, start, EXACT, keep_on=lambda: True)
        assert verify(problem, to_plan(problem, end)) == ()
        before, after = objective_gbp(problem, start), objective_gbp(problem, end)
        assert after <= before + 1e-6
        swept += 1
        cheaper += after < before - 1.0
    assert swept == 0 or rule == "oversize" or swept >= 3


def test_practices_on_the_wrong_side_of_a_border_are_mostly_brought_back() -> None:
    tried = mended = 0
    for seed in range(25):
        problem = small_problem(seed, "bounds", num_practices=7)
        best = brute_force(problem)
        if best is None:
            continue
        aim = leaders(problem, to_grouping(problem, best[1]))
        worse = misplaced(problem, aim)
        if worse is None:
            continue
        window = Window(np.arange(problem.n), worse, np.unique(worse))
        found = redraw(problem, facts_of(problem), window, EXACT)
        tried += 1
        if found is not None:
            led = problem.cost.assign_gbp[np.arange(problem.n), found].sum()
            best_led = problem.cost.assign_gbp[np.arange(problem.n), aim].sum()
            mended += led <= best_led + 1e-6
    assert tried >= 3
    assert mended >= tried / 2


def misplaced(problem: Problem, leader: np.ndarray) -> np.ndarray | None:
    """Return the plan with one practice moved across a border, rules still kept."""
    for i in range(problem.n):
        for head in np.unique(leader[problem.graph.of(i)]):
            if i in leader[leader != i] or head == leader[i]:
                continue
            moved = leader.copy()
            moved[i] = head
            heads = np.unique(moved)
            groups = tuple(tuple(np.flatnonzero(moved == c).tolist()) for c in heads)
            plan = to_plan(problem, Grouping(groups, tuple(heads.tolist())))
            if i != leader[i] and not verify(problem, plan):
                return moved
    return None


def test_rules_that_the_model_lacks_are_left_alone() -> None:
    lacking = {"together", "apart", "keep", "waived", "voluntary", "risk", "target"}
    lacking |= {"loose pieces", "members", "no donut", "no singletons", *POOLED}
    kinds = ("cut edges", "freeze", "grow")
    lacking |= {rule for rule in RULES if rule.startswith(kinds)}
    for rule in RULES:
        assert can_redraw(small_problem(1, rule)) == (rule not in lacking), rule
