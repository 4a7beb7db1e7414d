"""Rows that clash, by CPLEX's own conflict refiner."""

import numpy as np
import numpy.typing as npt

from solvers.contract import MixedIntegerModel, Options
from solvers.cplex_handover import new_solver, package, pass_model

__all__ = ["conflict_rows"]

# Rows proven to be left out (conflict.group_status.excluded).
_EXCLUDED = -1


def conflict_rows(
    model: MixedIntegerModel, options: Options
) -> npt.NDArray[np.int64] | None:
    """Return rows that cannot all hold, or ``None`` if CPLEX finds none."""
    solver = new_solver(options)
    try:
        pass_model(solver, model)
        solver.conflict.refine(solver.conflict.linear_constraints())
        found = np.array(solver.conflict.get())
    except package().exceptions.CplexError:
        return None
    finally:
        solver.end()
    rows = np.flatnonzero(found != _EXCLUDED).astype(np.int64)
    return rows if len(rows) else None
