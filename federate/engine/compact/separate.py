"""The rows that a point breaks: contiguity, no donut and pooled risk.

There are too many of them to state; whoever solves the model asks for those that
a point breaks, inside one solve or between two.
"""

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Grouping
from federate.engine.compact.contiguity import cut_contiguity
from federate.engine.compact.cuts import Cut
from federate.engine.compact.donut import cut_donut
from federate.engine.compact.matrices import Matrices
from federate.engine.compact.risk_cuts import cut_risk
from solvers.lazy import Rows, Separate

__all__ = ["broken_rules", "separator"]

FloatArray = npt.NDArray[np.float64]


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
    return cuts


def separator(matrices: Matrices) -> Separate:
    """Return what a backend asks for the rows that a 0/1 point breaks.

    It remembers nothing, so that any thread may ask.
    """

    def separate(values: FloatArray) -> Rows | None:
        cuts = broken_rules(matrices, matrices.grouping(values))
        return matrices.rows(cuts) if cuts else None

    return separate
