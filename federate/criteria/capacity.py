"""What a partner can carry over all its clients, and who then takes which contract.

A partner's capacity is the budget whose risk it can carry; a cap on concentration is
a share β of all budgets with one partner. Either is a row over the whole plan,

    Σ_g B_g Σ_{k of the partner} y_gk ≤ most,

with B_g the exposed budget and y_gk = 1 where federation g takes contract k.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Limit", "choose"]

FloatArray = npt.NDArray[np.float64]
# A solver keeps rows no better than this.
SLACK = 1e-6


@dataclass(frozen=True)
class Limit:
    """The most budget that the contracts of one partner may carry, £ a year.

    Parameters
    ----------
    partner
        Its code.
    rows
        Its contracts, rows of the menu.
    most_gbp
        £ a year.
    """

    partner: str
    rows: tuple[int, ...]
    most_gbp: float

    def holds(self, rows: Sequence[int], carried_gbp: FloatArray) -> bool:
        """Whether a choice of contracts keeps it; see `choose`."""
        mine = np.isin(np.asarray(rows), self.rows)
        return bool(carried_gbp[mine].sum() <= self.most_gbp * (1 + SLACK))


def choose(
    gbp: FloatArray, carried_gbp: FloatArray, limits: Sequence[Limit]
) -> tuple[int, ...] | None:
    """Return the cheapest choice of contracts that keeps every limit.

    min Σ_gk gbp_gk y_gk   s.t.   Σ_k y_gk = 1,   the rows of the module,   y ∈ {0, 1}

    Parameters
    ----------
    gbp
        Shape ``(g, k)``, £ a year; infinite where a federation may not take one.
    carried_gbp
        Shape ``(g,)``: B_g.
    limits
        The rows.

    Returns
    -------
    tuple of int, or None
        A row of the menu for each federation; ``None`` where there is none.

    Examples
    --------
    >>> one = Limit("V", (1,), 5.0)
    >>> gbp = np.array([[9.0, 1.0], [4.0, 1.0]])
    >>> choose(gbp, np.array([5.0, 5.0]), [one])
    (1, 0)
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    groups, rows = np.nonzero(np.isfinite(gbp))
    if len(np.unique(groups)) < len(gbp):
        return None
    columns = np.arange(len(groups))
    ones = np.ones(len(groups))
    each = csr_array((ones, (groups, columns)), shape=(len(gbp), len(groups)))
    # Counted in shares of the limit, so that a solver's tolerance is one of it.
    loads = np.array(
        [
            np.where(np.isin(rows, limit.rows), carried_gbp[groups], 0.0)
            / max(limit.most_gbp, 1.0)
            for limit in limits
        ]
    )
    most = [1.0 if limit.most_gbp >= 1.0 else limit.most_gbp for limit in limits]
    found = milp(
        gbp[groups, rows],
        constraints=[LinearConstraint(each, 1, 1), LinearConstraint(loads, ub=most)],
        bounds=Bounds(0, 1),
        integrality=ones,
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    out = np.zeros(len(gbp), dtype=np.int64)
    taken = found.x > 0.5
    out[groups[taken]] = rows[taken]
    chosen = tuple(out.tolist())
    if not all(limit.holds(chosen, carried_gbp) for limit in limits):
        return None
    return chosen
