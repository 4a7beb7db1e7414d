"""Centres out of shares, and members for them."""

import numpy as np
import pytest

from federate.engine.lagrangian.centres import along_a_curve, sample
from federate.engine.lagrangian.facts import facts_of
from federate.engine.lagrangian.transport import settle_around
from tests.strategies import small_problem


def test_whole_shares_are_taken_whatever_the_offset() -> None:
    share = np.array([1.0, 0.0, 1.0, 0.0, 1.0])
    for offset in (0.1, 0.5, 0.9):
        found = sample(share, np.arange(5), 3, offset)
        assert found.tolist() == [0, 2, 4]


def test_the_curve_visits_everybody_once_and_keeps_close() -> None:
    problem = small_problem(1, "plain", num_practices=200)
    order = along_a_curve(problem)
    assert sorted(order) == list(range(200))
    practices = problem.instance.practices
    place = np.column_stack([practices.easting_m, practices.northing_m])
    hops = np.linalg.norm(np.diff(place[order], axis=0), axis=1).mean()
    rng = np.random.default_rng(0)
    chance = np.linalg.norm(np.diff(place[rng.permutation(200)], axis=0), axis=1)
    assert hops < chance.mean() / 3


@pytest.mark.parametrize("rule", ["bounds", "near", "voluntary", "oversize"])
def test_everybody_is_settled_under_a_centre_or_told_apart(rule: str) -> None:
    problem = small_problem(6, rule, num_practices=40)
    facts = facts_of(problem)
    joined = np.flatnonzero(~facts.own)
    found = settle_around(facts, joined[::4])
    assert found is not None
    _, label = found
    assert (label[facts.own] == -2).all()
    alone = label[joined] == -1
    assert not alone.any() or problem.alone_gbp is not None
    heads = np.unique(label[label >= 0])
    assert (label[heads] == heads).all()


def test_settling_never_ends_dearer_than_it_began() -> None:
    problem = small_problem(2, "bounds", num_practices=40)
    facts = facts_of(problem)
    first = settle_around(facts, np.arange(0, 40, 4), rounds=1)
    last = settle_around(facts, np.arange(0, 40, 4))
    assert first is not None
    assert last is not None
    assert last[0] <= first[0]
