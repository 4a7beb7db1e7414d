"""The nucleolus: the split whose worst-treated coalitions are treated least badly.

A sequence of linear programs (Maschler, Peleg and Shapley 1979): least ε such that no
coalition pays more than c(S) + ε; coalitions for which that must bind are fixed, and
the next worst are served, until one split is left. A coalition must bind where its
dual price is positive, so every round fixes at least one that is new.
"""

import numpy as np
import numpy.typing as npt

from federate.criteria.split import Cost, coalitions

__all__ = ["MOST_MEMBERS", "nucleolus_shares"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MOST_MEMBERS = 15
"""Members beyond which the 2^m coalitions are too many."""

# Relative to the cost of all: a dual or slack below is rounding of the solver.
_TOLERANCE = 1e-9


def nucleolus_shares(cost: Cost, num_members: int) -> FloatArray:
    """Return the nucleolus of a cost game; the shares add up to the cost of all.

    Parameters
    ----------
    cost
        Of a sorted tuple of members, for instance σ or CVaR.
    num_members
        m, at most `MOST_MEMBERS`.

    Raises
    ------
    ValueError
        If there are more members.

    Examples
    --------
    >>> def airport(members):
    ...     return float(max((2, 5, 9)[i] for i in members))
    >>> nucleolus_shares(airport, 3).round(6)
    array([1., 2., 6.])
    """
    if num_members > MOST_MEMBERS:
        raise ValueError(
            f"the nucleolus of {num_members} members weighs 2^{num_members} "
            f"coalitions; at most {MOST_MEMBERS} members: take Euler or sampled shares"
        )
    whole = float(cost(tuple(range(num_members))))
    if num_members == 1:
        return np.array([whole])
    groups = list(coalitions(num_members))
    rows = np.zeros((len(groups), num_members))
    for k, members in enumerate(groups):
        rows[k, list(members)] = 1.0
    scale = abs(whole) or 1.0
    worth = np.array([float(cost(members)) for members in groups]) / scale
    fixed_rows, fixed_worth = np.ones((1, num_members)), np.array([whole / scale])
    free = np.ones(len(groups), dtype=np.bool_)
    while np.linalg.matrix_rank(fixed_rows) < num_members:
        least, binding = _least_excess(rows[free], worth[free], fixed_rows, fixed_worth)
        index = np.flatnonzero(free)[binding]
        fixed_rows = np.vstack([fixed_rows, rows[index]])
        fixed_worth = np.append(fixed_worth, worth[index] + least)
        fixed_rows, fixed_worth = _independent(fixed_rows, fixed_worth)
        free &= ~_spanned(rows, fixed_rows)
    out: FloatArray = scale * np.linalg.lstsq(fixed_rows, fixed_worth, rcond=None)[0]
    return out


def _least_excess(
    rows: FloatArray, worth: FloatArray, fixed_rows: FloatArray, fixed_worth: FloatArray
) -> tuple[float, BoolArray]:
    """Minimise ε with Σ_S φ ≤ c(S) + ε; return it and where it must bind."""
    from scipy.optimize import linprog

    num_members = rows.shape[1]
    found = linprog(
        np.append(np.zeros(num_members), 1.0),
        A_ub=np.hstack([rows, -np.ones((len(rows), 1))]),
        b_ub=worth,
        A_eq=np.hstack([fixed_rows, np.zeros((len(fixed_rows), 1))]),
        b_eq=fixed_worth,
        bounds=[(None, None)] * (num_members + 1),
        method="highs",
    )
    if found.status != 0:
        raise ArithmeticError(f"the nucleolus stopped: {found.message}")
    binding: BoolArray = -found.ineqlin.marginals > _TOLERANCE
    return float(found.x[-1]), binding


def _independent(rows: FloatArray, worth: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Keep the rows that add to the rank, in order."""
    kept: list[int] = []
    for k in range(len(rows)):
        if np.linalg.matrix_rank(rows[[*kept, k]]) > len(kept):
            kept.append(k)
    return rows[kept], worth[kept]


def _spanned(rows: FloatArray, fixed_rows: FloatArray) -> BoolArray:
    """Whether each coalition's payment already follows from the fixed ones."""
    basis = np.linalg.qr(fixed_rows.T)[0]
    left = rows - rows @ basis @ basis.T
    out: BoolArray = np.linalg.norm(left, axis=1) < 1e-7
    return out
