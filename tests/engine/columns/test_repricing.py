"""Pricing from memory says what pricing anew would say."""

from typing import Any

import numpy as np
import pytest

from federate.engine.columns.pricing import Cuts, Pricer
from federate.engine.columns.repricing import SLIP, Repricer
from federate.problem import Problem
from tests.strategies import small_problem

RULES = ["bounds", "no donut", "together", "anywhere", "risk priced"]


def prices(problem: Problem, rng: np.random.Generator) -> tuple[Any, float, Cuts]:
    """Return random prices of practices, count and four sets."""
    sets = [[*sorted(rng.choice(problem.n, 3, replace=False)), -1, -1]]
    sets += [sorted(rng.choice(problem.n, 5, replace=False)) for _ in range(3)]
    cuts = Cuts(np.array(sets), rng.uniform(0, 20_000, 4) * (rng.random(4) < 0.7))
    return rng.uniform(0, 60_000, problem.n), float(rng.normal(0, 5_000)), cuts


def moved(
    problem: Problem, now: tuple[Any, float, Cuts], rng: np.random.Generator
) -> tuple[Any, float, Cuts]:
    """Return prices that moved a little somewhere, or nowhere."""
    duals, count, cuts = now[0].copy(), now[1], now[2]
    kind = rng.integers(6)
    if kind == 0:
        duals[rng.integers(problem.n)] += rng.normal(0, 10_000)
    elif kind == 1:
        sigma = cuts.sigma.copy()
        sigma[rng.integers(len(sigma))] = rng.uniform(0, 20_000)
        cuts = Cuts(cuts.sets, sigma)
    elif kind == 2:
        more = [*sorted(rng.choice(problem.n, 3, replace=False)), -1, -1]
        sets = np.concatenate([cuts.sets, np.array([more])])
        cuts = Cuts(sets, np.append(cuts.sigma, rng.uniform(0, 20_000)))
    elif kind == 3:
        cuts = Cuts(cuts.sets[1:].copy(), cuts.sigma[1:].copy())
    elif kind == 4:
        count += float(rng.normal(0, 1_000))
    return duals, count, cuts


@pytest.mark.parametrize("rule", RULES)
def test_the_least_is_what_a_search_anew_says(rule: str) -> None:
    problem = small_problem(3, rule, num_practices=9)
    rng = np.random.default_rng(5)
    again, now = Repricer(Pricer(problem)), prices(problem, rng)
    for _ in range(40):
        remembered = again.price(*now)
        exact = Pricer(problem).price(*now)
        slip = SLIP * np.abs(now[0]).sum()
        assert (remembered.least <= exact.least + 1e-9).all()
        assert remembered.least == pytest.approx(exact.least, abs=slip + 1e-9)
        assert remembered.complete
        now = moved(problem, now, rng)


@pytest.mark.parametrize("rule", RULES)
def test_every_find_is_handed_over_once_while_it_stands(rule: str) -> None:
    problem = small_problem(3, rule, num_practices=9)
    rng = np.random.default_rng(6)
    again, now = Repricer(Pricer(problem)), prices(problem, rng)
    known: set[tuple[tuple[int, ...], int]] = set()
    for _ in range(40):
        found = again.price(*now)
        known |= set(zip(found.members, found.centres, strict=True))
        exact = Pricer(problem).price(*now)
        assert set(zip(exact.members, exact.centres, strict=True)) <= known
        now = moved(problem, now, rng)


def test_only_where_prices_moved_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = small_problem(4, "bounds", num_practices=30)
    pricer = Pricer(problem)
    asked: list[set[int]] = []
    price = pricer.price

    def spied(*args: Any, **kwargs: Any) -> Any:
        asked.append(set(np.flatnonzero(kwargs["centres"]).tolist()))
        return price(*args, **kwargs)

    monkeypatch.setattr(pricer, "price", spied)
    again = Repricer(pricer)
    duals, count, cuts = prices(problem, np.random.default_rng(1))
    again.price(duals, count, cuts)
    again.price(duals, count, cuts)
    there = duals.copy()
    there[7] += 100.0
    again.price(there, count, cuts)
    ptr, flat = pricer.candidates
    near = {c for c in range(30) if 7 in flat[ptr[c] : ptr[c + 1]]} | {7}
    assert asked == [set(range(30)), set(), near]
    assert len(near) < 30


def test_many_small_moves_add_up() -> None:
    problem = small_problem(3, "bounds", num_practices=9)
    again = Repricer(Pricer(problem))
    duals, count, cuts = prices(problem, np.random.default_rng(2))
    least = again.price(duals, count, cuts).least
    step = SLIP * np.abs(duals).sum() / problem.n / 4
    for _ in range(40):
        duals = duals + step / problem.n
        least = again.price(duals, count, cuts).least
    exact = Pricer(problem).price(duals, count, cuts).least
    assert least == pytest.approx(exact, abs=2 * step * 4)
    assert (least <= exact + 1e-12).all()


def test_what_was_cut_short_is_searched_again() -> None:
    problem = small_problem(3, "bounds", num_practices=9)
    again = Repricer(Pricer(problem))
    now = prices(problem, np.random.default_rng(3))
    assert not again.price(*now, node_limit=2).complete
    whole = again.price(*now)
    exact = Pricer(problem).price(*now)
    assert whole.complete
    assert whole.least == pytest.approx(exact.least)
    assert set(whole.members) == set(exact.members)
