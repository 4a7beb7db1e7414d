"""What each rule costs: the best plan without it against the best plan with it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from federate.engine.solve import solve
from federate.errors import ScenarioError
from federate.problem import Problem
from federate.result import Result
from federate.whatif.demand import Demand, changed, dropping
from federate.whatif.demands import demands
from solvers.contract import Status

__all__ = ["RulePrice", "difference_gbp", "resolved", "rule_prices"]

POUND = 1.0


@dataclass(frozen=True)
class RulePrice:
    """What giving up one rule would save.

    Parameters
    ----------
    key, words, codes
        The rule.
    saving_gbp
        Cost of the best plan found with it less that of the best found without,
        £ a year.
    least_gbp, most_gbp
        Between which the true saving is proven to lie; ``most_gbp`` is ``None``
        where nothing is proven of the plan without the rule.
    """

    key: str
    words: str
    codes: tuple[str, ...]
    saving_gbp: float
    least_gbp: float
    most_gbp: float | None

    @property
    def is_exact(self) -> bool:
        """Whether the saving is proven to the pound."""
        return self.most_gbp is not None and self.most_gbp - self.least_gbp <= POUND

    def as_data(self) -> dict[str, Any]:
        """Return the price as JSON has it."""
        return {**asdict(self), "codes": list(self.codes), "is_exact": self.is_exact}


def rule_prices(
    result: Result,
    *,
    each_s: float = 20.0,
    cancel: Callable[[], bool] | None = None,
) -> tuple[RulePrice, ...]:
    """Return the price of every rule that costs something, the dearest first.

    Each rule is given up by itself and the rest solved again from the plan in
    hand. With plans of cost z and z', and proven bounds b ≤ z and b' ≤ z', the
    saving lies between max(0, b − z') and z − b': giving up a rule never costs.

    Parameters
    ----------
    each_s
        Seconds for each rule.

    Raises
    ------
    InfeasibleError
        If the result has no plan.
    """
    result.require_plan()
    found = []
    for demand in demands(result.problem):
        if cancel is not None and cancel():
            break
        price = _price(result, demand, each_s, cancel)
        if price is not None:
            found.append(price)
    return tuple(sorted(found, key=lambda price: (-price.saving_gbp, price.words)))


def resolved(
    problem: Problem,
    like: Result,
    seconds: float,
    cancel: Callable[[], bool] | None = None,
) -> Result:
    """Solve a problem like another from its plan and prices, cover left aside."""
    scenario = problem.scenario.with_(
        solve__time_limit_s=seconds, solve__gap=1e-6, cover__enabled=False
    )
    return solve(
        replace(problem, scenario=scenario),
        warm_start=like.plan,
        prices=like.evidence,
        cancel=cancel,
    )


def difference_gbp(
    before: Result, after: Result
) -> tuple[float, float | None, float | None]:
    """Return cost after less cost before: as found, at least and at most, £ a year.

    Costs are those of the plans, z, and proven bounds, b: the best after less the
    best before is at least b' − z and at most z' − b.
    """
    z, z2 = _cost(before), _cost(after)
    least = None if after.bound_gbp is None else after.bound_gbp - z
    most = None if before.bound_gbp is None else z2 - before.bound_gbp
    return z2 - z, least, most


def _price(
    result: Result,
    demand: Demand,
    each_s: float,
    cancel: Callable[[], bool] | None,
) -> RulePrice | None:
    """Return what one rule costs; ``None`` where it is proven to cost nothing."""
    try:
        freer = changed(result.problem, dropping([demand]))
    except ScenarioError:
        return None
    without = resolved(freer, result, each_s, cancel)
    if without.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return None
    change, least, most = difference_gbp(result, without)
    saving = max(0.0, -change)
    at_most = None if least is None else max(saving, -least)
    at_least = 0.0 if most is None else min(saving, max(0.0, -most))
    if at_most is not None and at_most < POUND:
        return None
    return RulePrice(demand.key, demand.words, demand.codes, saving, at_least, at_most)


def _cost(result: Result) -> float:
    """Return the cost of the plan by the federations alone, as the bound has it."""
    if result.objective_gbp is None:
        raise ValueError("a result without a plan has no cost")
    return result.objective_gbp
