"""One window after another redrawn, until none gets better."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Grouping
from federate.engine.lagrangian.borders import Window, redraw
from federate.engine.lagrangian.facts import Facts
from federate.problem import Problem
from solvers.contract import Options

__all__ = ["sweep"]

IntArray = npt.NDArray[np.int64]

FEDERATIONS = 9
SETTLED = 4
"""Of a window that could not be bettered, how many are not tried again."""
LIMIT_S = 3.0


def sweep(
    problem: Problem,
    facts: Facts,
    grouping: Grouping,
    options: Options,
    *,
    keep_on: Callable[[], bool],
) -> Grouping:
    """Return a plan no dearer, its borders redrawn where that was cheaper.

    A window is a federation and those whose centres are nearest to its own. Its
    nearest few count as settled once it could not be bettered, and all of it as
    unsettled once it was.
    """
    leader = np.full(problem.n, -1, dtype=np.int64)
    for members, centre in zip(grouping.members, grouping.centres, strict=True):
        leader[list(members)] = centre
    inside = ~facts.own & (leader >= 0)
    rng = np.random.default_rng(options.seed)
    limits = replace(options, time_limit_s=LIMIT_S, rel_gap=1e-5, threads=1)
    unsettled = {int(c) for c in np.unique(leader[inside])}
    while unsettled and keep_on():
        first = int(rng.choice(sorted(unsettled)))
        centres = np.unique(leader[inside])
        order = np.argsort(problem.travel.minutes[first, centres], kind="stable")
        near = centres[order[:FEDERATIONS]]
        unsettled.discard(first)
        practices = np.flatnonzero(inside & np.isin(leader, near))
        window = Window(practices, leader[practices], np.sort(near))
        found = redraw(problem, facts, window, limits)
        unsettled.difference_update(near.tolist() if found is not None else [])
        if found is None:
            unsettled.difference_update(near[:SETTLED].tolist())
            continue
        for centre in np.unique(found):
            joined = practices[found == centre]
            leader[joined] = _centre(facts, joined)
        unsettled.update(int(c) for c in np.unique(leader[practices]))
    heads = np.unique(leader[leader >= 0])
    groups = [tuple(np.flatnonzero(leader == c).tolist()) for c in heads]
    return Grouping(tuple(groups), tuple(int(c) for c in heads))


def _centre(facts: Facts, members: IntArray) -> int:
    """Return the cheapest centre that all members may have."""
    table = np.ix_(members, members)
    led = facts.assign[table].sum(axis=0)
    if facts.barred.size:
        led = np.where(facts.barred[table].any(axis=0), np.inf, led)
    return int(members[np.argmin(led)])
