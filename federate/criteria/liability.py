"""Liability: who answers for an overspend, and for how much.

``several``
    Each practice for its own: CVaR of its own spend. Nothing is pooled.
``joint``
    The pool, each by its budget: b_i/B_g of the pool's CVaR.
``joint-capped``
    The same, but for no more than a cap, such as a share of its income; what the
    caps leave falls back on the commissioner.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["Exposure", "exposure"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Exposure:
    """What each member answers for in the mean of the worst years, £ a year.

    ``member_gbp`` has the shape of the members; ``uncovered_gbp`` is what caps leave
    to the commissioner.
    """

    member_gbp: FloatArray
    uncovered_gbp: float


def exposure(
    rule: Literal["several", "joint", "joint-capped"],
    *,
    budget_gbp: FloatArray,
    own_tail_gbp: FloatArray,
    pool_tail_gbp: float,
    cap_gbp: FloatArray | None = None,
) -> Exposure:
    """Return each member's exposure under a rule of liability.

    Parameters
    ----------
    rule
        One of the three.
    budget_gbp, own_tail_gbp
        b_i and CVaR_i of each member standing alone, shape ``(m,)``.
    pool_tail_gbp
        CVaR of the federation over its budget, after any contract.
    cap_gbp
        Most that each member can be asked for; needed by ``joint-capped``.

    Raises
    ------
    ValueError
        If ``joint-capped`` comes without caps.

    Examples
    --------
    >>> two = {"budget_gbp": np.array([3.0, 1.0]), "own_tail_gbp": np.array([0.6, 0.4])}
    >>> exposure("joint", **two, pool_tail_gbp=0.8).member_gbp
    array([0.6, 0.2])
    >>> capped = exposure(
    ...     "joint-capped", **two, pool_tail_gbp=0.8, cap_gbp=np.array([0.5, 0.5])
    ... )
    >>> capped.member_gbp, round(capped.uncovered_gbp, 6)
    (array([0.5, 0.2]), 0.1)
    """
    if rule == "several":
        return Exposure(np.maximum(own_tail_gbp, 0.0), 0.0)
    total = float(budget_gbp.sum())
    share = budget_gbp / total if total > 0 else np.zeros_like(budget_gbp)
    called = share * max(pool_tail_gbp, 0.0)
    if rule == "joint":
        return Exposure(called, 0.0)
    if cap_gbp is None:
        raise ValueError("joint-capped needs cap_gbp, the most each member pays")
    paid = np.minimum(called, cap_gbp)
    return Exposure(paid, float((called - paid).sum()))
