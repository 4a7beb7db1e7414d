"""What prices leave open, settled by a solver: a target, and what could meet it.

For a target t, the pairs that a plan below t could hold (`fixing`) make a small
model. Either its best plan is below t and thus the best of all, or no plan is and t
is a bound. Targets rise until one of the two has said all.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.medians.fixing import rises
from federate.engine.medians.model import choose
from federate.engine.medians.prices import Pricer, Worth
from solvers.contract import Options, Status

__all__ = ["Goal", "settle"]

IntArray = npt.NDArray[np.int64]

FEW_PAIRS = 3_000
MORE = 1.6


@dataclass(frozen=True)
class Goal:
    """What is looked for, and whom to tell.

    Parameters
    ----------
    below
        The cost below which a plan is wanted, £ a year.
    offer, prove
        Shown every plan; told every bound.
    seconds_left
        Until the time limit.
    stopped
        Whether to stop now.
    """

    below: Callable[[], float]
    offer: Callable[[IntArray], None]
    prove: Callable[[float], None]
    seconds_left: Callable[[], float]
    stopped: Callable[[], bool]


def settle(
    pricer: Pricer,
    worth: Worth,
    goal: Goal,
    *,
    options: Options,
    solver: str,
    few: int = FEW_PAIRS,
) -> bool:
    """Raise the target until no plan below it is left; whether that was done."""
    state = np.zeros(len(worth.z), dtype=np.int64)
    slack_gbp = goal.below() - worth.value_gbp
    rise = rises(pricer, worth, state, slack_gbp, goal.stopped)
    if rise is None:
        return False
    known = np.sort(rise[np.isfinite(rise)])
    while not goal.stopped():
        aim = goal.below()
        target = aim
        if few < len(known):
            target = min(aim, worth.value_gbp + float(known[few]))
        outcome, label = choose(
            pricer.table,
            rise <= target - worth.value_gbp,
            options=replace(
                options,
                time_limit_s=max(0.01, goal.seconds_left()),
                cutoff=None if target == inf else target,
                rel_gap=options.rel_gap / 2,
            ),
            solver=solver,
            cancel=goal.stopped,
        )
        if label is not None:
            goal.offer(label)
        bound = target if outcome.status is Status.INFEASIBLE else outcome.bound
        if bound is None:
            return False
        goal.prove(min(target, bound))
        if bound < min(target, goal.below()):
            return False
        if target >= goal.below():
            return True
        few = int(MORE * few)
    return False
