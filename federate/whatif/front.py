"""The front between cost and one or two figures that a rule can bound.

The ε-constraint method: the cheapest plan of all comes first, and then the cheapest
that keeps a figure at or under ε, for one ε after the other, each halving the widest
interval of the figure in which a better plan may still hide:

    min cost(plan)   such that   figure(plan) ≤ ε

With two figures the same is done for each, and then for the pairs of their bounds,
less those of which a looser pair has the answer: a plan that keeps the tighter bounds
too is the cheapest under them; where no plan keeps the looser, none keeps the tighter.

References
----------
Haimes, Lasdon & Wismer (1971), On a bicriterion formulation of the problems of
integrated system identification and system optimization, IEEE Transactions on
Systems, Man, and Cybernetics 1(3): the method. Mavrotas (2009), Effective
implementation of the ε-constraint method in multi-objective mathematical programming
problems, Applied Mathematics and Computation 213(2): the grid, and what it may skip.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isqrt
from typing import Any

from federate.errors import Fault, ScenarioError
from federate.whatif.goals import COST, Goal
from federate.whatif.points import Points
from federate.whatif.table import Sweep

__all__ = ["Tried", "front", "next_bounds"]

PER_ROUND = 4
"""Bounds tried side by side; no matter how many workers there are, so that every
machine draws the same front."""
RESOLUTION = 0.01
"""An interval narrower than this share of the cheapest plan's figure is let be."""

Changes = Mapping[str, Any]
Solver = Callable[[Points], Sweep]


@dataclass(frozen=True)
class Tried:
    """A bound, and cost and figure of the cheapest plan within it, if there is one."""

    bound: float
    cost_gbp: float | None
    figure: float | None


def front(goals: Sequence[Goal], num_points: int, solve: Solver) -> Sweep:
    """Return the points of a front, the cheapest plan first.

    Parameters
    ----------
    goals
        One or two.
    num_points
        About so many, at most.
    solve
        Solves points; has those that it solved before at hand.

    Raises
    ------
    ScenarioError
        If there are more goals than two.
    """
    if len(goals) > 2:
        message = "a front is drawn for the cost and one or two figures"
        raise ScenarioError("the sweep", [Fault("sweep", message)])
    most = num_points if len(goals) == 1 else max(2, isqrt(num_points))
    asked: list[Changes] = [{}]
    found = solve(_points(asked, goals, {}))
    top = _figures(found, goals)[0]
    criteria = (COST, *(goal.figure for goal in goals))
    if top is None:
        return replace(found, criteria=criteria)
    ends = {goal.rule: min(top[goal.figure], goal.most) for goal in goals}
    for goal in goals:
        while new := next_bounds(_tried(found, goal, goals), most, goal.most):
            asked += [{goal.rule: bound} for bound in new]
            found = solve(_points(asked, goals, ends))
    for row in _rows_of_pairs(found, goals):
        if new_pairs := [pair for pair in row if not _is_implied(pair, found, goals)]:
            asked += new_pairs
            found = solve(_points(asked, goals, ends))
    return replace(found, criteria=criteria)


def next_bounds(tried: Sequence[Tried], most: int, below: float) -> tuple[float, ...]:
    """Return the bounds to try next, none where the front is drawn.

    Parameters
    ----------
    tried
        What is known; the first without a bound, and with a plan.
    most
        So many in all.
    below
        The rule takes bounds below this.

    Examples
    --------
    >>> next_bounds([Tried(float("inf"), 1.0, 8.0)], 3, float("inf"))
    (4.0, 6.0)
    """
    count = min(PER_ROUND, most - len(tried))
    # Two bounds may have found one plan.
    open_ones = sorted(set(_open_intervals(tried, below)))
    new: list[float] = []
    while open_ones and len(new) < count:
        widest = max(open_ones, key=lambda ends: (ends[1] - ends[0], ends[1]))
        open_ones.remove(widest)
        low, high = widest
        middle = (low + high) / 2
        new.append(middle)
        open_ones += [(low, middle), (middle, high)]
    return tuple(new)


def _open_intervals(
    tried: Sequence[Tried], below: float
) -> Iterator[tuple[float, float]]:
    """Yield each interval of the figure in which the front may go on.

    Under a plan of figure f there is one, down to the largest bound below f that was
    tried, unless the plan within that bound costs no more.
    """
    least = RESOLUTION * (tried[0].figure or 0.0)
    for plan in tried:
        if plan.figure is None or plan.cost_gbp is None:
            continue
        under = [other for other in tried if other.bound < plan.figure]
        next_one = max(under, key=lambda other: other.bound, default=None)
        known = None if next_one is None else next_one.cost_gbp
        if known is not None and known <= plan.cost_gbp:
            continue
        low = 0.0 if next_one is None else next_one.bound
        high = min(plan.figure, below)
        if high - low > least:
            yield low, high


def _tried(found: Sweep, goal: Goal, goals: Sequence[Goal]) -> list[Tried]:
    """Return what is known of one goal: its points without another's bound."""
    out: dict[float, Tried] = {}
    figures = _figures(found, goals)
    for point, row in zip(found.points, figures, strict=True):
        changes = _changes(point.changes)
        if set(changes) <= {goal.rule}:
            bound = changes.get(goal.rule, float("inf"))
            cost, figure = (row[COST], row[goal.figure]) if row else (None, None)
            out[bound] = Tried(bound, cost, figure)
    return list(out.values())


def _rows_of_pairs(found: Sweep, goals: Sequence[Goal]) -> Iterator[list[Changes]]:
    """Yield the pairs of bounds that had a plan each, a row a bound, loosest first."""
    if len(goals) < 2:
        return
    first, second = (
        sorted(
            (t.bound for t in _tried(found, goal, goals) if t.figure is not None),
            reverse=True,
        )[1:]
        for goal in goals
    )
    for a in first:
        yield [{goals[0].rule: a, goals[1].rule: b} for b in second]


def _is_implied(pair: Changes, found: Sweep, goals: Sequence[Goal]) -> bool:
    """Whether a point with looser bounds answers a pair of bounds."""
    for point, row in zip(found.points, _figures(found, goals), strict=True):
        bounds = _changes(point.changes)
        looser = all(bounds.get(key, float("inf")) >= pair[key] for key in pair)
        if not looser or point.run is None:
            continue
        if point.run.status == "infeasible":
            return True
        if row is not None and all(row[g.figure] <= pair[g.rule] for g in goals):
            return True
    return False


def _figures(found: Sweep, goals: Sequence[Goal]) -> list[dict[str, float] | None]:
    """Return cost and figures of each point, ``None`` where it has no sound plan."""
    table = found.to_frame()
    wanted = [COST, *(goal.figure for goal in goals)]
    return [
        {name: float(table[name].iloc[k]) for name in wanted}
        if point.run is not None and point.run.is_sound
        else None
        for k, point in enumerate(found.points)
    ]


def _points(
    asked: Sequence[Changes], goals: Sequence[Goal], ends: Mapping[str, float]
) -> Points:
    """Return the points, each bound placed between 0 and the cheapest plan's figure."""
    place = tuple(
        tuple(c[g.rule] / ends[g.rule] if g.rule in c else 1.0 for g in goals)
        for c in asked
    )
    return Points(tuple(dict(change) for change in asked), place)


def _changes(changes: Changes) -> dict[str, Any]:
    return {key.replace(".", "__"): value for key, value in changes.items()}
