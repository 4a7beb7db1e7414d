"""What one patient costs in a year: two parts, any cost at all and then how much.

A patient costs nothing with probability 1 − p, else a lognormal amount of log
standard deviation s. With w = e^{s²} and the mean set to 1,

    CV1² = w/p − 1,     κ₃ = w³/p² − 3w/p + 2,     γ₁ = κ₃ / CV1³.

A contract may take what a patient costs above a threshold T; what is left,
min(C, T), has moments from the lognormal's partial ones.

References
----------
Kelly, Stoye and Vera-Hernández (2015), IFS Working Paper W15/21 (abstract): 1 %
of the population takes 32 % of English hospital spend and 1 % of patients 18 %.
`hospital_patient` turns those two percentages into (p, s).
"""

from dataclasses import dataclass
from math import comb, exp, log, sqrt
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from federate.criteria.pools import normal_cdfs

__all__ = [
    "CV1_PRESETS",
    "Moments",
    "PatientCost",
    "capped_moments",
    "hospital_patient",
]

FloatArray = npt.NDArray[np.float64]

CV1_PRESETS = {
    # Elderly, costs cut at the 99th centile: the one value that gives the
    # minimum savings rates of 42 CFR 425.604(b).
    "elderly_truncated": 2.14,
    # All care: German sickness-fund data (Richardson et al., HSJ 2011, 5023200);
    # a US commercial population gives 3.5 to 3.9 (Am J Manag Care 2013;19(8)).
    "all_care": 3.6,
    # English hospital spend: `hospital_patient`, IFS W15/21.
    "hospital": 4.6,
    # Surgery alone: Crump et al., BMJ 1991;302:1582.
    "surgery": 7.6,
}
"""Per-head coefficient of variation by scope of services, with its source."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Mean, variance and third central moment of one patient's cost.

    In multiples of the mean cost before any carve-out, its square and its cube.
    """

    mean: FloatArray
    variance: FloatArray
    third: FloatArray


@dataclass(frozen=True)
class PatientCost:
    """The cost of one patient: p that there is any, s of its logarithm."""

    any_cost: float
    log_sd: float

    @classmethod
    def of_cv1(cls, cv1: float) -> "PatientCost":
        """Return the patient whose coefficient of variation is CV1.

        A choice of ours: s stays as identified for hospital spend and p moves, so
        that a narrower scope is one that fewer people use; where p would pass 1
        everybody has a cost and s moves: s² = ln(1 + CV1²).

        Examples
        --------
        >>> PatientCost.of_cv1(3.6).cv1
        3.6
        >>> round(PatientCost.of_cv1(2.14).any_cost, 3)
        1.0
        """
        spread = hospital_patient().log_sd
        share = exp(spread**2) / (1 + cv1**2)
        if share <= 1:
            return cls(share, spread)
        return cls(1.0, sqrt(log(1 + cv1**2)))

    @property
    def cv1(self) -> float:
        """CV1 = √(e^{s²}/p − 1)."""
        return round(sqrt(exp(self.log_sd**2) / self.any_cost - 1), 12)

    @property
    def third(self) -> float:
        """κ₃ = e^{3s²}/p² − 3e^{s²}/p + 2, mean 1."""
        w = exp(self.log_sd**2)
        return w**3 / self.any_cost**2 - 3 * w / self.any_cost + 2

    @property
    def skew1(self) -> float:
        """γ₁ = κ₃/CV1³."""
        return self.third / self.cv1**3


def hospital_patient(
    top_share_of_people: float = 0.32, top_share_of_patients: float = 0.18
) -> PatientCost:
    """Return (p, s) from what the costliest 1 % of people and of patients take.

    The costliest fraction q of a lognormal holds Φ(s − Φ⁻¹(1 − q)) of it. So
    s = Φ⁻¹(0.99) − Φ⁻¹(1 − 0.18) among patients; 1 % of people are a fraction q of
    patients with 1 − q = Φ(s + Φ⁻¹(1 − 0.32)), and p = 0.01/q.

    Examples
    --------
    >>> patient = hospital_patient()
    >>> round(patient.any_cost, 4), round(patient.log_sd, 4)
    (0.3317, 1.411)
    >>> round(patient.cv1, 3), round(patient.skew1, 1)
    (4.59, 36.2)
    """
    z = NormalDist().inv_cdf
    log_sd = z(0.99) - z(1 - top_share_of_patients)
    among_patients = 1 - NormalDist().cdf(log_sd + z(1 - top_share_of_people))
    return PatientCost(0.01 / among_patients, log_sd)


def capped_moments(
    any_cost: FloatArray,
    log_sd: FloatArray,
    threshold: FloatArray,
    *,
    kept_above: float = 0.0,
) -> Moments:
    """Return the moments of min(C, T) + h (C − T)+, C with mean 1; all broadcast.

    Above T the cost is (1 − h)T + hC, so with the partial moments
    E[C^j; C > T] = p e^{jm + j²s²/2} Φ(js − u), u = (ln T − m)/s, m = −ln p − s²/2,

        E[·^k] = E[C^k; C ≤ T] + Σ_j (k over j) ((1 − h)T)^{k−j} h^j E[C^j; C > T].

    Parameters
    ----------
    any_cost, log_sd
        p and s of the patients.
    threshold
        T in multiples of the mean cost; infinite: the whole cost.
    kept_above
        h, the share of what is above T that stays.

    Examples
    --------
    >>> patient = hospital_patient()
    >>> one = capped_moments(*map(np.array, (patient.any_cost, patient.log_sd, 10.0)))
    >>> round(1 - float(one.mean), 3), round(float(np.sqrt(one.variance)), 2)
    (0.244, 1.92)
    """
    threshold = np.asarray(threshold, dtype=np.float64)
    middle = -np.log(any_cost) - log_sd**2 / 2
    whole = np.isinf(threshold)
    limit = np.where(whole, 1.0, np.maximum(threshold, 1e-300))
    score = np.where(whole, np.inf, (np.log(limit) - middle) / log_sd)
    size = [np.exp(j * middle + (j * log_sd) ** 2 / 2) * any_cost for j in range(4)]
    fixed = (1 - kept_above) * limit
    above = [size[j] * normal_cdfs(j * log_sd - score) for j in range(4)]
    raw = [
        size[k] * normal_cdfs(score - k * log_sd)
        + sum(
            comb(k, j) * fixed ** (k - j) * kept_above**j * above[j]
            for j in range(k + 1)
        )
        for k in (1, 2, 3)
    ]
    mean, square, cube = raw
    return Moments(
        mean=mean,
        variance=square - mean**2,
        third=cube - 3 * mean * square + 2 * mean**3,
    )
