"""Years of spend, drawn from the model of ``federate.criteria.spend``.

    X_i = b_i (1 + μ + A + F_g + C_i + P_i) + ε_i

All of it is drawn as the model states it, with nothing of the closed forms: the
national shock A once a year for everybody; the regional shock C with its covariance
τ_c² b_i b_j e^{−km/ℓ} over all practices, so that near federations suffer together; the
error F_g of a budget set top-down; the error P_i of each practice's own budget, normal
or heavy-tailed. P_i is lasting, but what it is nobody knows beforehand: each drawn year
is a first year, with errors of its own.

Patients' noise ε_i is a sum over n_i patients: ``federate.criteria.patient_years``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from federate.criteria.patient_years import PatientsOfGroups
from federate.criteria.spend import SpendModel, standard_errors

__all__ = ["SpendOfGroups", "Years", "draw_years"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

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
    count = np.maximum(spend.patients[order], 1)
    patients = PatientsOfGroups.of(
        group,
        count,
        spend.budget_gbp[order] / count,
        spend.exposed[order],
        cv1=spend.model.cv1,
        cuts_gbp=spend.cuts_gbp,
    )
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
