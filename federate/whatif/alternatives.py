"""Plans that cost nearly as little as the best and differ as much as they can."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.solve import solve
from federate.plan import Plan
from federate.plan_file import with_centres
from federate.problem import Problem
from federate.result import Result, evaluated

__all__ = ["Alternatives", "alternatives"]

FloatArray = npt.NDArray[np.float64]
TRIES, JOLTS = 6, 4


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Plans within reach of the best, the best first.

    Parameters
    ----------
    plans
        Each scored and verified; the first is the one that was given.
    within
        Share by which a plan may cost more than the first.
    is_proven
        For each plan, whether it is proven within that share of the best possible.
    moved_patients
        For each plan, patients whose practice is in another federation than in
        the first, and in the plan before it that is most alike.
    backbone
        Sets of practices that are together in every plan.
    """

    plans: tuple[Result, ...]
    within: float
    is_proven: tuple[bool, ...]
    moved_patients: tuple[tuple[int, int], ...]
    backbone: tuple[tuple[str, ...], ...]

    def as_data(self) -> dict[str, Any]:
        """Return all of it as JSON has it."""
        return {
            "within": self.within,
            "plans": [
                {
                    "objective_gbp": plan.objective_gbp,
                    "num_federations": plan.require_plan().num_federations,
                    "is_proven": proven,
                    "moved_from_first": moved[0],
                    "moved_from_most_alike": moved[1],
                    "federation": dict(plan.require_plan().federation),
                }
                for plan, proven, moved in zip(
                    self.plans, self.is_proven, self.moved_patients, strict=True
                )
            ],
            "backbone": [list(some) for some in self.backbone],
        }


def alternatives(
    result: Result,
    *,
    within: float = 0.01,
    count: int = 5,
    each_s: float = 10.0,
    seed: int = 0,
    cancel: Callable[[], bool] | None = None,
) -> Alternatives:
    """Return plans within a share of a plan's cost that differ as they can.

    One after another: a price is put on joining a centre with which a practice
    was together in the plans so far, and everything is solved again. The price is
    raised as long as the plan costs at most ``(1 + within)`` of the first, and
    halved when it costs more; of the plans met the one is kept that differs most
    from the one most like it. Then the prices are shaken, practice by practice, to
    meet others. Nothing says that no plan differs more.

    Parameters
    ----------
    count
        Plans wanted, the first included; fewer where no other was found.
    each_s
        Seconds for one solve; ten at most for each plan.
    seed
        For the shaking.

    Raises
    ------
    InfeasibleError
        If the result has no plan.
    """
    result.require_plan()
    limit = (result.objective_gbp or 0.0) * (1 + within)
    found = [result]
    met: list[Result] = []
    rng = np.random.default_rng(seed)
    for _ in range(count - 1):
        met += _pushed(result, found, limit, each_s, rng, cancel)
        best = max(met, key=lambda one: _nearest(one, found), default=None)
        if best is None or _nearest(best, found) == 0:
            break
        found.append(best)
    bound = result.bound_gbp
    return Alternatives(
        plans=tuple(found),
        within=within,
        is_proven=tuple(
            bound is not None and (plan.objective_gbp or 0.0) <= bound * (1 + within)
            for plan in found
        ),
        moved_patients=tuple(
            (_patients_between(plan, result), _nearest(plan, found[:k]))
            for k, plan in enumerate(found)
        ),
        backbone=_backbone([plan.require_plan() for plan in found]),
    )


def _pushed(
    first: Result,
    found: Sequence[Result],
    limit: float,
    each_s: float,
    rng: np.random.Generator,
    cancel: Callable[[], bool] | None,
) -> list[Result]:
    """Return the plans within the limit that rising prices on likeness bring up."""
    problem = first.problem
    alike = _likeness_to(problem, [one.require_plan() for one in found])
    patients = problem.list_size.astype(np.float64)
    price = (limit - (first.objective_gbp or 0.0)) / max(1.0, patients.sum()) * 4
    met, low, high = [], 0.0, None
    for k in range(TRIES + JOLTS):
        if cancel is not None and cancel():
            break
        shaken = rng.uniform(0.0, 2.0, problem.n) if k >= TRIES else 1.0
        extra = alike * (price * shaken * patients)[:, None]
        other = _solved(problem, extra, each_s, cancel)
        if other is not None and (other.objective_gbp or 0.0) <= limit:
            met.append(other)
            low = max(low, price)
        elif k < TRIES:
            high = price
        if k < TRIES:
            price = 2 * low if high is None else (low + high) / 2
    return met


def _likeness_to(problem: Problem, plans: Sequence[Plan]) -> FloatArray:
    """Return in what share of the plans i and j are together, shape ``(n, n)``."""
    together = np.zeros((problem.n, problem.n))
    for plan in plans:
        label = np.array([plan.federation[c] for c in problem.instance.practices.code])
        together += (label[:, None] == label[None, :]) & (label != "")[:, None]
    out: FloatArray = together / len(plans)
    # A centre is always together with itself: that is no likeness to a plan.
    np.fill_diagonal(out, 0.0)
    return out


def _solved(
    problem: Problem,
    extra: FloatArray,
    seconds: float,
    cancel: Callable[[], bool] | None,
) -> Result | None:
    """Solve with extra costs, and return the plan at its true cost."""
    scenario = problem.scenario.with_(
        solve__time_limit_s=seconds, cover__enabled=False, solve__gap=1e-3
    )
    cost = replace(problem.cost, assign_gbp=problem.cost.assign_gbp + extra)
    pushed = solve(replace(problem, scenario=scenario, cost=cost), cancel=cancel)
    if pushed.plan is None or pushed.violations:
        return None
    plan = _led_cheaply(problem, pushed.plan)
    true = evaluated(problem, plan)
    return None if true.violations else true


def _led_cheaply(problem: Problem, plan: Plan) -> Plan:
    """Return the plan with the centres that its true cost asks for."""
    return with_centres(problem, plan.federation)


def _patients_between(after: Result, before: Result) -> int:
    return after.diff(before).patients or 0


def _nearest(one: Result, others: Sequence[Result]) -> int:
    """Return the patients between a plan and the one of the others most like it."""
    return min((_patients_between(one, other) for other in others), default=0)


def _backbone(plans: Sequence[Plan]) -> tuple[tuple[str, ...], ...]:
    """Return the sets of two or more practices that are together in every plan."""
    together: dict[tuple[str, ...], list[str]] = {}
    for code in sorted(plans[0].federation):
        labels = tuple(plan.federation[code] for plan in plans)
        if all(labels):
            together.setdefault(labels, []).append(code)
    return tuple(tuple(some) for some in together.values() if len(some) > 1)
