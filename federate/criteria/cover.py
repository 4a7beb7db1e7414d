"""Out-of-hours cover: who can be reached from which base, and at what cost.

No national standard sets a drive time for urgent care (House of Commons
Hansard, 22 April 2009), so the reach is the planner's, by rurality. England's
out-of-hours services saw 109 cases per 1,000 people a year in 2013/14 (Public
Accounts Committee, HC 583, 2014-15: 5.8m cases).
"""

import numpy as np
import numpy.typing as npt

__all__ = ["contacts_per_year", "cover_gbp", "within_reach"]

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def within_reach(
    base_minutes: FloatArray,
    is_rural: BoolArray,
    *,
    reach_urban_min: float,
    reach_rural_min: float,
) -> BoolArray:
    """Return which bases may cover which practice, shape ``(n, b)``.

    t_ib ≤ reach of i, where a rural practice has the rural reach.

    Examples
    --------
    >>> within_reach(np.array([[35.0], [35.0]]), np.array([False, True]),
    ...              reach_urban_min=30.0, reach_rural_min=60.0)
    array([[False],
           [ True]])
    """
    reach = np.where(is_rural, reach_rural_min, reach_urban_min)
    out: BoolArray = base_minutes <= reach[:, None]
    return out


def contacts_per_year(list_size: IntArray, *, contacts_per_1000: float) -> FloatArray:
    """Return expected out-of-hours contacts of each practice's patients a year."""
    out: FloatArray = list_size.astype(np.float64) * (contacts_per_1000 / 1000.0)
    return out


def cover_gbp(
    contacts: FloatArray, base_minutes: FloatArray, *, gbp_per_contact_min: float
) -> FloatArray:
    """Return the price of practice i's contacts reaching base b, £ a year.

    price · contacts_i · t_ib, shape ``(n, b)``.
    """
    out: FloatArray = base_minutes * (gbp_per_contact_min * contacts)[:, None]
    return out
