"""The rows that a point breaks: contiguity, no donut, pooled risk and its cost.

There are too many of them to state; whoever solves the model asks for those that
a point breaks, inside one solve or between two.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Grouping
from federate.engine.compact.contiguity import cut_contiguity
from federate.engine.compact.cuts import Cut
from federate.engine.compact.donut import cut_donut
from federate.engine.compact.matrices import Matrices
from federate.engine.compact.pooled_cuts import complete
from federate.engine.compact.risk_cuts import cut_risk
from solvers.lazy import Rows, Separate

__all__ = ["broken_costs", "broken_rules", "is_kept", "separator"]

FloatArray = npt.NDArray[np.float64]
# A cost understated by less than this share is a solver's tolerance.
SHORT = 1e-6


def broken_rules(matrices: Matrices, grouping: Grouping) -> list[Cut]:
    """Return the rows that a grouping breaks; none means it keeps every rule.

    Rules that are complete in the model from the start are not looked at.
    """
    problem, candidates = matrices.problem, matrices.candidates
    cuts: list[Cut] = []
    for members in grouping.members:
        cuts += cut_contiguity(problem, matrices.neighbours, candidates, members)
        cuts += cut_donut(problem, matrices.neighbours, candidates, members)
        cuts += cut_risk(problem, candidates, members)
        if not problem.cost.fits(members):
            cuts += _completed(matrices, members)
    return cuts


def is_kept(matrices: Matrices, grouping: Grouping) -> bool:
    """Whether a grouping keeps every rule, partners' limits with them."""
    pooled = matrices.problem.cost.pooled
    if broken_rules(matrices, grouping):
        return False
    return pooled is None or pooled.contracts(grouping.members) is not None


def _completed(matrices: Matrices, members: tuple[int, ...]) -> Iterator[Cut]:
    """Yield the rows of a set under each contract and each who may lead it."""
    pooled = matrices.problem.cost.pooled
    if pooled is None:
        return
    for j in members:
        some = matrices.candidates.get(j, ())
        if set(members) <= set(some):
            yield from complete(pooled, some, j, members, matrices.unit_gbp)


def broken_costs(matrices: Matrices, values: FloatArray) -> list[Cut]:
    """Return rows that a 0/1 point breaks by its contracts or their cost."""
    pooled = matrices.problem.cost.pooled
    cuts: list[Cut] = []
    if pooled is None:
        return cuts
    for j in matrices.candidates:
        inside = matrices.assigned(values, j)
        members = tuple(i for i, x in sorted(inside.items()) if x > 0.5)
        if not members:
            continue
        item = pooled.items[int(np.argmax(matrices.contract_of(values, j)))]
        gbp = item.gbp(members)
        short = gbp - matrices.risk_of(values, j)
        if not item.fits(members) or short > SHORT * max(abs(gbp), matrices.unit_gbp):
            cuts += _completed(matrices, members)
    return [cut for cut in cuts if matrices.excess(cut, values) > 0]


def separator(matrices: Matrices) -> Separate:
    """Return what a backend asks for the rows that a 0/1 point breaks.

    It remembers nothing, so that any thread may ask.
    """

    def separate(values: FloatArray) -> Rows | None:
        cuts = broken_rules(matrices, matrices.grouping(values))
        cuts += broken_costs(matrices, values)
        return matrices.rows(cuts) if cuts else None

    return separate
