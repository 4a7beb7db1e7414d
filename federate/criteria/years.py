"""Years of spend, drawn from the model of ``federate.criteria.spend``.

    X_i = b_i (1 + μ + A + F_g + C_i + P_i) + ε_i

All of it is drawn as the model states it, with nothing of the closed forms: the
national shock A once a year for everybody; the regional shock C with its covariance
τ_c² b_i b_j e^{−km/ℓ} over all practices, so that near federations suffer together; the
error F_g of a budget set top-down; the error P_i of each practice's own budget, normal
or heavy-tailed. P_i is lasting, but what it is nobody knows beforehand: each drawn year
is a first year, with errors of its own.

Patients' noise ε_i is a sum over n_i patients. Those that cost more than `LARGE` times
the mean, or more than a carve-out leaves, are drawn one by one: a binomial number of
them, each with a lognormal cost above that threshold. The rest are many and each is
small; their sum is a shifted gamma with its exact mean, variance and third moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.criteria.patients import PatientCost
from federate.criteria.pools import normal_cdfs
from federate.criteria.spend import SpendModel, standard_errors

__all__ = ["LARGE", "SpendOfGroups", "Years", "draw_years"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

LARGE = 50.0
"""Patients beyond this many times the mean cost are drawn one by one: 1 in 860 of
hospital patients; of 2,000 patients the rest then has a skew below one half."""

# Numbers drawn at a time: some 100 MB.
_CELLS = 2_000_000


@dataclass(frozen=True, eq=False)
class SpendOfGroups:
    """Practices in groups, and the uncertainty of what they spend.

    Parameters
    ----------
    group
        Shape ``(n,)``: group 0 … g − 1 of each practice; every group has a member.
    patients, budget_gbp
        n_i (persons) and b_i (£ a year), shape ``(n,)``.
    exposed
        ρ_i, the share of its risk that each practice bears, shape ``(n,)``.
    place_m
        Easting and northing, metres, shape ``(n, 2)``.
    model
        The uncertainty, ``practice_law`` included.
    cuts_gbp
        Thresholds of carve-outs, £ of one patient in one year.
    """

    group: IntArray
    patients: IntArray
    budget_gbp: FloatArray
    exposed: FloatArray
    place_m: FloatArray
    model: SpendModel
    cuts_gbp: tuple[float, ...] = ()

    @property
    def num_groups(self) -> int:
        """Number of groups, g."""
        return int(self.group.max()) + 1 if len(self.group) else 0

    @property
    def exposed_gbp(self) -> FloatArray:
        """Budget of each group that is exposed to risk, £ a year, shape ``(g,)``."""
        gbp = self.exposed * self.budget_gbp
        return np.bincount(self.group, gbp, self.num_groups).astype(np.float64)

    def regional_gbp2(self) -> FloatArray:
        """Return the groups' covariance through regional shocks, £², ``(g, g)``.

        Σ_{i∈g} Σ_{j∈h} τ_c² ρ_i b_i ρ_j b_j e^{−km_ij/ℓ}, a group of rows at a time.
        """
        count = self.num_groups
        weight = self.model.tau_region * self.exposed * self.budget_gbp
        per_m = 1.0 / (self.model.region_km * 1_000.0)
        out = np.zeros((count, count))
        for g in range(count):
            own = np.flatnonzero(self.group == g)
            apart = self.place_m[own, None, :] - self.place_m[None, :, :]
            near = np.exp(-per_m * np.hypot(apart[..., 0], apart[..., 1]))
            shared = (weight[own] @ near) * weight
            out[g] = np.bincount(self.group, shared, count)
        return (out + out.T) / 2


@dataclass(frozen=True, eq=False)
class Years:
    """Drawn years, £ a year.

    Parameters
    ----------
    excess_gbp
        X − B of what each group answers for, shape ``(g, y)``; negative: underspent.
    ceded_gbp
        What its patients cost above each threshold, shape ``(k, g, y)``.
    """

    excess_gbp: FloatArray
    ceded_gbp: FloatArray


def draw_years(spend: SpendOfGroups, num_years: int, *, seed: int = 0) -> Years:
    """Draw years of spend; the same seed gives the same years.

    Parameters
    ----------
    spend
        Who spends, and how uncertain that is.
    num_years
        How many independent years.
    seed
        Of numpy's default generator.

    Examples
    --------
    >>> one = SpendOfGroups(
    ...     group=np.array([0]), patients=np.array([10_000]),
    ...     budget_gbp=np.array([1e6]), exposed=np.ones(1), place_m=np.zeros((1, 2)),
    ...     model=SpendModel(tau_practice=0.0, tau_shock=0.0),
    ... )
    >>> drawn = draw_years(one, 4_000, seed=1).excess_gbp
    >>> drawn.shape, bool(abs(drawn.std() / 36_000 - 1) < 0.05)
    ((1, 4000), True)
    """
    # Groups side by side, so that a sum over one is a sum over neighbouring columns.
    order = np.argsort(spend.group, kind="stable")
    group = spend.group[order]
    starts = np.searchsorted(group, np.arange(spend.num_groups))
    patients = _Patients.of(spend, order, group, starts)
    root = _root(spend.regional_gbp2()) if spend.model.tau_region > 0 else None
    rng = np.random.default_rng(seed)
    shape = (spend.num_groups, num_years)
    excess, ceded = np.empty(shape), np.empty((len(spend.cuts_gbp), *shape))
    for first, last in _blocks(num_years, len(group) + patients.num_large):
        shocks = _shocks(spend, order, starts, root, last - first, rng)
        noise, above = patients.draw(last - first, rng)
        excess[:, first:last] = (shocks + noise).T
        ceded[:, :, first:last] = above.transpose(0, 2, 1)
    return Years(excess, ceded)


def _blocks(num_years: int, cells: float) -> Iterator[tuple[int, int]]:
    """Yield first and last year of each block of about `_CELLS` numbers."""
    block = max(1, int(_CELLS // max(cells, 1.0)))
    for first in range(0, num_years, block):
        yield first, min(first + block, num_years)


def _root(covariance: FloatArray) -> FloatArray:
    """Return R with R Rᵀ the covariance, also where practices share a building."""
    values, vectors = np.linalg.eigh(covariance)
    out: FloatArray = vectors * np.sqrt(np.maximum(values, 0.0))
    return out


def _shocks(
    spend: SpendOfGroups,
    order: IntArray,
    starts: IntArray,
    root: FloatArray | None,
    years: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Draw B(μ + A + F) + Σ b(C + P) of each group, £, shape ``(y, g)``."""
    model, count = spend.model, spend.num_groups
    common = np.full((years, count), model.mean_shift)
    common += model.tau_shock * rng.standard_normal((years, 1))
    if model.budget_origin == "top_down":
        common += model.tau_formula * rng.standard_normal((years, count))
    out: FloatArray = common * spend.exposed_gbp
    if model.tau_own > 0:
        sd = model.tau_own * (spend.exposed * spend.budget_gbp)[order]
        errors = standard_errors(model.practice_law, (years, len(order)), rng)
        out += np.add.reduceat(errors * sd, starts, axis=1)
    if root is not None:
        out += rng.standard_normal((years, count)) @ root.T
    return out


