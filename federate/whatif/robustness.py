"""How a plan stands up to what may happen: lists drift, practices close or leave."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.criteria.risk import practice_variance_gbp2
from federate.plan_file import with_centres
from federate.problem import Problem
from federate.problem.pooling import spend_model
from federate.result import Result, evaluated
from federate.verify import verify

__all__ = ["FederationRisk", "Robustness", "robustness"]

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FederationRisk:
    """How one federation stands up.

    Parameters
    ----------
    federation, patients
        Which, and how large today.
    spare_below, spare_above
        Patients that it may lose, or gain, before a size bound is broken;
        ``None`` where there is no such bound.
    drift_share
        Share of the draws in which list sizes drift and it breaks a rule.
    worst_closure
        Practice of it whose closure breaks most rules, ``""`` where none does.
    closure_broken
        Rules then broken in the whole plan, in sentences.
    largest, left_patients
        Its largest member, and the patients left without it.
    loss_broken
        Rules that what is left would break, in sentences.
    """

    federation: str
    patients: int
    spare_below: int | None
    spare_above: int | None
    drift_share: float
    worst_closure: str
    closure_broken: tuple[str, ...]
    largest: str
    left_patients: int
    loss_broken: tuple[str, ...]


@dataclass(frozen=True)
class Robustness:
    """How a whole plan stands up.

    Parameters
    ----------
    drift, draws, seed
        Lists moved by up to this share, evenly, one draw for each practice.
    rule_share
        Rule → share of draws in which it is broken anywhere.
    any_share
        Share of draws in which any rule is broken.
    federations
        One row each, the most fragile first.
    """

    drift: float
    draws: int
    seed: int
    any_share: float
    rule_share: dict[str, float]
    federations: tuple[FederationRisk, ...]

    def as_data(self) -> dict[str, Any]:
        """Return all of it as JSON has it."""
        return asdict(self)


def robustness(
    result: Result, *, drift: float = 0.05, draws: int = 200, seed: int = 0
) -> Robustness:
    """Test a plan against drifting lists, closed practices and lost large members.

    Parameters
    ----------
    drift
        Each list is multiplied by an even draw from 1 − drift to 1 + drift.
    draws, seed
        How often, and from which seed: the same seed gives the same answer.

    Notes
    -----
    Centres stay where they are. Practices above the upper bound today stay named
    exceptions, and are not judged by size. A closed practice's patients go to the
    nearest open practice, by travel, each list as a whole; a rule that the plan
    breaks today is not counted.

    Raises
    ------
    InfeasibleError
        If the result has no plan.
    """
    plan, problem = result.require_plan(), result.problem
    today = {(v.rule, v.federation) for v in verify(problem, plan)}
    rng = np.random.default_rng(seed)
    broken: dict[str, int] = {}
    fragile = dict.fromkeys(plan.members, 0)
    any_broken = 0
    for _ in range(draws):
        factor = rng.uniform(1 - drift, 1 + drift, problem.n)
        lists = np.rint(problem.list_size * factor).astype(np.int64)
        moved = _with_lists(problem, lists)
        found = {(v.rule, v.federation) for v in verify(moved, plan)} - today
        any_broken += bool(found)
        for rule in {rule for rule, _ in found}:
            broken[rule] = broken.get(rule, 0) + 1
        for label in {label for _, label in found if label}:
            fragile[label] += 1
    share = max(1, draws)
    rows = [_row(result, label, fragile[label] / share) for label in plan.members]
    return Robustness(
        drift=drift,
        draws=draws,
        seed=seed,
        any_share=any_broken / share,
        rule_share={rule: count / share for rule, count in sorted(broken.items())},
        federations=tuple(sorted(rows, key=_fragility)),
    )


def _fragility(row: FederationRisk) -> tuple[float, int, int, str]:
    return (
        -row.drift_share,
        -len(row.closure_broken),
        -len(row.loss_broken),
        row.federation,
    )


def _with_lists(problem: Problem, sizes: IntArray) -> Problem:
    """Return the problem with other list sizes, as a verifier reads it.

    Lists move in the instance too, from which the verifier reads them. Budgets move
    in proportion, stated or not. Spend varies between patients, so that a practice's
    variance moves with its list as well: v_i is made again from the same
    coefficients. Costs stay as they were.
    """
    old = problem.list_size
    growth = np.divide(sizes, old, out=np.ones(problem.n), where=old > 0)
    budget = problem.budget_gbp * growth
    model = spend_model(problem.scenario)
    practices = replace(
        problem.instance.practices,
        list_size=sizes,
        budget_gbp=problem.instance.practices.budget_gbp * growth,
    )
    return replace(
        problem,
        instance=replace(problem.instance, practices=practices),
        list_size=sizes,
        budget_gbp=budget,
        variance_gbp2=practice_variance_gbp2(
            budget, sizes, cv1=model.cv1, tau_practice=model.tau_own
        ),
    )


def _row(result: Result, label: str, drift_share: float) -> FederationRisk:
    """Return one federation's row: spare room, closures, loss of the largest."""
    plan, problem = result.require_plan(), result.problem
    index = problem.instance.index
    codes = plan.members[label]
    size = {code: int(problem.list_size[index[code]]) for code in codes}
    patients = sum(size.values())
    own = any(index[code] in problem.oversize for code in codes)
    lower, upper = problem.size_bounds or (None, None)
    bounded = problem.size_bounds is not None and not own
    largest = max(codes, key=lambda code: (size[code], code))
    closed = {code: _after_loss(result, code, stay_near=True) for code in codes}
    worst = max(codes, key=lambda code: (len(closed[code]), size[code], code))
    return FederationRisk(
        federation=label,
        patients=patients,
        spare_below=int(patients - lower) if bounded and lower is not None else None,
        spare_above=int(upper - patients) if bounded and upper is not None else None,
        drift_share=drift_share,
        worst_closure=worst if closed[worst] else "",
        closure_broken=closed[worst],
        largest=largest,
        left_patients=patients - size[largest],
        loss_broken=(
            _after_loss(result, largest, stay_near=False, only=label)
            if len(codes) > 1
            else ("nobody is left",)
        ),
    )


