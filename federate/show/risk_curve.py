"""Risk against population: how large is large enough, and where each federation is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from federate.criteria.judge import regional_gbp2, weigh
from federate.criteria.pooled import PooledRisk
from federate.criteria.risk_terms import BUDGET, PERSONS, VARIANCE
from federate.problem.pooling import spend_model
from federate.result import Result
from federate.show.columns import stated
from federate.show.facts import hundreds, scorecard

__all__ = ["AS_HERE", "PATIENTS_ALONE", "Curve", "RiskCurve", "Spot", "risk_curve"]

FloatArray = npt.NDArray[np.float64]

AS_HERE = "practices as here, no contract"
PATIENTS_ALONE = "patients' luck and shocks alone"
POINTS = 61
MARGIN = 2.0
"""A curve runs from the smallest federation over this to the largest times this."""
MOST_PERSONS = 1e9
HAIR = 1e-9


@dataclass(frozen=True)
class Curve:
    """P(overspend kept > tolerance) at rising populations."""

    name: str
    persons: tuple[float, ...]
    probability: tuple[float, ...]


@dataclass(frozen=True)
class Spot:
    """One federation: its size, its risk with and without its contract.

    ``n_min_persons`` is the population at which more of the same would keep the rule
    without a contract; ``None`` without a rule, or where none does.
    """

    federation: str
    persons: int
    probability: float
    bare_probability: float
    contract: str
    n_min_persons: float | None


@dataclass(frozen=True)
class RiskCurve:
    """The curves of a plan, its federations among them, and what is allowed.

    Parameters
    ----------
    tolerance, max_probability
        r and ε of P(overspend > r) ≤ ε; ε is ``None`` without a rule.
    n_min_persons
        Where the curve of practices as here comes down to ε; ``None`` without a rule,
        or where no population does.
    curves
        First that of the plan's practices without a contract, then of patients alone,
        then with each contract of the menu.
    spots
        The federations, in the order of their labels.
    """

    tolerance: float
    max_probability: float | None
    n_min_persons: float | None
    curves: tuple[Curve, ...]
    spots: tuple[Spot, ...]

    def keeps(self, spot: Spot) -> bool:
        """Whether a federation keeps the rule; a hair is the verifier's to judge."""
        most = self.max_probability
        return most is None or spot.probability <= most * (1 + HAIR)

    @property
    def in_words(self) -> str:
        """What the curve says, for whoever cannot see it."""
        over = f"more than {100 * self.tolerance:g} % over budget"
        if self.max_probability is None:
            return f"Chance in a year of spending {over}, against population."
        kept = sum(map(self.keeps, self.spots))
        insured = sum(bool(spot.contract) for spot in self.spots)
        said = (
            f"{kept:,} of {len(self.spots):,} federations keep the rule: {over} in at "
            f"most {100 * self.max_probability:g} % of years"
        )
        if insured:
            said += f". {insured:,} of all take a contract"
        if self.n_min_persons is None:
            return f"{said}. No population of practices as here keeps it without one."
        enough = f"{hundreds(self.n_min_persons):,} patients"
        return (
            f"{said}. Without a contract, practices as here need {enough} to keep it."
        )


def risk_curve(result: Result) -> RiskCurve | None:
    """Return the risk curve of a plan; ``None`` where risk is not asked about.

    A federation of N patients in practices as here has t = N / ΣN times their sums,
    V = t Σ v_i, B = t Σ b_i, K3 = t Σ k3_i, and of the regional shock the share R/B²
    that the plan's federations have in the mean. Patients alone: without τ_p² b_i².

    Raises
    ------
    InfeasibleError
        If the result has no plan.
    """
    plan, problem = result.require_plan(), result.problem
    pooled = problem.pooled
    rows = scorecard(result).federations
    if pooled is None or not rows or "risk" not in stated(problem.scenario):
        return None
    index = problem.instance.index
    groups = [np.array([index[c] for c in codes]) for codes in plan.members.values()]
    at = _chance(pooled, groups)
    own = spend_model(problem.scenario).tau_own
    alone = _chance(pooled, groups, lasting=own)
    sizes = [row.patients for row in rows if row.patients]
    if not sizes:
        return None
    persons = np.geomspace(min(sizes) / MARGIN, max(sizes) * MARGIN, POINTS)
    named = [
        (AS_HERE, partial(at, None)),
        (PATIENTS_ALONE, partial(alone, None)),
        *((name, partial(at, k)) for k, name in enumerate(pooled.names) if name),
    ]
    epsilon = problem.scenario.risk.max_probability
    return RiskCurve(
        tolerance=problem.scenario.risk.tolerance,
        max_probability=epsilon,
        n_min_persons=None if epsilon is None else _least(named[0][1], epsilon),
        curves=tuple(
            Curve(name, tuple(persons), tuple(of(float(size)) for size in persons))
            for name, of in named
        ),
        spots=tuple(
            Spot(
                federation=row.federation,
                persons=row.patients,
                probability=row.overspend_probability,
                bare_probability=row.bare_overspend_probability
                if row.bare_overspend_probability is not None
                else row.overspend_probability,
                contract=row.contract,
                n_min_persons=row.n_min_persons,
            )
            for row in rows
        ),
    )


def _chance(
    pooled: PooledRisk, groups: list[npt.NDArray[np.int64]], lasting: float = 0.0
) -> Callable[[int | None, float], float]:
    """Return P(kept > r) as a function of a row of the menu and a population.

    ``None`` is no contract, also where the menu has no such row; `lasting` is the τ_p
    that is taken out.
    """
    inside = np.concatenate(groups)
    parts = pooled.terms.parts[inside]
    sums = parts.sum(axis=0)
    sums[VARIANCE] -= ((lasting * parts[:, BUDGET]) ** 2).sum()
    budgets = [float(pooled.terms.parts[who, BUDGET].sum()) for who in groups]
    shared = [
        regional_gbp2(pooled.terms, who) / budget**2
        for who, budget in zip(groups, budgets, strict=True)
        if budget > 0
    ]
    region = float(np.mean(shared)) if shared else 0.0
    whole = float(sums[PERSONS])

    def chance(item: int | None, persons: float) -> float:
        scaled = sums * (persons / whole)
        terms = pooled.bare.terms if item is None else pooled.terms
        gbp2 = region * scaled[BUDGET] ** 2
        found = weigh(terms, item or 0, scaled, gbp2, False, False)
        return float(found[2])

    return chance


def _least(of: Callable[[float], float], epsilon: float) -> float | None:
    """Return the population at which a falling curve comes down to ε."""
    low, high = 1.0, MOST_PERSONS
    if of(high) > epsilon:
        return None
    while high > low * (1 + 1e-6):
        middle = (low * high) ** 0.5
        low, high = (low, middle) if of(middle) <= epsilon else (middle, high)
    return high
