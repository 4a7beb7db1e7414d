"""cuOpt, on an NVIDIA graphics card.

Written against the documentation of cuOpt 26 and not yet run, for want of a card:
so it claims no more than the plainest powers. Its linear solver returns its dual
objective, which is the bound; its duals are left aside, for their sign is not
documented.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.claim import Claim, judge, settle
from solvers.contract import (
    BackendError,
    Capability,
    MixedIntegerModel,
    OptionError,
    Options,
    Outcome,
    Probe,
    Progress,
    Session,
    Status,
    StopReason,
)
from solvers.refusals import missing, refuse_nonsense
from solvers.registry import require
from solvers.trial import probe_by_solving

__all__ = ["CuOpt", "data_model"]

FloatArray = npt.NDArray[np.float64]

_INFEASIBLE = (Status.INFEASIBLE, StopReason.FINISHED)
_UNBOUNDED = (Status.UNBOUNDED, StopReason.FINISHED)

# MILPTerminationStatus and LPTerminationStatus, by name → what the answer is worth
# without a point, and why it stopped.
_STATUS = {
    "Optimal": (Status.OPTIMAL, StopReason.FINISHED),
    "FeasibleFound": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "TimeLimit": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "Infeasible": _INFEASIBLE,
    "PrimalInfeasible": _INFEASIBLE,
    "Unbounded": _UNBOUNDED,
    "DualInfeasible": _UNBOUNDED,
    "UnboundedOrInfeasible": (
        Status.NO_SOLUTION,
        StopReason.INFEASIBLE_OR_UNBOUNDED,
    ),
}
_WITH_POINT = ("Optimal", "FeasibleFound", "PrimalFeasible")

_WORDS = {
    StopReason.INFEASIBLE_OR_UNBOUNDED: (
        "cuOpt cannot tell whether the model is infeasible or unbounded; "
        "bound its variables"
    ),
    StopReason.NUMERIC: "cuOpt gave up on the model's figures",
}


class CuOpt:
    """cuOpt through `cuopt`, by matrices."""

    name = "cuopt"
    capabilities = Capability.LP | Capability.MIP

    def probe(self) -> Probe:
        """Say whether it runs here, by solving a two-variable MIP."""
        return probe_by_solving(self, licence="Apache-2.0; needs an NVIDIA card")

    def solve(
        self,
        model: MixedIntegerModel,
        options: Options,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve; it takes no start and tells no progress."""
        began = perf_counter()
        self._refuse(options, start, on_progress)
        version, claim = str(_package().__version__), settle(model)
        if claim is None:
            claim = _solved(model, options)
        polish = partial(_point, threads=options.threads)
        outcome = judge(model, claim, options, polish)
        seconds = perf_counter() - began
        return replace(outcome, seconds=seconds, backend=self.name, version=version)

    def session(self, model: MixedIntegerModel) -> Session:
        """Refuse: it keeps no basis."""
        require(self, Capability.SESSION)
        raise AssertionError("unreachable: the capability is not claimed")

    def _refuse(
        self, options: Options, start: FloatArray | None, on_progress: object
    ) -> None:
        refuse_nonsense("cuOpt", options)
        for asked, needed in (
            (options.memory_mb, Capability.MEMORY),
            (options.cutoff, Capability.CUTOFF),
            (start, Capability.WARM_START),
            (on_progress, Capability.PROGRESS),
        ):
            if asked is not None:
                require(self, needed)


def _package() -> Any:
    """Return the module `cuopt`, or say that it or its card is missing."""
    try:
        import cuopt
        import cuopt.linear_programming
    except ImportError as error:
        raise missing("cuOpt", "cuopt", error) from error
    except (OSError, RuntimeError) as error:
        raise BackendError(f"cuOpt finds no NVIDIA card here: {error}") from error
    return cuopt


def _settings(options: Options) -> Any:
    """Return the options as cuOpt's settings, and refuse what it refuses."""
    settings = _package().linear_programming.SolverSettings()
    wanted: dict[str, bool | int | float | None] = {
        "time_limit": options.time_limit_s,
        "mip_relative_gap": options.rel_gap,
        "mip_absolute_gap": options.abs_gap,
        "num_cpu_threads": options.threads,
        "random_seed": options.seed,
        "log_to_console": options.log,
    }
    refused = []
    for name, value in wanted.items():
        if value is not None:
            try:
                settings.set_parameter(name, value)
            except (ValueError, RuntimeError):
                refused.append(f"{name} = {value}")
    if refused:
        raise OptionError(f"cuOpt refuses {', '.join(refused)}")
    return settings


def data_model(model: MixedIntegerModel) -> Any:
    """Return the matrices as cuOpt holds them, by rows."""
    data, rows = _package().linear_programming.DataModel(), model.matrix.tocsr()
    data.set_csr_constraint_matrix(
        rows.data, rows.indices.astype(np.int32), rows.indptr.astype(np.int32)
    )
    data.set_constraint_lower_bounds(model.row_lower)
    data.set_constraint_upper_bounds(model.row_upper)
    data.set_objective_coefficients(model.cost)
    data.set_objective_offset(model.offset)
    data.set_variable_lower_bounds(model.lower)
    data.set_variable_upper_bounds(model.upper)
    data.set_variable_types(np.where(model.integral, "I", "C").astype("S1"))
    return data


def _solved(model: MixedIntegerModel, options: Options) -> Claim:
    settings = _settings(options)
    try:
        answer = _package().linear_programming.Solve(data_model(model), settings)
    except (OSError, RuntimeError, ValueError) as error:
        raise BackendError(f"cuOpt failed: {error}") from error
    return _claim(answer, model)


def _claim(answer: Any, model: MixedIntegerModel) -> Claim:
    """Read what cuOpt says of its model."""
    name = answer.get_termination_status().name
    status, stop = _STATUS.get(name, (Status.ERROR, StopReason.NUMERIC))
    values = bound = nodes = None
    if name in _WITH_POINT:
        values = np.array(answer.get_primal_solution(), dtype=np.float64)
    if not model.is_linear:
        told = answer.get_milp_stats()
        bound, nodes = float(told["solution_bound"]), int(told["num_nodes"])
    elif status is Status.OPTIMAL:
        bound = float(answer.get_dual_objective())
    message = _WORDS.get(stop, "")
    if stop is StopReason.NUMERIC:
        message = f"{message} (status {name})"
    return Claim(status, stop, values, bound, nodes=nodes, message=message)


def _point(model: MixedIntegerModel, threads: int) -> FloatArray | None:
    """Return the best point of a linear programme."""
    return _solved(model, Options(threads=threads)).values
