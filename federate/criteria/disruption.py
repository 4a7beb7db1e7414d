"""Disruption: patients whose practice leaves its present group."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["disruption_gbp"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def disruption_gbp(
    list_size: IntArray, current: Sequence[str], *, gbp_per_patient: float
) -> FloatArray:
    """Return the price of practice i joining centre j's present group, £ a year.

    price · n_i where i has a present group and it is not j's: a federation
    carries on the present group of its centre. Shape ``(n, n)``, row = member.

    Examples
    --------
    >>> disruption_gbp(np.array([10, 20, 30]), ["A", "A", ""], gbp_per_patient=1.0)
    array([[ 0.,  0., 10.],
           [ 0.,  0., 20.],
           [ 0.,  0.,  0.]])
    """
    label = np.asarray(current)
    leaves = (label[:, None] != label[None, :]) & (label != "")[:, None]
    out: FloatArray = leaves * (gbp_per_patient * list_size.astype(np.float64))[:, None]
    return out
