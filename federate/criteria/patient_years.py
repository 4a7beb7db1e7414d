"""A year's patients: the few costly ones one by one, all others in bulk.

Those that cost more than `LARGE` times the mean, or more than a carve-out leaves, are
drawn one by one: a binomial number of them, each with a lognormal cost above that
threshold. The rest are many and each is small; their sum is a shifted gamma with its
exact mean, variance and third moment.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.criteria.patients import PatientCost
from federate.criteria.pools import normal_cdfs

__all__ = ["LARGE", "PatientsOfGroups"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

LARGE = 50.0
"""Patients beyond this many times the mean cost are drawn one by one: 1 in 860 of
hospital patients; of 2,000 patients the rest then has a skew below one half."""


class _Rest(NamedTuple):
    """Mean, variance and third moment of one patient below the threshold, £."""

    mean: FloatArray
    variance: FloatArray
    third: FloatArray


@dataclass(frozen=True, eq=False)
class PatientsOfGroups:
    """The patients of practices, in the order of their groups; see `of`.

    ``above`` is the chance that a patient passes the practice's threshold, ``rest`` the
    moments of one who does not, and ``starts`` where each group begins.
    """

    law: PatientCost
    group: IntArray
    starts: IntArray
    patients: IntArray
    head_gbp: FloatArray
    exposed: FloatArray
    above: FloatArray
    rest: _Rest
    cuts_gbp: tuple[float, ...]

    @classmethod
    def of(
        cls,
        group: IntArray,
        patients: IntArray,
        head_gbp: FloatArray,
        exposed: FloatArray,
        *,
        cv1: float,
        cuts_gbp: tuple[float, ...] = (),
    ) -> "PatientsOfGroups":
        """Return the patients of practices in the order of their groups.

        Parameters
        ----------
        group, patients, head_gbp, exposed
            Group, n_i, b_i/n_i and ρ_i of each practice, shape ``(n,)``.
        cv1
            Of all patients.
        cuts_gbp
            Thresholds of carve-outs, £ of one patient in one year.
        """
        law = PatientCost.of_cv1(cv1)
        limit = np.full(len(group), LARGE)
        for cut in cuts_gbp:
            known = np.full(len(group), LARGE)
            np.divide(cut, head_gbp, out=known, where=head_gbp > 0)
            limit = np.minimum(limit, known)
        middle = -np.log(law.any_cost) - law.log_sd**2 / 2
        score = (np.log(np.maximum(limit, 1e-300)) - middle) / law.log_sd
        above = law.any_cost * normal_cdfs(-score)
        return cls(
            law=law,
            group=group,
            starts=np.searchsorted(group, np.unique(group)),
            patients=patients,
            head_gbp=head_gbp,
            exposed=exposed,
            above=above,
            rest=_rest(law, score, above, exposed * head_gbp),
            cuts_gbp=cuts_gbp,
        )

    @property
    def num_large(self) -> float:
        """How many patients are drawn one by one in a year, on average."""
        return float(self.patients @ self.above)

    def draw(
        self, years: int, rng: np.random.Generator
    ) -> tuple[FloatArray, FloatArray]:
        """Draw ε of each group, ``(y, g)``, and what lies above each cut."""
        size = (years, len(self.group))
        large = rng.binomial(self.patients, self.above, size)
        small = self.patients - large
        mean, variance, third = (
            np.add.reduceat(small * c, self.starts, axis=1) for c in self.rest
        )
        expected = self.patients * self.head_gbp * self.exposed
        noise = _skewed(mean, variance, third, rng) - np.add.reduceat(
            expected, self.starts
        )
        who, where = self._places(large)
        cost = self._costs(who, rng)
        width = len(self.starts)

        def summed(gbp: FloatArray) -> FloatArray:
            found = np.bincount(where, gbp * self.exposed[who], years * width)
            return found.astype(np.float64).reshape(years, width)

        over = [summed(np.maximum(cost - cut, 0.0)) for cut in self.cuts_gbp]
        return noise + summed(cost), np.array(over).reshape(-1, years, width)

    def _places(self, large: IntArray) -> tuple[IntArray, IntArray]:
        """Return practice and cell (year × group) of each patient drawn by itself."""
        years, practices = large.shape
        cell = np.repeat(np.arange(years * practices), large.ravel())
        who = cell % practices
        return who, (cell // practices) * len(self.starts) + self.group[who]

    def _costs(self, who: IntArray, rng: np.random.Generator) -> FloatArray:
        """Draw the cost of a patient of each practice, above its threshold, £."""
        from scipy.special import ndtri

        # Above a score, what is left of the normal is uniform in its upper tail.
        tail = (self.above / self.law.any_cost)[who]
        z = -ndtri(tail * (1.0 - rng.random(len(who))))
        middle = -np.log(self.law.any_cost) - self.law.log_sd**2 / 2
        out: FloatArray = np.exp(middle + self.law.log_sd * z) * self.head_gbp[who]
        return out


def _rest(
    law: PatientCost, score: FloatArray, above: FloatArray, head_gbp: FloatArray
) -> _Rest:
    """Return the moments of a patient who does not pass the threshold, £.

    E[C^k; C ≤ T] = p e^{km + k²s²/2} Φ(u − ks) over P(C ≤ T) = 1 − p(1 − Φ(u)).
    """
    s, middle = law.log_sd, -np.log(law.any_cost) - law.log_sd**2 / 2
    first, second, third = (
        law.any_cost
        * np.exp(k * middle + (k * s) ** 2 / 2)
        * normal_cdfs(score - k * s)
        / (1.0 - above)
        for k in (1, 2, 3)
    )
    central = third - 3 * first * second + 2 * first**3
    return _Rest(
        mean=head_gbp * first,
        variance=head_gbp**2 * (second - first**2),
        third=head_gbp**3 * central,
    )


def _skewed(
    mean: FloatArray, variance: FloatArray, third: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Draw shifted gammas of these moments; without a spread, the mean.

    mean + sd·(G − k)/√k with G ~ Gamma(k), k = 4/γ², γ = third/sd³.
    """
    sd = np.sqrt(np.maximum(variance, 0.0))
    spread = (sd > 0) & (third > 0)
    shape = np.ones_like(sd)
    np.divide(4.0 * sd**6, third**2, out=shape, where=spread)
    drawn = (rng.standard_gamma(shape) - shape) / np.sqrt(shape)
    return mean + np.where(spread, sd * drawn, 0.0)
