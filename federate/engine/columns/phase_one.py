"""Phase one: how many practices no choice of federations can cover.

    min  Σ_{i∈R} w·u_i
    s.t. Σ_{S∋i} x_S + u_i = 1        every practice i, u_i free of charge outside R
         x, u ≥ 0

over all federations S that keep the rules. Above 0, its prices prove that the
practices R are not all in federations of any plan (see `federate.refutation`); at
0, nothing is proven.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from federate.engine.columns.facts import Cuts
from federate.engine.columns.finds import Priced
from federate.engine.columns.master import Column, Duals, Master, alone_columns
from federate.engine.columns.pricing import Pricer
from federate.evidence import Evidence
from federate.problem import Problem
from federate.problem.costless import costless
from solvers.contract import Options

__all__ = ["PRICE_GBP", "PhaseOne"]

FloatArray = npt.NDArray[np.float64]

PRICE_GBP = 1_000.0
"""w, £ a year: of any size that leaves prices far from rounding."""
ENOUGH = 0.005
"""Share of w above which the value is no rounding."""
IDLE_GBP = 1e-6
FIRST_NODES, MOST_NODES = 3_000, 500_000
UNCOVERED = -2


class PhaseOne:
    """The columns so far, kept between one set of practices and the next.

    Parameters
    ----------
    problem
        Whose rules count; costs do not.
    solver
        Name of the backend.
    stop
        Asked between steps whether to give up.
    """

    def __init__(self, problem: Problem, solver: str, stop: Callable[[], bool]) -> None:
        self.problem = costless(problem)
        self._stop = stop
        self._master = Master(self.problem, solver)
        self._pricer = Pricer(self.problem)
        self._master.add(alone_columns(self.problem))
        self._uncovered: dict[int, int] = {}
        self._charged: dict[int, float] = {}

    def refute(self, required: Collection[int]) -> Evidence | None:
        """Return prices that prove some practices cannot all be covered.

        ``None`` where nothing is proven, for want of time or because the linear
        programme covers them.
        """
        self._charge(required)
        nodes = FIRST_NODES
        while not self._stop():
            outcome, duals = self._master.solve(Options())
            if duals is None:
                return None
            duals = _without_idle(duals)
            priced = self._pricer.price(
                duals.practice,
                duals.count,
                duals.cuts,
                node_limit=nodes,
                stop=self._stop,
            )
            bound = self._master.bound(duals, priced) if priced.complete else -np.inf
            if bound > ENOUGH * PRICE_GBP and self._settles(priced):
                return self._evidence(duals, bound)
            if (outcome.objective or 0.0) <= ENOUGH * PRICE_GBP:
                return None
            added = self._master.add(
                [
                    Column(members, centre, 0.0)
                    for members, centre in zip(
                        priced.members, priced.centres, strict=True
                    )
                ]
            )
            if not added:
                if priced.complete or nodes >= MOST_NODES:
                    return None
                nodes *= 4
        return None

    def _settles(self, priced: Priced) -> bool:
        """Whether no federation is cheaper than its prices.

        Where any member may lead, pricing meets each federation under one of them,
        and its least of each centre is no least of all that the centre may lead.
        """
        return bool((priced.least[self._master.practices] >= -IDLE_GBP).all())

    def _charge(self, required: Collection[int]) -> None:
        """Ask w for those required and nothing for the others left uncovered."""
        master, n = self._master, self.problem.n
        wanted = {i: PRICE_GBP if i in required else 0.0 for i in master.practices}
        if master.has_count:
            wanted[n] = PRICE_GBP
        changed = [i for i, w in wanted.items() if self._charged.get(i) != w]
        master.retire([self._uncovered[i] for i in changed if i in self._uncovered])
        first = len(master.columns)
        fresh = [Column((i,) if i < n else (), UNCOVERED, wanted[i]) for i in changed]
        master.add(fresh, anew=True)
        self._uncovered.update((i, first + k) for k, i in enumerate(changed))
        self._charged = wanted

    def _evidence(self, duals: Duals, bound: float) -> Evidence:
        return Evidence(
            codes=tuple(self.problem.instance.practices.code),
            practice_gbp=duals.practice,
            count_gbp=duals.count,
            sets=duals.cuts.sets,
            cut_gbp=duals.cuts.sigma,
            dual_bound_gbp=bound,
            bound_gbp=bound,
        )


def _without_idle(duals: Duals) -> Duals:
    """Return the prices with those that are nothing but rounding at 0."""
    practice = np.where(np.abs(duals.practice) > IDLE_GBP, duals.practice, 0.0)
    count = duals.count if abs(duals.count) > IDLE_GBP else 0.0
    return replace(duals, practice=practice, count=count, cuts=_none(duals.cuts))


def _none(cuts: Cuts) -> Cuts:
    """Return no cuts: none are added here."""
    return Cuts(cuts.sets[:0], cuts.sigma[:0])
