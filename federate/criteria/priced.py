"""What risk costs a federation under a contract: one compiled figure to choose by."""

from numba import types

from federate.criteria.layers import layer_sd, retained_excess, retained_tail_mean
from federate.criteria.tails import expected_layer
from federate.engine.compiled import entry

__all__ = ["EXPECTED_OVERSPEND", "MEASURES", "TAIL_MEAN", "priced_contract"]

EXPECTED_OVERSPEND, TAIL_MEAN = 0, 1
MEASURES = {"expected_overspend": EXPECTED_OVERSPEND, "tail_mean": TAIL_MEAN}
"""What a price is put on: E[(D − r)+], or CVaR_α of D."""

_F, _I = types.float64, types.int64


@entry(_F(_I, _I, _F, _F, _F, _F, _F, _F, _F, _F, _F, _F, _F, _F))
def priced_contract(
    tail: int,
    measure: int,
    level: float,
    price: float,
    quota: float,
    attach: float,
    limit: float,
    share: float,
    loading: float,
    sd_loading: float,
    fee_share: float,
    mean: float,
    sigma: float,
    skew: float,
) -> float:
    """Return what risk costs under a contract, relative to budget.

    price · measure(D) + θ E[L] + λ (sd L + α s) + fee, where the measure is
    E[(D − level)+] (`EXPECTED_OVERSPEND`) or CVaR_level of D, not below zero
    (`TAIL_MEAN`). Without a contract: quota 0, attach and limit infinite, no loadings.
    A fixed fee and a carve-out's own loading are added by the caller.
    """
    kept = 1.0 - quota
    mean_kept, sigma_kept = kept * mean, kept * sigma
    if measure == TAIL_MEAN:
        worth = retained_tail_mean(
            tail, level, attach, limit, share, mean_kept, sigma_kept, skew
        )
    else:
        worth = retained_excess(
            tail, level, attach, limit, share, mean_kept, sigma_kept, skew
        )
    taken = share * expected_layer(tail, attach, limit, mean_kept, sigma_kept, skew)
    cost = price * max(worth, 0.0) + loading * taken + fee_share
    if sd_loading > 0.0:
        spread = layer_sd(tail, attach, limit, share, mean_kept, sigma_kept, skew)
        cost += sd_loading * (spread + quota * sigma)
    return cost
