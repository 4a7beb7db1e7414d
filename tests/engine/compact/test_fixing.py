"""Pairs that are left out are never needed."""

from dataclasses import replace

import numpy as np
import pytest

from federate.engine.compact.fixing import possible, without_leader
from federate.engine.compact.solve import solve_compact
from solvers.contract import Options, Status
from tests.engine.compact.street import street
from tests.square import square
from tests.strategies import small_problem


def test_nothing_is_left_out_without_rules() -> None:
    assert possible(street()).all()


def test_a_practice_whose_way_to_the_centre_is_too_populous_is_left_out() -> None:
    allowed = possible(street(max_pieces=1, size_bounds=(0, 60_000)))
    assert allowed[0, 2]
    assert not allowed[0, 3]
    assert not allowed[2, 3]


def test_the_way_to_the_centre_does_not_count_where_pieces_are_free() -> None:
    assert possible(street(max_pieces=2, size_bounds=(0, 60_000)))[0, 3]


def test_the_way_may_not_lead_through_a_practice_that_is_out_of_reach() -> None:
    reach = np.ones((4, 4), dtype=bool)
    reach[1, 3] = False
    allowed = possible(street(max_pieces=1, reachable=reach))
    assert not allowed[0, 3]
    assert allowed[0, 2]


def test_the_way_may_have_no_more_practices_than_a_federation() -> None:
    allowed = possible(street(max_pieces=1, practices_bounds=(1, 2)))
    assert allowed[0, 1]
    assert not allowed[0, 2]


def test_members_of_a_set_share_their_possible_centres() -> None:
    reach = np.ones((4, 4), dtype=bool)
    reach[0, 3] = False
    allowed = possible(street(reachable=reach, together=((0, 2),)))
    assert not allowed[2, 3]


def test_an_oversize_practice_leads_and_follows_nobody_else() -> None:
    allowed = possible(street(oversize=(3,)))
    assert allowed[3].tolist() == [False, False, False, True]
    assert allowed[:, 3].tolist() == [False, False, False, True]


def test_of_equal_centres_only_the_first_leads_the_others() -> None:
    cost = replace(street().cost, assign_gbp=np.zeros((4, 4)))
    assert np.array_equal(possible(street(cost=cost)), np.tri(4, dtype=bool))


def test_centres_that_reach_differently_are_not_equal() -> None:
    cost = replace(street().cost, assign_gbp=np.zeros((4, 4)))
    reach = np.ones((4, 4), dtype=bool)
    reach[0, 3] = False
    allowed = possible(street(cost=cost, reachable=reach))
    assert allowed[1, 3]
    assert not allowed[1, 2]


def test_a_practice_that_no_federation_can_hold_is_named() -> None:
    reach = np.ones((4, 4), dtype=bool)
    reach[2, 2] = False
    reach[2, [0, 1, 3]] = False
    problem = street(reachable=reach)
    assert without_leader(problem, possible(problem)) == (2,)
    answer = solve_compact(problem, options=Options())
    assert answer.status is Status.INFEASIBLE
    assert "P2 Cherry" in answer.reasons[0]


def test_a_practice_that_may_stand_alone_needs_no_federation() -> None:
    reach = np.ones((4, 4), dtype=bool)
    reach[2, :] = False
    problem = street(reachable=reach, alone_gbp=np.ones(4))
    assert without_leader(problem, possible(problem)) == ()


@pytest.mark.parametrize("rule", ["bounds", "near", "members", "oversize", "waived"])
def test_leaving_pairs_out_keeps_the_optimum(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = [small_problem(seed, rule, 6) for seed in range(4)]
    short = [solve_compact(p, options=Options(rel_gap=0.0)) for p in problems]

    def keep_bounds_only(problem: object, allowed: object) -> None:
        return None

    monkeypatch.setattr(
        "federate.engine.compact.fixing._drop_out_of_reach", keep_bounds_only
    )
    monkeypatch.setattr(
        "federate.engine.compact.fixing.forbid_symmetry",
        lambda problem: np.zeros((problem.n, problem.n), dtype=bool),
    )
    full = [solve_compact(p, options=Options(rel_gap=0.0)) for p in problems]
    for a, b in zip(short, full, strict=True):
        assert a.status is b.status
        assert a.objective_gbp == pytest.approx(b.objective_gbp)


def test_practices_at_one_site_are_equal_centres() -> None:
    problem = square()
    assign = problem.cost.assign_gbp.copy()
    assign[:, 1] = assign[:, 0]
    allowed = possible(replace(problem, cost=replace(problem.cost, assign_gbp=assign)))
    assert not allowed[0, 1]
    assert allowed[1, 0]


def test_where_no_pool_is_large_enough_only_the_oversize_lead() -> None:
    allowed = possible(street(kappa=np.nan, oversize=(3,)))
    assert np.argwhere(allowed).tolist() == [[3, 3]]


def test_practices_apart_never_lead_each_other() -> None:
    allowed = possible(street(apart=((0, 2),)))
    assert not allowed[0, 2]
    assert not allowed[2, 0]
    assert allowed[1, 2]
