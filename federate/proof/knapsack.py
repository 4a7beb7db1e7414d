"""Large federations: a bound on the least reduced cost, whatever the neighbours.

With r_j = assign_gbp[j, c] + f·n_j + f_m − π_j and D(N) = p·|N − T|, any value λ of
a patient's place bounds the reduced cost of every set S with c in it and
L ≤ N_S ≤ U from below:

    F − μ + r_c + Σ_{j≠c} min(0, r_j + λ·n_j) + min_{L ≤ N ≤ U} (D(N) − λ·(N − n_c))

It is λ = −r_j / n_j, j the practice that fills the federation up when the cheapest
for a patient come first, that says most. It may be found by floats: what is proven
is then worked out in whole numbers, and holds for any λ. Contiguity and the other
rules on one federation but size, reach, zone and pairs apart from the centre are
left out.
"""

from fractions import Fraction
from math import floor

import numpy as np
import numpy.typing as npt

from federate.problem import Problem
from federate.proof.units import GRID

__all__ = ["Knapsack"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FINER = 2**8
"""Units of a unit in which λ counts."""
LARGEST = 2.0**61
DEAREST_PLACE_GBP = 2.0**12


class Knapsack:
    """Bounds centre after centre; set up once.

    Parameters
    ----------
    problem
        What is asked.
    lower, upper
        L and U, whole persons.
    base
        F − μ, units.
    """

    def __init__(self, problem: Problem, lower: int, upper: int, base: int) -> None:
        self._sizes = problem.list_size
        self._waived = np.zeros(problem.n, dtype=np.bool_)
        self._waived[list(problem.waived)] = True
        self._lower, self._upper, self._base = lower, upper, base
        cost = problem.cost
        self._target = None
        self._price = 0.0
        if cost.target_size is not None:
            self._target = Fraction(cost.target_size)
            self._price = cost.deviation_gbp_per_person

    def least(self, centre: int, near: IntArray, profit: IntArray) -> int:
        """Return a lower bound on the least reduced cost under a centre, units.

        Parameters
        ----------
        centre, near
            c, and who else may be in a federation that it leads.
        profit
            Shape ``(n,)``: −r, units.

        Raises
        ------
        OverflowError
            If the figures do not fit whole numbers.
        """
        sizes, reduced = self._sizes[near], -profit[near]
        own = int(self._sizes[centre])
        waived = self._waived[centre] or self._waived[near].any()
        lower = max(own, 0 if waived else self._lower)
        upper = min(self._upper, own + int(sizes.sum()))
        if lower > upper:
            return 0  # no federation led from here has the size asked for
        place = self._place(own, sizes, reduced, lower, upper)
        rough = np.abs(reduced.astype(np.float64) * FINER) + abs(place) * sizes
        if rough.max(initial=0.0) > LARGEST:
            raise OverflowError("a price does not fit whole numbers")
        taken = np.minimum(0, reduced * FINER + place * sizes)
        total = Fraction(_exact_sum(taken) + place * own, FINER)
        total += min(self._filled(n, place) for n in self._kinks(lower, upper))
        return self._base - int(profit[centre]) + floor(total)

    def _place(
        self, own: int, sizes: IntArray, reduced: IntArray, lower: int, upper: int
    ) -> int:
        """Return a good λ, in finer units: no proof hangs on it."""
        dear = reduced / np.maximum(sizes, 1) / GRID
        order = np.argsort(dear, kind="stable")
        filled = own + np.cumsum(sizes[order])
        worth = np.append(-dear[order], -DEAREST_PLACE_GBP)

        def at(persons: float) -> float:
            return float(worth[np.searchsorted(filled, persons)])

        price = self._price
        value = 0.0 if self._target is None else at(float(self._target))
        value = min(max(value, -price), price)
        value = min(max(value, at(upper)), at(lower) if lower > own else np.inf)
        value = min(max(value, -DEAREST_PLACE_GBP), DEAREST_PLACE_GBP)
        return round(value * GRID * FINER)

    def _kinks(self, lower: int, upper: int) -> list[Fraction]:
        """Return the sizes at one of which a convex function of them is least."""
        ends = [Fraction(lower), Fraction(upper)]
        if self._target is not None and lower < self._target < upper:
            ends.append(self._target)
        return ends

    def _filled(self, persons: Fraction, place: int) -> Fraction:
        """Return D(N) − λ·N, units."""
        away = Fraction(0) if self._target is None else abs(persons - self._target)
        return Fraction(self._price) * away * GRID - persons * Fraction(place, FINER)


def _exact_sum(values: IntArray) -> int:
    """Return a sum that cannot overflow: high and low halves apart."""
    return (int((values >> 31).sum()) << 31) + int((values & (2**31 - 1)).sum())
