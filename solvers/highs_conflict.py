"""Rows that clash, by HiGHS's own finder, which sees the linear relaxation."""

import numpy as np
import numpy.typing as npt

from solvers.contract import MixedIntegerModel, Options
from solvers.highs_handover import new_solver, package, pass_model
from solvers.highs_threads import scheduler_of

__all__ = ["conflict_rows"]

# kIisStrategyFromLp | kIisStrategyIrreducible.
FROM_LP_IRREDUCIBLE = 2 | 4


def conflict_rows(
    model: MixedIntegerModel, options: Options
) -> npt.NDArray[np.int64] | None:
    """Return rows whose relaxation has no point, or ``None`` if it has.

    Of a mixed-integer model HiGHS 1.15 returns rows that need not clash.
    """
    solver = new_solver(options)
    pass_model(solver, model.relaxed())
    solver.setOptionValue("iis_strategy", FROM_LP_IRREDUCIBLE)
    with scheduler_of(options.threads):
        solver.run()
        infeasible = package().HighsModelStatus.kInfeasible
        if solver.getModelStatus() != infeasible:
            return None
        _, found = solver.getIis()
    rows = np.array(found.row_index_, dtype=np.int64)
    return rows if found.valid_ and len(rows) else None
