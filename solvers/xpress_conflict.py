"""Rows that clash, by Xpress's own finder."""

import numpy as np
import numpy.typing as npt

from solvers.contract import BackendError, MixedIntegerModel, Options
from solvers.xpress_handover import new_solver, package, pass_model

__all__ = ["conflict_rows"]

# Find one set that is irreducible, rather than a quick one.
_IRREDUCIBLE = 1


def conflict_rows(
    model: MixedIntegerModel, options: Options
) -> npt.NDArray[np.int64] | None:
    """Return rows that cannot all hold, or ``None`` if Xpress finds none.

    It takes no model whose bounds cross.
    """
    solver = new_solver(options)
    try:
        pass_model(solver, model)
        solver.firstIIS(_IRREDUCIBLE)
        if not solver.attributes.numiis:
            return None
        rows = np.array(solver.getIISData(1)[0], dtype=np.int64)
    except (BackendError, package().SolverError):
        return None
    # Behind the model's own rows are its cones.
    rows = rows[rows < model.num_rows]
    return rows if len(rows) else None
