"""Rows that clash, by COPT's own finder."""

import numpy as np
import numpy.typing as npt

from solvers.contract import MixedIntegerModel, Options
from solvers.copt_handover import new_solver, package, pass_model

__all__ = ["conflict_rows"]


def conflict_rows(
    model: MixedIntegerModel, options: Options
) -> npt.NDArray[np.int64] | None:
    """Return rows that cannot all hold, or ``None`` if COPT finds none.

    Of a model that has a point COPT 8.0 returns rows too, so it is solved first.
    """
    solver = new_solver(options)
    try:
        pass_model(solver, model)
        solver.solve()
        if solver.Status != package().COPT.INFEASIBLE:
            return None
        solver.computeIIS()
        rows = solver.getConstrs()
        sides = (solver.getConstrLowerIIS(rows), solver.getConstrUpperIIS(rows))
    except package().CoptError:
        return None
    finally:
        solver.dispose()
    found = np.flatnonzero(np.any(np.array(sides), axis=0)).astype(np.int64)
    return found if len(found) else None
