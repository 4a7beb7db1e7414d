"""All federations of a plan together: their worst years, and who bears them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np
import numpy.typing as npt

from federate.criteria.judge import regional_gbp2
from federate.criteria.pool import Pool
from federate.criteria.pooled import PooledRisk
from federate.criteria.risk_terms import BUDGET, THIRD, VARIANCE
from federate.criteria.sampled import sampled_mean, sampled_share, sampled_tail_mean
from federate.criteria.second_level import share_above
from federate.criteria.tails import pool_skew, probability_above, tail_mean
from federate.criteria.years import Years
from federate.problem import Problem
from federate.problem.pooling import spend_model
from federate.whatif.retained import Item, kept_by, overspend_gbp
from federate.whatif.simulation import Bearers, Checked, SecondPool, SystemYears

__all__ = [
    "Together",
    "bearers_of",
    "second_pool",
    "system_years",
    "together",
    "worst_years",
]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

MOST_OVER_SHARE = 0.95
"""Share of years in which no more federations are over than `most_over`."""


def worst_years(drawn: Years, alpha: float) -> BoolArray:
    """Return which 1 − α of the years are the worst for all together, ``(y,)``."""
    together = drawn.excess_gbp.sum(axis=0)
    count = max(1, round((1 - alpha) * len(together)))
    out = np.zeros(len(together), dtype=np.bool_)
    out[np.argsort(-together, kind="stable")[:count]] = True
    return out


@dataclass(frozen=True, eq=False)
class Together:
    """All federations, each under its contract: sums over them, year by year.

    Parameters
    ----------
    items
        The contract of each federation.
    excess_gbp, kept_gbp, surprise_gbp, gross_gbp, pool_gbp, claims_gbp
        Of each year, shape ``(y,)``: Σ(X − B), ΣD, Σ(D − fair price), ΣD+, what
        surprises beyond d in all, and what partners pay.
    num_over
        Federations that are surprised by more than the tolerance, shape ``(y,)``.
    budget_gbp, ceded_gbp, loading_gbp, overspend_gbp, expected_over
        Sums of closed forms: exposed budget, fair price, what is asked beyond it,
        mean overspend that is kept, and chances of being over the tolerance.
    """

    items: Sequence[Item]
    excess_gbp: FloatArray
    kept_gbp: FloatArray
    surprise_gbp: FloatArray
    gross_gbp: FloatArray
    pool_gbp: FloatArray
    claims_gbp: FloatArray
    num_over: FloatArray
    budget_gbp: float
    ceded_gbp: float
    loading_gbp: float
    overspend_gbp: float
    expected_over: float

    @property
    def is_bare(self) -> bool:
        """Whether no federation has a contract."""
        return not any(item.name for item in self.items)


def together(
    items: Sequence[Item], groups: Sequence[IntArray], drawn: Years, attach: float
) -> Together:
    """Return the sums over federations, the second pool paying above `attach`."""
    years = np.zeros((6, drawn.excess_gbp.shape[1]))
    kept_gbp, surprise, gross, pool, claims, over = years
    sums = np.zeros(5)
    for g, (item, members) in enumerate(zip(items, groups, strict=True)):
        held, found = item.weighed(members), kept_by(item, drawn, g, members)
        exposed, terms = held.exposed_gbp, item.pooled.terms
        kept_gbp += found.kept_gbp
        gross += np.maximum(found.kept_gbp, 0.0)
        surprise += found.surprise_gbp
        pool += np.maximum(found.surprise_gbp - attach * exposed, 0.0)
        claims += found.claims_gbp
        over += found.surprise_gbp > terms.tolerance * exposed
        sums += (
            exposed,
            held.ceded_gbp,
            held.premium_gbp,
            overspend_gbp(item, held),
            held.overspend_probability,
        )
    excess = drawn.excess_gbp.sum(axis=0)
    return Together(items, excess, *years, *map(float, sums))


def bearers_of(name: str, found: Together, worst: BoolArray) -> Bearers:
    """Return who bears the worst years: federations, second pool, partners.

    Σ(X − B) = Σ (D − P) + Σ P + (what partners pay − the fair price), where the pool
    pays P, what surprises a federation beyond d.
    """
    excess, kept, pool = found.excess_gbp, found.kept_gbp, found.pool_gbp
    partners = np.zeros_like(kept) if found.is_bare else excess - kept
    paid = found.ceded_gbp + found.loading_gbp
    return Bearers(
        contract=name,
        excess_gbp=float(excess[worst].mean()),
        federations_gbp=float((kept - pool)[worst].mean()),
        pool_gbp=float(pool[worst].mean()),
        partners_gbp=float(partners[worst].mean()),
        claims_gbp=float(found.claims_gbp.mean()),
        loading_gbp=found.loading_gbp,
        loss_share=float(np.mean(found.claims_gbp > paid)),
    )


def system_years(
    problem: Problem, groups: Sequence[IntArray], found: Together
) -> SystemYears:
    """Return all federations together, each under its contract.

    The closed forms of all as one pool hold without contracts; sums of the
    federations' means and chances hold always.
    """
    pooled = found.items[0].pooled
    terms, budget = pooled.terms, found.budget_gbp
    chance = worst = None
    if found.is_bare:
        law = (terms.mean, *_as_one_pool(problem, pooled, groups))
        chance = float(probability_above(terms.tail, terms.tolerance, *law))
        worst = budget * float(tail_mean(terms.tail, terms.alpha, *law))
    kept, over = found.kept_gbp, found.num_over
    share = sampled_share(found.surprise_gbp > terms.tolerance * budget)
    return SystemYears(
        budget_gbp=budget,
        probability=Checked(chance, *share),
        cvar_gbp=Checked(worst, *sampled_tail_mean(kept, terms.alpha)),
        gross_gbp=Checked(found.overspend_gbp, *sampled_mean(found.gross_gbp)),
        num_over=Checked(found.expected_over, *sampled_mean(over)),
        any_over=Checked(None, *sampled_share(over > 0)),
        most_over=int(np.quantile(over, MOST_OVER_SHARE, method="higher")),
    )


def _as_one_pool(
    problem: Problem, pooled: PooledRisk, groups: Sequence[IntArray]
) -> tuple[float, float]:
    """Return σ/B and skew of all federations as one pool.

    Each federation's own error of a budget set top-down, τ_f B_g, adds as a square.
    """
    terms, model = pooled.terms, spend_model(problem.scenario)
    who = np.concatenate(groups)
    sums = terms.parts[who].sum(axis=0)
    budget = float(sums[BUDGET])
    if budget <= 0:
        return 0.0, 0.0
    variance = float(sums[VARIANCE]) + regional_gbp2(terms, who)
    if model.budget_origin == "top_down":
        each = np.array([terms.parts[g, BUDGET].sum() for g in groups])
        variance += float(((model.tau_formula * each) ** 2).sum())
    skew = pool_skew(float(sums[THIRD]), variance, budget, model.tau_shock)
    return hypot(sqrt(variance) / budget, model.tau_shock), skew


def second_pool(
    bare: PooledRisk,
    problem: Problem,
    groups: Sequence[IntArray],
    drawn: Years,
    attach: float,
) -> SecondPool:
    """Return the second pool above `attach`, without contracts."""
    terms, model = bare.terms, spend_model(problem.scenario)
    pools = []
    for members in groups:
        sums = terms.parts[members].sum(axis=0)
        budget = float(sums[BUDGET])
        own = model.tau_formula * budget if model.budget_origin == "top_down" else 0.0
        pools.append(
            Pool(
                budget_gbp=budget,
                variance_gbp2=float(sums[VARIANCE])
                + regional_gbp2(terms, members)
                + own**2,
                third_gbp3=float(sums[THIRD]),
                tau_common=model.tau_shock,
                mean_shift=model.mean_shift,
            )
        )
    found = share_above(pools, attach=attach, tail=terms.tail)
    claims, alone = np.zeros(drawn.excess_gbp.shape[1]), 0.0
    for pool, excess in zip(pools, drawn.excess_gbp, strict=True):
        own_gbp = np.maximum(excess - attach * pool.budget_gbp, 0.0)
        claims += own_gbp
        alone += float(own_gbp.std())
    return SecondPool(
        attach=attach,
        claims_gbp=Checked(float(found.expected_gbp.sum()), *sampled_mean(claims)),
        sd_gbp=Checked(found.pooled_sd_gbp, *_sampled_sd(claims)),
        alone_sd_gbp=alone,
    )


def _sampled_sd(values: FloatArray) -> tuple[float, float]:
    """Return the standard deviation over years and its standard error.

    By the delta method: Var s ≈ (m₄ − s⁴)/(4 s² n), m₄ the fourth central moment.
    """
    apart = values - values.mean()
    square = float((apart**2).mean())
    if square <= 0:
        return 0.0, 0.0
    fourth = float((apart**4).mean())
    error = sqrt(max(fourth - square**2, 0.0) / (4 * square * len(values)))
    return sqrt(square), error
