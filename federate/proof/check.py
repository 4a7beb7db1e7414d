"""From a problem, a plan and a certificate to a verdict."""

from math import ceil

from federate.errors import Fault, InputError
from federate.plan import Plan
from federate.problem import Problem
from federate.proof.certificate import WHERE, Certificate
from federate.proof.choice import Choice, choose, look_through
from federate.proof.prices import LARGEST_GBP, Prices, plan_gbp
from federate.proof.pricing import Federations, unused_rules
from federate.proof.units import GRID, pounds_down, pounds_up
from federate.proof.verdict import Verdict, tolerance_gbp
from federate.verify import verify

__all__ = ["check"]

ROOM = 100_000
"""Federations to choose from at most."""


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
    by_size = evidence.pricing == "knapsack"
    claimed = evidence.bound_gbp
    choice = None
    try:
        prices = Prices.of(problem, evidence)
        federations = Federations(problem, prices, threads=threads)
        least = federations.least_by_size() if by_size else federations.least()
    except OverflowError as error:
        raise InputError(WHERE, [Fault("proof", str(error))]) from None
    bound = prices.fixed(problem) + least
    proven = pounds_down(bound)
    if not by_size and claimed - tolerance_gbp(claimed) > proven:
        choice = _finish(
            federations, bound, ceil(min(claimed, LARGEST_GBP) * GRID), solver
        )
        if choice is not None:
            proven = max(proven, min(choice.least_gbp, claimed))
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


def _finish(
    federations: Federations, bound: int, claimed: int, solver: str
) -> Choice | None:
    """Choose among all federations that a plan below the claim could hold."""
    problem = federations.problem
    found = federations.below(claimed - bound, room=ROOM)
    if found is None:
        return None
    seen = look_through(
        problem, federations.prices, found, bound=bound, claimed=claimed
    )
    return seen or choose(problem, found, solver)
