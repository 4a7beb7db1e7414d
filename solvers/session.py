"""A warm linear programme, for every backend that is handed it in the same steps."""

from collections.abc import Callable
from time import perf_counter
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from solvers.claim import Claim, judge, settle
from solvers.contract import MixedIntegerModel, Options, Outcome

__all__ = ["Steps", "WarmSession"]

FloatArray = npt.NDArray[np.float64]


class Steps(Protocol):
    """What a backend's hand-over module does to its solver, step by step."""

    def new_solver(self, options: Options) -> Any:
        """Return an empty solver with these options."""
        ...

    def set_options(self, solver: Any, options: Options) -> None:
        """Set every option, and refuse what the solver refuses."""
        ...

    def pass_model(self, solver: Any, model: MixedIntegerModel) -> None:
        """Hand the matrices over."""
        ...

    def add_columns(
        self,
        solver: Any,
        cost: FloatArray,
        lower: FloatArray,
        upper: FloatArray,
        matrix: Any,
    ) -> None:
        """Append continuous columns; `matrix` is CSC over the present rows."""
        ...

    def add_rows(
        self, solver: Any, lower: FloatArray, upper: FloatArray, matrix: Any
    ) -> None:
        """Append rows; `matrix` is CSR over the present columns."""
        ...

    def set_bounds(
        self,
        solver: Any,
        columns: npt.NDArray[np.int32],
        lower: FloatArray,
        upper: FloatArray,
    ) -> None:
        """Replace the bounds of some columns."""
        ...


class WarmSession:
    """A linear programme kept in a solver with its last basis, and as matrices.

    Parameters
    ----------
    model
        Loses its integrality.
    steps
        The backend's hand-over module.
    run
        Solves what the solver holds, and says what came of it.
    stamped
        Puts backend, version and seconds to an outcome.
    """

    def __init__(
        self,
        model: MixedIntegerModel,
        steps: Steps,
        run: Callable[[Any, MixedIntegerModel], Claim],
        stamped: Callable[[Outcome, float], Outcome],
    ) -> None:
        self._model = model.relaxed()
        self._steps, self._run, self._stamped = steps, run, stamped
        self._solver = steps.new_solver(Options())
        steps.pass_model(self._solver, self._model)

    def add_columns(
        self, cost: FloatArray, lower: FloatArray, upper: FloatArray, matrix: Any
    ) -> None:
        """Append columns; `matrix` is CSC over the present rows."""
        self._model = self._model.with_columns(cost, lower, upper, matrix)
        self._steps.add_columns(self._solver, cost, lower, upper, matrix)

    def add_rows(self, lower: FloatArray, upper: FloatArray, matrix: Any) -> None:
        """Append rows; `matrix` is CSR over the present columns."""
        self._model = self._model.with_rows(lower, upper, matrix)
        self._steps.add_rows(self._solver, lower, upper, matrix)

    def set_bounds(
        self, columns: npt.NDArray[np.int32], lower: FloatArray, upper: FloatArray
    ) -> None:
        """Replace the bounds of some columns."""
        self._model = self._model.with_bounds(columns, lower, upper)
        self._steps.set_bounds(self._solver, columns, lower, upper)

    def solve(self, options: Options) -> Outcome:
        """Re-solve from the last basis."""
        began = perf_counter()
        claim = settle(self._model)
        if claim is None:
            self._steps.set_options(self._solver, options)
            claim = self._run(self._solver, self._model)
        return self._stamped(judge(self._model, claim, options), began)
