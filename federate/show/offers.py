"""What each contract of the menu would make of one federation, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from federate.criteria.pooled import PooledRisk, Weighed
from federate.criteria.risk_terms import (
    BUDGET,
    MANAGEMENT,
    PERSONS,
    SUPPORT,
    frozen,
)
from federate.problem import Problem
from federate.result import Result
from federate.score import FederationScore

__all__ = ["NO_CONTRACT", "Offer", "offers"]

NO_CONTRACT = "no contract"
HAIR = 1e-9
"""A figure above what is allowed by no more than this share of it is rounding."""


@dataclass(frozen=True)
class Offer:
    """One contract for one federation: what is left of the risk, and its price.

    Parameters
    ----------
    contract, partner
        Name on the menu, and code of whose it is; ``""``: nobody's.
    overspend_probability
        Chance in a year that what is kept is over by more than the tolerance.
    expected_overspend_gbp, cvar_gbp
        Kept beyond the tolerance in the mean of all years; kept in the mean of the
        worst ones, £.
    ceded_gbp, premium_gbp, price_gbp
        Spend taken over, what that costs beyond its mean, and the scenario's price
        of the risk kept, £ a year.
    keeps_rules, is_taken
        Whether every rule on risk is kept with it, and whether the plan takes it.
    why
        Why it is taken, or why it is not.
    """

    contract: str
    partner: str
    overspend_probability: float
    expected_overspend_gbp: float
    cvar_gbp: float
    ceded_gbp: float
    premium_gbp: float
    price_gbp: float
    keeps_rules: bool
    is_taken: bool
    why: str

    @property
    def total_gbp(self) -> float:
        """Premium and price of the risk kept, £ a year: what contracts compete on."""
        return self.premium_gbp + self.price_gbp


def offers(result: Result, row: FederationScore) -> tuple[Offer, ...]:
    """Return every contract that the scenario offers, for one federation of the plan.

    Empty where there is no menu.

    Raises
    ------
    InfeasibleError
        If the result has no plan.
    """
    problem, plan = result.problem, result.require_plan()
    pooled = problem.pooled
    if pooled is None or not problem.scenario.contracts.menu:
        return ()
    index = problem.instance.index
    members = [index[code] for code in plan.members[row.federation]]
    found = [
        _unjudged(problem, _only(pooled, item), members, row.contract)
        for item in range(len(pooled.names))
    ]
    return tuple(replace(offer, why=_why(offer, found)) for offer in found)


def _only(pooled: PooledRisk, item: int) -> PooledRisk:
    """Return the same risk where one row is all there is on the menu."""
    menu = frozen(pooled.terms.menu[item : item + 1])
    return replace(
        pooled,
        terms=pooled.terms._replace(menu=menu),
        names=(pooled.names[item],),
        partners=(pooled.partners[item],),
    )


def _unjudged(
    problem: Problem, only: PooledRisk, members: Sequence[int], taken: str
) -> Offer:
    """Return one offer; where it breaks a rule, `why` says which."""
    held, name = only.weighed(members), only.names[0]
    kept = only.fits(members)
    return Offer(
        contract=name or NO_CONTRACT,
        partner=only.partners[0],
        overspend_probability=held.overspend_probability,
        expected_overspend_gbp=held.expected_overspend_gbp,
        cvar_gbp=held.cvar_gbp,
        ceded_gbp=held.ceded_gbp,
        premium_gbp=held.premium_gbp,
        price_gbp=held.price_gbp,
        keeps_rules=kept,
        is_taken=name == taken,
        why="" if kept else _broken(problem, only, members, held),
    )


def _broken(
    problem: Problem, only: PooledRisk, members: Sequence[int], held: Weighed
) -> str:
    """Return which rules a contract leaves broken, with figure and limit."""
    terms = only.terms
    sums = terms.parts[np.asarray(members)].sum(axis=0)
    said = []
    most = problem.scenario.risk.max_probability
    if most is not None and held.overspend_probability > most * (1 + HAIR):
        said.append(
            f"leaves a risk of {held.overspend_probability:.1%}, {most:.1%} is allowed"
        )
    if len(terms.cap):
        owed = terms.cap[np.asarray(members)].min() * sums[BUDGET]
        if held.cvar_gbp > owed * (1 + HAIR):
            said.append(
                f"leaves £{held.cvar_gbp:,.0f} in the worst years, members can answer "
                f"for £{owed:,.0f}"
            )
    needed = terms.management_head * sums[PERSONS]
    supplied = sums[MANAGEMENT] + terms.menu[0, SUPPORT]
    if needed > supplied * (1 + HAIR):
        said.append(
            f"supplies £{supplied:,.0f} of management, £{needed:,.0f} is needed"
        )
    return "; ".join(said) or "breaks a rule that hangs on no contract"


def _why(offer: Offer, menu: Sequence[Offer]) -> str:
    """Return why a contract is taken, or why it is not, in words."""
    fitting = [one for one in menu if one.keeps_rules]
    if not offer.keeps_rules:
        none = "; nothing on the menu keeps the rules"
        return offer.why + (none if offer.is_taken and not fitting else "")
    if offer.is_taken and len(fitting) == 1:
        return "the only one that keeps every rule"
    if offer.is_taken:
        return f"the cheapest of the {len(fitting)} that keep every rule"
    taken = next((one for one in fitting if one.is_taken), None)
    if taken is None:
        return "keeps every rule"
    more = offer.total_gbp - taken.total_gbp
    if abs(more) < 0.5:
        return "costs as much; the other comes first on the menu"
    word = "more" if more > 0 else "less, but the plan takes another"
    return f"costs £{abs(more):,.0f} a year {word}"
