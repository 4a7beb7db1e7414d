"""A second pool over federations: each keeps its overspend up to d, all share the rest.

Layering lets a county hold what no federation can, as Asthana et al. (J Health Serv
Res Policy 2011;16:95; Pulse's report of it) recommend, and as a senate over localities
would. The layers of different federations are independent but for the common shock,
which moves all of them: given the shock A, variances add.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from federate.criteria.layers import layer_sd
from federate.criteria.pool import Pool
from federate.criteria.tails import NORMAL_POWER, expected_excess, pool_sigma, pool_skew

__all__ = ["SharedLayer", "share_above"]

FloatArray = npt.NDArray[np.float64]

# Nodes of the Gauss-Hermite rule over the common shock: U has a bend there, and 64
# give it to about 1e-6 of budget.
_NODES = 64


@dataclass(frozen=True, eq=False)
class SharedLayer:
    """What federations hold in common above d; arrays of shape ``(g,)``, £ a year.

    Parameters
    ----------
    expected_gbp
        E[(X_g − (1 + d)B_g)+], each federation's claim and its fair contribution.
    alone_sd_gbp
        Standard deviation of that claim.
    pooled_sd_gbp
        Standard deviation of all claims together.
    share_gbp
        Each federation's part of it, in proportion to its fair contribution.
    """

    expected_gbp: FloatArray
    alone_sd_gbp: FloatArray
    pooled_sd_gbp: float
    share_gbp: FloatArray

    @property
    def saved_gbp(self) -> float:
        """Standard deviation that pooling takes away: Σ alone − pooled."""
        return float(self.alone_sd_gbp.sum()) - self.pooled_sd_gbp


def share_above(
    pools: list[Pool], *, attach: float, tail: int = NORMAL_POWER
) -> SharedLayer:
    """Return the layer above `attach` of several federations, pooled.

    With m_g(A) and s_g(A) mean and sd of g's layer given A ~ N(0, τ²),

        Var Σ_g L_g = E[Σ_g s_g(A)²] + Var[Σ_g m_g(A)],

    by Gauss-Hermite quadrature over A. Federations that share no shock (τ = 0): plain
    sums. All must share the same τ.

    Raises
    ------
    ValueError
        If the federations do not share one common shock.
    """
    shocks = {pool.tau_common for pool in pools}
    if len(shocks) > 1:
        raise ValueError(f"federations with different common shocks: {sorted(shocks)}")
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    weights = weights / weights.sum()
    given = np.array(
        [
            [_layer(pool, attach, tail, pool.tau_common * float(x)) for pool in pools]
            for x in nodes
        ]
    ).reshape(_NODES, len(pools), 2)
    means, squares = given[:, :, 0], given[:, :, 1] ** 2
    expected = weights @ means
    alone = weights @ squares + weights @ (means - expected) ** 2
    together = means.sum(axis=1)
    pooled = weights @ squares.sum(axis=1)
    pooled += weights @ (together - expected.sum()) ** 2
    total = float(expected.sum())
    pooled_sd = float(np.sqrt(pooled))
    return SharedLayer(
        expected_gbp=expected,
        alone_sd_gbp=np.sqrt(alone),
        pooled_sd_gbp=pooled_sd,
        share_gbp=pooled_sd * (expected / total if total > 0 else expected),
    )


def _layer(pool: Pool, attach: float, tail: int, shock: float) -> tuple[float, float]:
    """Return mean and sd of the layer above `attach`, £, given the common shock."""
    sigma = pool_sigma(pool.variance_gbp2, pool.budget_gbp, 0.0)
    skew = pool_skew(pool.third_gbp3, pool.variance_gbp2, pool.budget_gbp, 0.0)
    mean = pool.mean_shift + shock
    first = expected_excess(tail, attach, mean, sigma, skew)
    spread = layer_sd(tail, attach, float("inf"), 1.0, mean, sigma, skew)
    return pool.budget_gbp * first, pool.budget_gbp * spread
