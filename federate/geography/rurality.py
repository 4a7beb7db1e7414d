"""Which practices are rural: as published, or by the patients around them."""

import numpy as np
import numpy.typing as npt

from federate.practices.instance import Instance

__all__ = ["AROUND_KM", "RURAL_BELOW_PATIENTS", "is_rural"]

AROUND_KM = 3.0
RURAL_BELOW_PATIENTS = 20_000
"""Fewer patients registered within 3 km (itself included): rural.

Fitted to the Urban and Rural that NHS payments 2022/23 publish for 6,392
practices: agrees for 94 %, for 85 % of rural and 96 % of urban ones.
"""


def is_rural(instance: Instance, rurality: str) -> npt.NDArray[np.bool_]:
    """Return which practices are rural.

    Where the attribute begins with ``Rural`` or ``Urban``, that holds. Elsewhere a
    practice is rural if fewer than 20,000 patients are registered within 3 km.

    Parameters
    ----------
    rurality
        Name of the attribute; an instance need not have it.

    Returns
    -------
    numpy.ndarray
        Shape ``(n,)`` bool.
    """
    attribute = instance.practices.attributes.get(rurality)
    if attribute is None:
        said = np.full(instance.num_practices, "")
    else:
        said = np.char.lower(np.char.strip(np.asarray(attribute.values, dtype=np.str_)))
    rural = np.char.startswith(said, "rural")
    urban = np.char.startswith(said, "urban")
    if not (rural | urban).all():
        rural = np.where(rural | urban, rural, _is_sparse(instance))
    return np.asarray(rural)


def _is_sparse(instance: Instance) -> npt.NDArray[np.bool_]:
    """Return which practices have few patients around them."""
    from scipy.spatial import cKDTree

    practices = instance.practices
    xy = np.column_stack([practices.easting_m, practices.northing_m])
    tree = cKDTree(xy)
    around = tree.query_ball_tree(tree, 1000.0 * AROUND_KM)
    patients = np.array([practices.list_size[near].sum() for near in around])
    return np.asarray(patients < RURAL_BELOW_PATIENTS)
