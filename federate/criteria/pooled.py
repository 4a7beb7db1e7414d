"""`PooledRisk`: contracts, tiers and scale of a problem, valued in one place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from federate.criteria.by_size import BySize
from federate.criteria.by_spread import SpreadClass, classes_by_spread
from federate.criteria.capacity import Limit, choose
from federate.criteria.judge import SLACK, judge_members, regional_gbp2, weigh
from federate.criteria.lower_bound import Least, lower_bound
from federate.criteria.risk_terms import (
    BUDGET,
    FEE,
    GAIN,
    PERSONS,
    QUOTA,
    RiskTerms,
    frozen,
    no_contract,
)

__all__ = ["PooledRisk", "Weighed"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Members = Sequence[int] | IntArray


@dataclass(frozen=True)
class Weighed:
    """A federation's pooled risk in figures, under the contract it takes.

    Parameters
    ----------
    contract
        Name of the contract; ``""`` where it takes none.
    exposed_gbp
        The budget that is exposed to risk, £ a year: all of it but for tiers.
    sigma_rel, skew
        Spread of a year's spend, a fraction of the exposed budget, and its skew;
        single patients cut where the contract cuts them.
    overspend_probability
        Chance of keeping an overspend above the tolerance.
    expected_overspend_gbp, cvar_gbp
        What is kept of the overspend: its mean, and its mean in the worst years.
    ceded_gbp, premium_gbp, price_gbp
        Expected cost that the partner takes over, what that costs, and the price
        of the risk that is kept, £ a year.
    benefit_gbp
        What size saves, £ a year.
    strain
        Largest ratio of a figure to what its rule allows; 1 or less: all kept.
    incentive
        Part of the next pound saved inside the budget that the federation keeps,
        (1 − quota)(1 − share of savings): less than 1 is moral hazard.
    """

    contract: str
    exposed_gbp: float
    sigma_rel: float
    skew: float
    overspend_probability: float
    expected_overspend_gbp: float
    cvar_gbp: float
    ceded_gbp: float
    premium_gbp: float
    price_gbp: float
    benefit_gbp: float
    strain: float
    incentive: float

    @property
    def gbp(self) -> float:
        """What it adds to the cost of the federation, £ a year."""
        return self.premium_gbp + self.price_gbp - self.benefit_gbp


@dataclass(frozen=True, eq=False)
class PooledRisk:
    """The pooled risk of any federation of one problem.

    Parameters
    ----------
    terms
        Model, rules and menu as the compiled functions read them.
    most_persons
        No federation has more, but for practices larger by themselves.
    fewest_persons
        No federation has fewer; 0 where some may.
    names, partners
        Name of each contract of the menu, and code of its partner; ``""``: none.
    limits
        What partners can carry over all federations together.
    """

    terms: RiskTerms
    most_persons: float
    fewest_persons: float
    names: tuple[str, ...]
    partners: tuple[str, ...]
    limits: tuple[Limit, ...] = ()

    @property
    def is_on(self) -> bool:
        """Whether it adds to the cost of a federation, or may forbid one."""
        return self.terms.is_on

    def gbp(self, members: Members) -> float:
        """Return what the risk of these members adds to their cost, £ a year."""
        return self._judge(members)[0]

    def fits(self, members: Members) -> bool:
        """Whether there is a contract with which these members keep every rule."""
        return self._judge(members)[1] <= 1.0 + SLACK

    def strain(self, members: Members) -> float:
        """Return the largest ratio of a figure to what its rule allows."""
        return self._judge(members)[1]

    def weighed(self, members: Members, item: int | None = None) -> Weighed:
        """Return the figures of these members under a row of the menu, or the best."""
        who, sums = _indices(members), self._no_sums
        best_gbp, worst, chosen = judge_members(self.terms, who, sums)
        row = chosen if item is None else item
        region = regional_gbp2(self.terms, who)
        found = weigh(self.terms, row, sums, region, True, True)
        chosen_found = weigh(self.terms, chosen, sums, region, True, True)
        sigma, skew, over, kept, cvar, ceded, premium, price = found
        menu = self.terms.menu
        return Weighed(
            contract=self.names[row],
            exposed_gbp=float(sums[BUDGET]),
            sigma_rel=sigma,
            skew=skew,
            overspend_probability=over,
            expected_overspend_gbp=kept,
            cvar_gbp=cvar,
            ceded_gbp=ceded,
            premium_gbp=premium,
            price_gbp=price,
            benefit_gbp=chosen_found[6] + chosen_found[7] - best_gbp,
            strain=worst,
            incentive=(1 - menu[row, QUOTA]) * (1 - menu[row, GAIN]),
        )

    def select(self, keep: IntArray) -> "PooledRisk":
        """Return the same over some of the practices."""
        terms = self.terms
        cap = terms.cap[keep] if len(terms.cap) else terms.cap
        return replace(
            self,
            terms=terms._replace(
                parts=frozen(terms.parts[keep]),
                place_m=frozen(terms.place_m[keep]),
                exempt=frozen(terms.exempt[keep]),
                cap=frozen(cap),
            ),
        )

    @cached_property
    def _least(self) -> Least:
        return lower_bound(self.terms, self.most_persons, self.fewest_persons)

    @property
    def least_gbp(self) -> tuple[FloatArray, float]:
        """Least £ for each practice, shape ``(n,)``, and for a federation."""
        return self._least.linear

    @property
    def least_by_size(self) -> BySize:
        """Least £ for each practice, and for a federation by its size."""
        return self._least.by_size

    @cached_property
    def by_spread(self) -> tuple[FloatArray, tuple[SpreadClass, ...]]:
        """Figures r, shape ``(n,)``, and classes of Σ r that hold every federation."""
        bounds = self.most_persons, self.fewest_persons
        return classes_by_spread(self.terms, *bounds, self._least)

    @property
    def _no_sums(self) -> FloatArray:
        return np.zeros(self.terms.parts.shape[1])

    def _judge(self, members: Members) -> tuple[float, float, int]:
        found: tuple[float, float, int] = judge_members(
            self.terms, _indices(members), self._no_sums
        )
        return found

    @cached_property
    def bare(self) -> "PooledRisk":
        """The same without any contract."""
        terms = self.terms._replace(menu=no_contract())
        return replace(self, terms=terms, names=("",), partners=("",), limits=())

    @cached_property
    def items(self) -> tuple["PooledRisk", ...]:
        """The same with each contract of the menu as the only one, in its order."""
        menu = self.terms.menu
        return tuple(
            replace(
                self,
                terms=self.terms._replace(menu=frozen(menu[k : k + 1])),
                names=(self.names[k],),
                partners=(self.partners[k],),
                limits=(),
            )
            for k in range(len(menu))
        )

    def contracts(self, groups: Sequence[Members]) -> tuple[int, ...] | None:
        """Return the row of the menu that each federation of a plan takes.

        Its cheapest, unless partners cannot carry that; then the cheapest for all of
        them together. ``None`` where there is none.
        """
        best = tuple(self._judge(members)[2] for members in groups)
        if not self.limits:
            return best
        carried = np.array([self.exposed_gbp(members) for members in groups])
        if all(limit.holds(best, carried) for limit in self.limits):
            return best
        gbp = np.full((len(groups), len(self.names)), np.inf)
        for g, members in enumerate(groups):
            for k, item in enumerate(self.items):
                cost, strain, _ = item._judge(members)
                if strain <= 1.0 + SLACK:
                    gbp[g, k] = cost
        return choose(gbp, carried, self.limits)

    def extra_gbp(self, groups: Sequence[Members]) -> float:
        """Return what limits on partners add to the federations' least cost, £ a year.

        Infinite where no choice of contracts keeps them.
        """
        if not self.limits:
            return 0.0
        rows = self.contracts(groups)
        if rows is None:
            return np.inf
        return sum(
            self.items[row].gbp(members) - self.gbp(members)
            for row, members in zip(rows, groups, strict=True)
        )

    def exposed_gbp(self, members: Members) -> float:
        """Return the budget that is exposed to risk, £ a year."""
        return float(self.terms.parts[_indices(members), BUDGET].sum())

    def loads(self, members: Members, item: int) -> list[float]:
        """Return what a federation puts on each limit under a contract, £ a year."""
        carried = self.exposed_gbp(members)
        return [carried * (item in limit.rows) for limit in self.limits]

    def surcharged(self, gbp_per_gbp: FloatArray) -> "PooledRisk":
        """Return the same with a surcharge on each limit's contracts, and no limits.

        Parameters
        ----------
        gbp_per_gbp
            Shape ``(len(limits),)``, at least 0: £ for each £ of budget carried. For
            any such, Σ cost under limits ≥ Σ cost surcharged − Σ surcharge · most.
        """
        menu = self.terms.menu.copy()
        for limit, gbp in zip(self.limits, gbp_per_gbp, strict=True):
            menu[list(limit.rows), FEE] += gbp
        return replace(self, terms=self.terms._replace(menu=frozen(menu)), limits=())

    def least_persons(self, members: Members) -> float | None:
        """Return the population at which more of the same keeps the rule of risk.

        t times the federation has t times its sums, and t² times what its regions
        share; no contract is taken. ``None`` without a rule, without patients, or
        where no population up to a thousand million keeps it.
        """
        terms, who = self.bare.terms, _indices(members)
        sums = self._no_sums
        judge_members(terms, who, sums)
        region, persons = regional_gbp2(terms, who), float(sums[PERSONS])
        if terms.max_probability < 0 or persons <= 0 or sums[BUDGET] <= 0:
            return None

        def is_safe(size: float) -> bool:
            times = size / persons
            found = weigh(terms, 0, times * sums, times * times * region, False, False)
            return bool(found[2] <= terms.max_probability)

        low, high = 1.0, 1e9
        if not is_safe(high):
            return None
        while high > low * (1 + 1e-9):
            middle = (low * high) ** 0.5
            low, high = (low, middle) if is_safe(middle) else (middle, high)
        return high


def _indices(members: Members) -> IntArray:
    return np.array(members, dtype=np.int64)
