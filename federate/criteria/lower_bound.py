"""The better of two under-estimates of what pooled risk costs.

Where practices are much alike, what risk costs hangs on the population that shares it
(``criteria.by_size``); where they are not, on whose spread it is (``criteria.least``).
The one is taken that says more of a federation of middling size. Who needs a sum over
practices and no more takes the line that lies highest below ρ in the middle.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.criteria.by_size import BySize, gbp_by_size
from federate.criteria.least import linear_gbp, plane_gbp
from federate.criteria.risk_terms import PERSONS, RiskTerms
from federate.criteria.spread_sums import EVERY, Within

__all__ = ["Least", "lower_bound", "lower_bound_within"]

FloatArray = npt.NDArray[np.float64]
# Taken off every figure, so that rounding cannot lift it above the truth.
_ROUNDING = 1e-9


class Least(NamedTuple):
    """The better under-estimate, as a sum over practices and as a function of size.

    Parameters
    ----------
    linear
        a, shape ``(n,)``, and c, £ a year: gbp(S) ≥ c + Σ_{i∈S} a_i, L ≤ N_S ≤ U.
    by_size
        The same with ρ(N_S) in place of c.
    """

    linear: tuple[FloatArray, float]
    by_size: BySize


def lower_bound(terms: RiskTerms, most_persons: float, fewest_persons: float) -> Least:
    """Return what the risk of any federation costs at least.

    Parameters
    ----------
    terms
        The model and its menu.
    most_persons, fewest_persons
        U and L; no federation has more, or fewer.
    """
    plane = plane_gbp(terms, most_persons, fewest_persons)
    sized = _sized(terms, most_persons, fewest_persons)
    line = _line_below(sized, terms.parts[:, PERSONS])
    of_plane, of_line = (_says(terms, bound, sized) for bound in (plane, line))
    once = np.where(np.isfinite(sized.left), plane[1], np.inf)
    flat = BySize(plane[0], sized.edges, once, once)
    return Least(
        linear=plane if of_plane >= of_line else line,
        by_size=sized if of_line >= of_plane else flat,
    )


def lower_bound_within(
    terms: RiskTerms, most_persons: float, fewest_persons: float, within: Within
) -> Least:
    """Return what the risk of federations as spread as `within` costs at least."""
    sized = _sized(terms, most_persons, fewest_persons, within)
    return Least(_line_below(sized, terms.parts[:, PERSONS]), sized)


def _sized(
    terms: RiskTerms, most: float, fewest: float, within: Within = EVERY
) -> BySize:
    linear = [linear_gbp(terms, k, most) for k in range(len(terms.menu))]
    return gbp_by_size(terms, np.array(linear), min(fewest, most), most, within)


def _middle(sized: BySize) -> float:
    """Return the middle of the sizes at which some federation keeps the rule."""
    kept = np.isfinite(sized.left)
    if not kept.any():
        return float(sized.edges.mean())
    return 0.5 * float(sized.edges[:-1][kept][0] + sized.edges[-1])


def _says(terms: RiskTerms, bound: tuple[FloatArray, float], sized: BySize) -> float:
    """Return what a bound comes to for a federation of middling size, £ a year."""
    share = _middle(sized) / max(float(terms.parts[:, PERSONS].sum()), 1.0)
    return share * float(bound[0].sum()) + bound[1]


def _line_below(sized: BySize, persons: FloatArray) -> tuple[FloatArray, float]:
    """Return a line in N below ρ, highest in the middle, as a and c.

    The lower hull of the ends of all cells lies below their chords.
    """
    kept, middle = np.isfinite(sized.left), _middle(sized)
    if not kept.any():
        return sized.each, -np.inf
    sizes = np.concatenate([sized.edges[:-1][kept], sized.edges[1:][kept]])
    gbp = np.concatenate([sized.left[kept], sized.right[kept]])
    low, high = sizes <= middle, sizes > middle
    if not high.any():
        return sized.each, float(gbp.min())
    slopes = (gbp[high] - gbp[low][:, None]) / (sizes[high] - sizes[low][:, None])
    at_middle = gbp[low][:, None] + slopes * (middle - sizes[low][:, None])
    slope = float(slopes.flat[int(at_middle.argmin())])
    once = float((gbp - slope * sizes).min())
    return sized.each + slope * persons, once - _ROUNDING * abs(once)
