"""The score of a plan: its federations, their sum, and the whole."""

from collections.abc import Sequence

from federate.criteria.risk import overspend_probability, sigma_rel
from federate.plan import Plan
from federate.problem import Problem
from federate.score.card import FederationScore, Scorecard
from federate.score.cover import cover_totals
from federate.score.pooling import contracts_taken, pooled_figures, pooled_totals
from federate.score.totals import (
    journey_totals,
    membership_totals,
    risk_totals,
    size_totals,
)

__all__ = ["score"]


def score(problem: Problem, plan: Plan) -> Scorecard:
    """Return the scorecard of `plan` under `problem`.

    A plan that breaks rules is scored all the same: `federate.verify` tells
    which it breaks.

    Parameters
    ----------
    problem
        What was asked.
    plan
        Must name exactly the practices of `problem`, and a centre for each
        federation.

    Returns
    -------
    Scorecard
        Its `objective_gbp` is what every engine minimises: the cost of the
        federations and the price of those standing alone.
    """
    index = problem.instance.index
    pieces = _pieces(problem, plan)
    contract = contracts_taken(problem, plan)
    cards = []
    objective = 0.0
    for label, codes in plan.members.items():
        members = [index[code] for code in codes]
        centre = index[plan.centre[label]]
        taken = contract.get(label)
        objective += problem.cost.cost(members, centre, taken)
        card = _federation(problem, label, members, centre, pieces[label], taken)
        cards.append(card)
    terms = {name: 0.0 for card in cards for name in card.terms_gbp}
    for card in cards:
        for name, value in card.terms_gbp.items():
            terms[name] += value
    if problem.alone_gbp is not None:
        alone = [i for code, i in index.items() if not plan.federation[code]]
        price = float(problem.alone_gbp[alone].sum())
        objective += price
        terms["alone"] = price
        if problem.cost.cut_edges is not None:
            parted = float(problem.cost.cut_edges.alone_gbp[alone].sum())
            terms["alone"] -= parted
            terms["cut_edges"] = terms.get("cut_edges", 0.0) + parted
    return Scorecard(
        objective_gbp=objective,
        terms_gbp=terms,
        totals={
            **membership_totals(problem, plan, cards),
            **size_totals(problem, cards),
            **journey_totals(problem, plan),
            **risk_totals(problem, cards),
            **pooled_totals(cards),
            **cover_totals(problem, plan),
        },
        federations=tuple(cards),
    )


def _federation(
    problem: Problem,
    label: str,
    members: Sequence[int],
    centre: int,
    pieces: int,
    contract: int | None,
) -> FederationScore:
    """Return the figures of one federation."""
    patients = int(problem.list_size[members].sum())
    weight = problem.list_size[members] / max(patients, 1)
    minutes = problem.travel.minutes[members, centre]
    budget = float(problem.budget_gbp[members].sum())
    variance = float(problem.variance_gbp2[members].sum())
    risk = problem.scenario.risk
    sigma = sigma_rel(variance, budget, tau_shock=risk.tau_shock)
    running = problem.cost.running_gbp(patients, len(members))
    alike = problem.likeness
    pooled = pooled_figures(problem, members, contract)
    probability = overspend_probability(sigma, tolerance=risk.tolerance)
    return FederationScore(
        federation=label,
        centre=problem.instance.practices.code[centre],
        num_practices=len(members),
        patients=patients,
        budget_gbp=budget,
        pieces=pieces,
        travel_mean_min=float(weight @ minutes),
        travel_max_min=float(minutes.max()),
        likeness_mean=None if alike is None else float(weight @ alike[members, centre]),
        sigma_rel=pooled.pop("sigma_rel", sigma),
        overspend_probability=pooled.pop("overspend_probability", probability),
        n_min_persons=_n_min_persons(problem, members, patients, variance, budget),
        running_gbp=running,
        running_gbp_per_head=running / max(patients, 1),
        running_gbp_per_member=running / len(members),
        allowance_used_share=_allowance_used(problem, running, patients, budget),
        terms_gbp=problem.cost.terms(members, centre, contract),
        **pooled,
    )


def _allowance_used(
    problem: Problem, running_gbp: float, patients: int, budget_gbp: float
) -> float | None:
    """Return (running cost + ι B) / (A N), with ι kept for innovation."""
    scale = problem.scenario.scale
    if scale.allowance_gbp_per_head is None or patients == 0:
        return None
    spent = running_gbp + scale.innovation_share * budget_gbp
    return spent / (scale.allowance_gbp_per_head * patients)


def _n_min_persons(
    problem: Problem,
    members: Sequence[int],
    patients: int,
    variance_gbp2: float,
    budget_gbp: float,
) -> float | None:
    """Return the population at which more of the same would just keep the rule.

    t times the federation has t·V_g and t·B_g, so t·V_g = κ² t² B_g² at
    t = V_g / (κ B_g)².
    """
    kappa = problem.kappa
    if kappa is None and problem.pooled is not None:
        return problem.pooled.least_persons(members)
    if kappa is None or not kappa > 0 or budget_gbp <= 0:
        return None
    return patients * variance_gbp2 / (kappa * budget_gbp) ** 2


def _pieces(problem: Problem, plan: Plan) -> dict[str, int]:
    """Return the number of connected pieces of each federation."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = problem.n
    code = problem.instance.practices.code
    number = {label: k for k, label in enumerate(plan.members)}
    group = np.array([number.get(plan.federation[c], -1) for c in code])
    first, second = problem.graph.pairs[:, 0], problem.graph.pairs[:, 1]
    inside = (group[first] == group[second]) & (group[first] >= 0)
    edges = (first[inside], second[inside])
    joined = coo_array((np.ones(int(inside.sum())), edges), shape=(n, n))
    _, piece = connected_components(joined, directed=False)
    parts = {(int(g), int(p)) for g, p in zip(group, piece, strict=True)}
    count = dict.fromkeys(number, 0)
    labels = list(number)
    for g, _ in parts:
        if g >= 0:
            count[labels[g]] += 1
    return count
