"""Medians: plans that keep the rules, proven best where the limits allow it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.engine import medians
from federate.engine.answer import objective_gbp, to_grouping, to_plan
from federate.engine.choosing import engines_for
from federate.engine.events import Event
from federate.engine.medians.table import table_of
from federate.problem import Problem
from federate.verify import verify
from solvers.contract import Options, Status, StopReason
from tests.oracle import brute_force
from tests.strategies import POOLED, RULES, small_problem

EXACT = Options(time_limit_s=20.0, rel_gap=1e-7)
LACKING = {"risk", "target", "no donut", "loose pieces", *POOLED}
LACKING |= {rule for rule in RULES if rule.startswith("cut edges")}
FEDERATION_RULES = tuple(sorted(set(RULES) - LACKING))


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    medians.get_ready()


def anywhere(seed: int, rule: str, num_practices: int = 6) -> Problem:
    """Return a random problem whose federations need not be contiguous."""
    return replace(small_problem(seed, rule, num_practices), max_pieces=None)


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**16), rule=st.sampled_from(FEDERATION_RULES))
def test_medians_agree_with_trying_every_plan(seed: int, rule: str) -> None:
    problem = anywhere(seed, rule)
    best = brute_force(problem)
    answer = medians.solve_medians(problem, options=EXACT)
    if best is None:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert answer.objective_gbp == pytest.approx(best[0], rel=1e-6)
    assert answer.bound_gbp is not None
    assert answer.bound_gbp <= best[0] * (1 + 1e-9)


@pytest.mark.parametrize("rule", ["bounds", "count", "near", "voluntary", "waived"])
def test_a_middling_problem_is_settled(rule: str) -> None:
    problem = anywhere(5, rule, num_practices=40)
    answer = medians.solve_medians(problem, options=replace(EXACT, rel_gap=1e-4))
    assert answer.grouping is not None
    assert verify(problem, to_plan(problem, answer.grouping)) == ()
    assert answer.objective_gbp == pytest.approx(
        objective_gbp(problem, answer.grouping)
    )
    assert answer.status is Status.OPTIMAL


def test_the_whole_solve_chooses_medians_where_no_map_binds() -> None:
    assert engines_for(anywhere(1, "bounds", 40)) == ("search", "medians")
    assert engines_for(small_problem(1, "bounds", 40))[-1] != "medians"


def test_contiguous_federations_do_not_fit() -> None:
    assert not medians.fits(small_problem(1, "bounds"))
    assert medians.fits(anywhere(1, "bounds"))


def test_a_plan_to_start_from_is_never_made_worse() -> None:
    problem = anywhere(2, "bounds")
    found = brute_force(problem)
    assert found is not None
    answer = medians.solve_medians(
        problem,
        options=replace(EXACT, time_limit_s=0.0),
        warm_start=to_grouping(problem, found[1]),
    )
    assert answer.objective_gbp == pytest.approx(found[0])


def test_bounds_only_rise_and_plans_only_get_cheaper() -> None:
    heard: list[Event] = []
    problem = anywhere(3, "bounds", num_practices=40)
    medians.solve_medians(problem, options=EXACT, listen=heard.append)
    bounds = [e.bound_gbp for e in heard if e.bound_gbp is not None]
    costs = [e.objective_gbp for e in heard if e.objective_gbp is not None]
    assert bounds == sorted(bounds)
    assert costs == sorted(costs, reverse=True)
    assert len(bounds) > 1


def test_who_asks_to_stop_is_heard() -> None:
    problem = anywhere(3, "bounds", num_practices=40)
    answer = medians.solve_medians(problem, options=EXACT, cancel=lambda: True)
    assert answer.stop is StopReason.CANCELLED


def test_the_evidence_is_what_the_check_derives() -> None:
    from federate.proof.certificate import Certificate
    from federate.proof.check import check

    problem = anywhere(4, "bounds", num_practices=30)
    answer = medians.solve_medians(problem, options=EXACT)
    assert answer.evidence is not None
    certificate = Certificate.of(
        problem, answer.evidence, status="optimal", objective_gbp=None, made_with={}
    )
    verdict = check(problem, None, certificate)
    assert verdict.is_proven
    assert verdict.proven_gbp == pytest.approx(answer.evidence.bound_gbp, rel=1e-6)


def test_whole_costs_lift_a_bound_to_the_next_pound() -> None:
    table = table_of(anywhere(1, "plain"))
    table = replace(table, led=np.rint(table.led), own_gbp=0.0)
    assert table.lift(7.2) == pytest.approx(8.0, abs=1e-4)
    assert replace(table, led=table.led + 0.4).lift(7.2) == 7.2
