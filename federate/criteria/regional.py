"""The regional shock: what neighbouring practices share, and scattered ones do not.

A hard winter or a failing supplier moves the spend of a region together. The shock
of a practice has sd τ_c (a fraction of its budget) and correlation exp(−km/ℓ) with
another's. Both numbers are choices of ours; no estimate was found.
"""

import numpy as np
import numpy.typing as npt

__all__ = ["regional_covariance_gbp2", "regional_variance_gbp2"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def regional_covariance_gbp2(
    budget_gbp: FloatArray, km: FloatArray, *, tau_region: float, region_km: float
) -> FloatArray:
    """Return τ_c² b_i b_j exp(−km_ij/ℓ), £², shape ``(n, n)``."""
    near = np.exp(-km / region_km)
    out: FloatArray = tau_region**2 * near * np.outer(budget_gbp, budget_gbp)
    return out


def regional_variance_gbp2(
    members: IntArray,
    budget_gbp: FloatArray,
    km: FloatArray,
    *,
    tau_region: float,
    region_km: float,
) -> float:
    """Return Σ_{i,j∈g} τ_c² b_i b_j exp(−km_ij/ℓ), £²: what neighbours share.

    Scattered members diversify it and neighbours do not.

    Examples
    --------
    >>> budget, km = np.array([1.0, 1.0]), np.array([[0.0, 3e3], [3e3, 0.0]])
    >>> both = np.array([0, 1])
    >>> shared = regional_variance_gbp2(
    ...     both, budget, km, tau_region=1.0, region_km=30.0
    ... )
    >>> round(shared, 6)
    2.0
    """
    own = budget_gbp[members]
    near = km[np.ix_(members, members)]
    shared = regional_covariance_gbp2(
        own, near, tau_region=tau_region, region_km=region_km
    )
    return float(shared.sum())
