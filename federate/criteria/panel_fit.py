"""The spend model's parameters from years of spend per practice.

With e_it the logarithm of spend over need of practice i in year t, the model of
``federate.criteria.spend`` reads, to first order,

    e_it = a_i + α_t + c_it + u_it,     Var u_it = τ_u² + CV1²/n_it,
    Cov(c_it, c_jt) = τ_c² e^{−km_ij/ℓ},     α_t = trend + shock of sd τ_s,

a_i being the practice's lasting level. Moments give all of it (an analysis of
variance, no likelihood): r_it is e_it less the means of its practice and its year, and

    Σ_t r_it²/(T − 1)       = τ_u² + τ_c² (1 − 2k_i + k) + CV1² mean_t(1/n_it),
    Σ_t r_it r_jt/(T − 1)   = τ_c² (K_ij − k_i − k_j + k) − w/n,

K_ij = e^{−km_ij/ℓ}, k_i and k its means, w the mean of the first line: taking off the
year's mean takes off what all share of the regional shocks. The first line is a
regression on 1/n, the second one on K for each of a grid of ℓ.

Standard errors: over practices for the first line (each is a cluster of its years),
over years, one left out at a time, for the second, because regional shocks of one year
are one draw; τ_s by the normal law on T − 2 degrees of freedom.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = [
    "Estimate",
    "OwnNoise",
    "Regional",
    "autocorrelation",
    "deviations",
    "lasting_variance",
    "near_correlations",
    "own_noise",
    "regional_shock",
    "shock_variance",
]

FloatArray = npt.NDArray[np.float64]

REGION_KM = np.geomspace(2.0, 300.0, 31)
"""Lengths ℓ that are tried, km."""
NEAR_KM = (0.0, 5.0, 20.0, 50.0, 100.0, np.inf)
"""Bounds of the distances for which correlations are told, km."""
_ROUNDS = 20


class Estimate(NamedTuple):
    """A figure and its standard error."""

    value: float
    error: float

    @property
    def root(self) -> "Estimate":
        """Square root, 0 below 0; the error by the delta method, at most √error."""
        value = float(np.sqrt(max(self.value, 0.0)))
        most = float(np.sqrt(self.error))
        return Estimate(value, min(self.error / (2 * value), most) if value else most)


def deviations(levels: FloatArray) -> FloatArray:
    """Return r_it: `levels` less the means of practice and year, ``(n, T)``."""
    out: FloatArray = (
        levels
        - levels.mean(axis=1, keepdims=True)
        - levels.mean(axis=0, keepdims=True)
        + levels.mean()
    )
    return out


def autocorrelation(apart: FloatArray) -> float:
    """Return the correlation of a year's deviation with the year before's.

    Independent years have −1/(T − 1), because each practice's mean is taken off.
    """
    both = float((apart[:, 1:] * apart[:, :-1]).mean())
    return both / float((apart**2).mean())


@dataclass(frozen=True)
class OwnNoise:
    """Variance of a practice's own year: τ_u² + τ_c²(…) and CV1².

    ``mean`` is the average of the whole, w. ``slope`` is CV1², ``level`` the rest.
    """

    level: Estimate
    slope: Estimate
    mean: float


def own_noise(apart: FloatArray, patients: FloatArray) -> OwnNoise:
    """Regress practices' variances over years on 1/n.

    A variance varies as its square, so each practice is weighed by the inverse square
    of what is fitted, again and again; the errors are the robust ones.

    Parameters
    ----------
    apart
        r_it, shape ``(n, T)``.
    patients
        n_it, persons, shape ``(n, T)``.
    """
    count, years = apart.shape
    own = (apart**2).sum(axis=1) / (years - 1) * count / (count - 1)
    design = np.stack([np.ones(count), (1.0 / patients).mean(axis=1)], axis=1)
    least = 0.05 * own.mean()  # no practice may weigh without bound
    fitted = np.full(count, own.mean())
    for _ in range(_ROUNDS):
        weight = 1.0 / np.maximum(fitted, least) ** 2
        beta = np.linalg.solve(design.T * weight @ design, design.T @ (weight * own))
        fitted = design @ beta
    weight = 1.0 / np.maximum(fitted, least) ** 2
    beta = np.linalg.solve(design.T * weight @ design, design.T @ (weight * own))
    bread = np.linalg.inv(design.T * weight @ design)
    scores = design * (weight * (own - design @ beta))[:, None]
    errors = np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))
    return OwnNoise(
        level=Estimate(float(beta[0]), float(errors[0])),
        slope=Estimate(float(beta[1]), float(errors[1])),
        mean=float(own.mean()),
    )


def lasting_variance(levels: FloatArray, own_mean: float) -> Estimate:
    """Return Var a_i: of practices' mean levels, less what years' noise adds."""
    count, years = levels.shape
    means = levels.mean(axis=1)
    squares = (means - means.mean()) ** 2 * count / (count - 1)
    error = float(squares.std(ddof=1)) / float(np.sqrt(count))
    return Estimate(float(squares.mean()) - own_mean / years, error)


def shock_variance(levels: FloatArray, *, others: float) -> Estimate:
    """Return τ_s²: of the years' means about a straight line, less `others`.

    `others` is what own noise and regional shocks leave in a mean over practices.
    """
    means = levels.mean(axis=0)
    time = np.arange(len(means), dtype=np.float64)
    trend = np.polynomial.Polynomial.fit(time, means, 1)(time)
    free = len(means) - 2
    square = float(((means - trend) ** 2).sum()) / free
    return Estimate(square - others, square * float(np.sqrt(2.0 / free)))


@dataclass(frozen=True)
class Regional:
    """τ_c² and ℓ (km), and the mean kernel k: what of τ_c² is common to all."""

    variance: Estimate
    region_km: Estimate
    common: float


def regional_shock(levels: FloatArray, km: FloatArray) -> Regional:
    """Return the regional shock that fits the covariances of practices' years best.

    Parameters
    ----------
    levels
        e_it, shape ``(n, T)``.
    km
        Distances, shape ``(n, n)``.
    """
    pairs = np.triu_indices(len(km), 1)
    kernels = [_centred(km, pairs, length) for length in REGION_KM]
    found = _fit_pairs(deviations(levels), pairs, kernels)
    years = levels.shape[1]
    without = [
        _fit_pairs(deviations(np.delete(levels, t, axis=1)), pairs, kernels)
        for t in range(years)
    ]
    scale = np.sqrt((years - 1) / years)
    variances = np.array([v for v, _ in without])
    lengths = np.array([length for _, length in without])
    return Regional(
        variance=Estimate(
            found[0], float(scale * np.linalg.norm(variances - variances.mean()))
        ),
        region_km=Estimate(
            found[1], float(scale * np.linalg.norm(lengths - lengths.mean()))
        ),
        common=float(np.exp(-km / found[1]).mean()),
    )


def _centred(
    km: FloatArray, pairs: tuple[npt.NDArray[np.intp], ...], length: float
) -> FloatArray:
    """Return K_ij − k_i − k_j + k of each pair."""
    near = np.exp(-km / length)
    each = near.mean(axis=1)
    out: FloatArray = near[pairs] - each[pairs[0]] - each[pairs[1]] + near.mean()
    return out


def _fit_pairs(
    apart: FloatArray,
    pairs: tuple[npt.NDArray[np.intp], ...],
    kernels: list[FloatArray],
) -> tuple[float, float]:
    """Return τ_c² and ℓ of the least squares over pairs of practices."""
    count, years = apart.shape
    shared = (apart @ apart.T)[pairs] / (years - 1)
    shared = shared + (apart**2).sum() / (years - 1) / count**2
    best = (np.inf, 0.0, 0.0)
    for length, kernel in zip(REGION_KM, kernels, strict=True):
        slope = float(kernel @ shared) / float(kernel @ kernel)
        # A shock cannot have a negative variance, so such a fit explains nothing.
        explained = slope * float(kernel @ shared) if slope > 0 else 0.0
        if -explained < best[0]:
            best = (-explained, slope, float(length))
    return best[1], best[2]


def near_correlations(
    apart: FloatArray, km: FloatArray
) -> tuple[tuple[float, float, int, Estimate], ...]:
    """Return the correlation of two practices' years by their distance.

    Returns
    -------
    tuple
        From, to (km), pairs, and the mean of r_it r_jt over that of r_it², its error
        over years. Without shared shocks it is −1/n.
    """
    own = (apart**2).mean()
    first, second = np.triu_indices(len(km), 1)
    far = km[first, second]
    out = []
    for low, high in pairwise(NEAR_KM):
        here = (far >= low) & (far < high)
        if not here.any():
            continue
        a, b = first[here], second[here]
        years = np.array([(r[a] * r[b]).mean() for r in apart.T]) / own
        error = float(years.std(ddof=1) / np.sqrt(len(years)))
        out.append((low, high, int(here.sum()), Estimate(float(years.mean()), error)))
    return tuple(out)
