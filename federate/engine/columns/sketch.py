"""A plan from the linear programme: its surest federations, and what they leave.

No two federations of a value above one half share a practice, so together they are
part of a plan. The practices that they leave lie in pieces, mostly smaller than a
window, and windows find federations for each with a few of those around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Grouping
from federate.engine.columns.master import Column
from federate.problem import Problem

__all__ = ["Sketch", "sketch_of"]

SURE = 0.5 + 1e-6


@dataclass(frozen=True)
class Sketch:
    """A plan that breaks rules, and the practices (indices) where it does."""

    grouping: Grouping
    suspects: frozenset[int]


def sketch_of(
    problem: Problem, columns: Sequence[Column], values: npt.NDArray[np.float64]
) -> Sketch:
    """Return the surest federations, and each piece of the rest as if it were one.

    Parameters
    ----------
    columns, values
        The columns of a master and their values in its linear programme.
    """
    sure = [c for c, x in zip(columns, values, strict=True) if x > SURE]
    groups = [(c.members, c.centre) for c in sure if c.centre >= 0]
    groups += [((i,), i) for i in problem.oversize]
    left = np.ones(problem.n, dtype=np.bool_)
    for column in sure:
        # What an artificial column leaves out is still to be placed.
        if column.centre >= -1:
            left[list(column.members)] = False
    left[list(problem.oversize)] = False
    groups += [(piece, piece[0]) for piece in _pieces(problem, left)]
    groups.sort()
    members, centres = zip(*groups, strict=True) if groups else ((), ())
    return Sketch(Grouping(members, centres), frozenset(np.flatnonzero(left).tolist()))


def _pieces(problem: Problem, left: npt.NDArray[np.bool_]) -> list[tuple[int, ...]]:
    """Return the practices left, in pieces that neighbours and sets hold together."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    n = problem.n
    pairs = [problem.graph.pairs[left[problem.graph.pairs].all(axis=1)]]
    for group in problem.together:
        inside = [i for i in group if left[i]]
        pairs += [np.array(list(pairwise(inside)), dtype=np.int64)]
    ends = np.concatenate([pair.reshape(-1, 2) for pair in pairs]).astype(np.int64)
    walks = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n))
    _, piece = connected_components(walks, directed=False)
    members: dict[int, list[int]] = {}
    for i in np.flatnonzero(left).tolist():
        members.setdefault(int(piece[i]), []).append(i)
    return [tuple(some) for some in members.values()]