class _Rest(NamedTuple):
    """Mean, variance and third moment of one patient below the threshold, £."""

    mean: FloatArray
    variance: FloatArray
    third: FloatArray


@dataclass(frozen=True, eq=False)
class _Patients:
    """Patients' noise, practices in the order of their groups.

    ``head_gbp`` is b_i/n_i, ``exposed_head_gbp`` ρ_i times that; ``score`` the normal
    score of the threshold and ``above`` the chance that a patient passes it.
    """

    law: PatientCost
    group: IntArray
    starts: IntArray
    patients: IntArray
    head_gbp: FloatArray
    exposed: FloatArray
    score: FloatArray
    above: FloatArray
    rest: _Rest
    cuts_gbp: tuple[float, ...]

    @classmethod
    def of(
        cls, spend: SpendOfGroups, order: IntArray, group: IntArray, starts: IntArray
    ) -> "_Patients":
        law = PatientCost.of_cv1(spend.model.cv1)
        patients = np.maximum(spend.patients[order], 1)
        head = spend.budget_gbp[order] / patients
        limit = np.full(len(order), LARGE)
        for cut in spend.cuts_gbp:
            known = np.divide(cut, head, out=np.full(len(order), LARGE), where=head > 0)
            limit = np.minimum(limit, known)
        middle = -np.log(law.any_cost) - law.log_sd**2 / 2
        score = (np.log(np.maximum(limit, 1e-300)) - middle) / law.log_sd
        above = law.any_cost * normal_cdfs(-score)
        return cls(
            law=law,
            group=group,
            starts=starts,
            patients=patients,
            head_gbp=head,
            exposed=spend.exposed[order],
            score=score,
            above=above,
            rest=_rest(law, score, above, spend.exposed[order] * head),
            cuts_gbp=spend.cuts_gbp,
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
