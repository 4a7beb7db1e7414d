"""SCIP's constraint handler for rows that are stated when a point breaks them."""

from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import MixedIntegerModel
from solvers.lazy import Separate
from solvers.scip_handover import Handed, add_rows, package

__all__ = ["LazyRows"]

FloatArray = npt.NDArray[np.float64]


class LazyRows:
    """Checks every point that SCIP would take, and states the rows it breaks.

    `model` grows by the rows stated. What `separate` raises is kept in `failure`
    and the solve stopped, for it must not unwind through SCIP.
    """

    def __init__(
        self, handed: Handed, model: MixedIntegerModel, separate: Separate
    ) -> None:
        self.model = model
        self.failure: BaseException | None = None
        self._handed = handed
        self._separate = separate
        self._attach()

    def _attach(self) -> None:
        """Put the handler into SCIP, after all others.

        Rows not stated yet may forbid what SCIP would deduce from the rows it
        knows, so it may not use reductions that lean on their absence.
        """
        solver = self._handed.solver
        solver.setParam("misc/allowstrongdualreds", False)
        solver.setParam("misc/allowweakdualreds", False)
        solver.includeConshdlr(
            _handler_kind()(self, self._handed.variables),
            "lazy",
            "rows stated when broken",
            enfopriority=-10_000_000,
            chckpriority=-10_000_000,
            needscons=False,
        )

    def breaks(self, point: Any, *, state: bool) -> bool:
        """Whether a point of SCIP's breaks a row; where asked, state those it does."""
        if self.failure is not None:
            return True
        solver = self._handed.solver
        values = np.array(
            [solver.getSolVal(point, v) for v in self._handed.variables],
            dtype=np.float64,
        )
        whole = self.model.integral
        values[whole] = np.round(values[whole])
        try:
            rows = self._separate(values)
        except BaseException as error:
            self.failure = error
            solver.interruptSolve()
            return True
        if rows is not None and state:
            self.model = self.model.with_rows(rows.lower, rows.upper, rows.matrix)
            add_rows(
                solver, rows.matrix, rows.lower, rows.upper, self._handed.variables
            )
        return rows is not None

    def raise_failure(self) -> None:
        """Raise what `separate` raised, if it did."""
        if self.failure is not None:
            raise self.failure


def _handler_kind() -> Any:
    """Return the handler's class, whose base is there only with the package."""
    scip = package()
    result = scip.PY_SCIP_RESULT

    class Handler(scip.Conshdlr):  # type: ignore[misc, name-defined]
        def __init__(self, lazy: LazyRows, variables: list[Any]) -> None:
            self.lazy, self.variables = lazy, variables

        def conscheck(self, constraints: Any, solution: Any, *flags: Any) -> Any:
            broken = self.lazy.breaks(solution, state=False)
            return {"result": result.INFEASIBLE if broken else result.FEASIBLE}

        def consenfolp(self, *asked: Any) -> Any:
            return self._enforced()

        def consenfops(self, *asked: Any) -> Any:
            return self._enforced()

        def conslock(self, constraint: Any, kind: Any, up: int, down: int) -> None:
            # A row to come may forbid either direction of any variable.
            for variable in self.variables:
                self.model.addVarLocks(variable, up + down, up + down)

        def _enforced(self) -> Any:
            broken = self.lazy.breaks(None, state=True)
            if self.lazy.failure is not None:
                return {"result": result.INFEASIBLE}
            return {"result": result.CONSADDED if broken else result.FEASIBLE}

    return Handler
