"""The pool prices its federations as the tree does."""

import numpy as np
import pytest

from federate.engine.columns.pool import Pool
from federate.engine.columns.pricing import Pricer
from tests.engine.columns.test_pricing import random_prices
from tests.strategies import RULES, small_problem

FAR = 1e9


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(3))
def test_a_pool_of_all_federations_prices_as_the_tree_does(
    seed: int, rule: str
) -> None:
    problem = small_problem(seed, rule)
    pricer = Pricer(problem)
    found = pricer.find(*random_prices(problem, seed), limit=FAR, most=20_000)
    assert found.complete
    pool = Pool.of(found, *random_prices(problem, seed))
    prices = random_prices(problem, seed + 100)
    by_tree = pricer.enumerate(*prices, limit=0.0, most=20_000)
    cheapest: dict[tuple[int, ...], float] = {}
    for members, reduced in zip(by_tree.members, by_tree.reduced, strict=True):
        cheapest[members] = min(reduced, cheapest.get(members, FAR))
    by_pool = pool.enumerate(*prices, limit=0.0, most=20_000)
    assert by_pool.complete
    assert dict(zip(by_pool.members, by_pool.reduced, strict=True)) == pytest.approx(
        cheapest
    )


def test_a_pool_gives_the_cheapest_under_each_centre() -> None:
    problem = small_problem(1, "bounds")
    found = Pricer(problem).find(*random_prices(problem, 1), limit=FAR, most=20_000)
    prices = random_prices(problem, 2)
    pool = Pool.of(found, *random_prices(problem, 1))
    every = pool.enumerate(*prices, limit=FAR, most=20_000)
    best = pool.price(*prices, limit=FAR, keep=2)
    for centre in set(every.centres):
        mine = sorted(
            r for r, c in zip(every.reduced, every.centres, strict=True) if c == centre
        )
        kept = [
            r for r, c in zip(best.reduced, best.centres, strict=True) if c == centre
        ]
        assert sorted(kept) == pytest.approx(mine[:2])
        assert best.least[centre] == pytest.approx(mine[0])


def test_a_pool_says_when_it_holds_more_than_asked() -> None:
    problem = small_problem(1, "bounds")
    prices = random_prices(problem, 1)
    found = Pricer(problem).find(*prices, limit=FAR, most=20_000)
    pool = Pool.of(found, *prices)
    few = pool.enumerate(*prices, limit=FAR, most=len(pool) - 1)
    assert not few.complete
    assert len(few.members) == len(pool) - 1


def test_an_empty_pool_prices_nothing() -> None:
    problem = small_problem(1, "bounds")
    prices = random_prices(problem, 1)
    found = Pricer(problem).find(*prices, limit=-FAR, most=10)
    pool = Pool.of(found, *prices)
    assert len(pool) == 0
    assert np.array_equal(pool.price(*prices).least, np.zeros(problem.n))
