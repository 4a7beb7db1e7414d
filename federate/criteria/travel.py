"""Travel: what the journeys to the centre are worth."""

import numpy as np
import numpy.typing as npt

__all__ = ["travel_gbp"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def travel_gbp(
    list_size: IntArray, minutes: FloatArray, *, gbp_per_patient_min: float
) -> FloatArray:
    """Return the price of practice i's patients reaching centre j, £ a year.

    price · n_i · t_ij, shape ``(n, n)``, row = member, column = centre.

    Examples
    --------
    >>> travel_gbp(np.array([100, 50]), np.array([[0.0, 4.0], [4.0, 0.0]]),
    ...            gbp_per_patient_min=0.5)
    array([[  0., 200.],
           [100.,   0.]])
    """
    weight = gbp_per_patient_min * list_size.astype(np.float64)
    out: FloatArray = minutes * weight[:, None]
    return out
