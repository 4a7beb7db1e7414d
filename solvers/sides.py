"""Rows as many backends want them: a kind, one side and, for a range, a width."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Sides", "sides_of"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sides:
    """Kind, side and width of each row, shape ``(m,)`` each.

    Parameters
    ----------
    kind
        E: equals `side`; L: at most; G: at least; R: from `side` − `width` to
        `side`; N: free.
    side, width
        0 where there is none.
    """

    kind: npt.NDArray[np.str_]
    side: FloatArray
    width: FloatArray


def sides_of(lower: FloatArray, upper: FloatArray) -> Sides:
    """Return rows of lower and upper sides as kinds, sides and widths.

    Examples
    --------
    >>> rows = sides_of(np.array([1.0, -np.inf, 2.0]), np.array([4.0, 4.0, 2.0]))
    >>> rows.kind.tolist(), rows.side.tolist(), rows.width.tolist()
    (['R', 'L', 'E'], [4.0, 4.0, 2.0], [3.0, 0.0, 0.0])
    """
    below, above = np.isfinite(upper), np.isfinite(lower)
    kind = np.select(
        [below & above & (lower == upper), below & above, below, above],
        ["E", "R", "L", "G"],
        "N",
    )
    side = np.where(below, upper, np.where(above, lower, 0.0))
    width = np.zeros(len(lower))
    ranged = kind == "R"
    width[ranged] = upper[ranged] - lower[ranged]
    return Sides(kind, side, width)
