"""A plan's years, drawn and held against the closed forms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from federate.criteria.pooled import PooledRisk
from federate.criteria.sampled import (
    Sampled,
    sampled_mean,
    sampled_share,
    sampled_tail_mean,
)
from federate.criteria.tiers import exposure_shares
from federate.criteria.years import SpendOfGroups, Years, draw_years
from federate.errors import Fault, InputError
from federate.problem import Problem
from federate.problem.pooling import spend_model
from federate.result import Result
from federate.score.pooling import contract_names
from federate.whatif.retained import Item, kept_by, overspend_gbp
from federate.whatif.simulation import (
    PLANNED,
    Checked,
    ContractYears,
    Simulation,
)
from federate.whatif.system import (
    bearers_of,
    second_pool,
    system_years,
    together,
    worst_years,
)

__all__ = ["FEWEST_YEARS", "simulate"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FEWEST_YEARS = 20_000
"""A chance of 5 % then has a standard error of 0.15 points."""


def simulate(
    result: Result,
    *,
    years: int = 50_000,
    seed: int = 0,
    practice_law: Literal["normal", "heavy"] = "normal",
    pool_above: float | None = None,
) -> Simulation:
    """Draw years of a plan; see `federate.simulate`."""
    plan, problem = result.require_plan(), result.problem
    faults = _faults(years, pool_above)
    if faults:
        raise InputError("what to simulate", faults)
    index = problem.instance.index
    groups = [np.array([index[c] for c in codes]) for codes in plan.members.values()]
    pooled = _pooled(problem)
    drawn = draw_years(spend_of(problem, groups, practice_law), years, seed=seed)
    attach = pooled.terms.tolerance if pool_above is None else pool_above
    labels, taken = tuple(plan.members), contract_names(problem, plan)
    work = _Work(problem, pooled, labels, taken, groups, drawn)
    worst = worst_years(drawn, pooled.terms.alpha)
    planned = together(work.chosen, groups, drawn, attach)
    bearers, bare = [bearers_of(PLANNED, planned, worst)], planned
    for item in work.items:
        found = together((item,) * len(groups), groups, drawn, attach)
        bearers.append(bearers_of(item.name, found, worst))
        bare = found if found.is_bare else bare
    risk = problem.scenario.risk
    return Simulation(
        years=years,
        seed=seed,
        tolerance=pooled.terms.tolerance,
        cvar_level=pooled.terms.alpha,
        max_probability=risk.max_probability,
        law=risk.tail,
        contracts=tuple(row for g in range(len(groups)) for row in work.contracts(g)),
        bare=system_years(problem, groups, bare),
        planned=system_years(problem, groups, planned),
        bearers=tuple(bearers),
        second_pool=second_pool(pooled.bare, problem, groups, drawn, attach),
    )


def _faults(years: int, pool_above: float | None) -> list[Fault]:
    out = []
    if years < FEWEST_YEARS:
        message = f"must be at least {FEWEST_YEARS:,}, or a chance of 5 % is not known"
        out.append(Fault("years", message, value=years))
    if pool_above is not None and not 0 <= pool_above < np.inf:
        message = "must be a share of budget, 0 or more: 0.02 is 2 %"
        out.append(Fault("pool_above", message, value=pool_above))
    return out


def _pooled(problem: Problem) -> PooledRisk:
    if problem.pooled is None:
        message = "has no spend model; solve or evaluate the plan anew"
        raise InputError("the result", [Fault("result", message)])
    return problem.pooled


def spend_of(
    problem: Problem,
    groups: Sequence[IntArray],
    practice_law: Literal["normal", "heavy"] = "normal",
) -> SpendOfGroups:
    """Return the spend of a problem's federations as `draw_years` takes it."""
    who = np.concatenate(groups) if groups else np.zeros(0, dtype=np.int64)
    scenario, practices = problem.scenario, problem.instance.practices
    exposed, partial = np.ones(problem.n), scenario.tiers.partial_share
    if problem.tier is not None:
        exposed = exposure_shares(problem.tier, partial_share=partial)
    cuts = {c.carve_out_above_gbp for c in scenario.contracts.menu.values()}
    place = np.stack([practices.easting_m, practices.northing_m], axis=1)
    return SpendOfGroups(
        group=np.repeat(np.arange(len(groups)), [len(g) for g in groups]),
        patients=problem.list_size[who],
        budget_gbp=problem.budget_gbp[who],
        exposed=exposed[who],
        place_m=place[who].astype(np.float64),
        model=replace(spend_model(scenario), practice_law=practice_law),
        cuts_gbp=tuple(sorted(cut for cut in cuts if cut is not None)),
    )


@dataclass(frozen=True, eq=False)
class _Work:
    """A plan with its drawn years, federation by federation."""

    problem: Problem
    pooled: PooledRisk
    labels: tuple[str, ...]
    taken: tuple[str, ...]
    groups: Sequence[IntArray]
    drawn: Years

    @property
    def items(self) -> tuple[Item, ...]:
        """Every contract of the menu, "no contract" first, also where one is a must."""
        menu = [Item(self.pooled, k) for k in range(len(self.pooled.names))]
        named = [item for item in menu if item.name]
        return (Item(self.pooled.bare, 0), *named)

    @property
    def chosen(self) -> tuple[Item, ...]:
        """The contract that each federation takes."""
        by_name = {item.name: item for item in self.items}
        return tuple(by_name[name] for name in self.taken)

    def contracts(self, g: int) -> list[ContractYears]:
        """Return a federation's row for each contract."""
        name = self.taken[g]
        return [self._row(g, item, is_chosen=item.name == name) for item in self.items]

    def _row(self, g: int, item: Item, *, is_chosen: bool) -> ContractYears:
        members, terms = self.groups[g], self.pooled.terms
        held = item.weighed(members)
        kept = kept_by(item, self.drawn, g, members)
        kept_gbp, limit = kept.kept_gbp, terms.tolerance * held.exposed_gbp
        over = sampled_share(kept.surprise_gbp > limit)
        beyond = sampled_mean(np.maximum(kept_gbp - limit, 0.0))
        return ContractYears(
            federation=self.labels[g],
            contract=item.name,
            partner=item.partner,
            is_chosen=is_chosen,
            patients=int(self.problem.list_size[members].sum()),
            exposed_gbp=held.exposed_gbp,
            probability=_checked(held.overspend_probability, over),
            overspend_gbp=_checked(
                overspend_gbp(item, held), sampled_mean(np.maximum(kept_gbp, 0.0))
            ),
            beyond_gbp=_checked(held.expected_overspend_gbp, beyond),
            cvar_gbp=_checked(held.cvar_gbp, sampled_tail_mean(kept_gbp, terms.alpha)),
            claims_gbp=_checked(held.ceded_gbp, sampled_mean(kept.claims_gbp)),
            loading_gbp=held.premium_gbp,
        )


def _checked(formula: float, sampled: Sampled) -> Checked:
    return Checked(float(formula), sampled.value, sampled.error)
