"""A repair keeps every rule and moves no more patients than it must."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import federate
from federate.draft import Draft, Edit, Grouped
from federate.errors import InfeasibleError
from federate.plan import Plan
from federate.problem import Problem
from federate.result import Result, evaluated
from federate.verify import verify
from federate.whatif.named import drafted
from federate.whatif.repair import repaired
from tests.oracle import partitions, plan_of
from tests.square import grouped, square
from tests.strategies import small_problem

RULES = ("bounds", "count range", "near", "apart", "anywhere")


def moved(problem: Problem, before: Plan, after: Plan) -> int:
    """Return the patients who are not where their federation is carried on.

    Trying every choice of one federation a group, of those that a member leads.
    """
    size: dict[str, int] = dict(
        zip(problem.instance.practices.code, problem.list_size.tolist(), strict=True)
    )
    groups = list(before.members)
    led: list[list[str]] = [
        [g for g, lead in after.centre.items() if before.federation[lead] == group]
        for group in groups
    ]
    stays = [
        sum(
            size[code]
            for group, home in zip(groups, choice, strict=True)
            for code in before.members[group]
            if after.federation[code] == home
        )
        for choice in product(*(homes or ["nowhere"] for homes in led))
    ]
    everybody = sum(size[code] for code, group in before.federation.items() if group)
    return everybody - max(stays)


def fewest(problem: Problem, before: Plan) -> int | None:
    """Return the fewest patients that any plan moves, by trying every plan."""
    counts = [
        moved(problem, before, plan)
        for groups in partitions(tuple(range(problem.n)))
        for leads in product(*groups)
        if not verify(problem, plan := plan_of(problem, groups, leads))
    ]
    return min(counts, default=None)


def muddle(problem: Problem) -> Result:
    """Return a plan of two halves, whatever rules it breaks."""
    codes = problem.instance.practices.code
    half = (len(codes) + 1) // 2
    plan = grouped(" ".join(codes[:half]), " ".join(codes[half:]), everybody=codes)
    return evaluated(problem, plan)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 500), st.sampled_from(RULES))
def test_what_is_claimed_of_a_repair_is_so(seed: int, rule: str) -> None:
    problem = small_problem(seed, rule, 5)
    result = muddle(problem)
    fewest_patients = fewest(problem, result.require_plan())
    if fewest_patients is None:
        with pytest.raises(InfeasibleError):
            repaired(result, drafted("", result), time_limit_s=10)
        return
    done = repaired(result, drafted("", result), time_limit_s=10)
    assert done.after.violations == ()
    assert done.least_patients <= fewest_patients <= done.patients
    after = done.after.require_plan()
    assert moved(problem, result.require_plan(), after) == done.patients


@pytest.mark.parametrize("rule", RULES)
def test_a_repair_moves_as_few_as_the_slowest_search(rule: str) -> None:
    for seed in range(3):
        problem = small_problem(seed, rule, 5)
        result = muddle(problem)
        least = fewest(problem, result.require_plan())
        if least is not None:
            done = repaired(result, drafted("", result), time_limit_s=10)
            assert done.patients == least


def test_a_plan_that_keeps_every_rule_stays_as_it_is() -> None:
    result = federate.solve("toy")
    done = federate.repair(result)
    assert (done.after, done.patients, done.is_least) == (result, 0, True)


def broken_toy() -> Result:
    """Return the toy's best plan with one practice moved against its rules."""
    best = federate.solve("toy")
    code = best.require_plan().members["F01"][-1]
    broken = best.move(code, "F02")
    assert broken.violations
    return broken


def test_a_repair_is_in_the_log_and_can_be_undone() -> None:
    broken = broken_toy()
    done = federate.repair(broken)
    assert done.draft.edits
    start = done.draft.undo(len(done.draft.edits)).now
    assert start.federation == broken.require_plan().federation


def test_what_is_frozen_stays_frozen() -> None:
    problem = square(
        {"rules": {"size_bounds": (20_000, 40_000)}}, size_bounds=(20_000.0, 40_000.0)
    )
    plan = grouped("A2 A1 A3", "B2 B1 B3 C1 C2", "C3")
    result = evaluated(problem, plan)
    start = Draft(Grouped(plan.federation, plan.centre))
    free = repaired(result, start, time_limit_s=10)
    assert free.after.violations == ()
    frozen = repaired(result, start.do(Edit("freeze", "F1")), time_limit_s=10)
    assert frozen.after.require_plan().members["F1"] == ("A1", "A2", "A3")
    assert frozen.after.violations == ()
    with pytest.raises(InfeasibleError):
        repaired(result, start.do(Edit("freeze", "F3")), time_limit_s=10)


def test_one_that_may_grow_loses_nobody() -> None:
    problem = square(
        {"rules": {"size_bounds": (30_000, 60_000)}}, size_bounds=(30_000.0, 60_000.0)
    )
    plan = grouped("A2 A1", "B2 A3 B1 B3", "C2 C1 C3")
    start = Draft(Grouped(plan.federation, plan.centre)).do(Edit("grow", "F2"))
    done = repaired(evaluated(problem, plan), start, time_limit_s=10)
    home = done.after.require_plan().federation
    assert len({home[code] for code in ("A3", "B1", "B2", "B3")}) == 1
    assert done.after.violations == ()


def test_patients_who_stood_alone_may_join_for_nothing() -> None:
    problem = replace(small_problem(2, "bounds", 5))
    codes = problem.instance.practices.code
    alone = grouped(everybody=codes)
    done = repaired(
        result := evaluated(problem, alone), drafted("", result), time_limit_s=10
    )
    assert done.patients == 0
    assert done.after.violations == ()
