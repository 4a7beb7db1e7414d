"""Fair splits: they add up, and nobody is charged more than apart."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.criteria.nucleolus import nucleolus_shares
from federate.criteria.split import (
    core_excess,
    covariance_shares,
    euler_shares,
    member_covariance_gbp2,
    proportional_shares,
    sampled_shapley,
)

SIZES = st.integers(2, 6)


def game(num_members: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    budget = rng.uniform(1.0, 5.0, num_members)
    variance = rng.uniform(0.01, 0.2, num_members)
    return budget, member_covariance_gbp2(variance, budget, tau_shock=0.05)


@given(SIZES, st.integers(0, 99))
@settings(deadline=None, max_examples=25)
def test_the_nucleolus_is_in_the_core_and_beats_every_other_split_s_worst(
    num_members: int, seed: int
) -> None:
    budget, cov = game(num_members, seed)

    def sigma(members: tuple[int, ...]) -> float:
        return float(np.sqrt(cov[np.ix_(members, members)].sum()))

    whole = sigma(tuple(range(num_members)))
    shares = nucleolus_shares(sigma, num_members)
    assert shares.sum() == pytest.approx(whole)
    worst = core_excess(sigma, shares)[0]
    assert worst <= 1e-9
    for other in (euler_shares(cov), proportional_shares(whole, budget)):
        assert worst <= core_excess(sigma, other)[0] + 1e-9


def test_equal_members_have_an_equal_nucleolus() -> None:
    shares = nucleolus_shares(lambda s: len(s) ** 0.5, 4)
    assert shares == pytest.approx([0.5] * 4)
    assert nucleolus_shares(lambda s: 3.0, 1).tolist() == [3.0]


def test_the_nucleolus_refuses_what_it_cannot_weigh() -> None:
    with pytest.raises(ValueError, match="at most 15 members"):
        nucleolus_shares(lambda s: 1.0, 16)


def test_every_order_gives_the_shapley_value_that_samples_approach() -> None:
    _, cov = game(5, 1)

    def tail(members: tuple[int, ...]) -> float:
        return 2.063 * float(np.sqrt(cov[np.ix_(members, members)].sum()))

    exact = np.zeros(5)
    for order in permutations(range(5)):
        for k, i in enumerate(order):
            before = tail(tuple(sorted(order[:k]))) if k else 0.0
            exact[i] += (tail(tuple(sorted(order[: k + 1]))) - before) / 120
    found = sampled_shapley(tail, 5, num_orders=4_000, seed=2)
    assert found.sum() == pytest.approx(tail(tuple(range(5))))
    assert found == pytest.approx(exact, rel=0.01)
    again = sampled_shapley(tail, 5, num_orders=4_000, seed=2)
    assert found.tolist() == again.tolist()


def test_a_riskless_federation_splits_nothing() -> None:
    assert euler_shares(np.zeros((3, 3))).tolist() == [0.0, 0.0, 0.0]


def test_a_regional_shock_charges_neighbours_more_than_a_scattered_member() -> None:
    budget, variance = np.ones(3), np.full(3, 0.01)
    near = np.array([[1.0, 0.9, 0.0], [0.9, 1.0, 0.0], [0.0, 0.0, 1.0]])
    cov = member_covariance_gbp2(
        variance, budget, tau_shock=0.0, regional_gbp2=0.01 * near
    )
    shares = covariance_shares(cov)
    assert shares[0] == shares[1] > shares[2]
