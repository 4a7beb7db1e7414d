"""Rows too many to state: asked for when a point breaks one.

Backends with `Capability.LAZY` ask inside one solve; for the others the model is
solved again with the rows it broke, round after round.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from solvers.contract import (
    Backend,
    Capability,
    MixedIntegerModel,
    Options,
    Outcome,
    Progress,
    Status,
    StopReason,
)
from solvers.progress import Watch

__all__ = ["LazySolver", "Rows", "Separate", "solve_with_lazy_rows"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that a point breaks; `matrix` is CSR over the model's columns."""

    lower: FloatArray
    upper: FloatArray
    matrix: Any


# Given a point whose integers are whole, returns rows it breaks, or None.
Separate = Callable[[FloatArray], Rows | None]


@runtime_checkable
class LazySolver(Protocol):
    """A backend with `Capability.LAZY`."""

    def solve_lazily(
        self,
        model: MixedIntegerModel,
        options: Options,
        separate: Separate,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve, asking for rows at every point that would be an incumbent.

        The model has integers: a linear one has no incumbents.
        """
        ...


def solve_with_lazy_rows(
    model: MixedIntegerModel,
    backend: Backend,
    options: Options,
    separate: Separate,
    start: FloatArray | None = None,
    on_progress: Callable[[Progress], bool] | None = None,
) -> Outcome:
    """Solve a model with rows that are stated only when a point breaks them.

    Parameters
    ----------
    separate
        Must return rows whenever a point breaks any, and rows that it breaks. May
        be called from another thread.

    Returns
    -------
    Outcome
        Its point breaks none of the rows; `seconds` and `time_limit_s` are of all
        rounds together. By rounds there is no incumbent before the last one.
    """
    able = Capability.LAZY in backend.capabilities and not model.is_linear
    if able and isinstance(backend, LazySolver):
        return backend.solve_lazily(model, options, separate, start, on_progress)
    return _by_rounds(model, backend, options, separate, start, on_progress)


def _by_rounds(
    model: MixedIntegerModel,
    backend: Backend,
    options: Options,
    separate: Separate,
    start: FloatArray | None,
    on_progress: Callable[[Progress], bool] | None,
) -> Outcome:
    began, nodes = perf_counter(), 0
    watch = None if on_progress is None else Watch(on_progress, began)
    bound: float | None = None

    def tell(progress: Progress) -> bool:
        # A round's points may break rows that are not stated yet.
        assert watch is not None
        watch.send(bound=_higher(bound, progress.bound))
        return watch.stopping

    able = Capability.PROGRESS in backend.capabilities
    listener = tell if watch is not None and able else None
    while True:
        used = perf_counter() - began
        outcome = backend.solve(model, _timed(options, used), start, listener)
        if watch is not None:
            watch.raise_kept()
        bound = _higher(bound, outcome.bound)
        nodes += outcome.nodes or 0
        more = None if outcome.values is None else separate(outcome.values)
        over = outcome.stop not in (StopReason.FINISHED, StopReason.GAP_REACHED)
        if more is not None and over:
            outcome = _pointless(outcome)
        if more is None or over:
            seconds = perf_counter() - began
            return replace(outcome, nodes=nodes, seconds=seconds)
        model = model.with_rows(more.lower, more.upper, more.matrix)


def _pointless(outcome: Outcome) -> Outcome:
    """Return what is left of an outcome whose point breaks rows: its bound."""
    return replace(
        outcome,
        status=Status.NO_SOLUTION,
        values=None,
        objective=None,
        gap=None,
        row_duals=None,
        reduced_costs=None,
    )


def _timed(options: Options, used: float) -> Options:
    if options.time_limit_s is None:
        return options
    return replace(options, time_limit_s=max(0.0, options.time_limit_s - used))


def _higher(one: float | None, other: float | None) -> float | None:
    known = [figure for figure in (one, other) if figure is not None]
    return max(known, default=None)
