"""Figures of drawn years, each with its standard error.

A closed form is held against simulation in units of that error, so it is never 0: a
share of 0 among n years still leaves some 2/n possible.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Sampled", "sampled_mean", "sampled_share", "sampled_tail_mean"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Sampled(NamedTuple):
    """A figure of drawn years and its standard error, in the same unit."""

    value: float
    error: float


def sampled_share(happened: BoolArray) -> Sampled:
    """Return the share of years in which something happened.

    The error is √(p(1 − p)/m) at p = (k + 2)/(n + 4), m = n + 4: two years of either
    kind are added (Agresti and Coull, The American Statistician 1998;52:119), so that
    what never happened has an error too.

    Examples
    --------
    >>> share = sampled_share(np.array([True, False, False, False]))
    >>> share.value, round(share.error, 3)
    (0.25, 0.171)
    """
    years, count = len(happened), int(np.count_nonzero(happened))
    middle = (count + 2) / (years + 4)
    return Sampled(count / years, float(np.sqrt(middle * (1 - middle) / (years + 4))))


def sampled_mean(values: FloatArray) -> Sampled:
    """Return the mean over years, its error sd/√n.

    Examples
    --------
    >>> sampled_mean(np.array([1.0, 3.0]))
    Sampled(value=2.0, error=1.0)
    """
    years = len(values)
    spread = float(values.std(ddof=1)) if years > 1 else 0.0
    return Sampled(float(values.mean()), spread / float(np.sqrt(years)))


def sampled_tail_mean(values: FloatArray, alpha: float) -> Sampled:
    """Return CVaR_α: the mean of the worst 1 − α of the years.

    v + E[(X − v)+]/(1 − α) at the quantile v, where that expression is least in v
    (Rockafellar and Uryasev, Journal of Risk 2000;2:21); so an error of v counts for
    nothing in first order, and the error is sd((X − v)+)/((1 − α)√n).

    Examples
    --------
    >>> sampled_tail_mean(np.arange(100.0), 0.95).value
    97.0
    """
    years = len(values)
    rank = min(int(np.ceil(alpha * years - 1e-9)), years) - 1
    least = float(np.partition(values, rank)[rank])
    beyond = sampled_mean(np.maximum(values - least, 0.0))
    return Sampled(
        least + beyond.value / (1 - alpha),
        beyond.error / (1 - alpha),
    )
