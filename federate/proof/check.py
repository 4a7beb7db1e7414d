"""From a problem, a plan and a certificate to a verdict."""

from collections.abc import Callable, Mapping
from math import ceil, inf

from federate.errors import Fault, InputError
from federate.plan import Plan
from federate.problem import Problem
from federate.proof.certificate import WHERE, Certificate
from federate.proof.choice import Choice, choose, look_through
from federate.proof.later import priced_again
from federate.proof.lift import lifted
from federate.proof.pairs import choose_pairs
from federate.proof.prices import LARGEST_GBP, Prices, plan_gbp
from federate.proof.pricing import Federations, unused_rules
from federate.proof.units import GRID, pounds_down, pounds_up
from federate.proof.verdict import Verdict, tolerance_gbp
from federate.proof.wholes import Wholes
from federate.verify import verify

__all__ = ["check"]

ROOM = 100_000
"""Federations to choose from at most."""
ROOM_FOR_LATER = 2_000_000
"""Federations that prices found later may leave fewer of."""


def check(
    problem: Problem,
    plan: Plan | None,
    certificate: Certificate,
    *,
    solver: str = "highs",
    threads: int = 1,
) -> Verdict:
    """Derive a bound again from the instance alone, and judge the claim by it.

    Parameters
    ----------
    problem
        Built anew from instance and scenario.
    plan
        The plan whose cost is beside the bound, if there is one.
    certificate
        What is claimed.
    solver
        Chooses among the federations that matter, where the claim goes beyond
        what the prices prove and they are too many to look through.
    threads
        Centres looked at side by side.

    Raises
    ------
    InputError
        If the certificate is of another problem, or its prices are no prices.
    """
    certificate.refuse_other(problem)
    evidence = certificate.evidence
    by_size = evidence.pricing != "connected"
    claimed = evidence.bound_gbp
    choice = None
    try:
        prices = Prices.of(problem, evidence)
        federations = Federations(problem, prices, threads=threads)
        least = _LEAST[evidence.pricing](federations)
    except OverflowError as error:
        raise InputError(WHERE, [Fault("proof", str(error))]) from None
    bound = prices.fixed(problem) + least
    proven = pounds_down(bound)
    if not by_size and claimed - tolerance_gbp(claimed) > proven:
        units = ceil(min(claimed, LARGEST_GBP) * GRID)
        later = None if evidence.later is None else Prices.of(problem, evidence.later)
        more, choice = _finish(federations, bound, units, later, solver)
        proven = max(proven, min(more, claimed))
    if evidence.pricing == "whole":
        proven, choice = _finish_wholes(federations, bound, claimed, solver)
    return Verdict(
        claimed_bound_gbp=claimed,
        claimed_objective_gbp=certificate.objective_gbp,
        proven_gbp=proven,
        prices_gbp=pounds_down(bound),
        objective_gbp=None if plan is None else pounds_up(plan_gbp(problem, plan)),
        num_violations=0 if plan is None else len(verify(problem, plan)),
        choice=choice,
        unused_rules=unused_rules(problem, by_size=by_size),
    )


_LEAST: Mapping[str, Callable[[Federations], int]] = {
    "connected": lambda federations: federations.least(),
    "knapsack": lambda federations: federations.least_by_size(),
    "whole": lambda federations: Wholes(federations).least(),
}


def _finish_wholes(
    federations: Federations, bound: int, claimed: float, solver: str
) -> tuple[float, Choice | None]:
    """Return what is proven, £ a year, where no map binds the federations.

    What costs in whole pounds lift the bound to; then what a solver says of the
    pairs that a plan below the claim can hold.
    """
    problem = federations.problem
    proven = pounds_down(lifted(problem, bound))
    if claimed - tolerance_gbp(claimed) <= proven:
        return proven, None
    units = ceil(min(claimed, LARGEST_GBP) * GRID)
    pairs = Wholes(federations).pairs(units - bound)
    choice = choose_pairs(problem, pairs, claimed, solver)
    if choice is not None:
        proven = max(proven, min(choice.least_gbp, claimed))
    return proven, choice


def _finish(
    federations: Federations,
    bound: int,
    claimed: int,
    later: Prices | None,
    solver: str,
) -> tuple[float, Choice | None]:
    """Return what is proven, £ a year, of all plans below the claim, and by whom.

    Those are made of federations of reduced cost below claim − bound; of these,
    prices found later may leave fewer still.
    """
    problem, prices = federations.problem, federations.prices
    room = ROOM if later is None else ROOM_FOR_LATER
    found = federations.below(claimed - bound, room=room)
    if found is None:
        return -inf, None
    if later is not None:
        bound, found = priced_again(problem, found, prices, later)
        prices = later
        if bound >= claimed:
            return pounds_down(bound), None
        found = [led for led in found if led.reduced < claimed - bound]
    if len(found) > ROOM:
        return pounds_down(bound), None
    choice = look_through(problem, prices, found, bound=bound, claimed=claimed)
    choice = choice or choose(problem, found, solver)
    return (pounds_down(bound) if choice is None else choice.least_gbp), choice
