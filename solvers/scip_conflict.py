"""Rows that clash, by SCIP's own finder, of linear and mixed models alike."""

import numpy as np
import numpy.typing as npt

from solvers.claim import settle
from solvers.contract import MixedIntegerModel, Options
from solvers.scip_handover import hand_over

__all__ = ["conflict_rows"]


def conflict_rows(
    model: MixedIntegerModel, options: Options
) -> npt.NDArray[np.int64] | None:
    """Return rows that cannot all hold, or ``None`` if SCIP finds none in time."""
    if settle(model, takes_cones=True) is not None:
        return None
    handed = hand_over(model, options)
    solver = handed.solver
    if options.time_limit_s is not None:
        solver.setParam("iis/time", float(options.time_limit_s))
    solver.setParam("iis/silent", not options.log)
    found = solver.generateIIS()
    if not found.isSubscipInfeasible():
        return None
    names = {row.name for row in found.getSubscip().getConss()}
    rows = [i for i, row in handed.rows().items() if row.name in names]
    return np.array(rows, dtype=np.int64) if rows else None
