"""Which practice may be led by which: every pair that is safe to leave out is."""

from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.compact.oversize import forbid_oversize
from federate.engine.compact.pairs import forbid_apart, forbid_zone
from federate.engine.compact.paths import lightest, neighbours_of
from federate.engine.compact.risk import forbid_risk
from federate.engine.compact.symmetry import forbid_symmetry
from federate.engine.compact.travel import forbid_travel
from federate.problem import Problem

__all__ = ["possible", "without_leader"]

BoolArray = npt.NDArray[np.bool_]


def possible(problem: Problem) -> BoolArray:
    """Return whether i may be led by j, shape ``(n, n)``, row = i.

    Some optimal plan holds nothing that is ruled out: pairs by travel, zone,
    apart, oversize, risk and symmetry; then, until nothing changes, sets whose
    members do not all share a leader and, where federations are contiguous,
    practices that no path of practices j may lead joins to j within the upper
    bounds. Each step looks at one column j alone, so they do not disturb each
    other.
    """
    out = ~(
        forbid_travel(problem)
        | forbid_zone(problem)
        | forbid_apart(problem)
        | forbid_oversize(problem)
        | forbid_risk(problem)
        | forbid_symmetry(problem)
    )
    out &= out.diagonal()[None, :]
    while True:
        before = int(out.sum())
        for members in problem.together:
            out[list(members), :] = out[list(members), :].all(axis=0)
        if problem.max_pieces == 1:
            _drop_out_of_reach(problem, out)
        out &= out.diagonal()[None, :]
        if int(out.sum()) == before:
            return out


def without_leader(problem: Problem, allowed: BoolArray) -> tuple[int, ...]:
    """Return the practices that must be in a federation and can be in none."""
    none = ~allowed.any(axis=1)
    if problem.alone_gbp is not None:
        none &= np.isin(np.arange(problem.n), problem.oversize)
    return tuple(int(i) for i in np.flatnonzero(none))


def _drop_out_of_reach(problem: Problem, allowed: BoolArray) -> None:
    """Drop i from j where no path from j to i keeps the upper bounds.

    x_ij = 0  where  min over paths P of allowed practices, j to i, Σ_P n > U,

    for a connected federation holds such a path; likewise with the number of
    practices on the path and their most.
    """
    neighbours = neighbours_of(problem)
    upper = inf if problem.size_bounds is None else problem.size_bounds[1]
    most = inf if problem.practices_bounds is None else problem.practices_bounds[1]
    patients = problem.list_size.tolist()
    for j in np.flatnonzero(allowed.diagonal()):
        if j in problem.oversize:
            continue
        candidates = set(np.flatnonzero(allowed[:, j]).tolist())
        for weight, limit in ((patients, upper), ([1] * problem.n, most)):
            candidates &= lightest(neighbours, weight, int(j), candidates, limit).keys()
        allowed[:, j] = False
        allowed[list(candidates), j] = True
