"""Contracts one by one, in plain words: the slow twin of ``federate.criteria.judge``.

One record holds every form; they act in this order on a federation's spend X:

1. carve-out: a share of each patient's cost above T goes to the partner. It changes
   the practices' own arrays (`spend.practice_spend` with ``carve_out_gbp``), so a
   `Pool` is built from arrays that already have it;
2. quota share α of the whole: what is left varies 1 − α as much;
3. a layer of the overspend left, the share c of what lies between d and l
   (``federate.criteria.layers``).

What is expected to be ceded is paid as a fair premium out of the same budget, so that
the mean never moves; the *loading* is what is asked beyond:

    loading = θ (ceded by carve-out and layer) + λ (sd of all that is ceded)
              + fee · B + fixed.

Loadings are the planner's to state; none was found published. The forms are those
that Bachmann and Bevan (BMJ 1996;313:1054) and Asthana et al. (J Health Serv Res
Policy 2011;16:95) call for: a small pool may insure what a large one would absorb.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, sqrt

from federate.criteria.gain_share import expected_saving
from federate.criteria.layers import (
    layer_sd,
    retained_excess,
    retained_sd,
    retained_tail_mean,
    retained_value_at_risk,
    unforeseen_probability,
)
from federate.criteria.pool import Pool
from federate.criteria.tails import NORMAL_POWER, expected_layer

__all__ = ["NO_CONTRACT", "Contract", "Retained", "cheapest", "retain"]


@dataclass(frozen=True)
class Contract:
    """The terms with one partner; shares are fractions, of budget unless said.

    Parameters
    ----------
    name
        Of the partner or the item on the menu.
    quota_share
        α, the share of all spend that is ceded.
    attach, limit, layer_share
        d, l and c of the layer: 0.02, ∞, 1 is "all that is over by more than 2 %".
    carve_out_gbp, carve_out_share
        T of one patient in a year, and the share above it that is ceded.
    savings_share, savings_band
        What the partner keeps of savings beyond a dead band: a cost, no risk.
    loading, sd_loading
        θ and λ.
    fee_share, fixed_gbp
        Fee as a share of budget, and £ a year whatever the budget.
    capacity_gbp
        Budget that the partner can serve, over all its clients, £ a year.
    """

    name: str = "none"
    quota_share: float = 0.0
    attach: float = inf
    limit: float = inf
    layer_share: float = 1.0
    carve_out_gbp: float = inf
    carve_out_share: float = 1.0
    savings_share: float = 0.0
    savings_band: float = 0.0
    loading: float = 0.0
    sd_loading: float = 0.0
    fee_share: float = 0.0
    fixed_gbp: float = 0.0
    capacity_gbp: float = inf

    def __post_init__(self) -> None:
        faults = [
            f"{name} must lie in [0, 1], got {getattr(self, name)}"
            for name in (
                "quota_share",
                "layer_share",
                "carve_out_share",
                "savings_share",
            )
            if not 0 <= getattr(self, name) <= 1
        ]
        faults += [
            f"{name} must be at least 0, got {getattr(self, name)}"
            for name in (
                "carve_out_gbp",
                "savings_band",
                "loading",
                "sd_loading",
                "fee_share",
                "fixed_gbp",
                "capacity_gbp",
            )
            if not getattr(self, name) >= 0
        ]
        if not self.attach <= self.limit:
            faults.append(
                f"limit {self.limit} lies below attach {self.attach}; a layer runs up"
            )
        if faults:
            raise ValueError(f"contract {self.name}: " + "; ".join(faults))


NO_CONTRACT = Contract()


@dataclass(frozen=True)
class Retained:
    """What a contract leaves a federation and what it costs, £ a year.

    ``ceded_gbp`` is what the partner is expected to pay, ``premium_gbp`` what it is
    paid, ``loading_gbp`` the difference. The rest is of the spend that is left, over
    budget, the fair premium counted: standard deviation, E[overspend beyond r],
    E[overspend], VaR_α and CVaR_α. P(overspend > r) is with the premium set aside
    beforehand, so that a stop-loss at r makes it 0.

    ``incentive`` is the part of the next pound saved that the federation keeps inside
    its budget, (1 − α)(1 − savings share): less than 1 is moral hazard.
    """

    contract: str
    ceded_gbp: float
    premium_gbp: float
    loading_gbp: float
    sd_gbp: float
    probability: float
    beyond_gbp: float
    overspend_gbp: float
    value_at_risk_gbp: float
    tail_mean_gbp: float
    incentive: float


def retain(
    contract: Contract,
    pool: Pool,
    *,
    tolerance: float,
    alpha: float = 0.95,
    tail: int = NORMAL_POWER,
) -> Retained:
    """Return what `contract` leaves of the risk of `pool`, and its price.

    Parameters
    ----------
    contract
        The terms.
    pool
        The federation, from arrays with this contract's carve-out.
    tolerance
        r, of budget.
    alpha
        Level of VaR and CVaR.
    tail
        Law of the pooled spend, a code of ``tails``.

    Examples
    --------
    >>> pool = Pool(budget_gbp=1.7e8, variance_gbp2=(0.0114 * 1.7e8) ** 2)
    >>> bare = retain(NO_CONTRACT, pool, tolerance=0.02, tail=0)
    >>> capped = retain(Contract("cap", attach=0.02), pool, tolerance=0.02, tail=0)
    >>> round(bare.probability, 3), round(capped.tail_mean_gbp / pool.budget_gbp, 4)
    (0.04, 0.02)
    """
    budget, skew = pool.budget_gbp, pool.skew
    kept = 1 - contract.quota_share
    layer = (contract.attach, contract.limit, contract.layer_share)
    law = (kept * pool.mean_shift, kept * pool.sigma, skew)
    taken = contract.layer_share * expected_layer(tail, *layer[:2], *law)
    spread = layer_sd(tail, *layer, *law) + contract.quota_share * pool.sigma
    excess_gbp = pool.ceded_gbp + taken * budget
    saving = expected_saving(
        tail, contract.savings_band, pool.mean_shift, pool.sigma, skew
    )
    loading_gbp = (
        contract.loading * excess_gbp
        + contract.sd_loading * (spread * budget + sqrt(pool.ceded_variance_gbp2))
        + (contract.fee_share + contract.savings_share * saving) * budget
        + contract.fixed_gbp
    )
    quota_gbp = contract.quota_share * (budget * (1 + pool.mean_shift) - pool.ceded_gbp)
    ceded_gbp = excess_gbp + quota_gbp
    return Retained(
        contract=contract.name,
        ceded_gbp=ceded_gbp,
        premium_gbp=ceded_gbp + loading_gbp,
        loading_gbp=loading_gbp,
        sd_gbp=budget * retained_sd(tail, *layer, *law),
        probability=unforeseen_probability(tail, tolerance, *layer, *law),
        beyond_gbp=budget * retained_excess(tail, tolerance, *layer, *law),
        overspend_gbp=budget * retained_excess(tail, 0.0, *layer, *law),
        value_at_risk_gbp=budget * retained_value_at_risk(tail, alpha, *layer, *law),
        tail_mean_gbp=budget * retained_tail_mean(tail, alpha, *layer, *law),
        incentive=kept * (1 - contract.savings_share),
    )


def cheapest(
    menu: Iterable[tuple[Contract, Pool]],
    *,
    gbp_per_beyond: float = 0.0,
    gbp_per_tail_mean: float = 0.0,
    tolerance: float,
    alpha: float = 0.95,
    tail: int = NORMAL_POWER,
) -> tuple[Retained, float]:
    """Return the item of a menu that costs least, and its cost, £ a year.

    cost = loading + price · E[overspend beyond r] + price · max(CVaR_α, 0); the first
    of equals. Every contract comes with the federation's pool under its carve-out.

    Raises
    ------
    ValueError
        If the menu is empty: offer `NO_CONTRACT` where none is allowed.
    """
    found: tuple[Retained, float] | None = None
    for contract, pool in menu:
        left = retain(contract, pool, tolerance=tolerance, alpha=alpha, tail=tail)
        cost = (
            left.loading_gbp
            + gbp_per_beyond * left.beyond_gbp
            + gbp_per_tail_mean * max(left.tail_mean_gbp, 0.0)
        )
        if found is None or cost < found[1]:
            found = left, cost
    if found is None:
        raise ValueError("the menu is empty; offer NO_CONTRACT to allow none")
    return found
