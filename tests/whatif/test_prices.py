"""What a rule costs, and a practice elsewhere, against brute force."""

import pytest

from federate.engine.solve import solve
from federate.errors import PlanError
from federate.result import Result
from federate.whatif.demand import changed, dropping
from federate.whatif.demands import demands
from federate.whatif.place import why_here
from federate.whatif.prices import rule_prices
from tests.oracle import brute_force
from tests.strategies import small_problem


def solved(seed: int, rule: str) -> Result:
    problem = small_problem(seed, rule)
    result = solve(problem)
    assert result.plan is not None
    return result


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("rule", ["near", "together", "count"])
def test_the_price_of_a_rule_is_what_brute_force_saves(seed: int, rule: str) -> None:
    result = solved(seed, rule)
    priced = {price.words: price for price in rule_prices(result, each_s=5.0)}
    for demand in demands(result.problem):
        best = brute_force(changed(result.problem, dropping([demand])))
        assert best is not None
        assert result.objective_gbp is not None
        saved = result.objective_gbp - best[0]
        if demand.words in priced:
            price = priced[demand.words]
            assert price.least_gbp - 1 <= saved
            assert price.most_gbp is None or saved <= price.most_gbp + 1
            assert price.saving_gbp == pytest.approx(saved, abs=1.0)
        else:
            assert saved <= 1.0


@pytest.mark.parametrize("seed", [1, 4])
def test_elsewhere_costs_what_brute_force_says(seed: int) -> None:
    result = solved(seed, "count")
    why = why_here(result, "P0", each_s=5.0)
    assert result.objective_gbp is not None
    for other in why.elsewhere:
        pair = {"rules__together": (("P0", other.centre),)}
        best = brute_force(changed(result.problem, pair))
        assert (best is None) == (other.best_gbp is None)
        if best is not None and other.best_gbp is not None:
            assert other.best_gbp == pytest.approx(
                best[0] - result.objective_gbp, abs=1.0
            )


def test_moving_alone_is_the_difference_of_two_scores() -> None:
    result = solved(2, "count")
    for other in why_here(result, "P0", each_s=5.0).elsewhere:
        moved = result.move("P0", other.federation)
        assert moved.objective_gbp is not None
        assert result.objective_gbp is not None
        expected = moved.objective_gbp - result.objective_gbp
        assert other.move_gbp == pytest.approx(expected)


def test_a_practice_that_is_not_there_is_refused() -> None:
    with pytest.raises(PlanError, match="no practice P9"):
        why_here(solved(2, "count"), "P9")
