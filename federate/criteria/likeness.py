"""Likeness: how alike two practices are, in [0, 1].

A weighted mean over features; a feature missing for either practice drops out
of that pair's mean and is never read as zero. Two numbers are alike by
exp(−|Δ|/scale), two labels by 1 or 0, and a stated tie by its strength.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from federate.practices.instance import Attribute

__all__ = ["WeightedFeature", "likeness", "unlikeness_gbp"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class WeightedFeature:
    """An attribute with its weight and, for a number, its scale in its own unit.

    A scale of ``None`` is the standard deviation over the instance.
    """

    attribute: Attribute
    weight: float
    scale: float | None = None


def likeness(
    num_practices: int,
    features: Sequence[WeightedFeature],
    ties: Sequence[tuple[int, int, float]] | None,
    ties_weight: float,
) -> FloatArray | None:
    """Return the likeness of every pair, shape ``(n, n)``, symmetric, diagonal 1.

    a_ij = Σ_k w_k s_k(i, j) / Σ_k w_k   over the features k known for both

    Parameters
    ----------
    num_practices
        n.
    features
        Attributes with weights.
    ties
        (i, j, strength) of stated willingness, or ``None`` where nobody was
        asked; a pair that was asked and named no tie counts 0.
    ties_weight
        Weight of the ties.

    Returns
    -------
    array or None
        ``None`` where there is nothing to compare. A pair with no known
        feature has the mean likeness of the others: nothing speaks for or
        against it.

    Examples
    --------
    >>> system = Attribute("it", "category", "label", np.array(["A", "A", "B"]))
    >>> likeness(3, [WeightedFeature(system, 1.0)], None, 0.0)[0]
    array([1., 1., 0.])
    """
    total = np.zeros((num_practices, num_practices))
    weight = np.zeros((num_practices, num_practices))
    for feature in features:
        _add_feature(total, weight, feature)
    if ties is not None and ties_weight > 0:
        weight += ties_weight
        for i, j, strength in ties:
            total[i, j] += ties_weight * strength
            total[j, i] += ties_weight * strength
    known = weight > 0
    if not known.any():
        return None
    np.divide(total, weight, out=total, where=known)
    off_diagonal = known.copy()
    np.fill_diagonal(off_diagonal, val=False)
    if not known.all():
        mean = float(total[off_diagonal].mean()) if off_diagonal.any() else 0.0
        total[~known] = mean
    np.fill_diagonal(total, 1.0)
    return total


def _add_feature(
    total: FloatArray, weight: FloatArray, feature: WeightedFeature
) -> None:
    """Add one feature's weighted likeness where both practices have a value."""
    values = feature.attribute.values
    if feature.attribute.kind == "category":
        present = np.asarray(values != "")
        alike = (values[:, None] == values[None, :]).astype(np.float64)
    else:
        numbers = np.asarray(values, dtype=np.float64)
        present = ~np.isnan(numbers)
        if not present.any():
            return
        spread = float(np.std(numbers[present]))
        scale = feature.scale or spread or 1.0
        filled = np.where(present, numbers, 0.0)
        alike = np.exp(-np.abs(filled[:, None] - filled[None, :]) / scale)
    both = present[:, None] & present[None, :]
    total += feature.weight * np.where(both, alike, 0.0)
    weight += feature.weight * both


def unlikeness_gbp(
    list_size: IntArray, alike: FloatArray, *, gbp_per_patient: float
) -> FloatArray:
    """Return the price of i being led from an unlike centre j, £ a year.

    price · n_i · (1 − a_ij), shape ``(n, n)``, row = member, column = centre.
    """
    weight = gbp_per_patient * list_size.astype(np.float64)
    out: FloatArray = (1.0 - alike) * weight[:, None]
    return out