def _after_loss(
    result: Result, code: str, *, stay_near: bool, only: str | None = None
) -> tuple[str, ...]:
    """Return what rules are newly broken when one practice is gone.

    Parameters
    ----------
    stay_near
        Whether its patients join the nearest other practice; else they leave.
    only
        Look at this federation alone.
    """
    plan, problem = result.require_plan(), result.problem
    at = problem.instance.index[code]
    keep = np.array([i for i in range(problem.n) if i != at], dtype=np.int64)
    if not len(keep):
        return ("nobody is left",)
    lists = problem.list_size.copy()
    if stay_near:
        nearest = int(keep[int(np.argmin(problem.travel.minutes[at, keep]))])
        lists[nearest] += lists[at]
    smaller = _without(_with_lists(problem, lists), keep)
    federation = {c: g for c, g in plan.federation.items() if c != code}
    centre = {g: c for g, c in plan.centre.items() if c != code}
    labels = set(federation.values())
    led = with_centres(
        smaller, federation, {g: c for g, c in centre.items() if g in labels}
    )
    today = {(v.rule, v.federation) for v in result.violations}
    return tuple(
        v.message
        for v in evaluated(smaller, led).violations
        if (v.rule, v.federation) not in today and only in (None, v.federation)
    )


def _without(problem: Problem, keep: IntArray) -> Problem:
    """Return the problem without one practice, those around it neighbours still.

    A closed practice does not part its neighbours: the land stays, so that those
    who bordered it border one another.
    """
    from federate.problem.restrict import restrict

    together = tuple(
        kept
        for group in problem.together
        if len(kept := tuple(i for i in group if i in set(keep.tolist()))) > 1
    )
    small = restrict(replace(problem, together=together), keep, problem.num_federations)
    gone = (set(range(problem.n)) - set(keep.tolist())).pop()
    place = {int(i): k for k, i in enumerate(keep)}
    around = sorted(place[int(i)] for i in problem.graph.of(gone))
    return replace(small, graph=_bridged(small, around))


def _bridged(problem: Problem, around: list[int]) -> Any:
    """Return the neighbour graph with the pairs among `around` added."""
    graph = problem.graph
    have = {(int(a), int(b)) for a, b in graph.pairs}
    extra = [
        (a, b)
        for k, a in enumerate(around)
        for b in around[k + 1 :]
        if (a, b) not in have and (b, a) not in have
    ]
    if not extra:
        return graph
    pairs = np.vstack([graph.pairs, np.array(extra, dtype=np.int32)])
    both = np.vstack([pairs, pairs[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    degree = np.bincount(both[:, 0], minlength=problem.n)
    count = len(extra)
    return replace(
        graph,
        pairs=pairs,
        kind=np.concatenate([graph.kind, np.zeros(count, graph.kind.dtype)]),
        km=np.concatenate([graph.km, np.zeros(count)]),
        indptr=np.concatenate([[0], np.cumsum(degree)]).astype(np.int32),
        indices=both[:, 1].astype(np.int32),
    )
