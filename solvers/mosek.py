"""Mosek.

Written against the documentation of the Optimizer API for Python 11.2, where
the package builds a model but refuses to solve it without a licence: what is passed
is tested, what comes back is not. So it claims no more than the plainest powers.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from solvers.refusals import missing, refuse_nonsense, unlicensed
from solvers.registry import require
from solvers.trial import probe_by_solving

__all__ = ["Mosek", "loaded"]

FloatArray = npt.NDArray[np.float64]

# Seconds that stand for no limit.
_UNLIMITED_S = 1e9

# Solution status → what the answer is worth without a point, where it finished.
_SOLUTION = {
    "optimal": Status.OPTIMAL,
    "integer_optimal": Status.OPTIMAL,
    "prim_infeas_cer": Status.INFEASIBLE,
    "dual_infeas_cer": Status.UNBOUNDED,
}
# Problem status, where the solution's tells nothing.
_PROBLEM = {
    "prim_infeas": (Status.INFEASIBLE, StopReason.FINISHED),
    "dual_infeas": (Status.UNBOUNDED, StopReason.FINISHED),
    "prim_infeas_or_unbounded": (
        Status.NO_SOLUTION,
        StopReason.INFEASIBLE_OR_UNBOUNDED,
    ),
}
# Termination code → why it stopped.
_STOPS = {
    "ok": StopReason.FINISHED,
    "trm_max_time": StopReason.TIME_LIMIT,
    "trm_user_callback": StopReason.CANCELLED,
}

_WORDS = {
    StopReason.INFEASIBLE_OR_UNBOUNDED: (
        "Mosek cannot tell whether the model is infeasible or unbounded; "
        "bound its variables"
    ),
    StopReason.NUMERIC: "Mosek gave up on the model's figures",
}


class Mosek:
    """Mosek through `mosek`, by matrices."""

    name = "mosek"
    capabilities = (
        Capability.LP
        | Capability.MIP
        | Capability.DUALS
        | Capability.WARM_START
        | Capability.CONES
    )

    def probe(self) -> Probe:
        """Say whether it runs here, by solving a two-variable MIP."""
        return probe_by_solving(self, licence="commercial; free for academics")

    def solve(
        self,
        model: MixedIntegerModel,
        options: Options,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve; it tells no progress."""
        began = perf_counter()
        self._refuse(options, on_progress)
        claim = settle(model, takes_cones=True)
        if claim is None:
            with loaded(model, options, start) as task:
                claim = _run(task, model)
        polish = partial(_point, threads=options.threads)
        outcome = judge(model, claim, options, polish)
        seconds = perf_counter() - began
        version = ".".join(str(part) for part in package().Env.getversion())
        return replace(outcome, seconds=seconds, backend=self.name, version=version)

    def session(self, model: MixedIntegerModel) -> Session:
        """Refuse: it is not claimed until it has been run."""
        require(self, Capability.SESSION)
        raise AssertionError("unreachable: the capability is not claimed")

    def _refuse(self, options: Options, on_progress: object) -> None:
        refuse_nonsense("Mosek", options)
        for asked, needed in (
            (options.memory_mb, Capability.MEMORY),
            (options.cutoff, Capability.CUTOFF),
            (on_progress, Capability.PROGRESS),
        ):
            if asked is not None:
                require(self, needed)


def package() -> Any:
    """Return the module `mosek`, or say that it is missing."""
    try:
        import mosek
    except ImportError as error:
        raise missing("Mosek", "mosek", error) from error
    return mosek


@contextmanager
def loaded(
    model: MixedIntegerModel, options: Options, start: FloatArray | None = None
) -> Iterator[Any]:
    """Give a task that holds options, model and start, and free it afterwards."""
    mosek = package()
    with mosek.Env() as environment, environment.Task(0, 0) as task:
        if options.log:
            task.set_Stream(mosek.streamtype.log, sys.stderr.write)
        try:
            _set_options(task, options)
            _pass_model(task, model)
        except mosek.Error as error:
            raise BackendError(f"Mosek refuses the model: {error}") from error
        if start is not None and not model.is_continuous:
            # Entries left open are completed from 0 where they must be.
            task.putxx(mosek.soltype.itg, np.nan_to_num(start))
        yield task


def _set_options(task: Any, options: Options) -> None:
    """Set every option, and refuse what Mosek refuses."""
    mosek, limit = package(), options.time_limit_s
    figures, counts = mosek.dparam, mosek.iparam
    refused = []
    for put, parameter, value in (
        (task.putintparam, counts.num_threads, options.threads),
        (task.putintparam, counts.mio_seed, options.seed),
        (task.putdouparam, figures.mio_tol_rel_gap, options.rel_gap),
        (task.putdouparam, figures.mio_tol_abs_gap, options.abs_gap),
        (
            task.putdouparam,
            figures.optimizer_max_time,
            _UNLIMITED_S if limit is None else limit,
        ),
    ):
        try:
            put(parameter, value)
        except mosek.Error:
            refused.append(f"{parameter} = {value}")
    if refused:
        raise OptionError(f"Mosek refuses {', '.join(refused)}")


def _pass_model(task: Any, model: MixedIntegerModel) -> None:
    """Hand the matrices over."""
    mosek, count = package(), model.num_columns
    task.appendvars(count)
    task.appendcons(model.num_rows)
    task.putcslice(0, count, model.cost)
    task.putcfix(model.offset)
    task.putvarboundslice(0, count, _keys(model.lower, model.upper), *_finite(model))
    ends = model.matrix.indptr.astype(np.int64)
    rows = model.matrix.indices.astype(np.int32)
    task.putacolslice(0, count, ends[:-1], ends[1:], rows, model.matrix.data)
    task.putconboundslice(
        0,
        model.num_rows,
        _keys(model.row_lower, model.row_upper),
        np.nan_to_num(model.row_lower, posinf=0.0, neginf=0.0),
        np.nan_to_num(model.row_upper, posinf=0.0, neginf=0.0),
    )
    whole = np.flatnonzero(model.integral).astype(np.int32)
    task.putvartypelist(whole, [mosek.variabletype.type_int] * len(whole))
    task.putobjsense(mosek.objsense.minimize)
    _state_cones(task, model)


def _state_cones(task: Any, model: MixedIntegerModel) -> None:
    """State each cone over expressions of one column each, the head first."""
    for cone in model.cones:
        at = np.array([cone.head, *cone.tail], dtype=np.int32)
        first = task.getnumafe()
        lines = np.arange(first, first + len(at), dtype=np.int64)
        task.appendafes(len(at))
        task.putafefentrylist(lines, at, np.ones(len(at)))
        domain = task.appendquadraticconedomain(len(at))
        task.appendaccseq(domain, first, None)


def _finite(model: MixedIntegerModel) -> tuple[FloatArray, FloatArray]:
    """Return the bounds with 0 where the key says that there is none."""
    return (
        np.nan_to_num(model.lower, posinf=0.0, neginf=0.0),
        np.nan_to_num(model.upper, posinf=0.0, neginf=0.0),
    )


def _keys(lower: FloatArray, upper: FloatArray) -> list[Any]:
    """Return which sides each row or variable has."""
    key = package().boundkey
    keys = np.array([key.fr, key.lo, key.up, key.ra, key.fx], dtype=object)
    which = np.isfinite(lower) + 2 * np.isfinite(upper)
    which[lower == upper] = 4
    told: list[Any] = keys[which].tolist()
    return told


def _run(task: Any, model: MixedIntegerModel) -> Claim:
    mosek = package()
    try:
        code = task.optimize()
    except mosek.Error as error:
        if "lic" in str(error.errno):
            raise unlicensed("Mosek", error.msg.strip()) from error
        raise BackendError(f"Mosek failed: {error}") from error
    kinds = mosek.soltype
    if not model.is_continuous:
        return _claim(task, model, code, kinds.itg)
    kind = kinds.bas if task.solutiondef(kinds.bas) else kinds.itr
    return _claim(task, model, code, kind)


def _claim(task: Any, model: MixedIntegerModel, code: Any, kind: Any) -> Claim:
    """Read what Mosek says of its model."""
    mosek = package()
    stop = _STOPS.get(_word(code), StopReason.NUMERIC)
    if not task.solutiondef(kind):
        return Claim(Status.NO_SOLUTION, stop, message=_WORDS.get(stop, ""))
    found, problem = _word(task.getsolsta(kind)), _word(task.getprosta(kind))
    status = _SOLUTION.get(found, Status.NO_SOLUTION)
    if status is Status.NO_SOLUTION and problem in _PROBLEM:
        status, stop = _PROBLEM[problem]
    values = bound = duals = nodes = None
    if found in ("optimal", "integer_optimal", "prim_feas"):
        values = np.array(task.getxx(kind), dtype=np.float64)
    if not model.is_continuous:
        bound = task.getdouinf(mosek.dinfitem.mio_obj_bound)
        nodes = int(task.getintinf(mosek.iinfitem.mio_num_branch))
    elif status is Status.OPTIMAL and model.cones:
        bound = task.getdualobj(kind)
    elif status is Status.OPTIMAL:
        duals = np.array(task.gety(kind), dtype=np.float64)
    message = _WORDS.get(stop, "")
    if stop is StopReason.NUMERIC:
        message = f"{message} (status {found}, {problem}, {_word(code)})"
    return Claim(status, stop, values, bound, duals, nodes, message)


def _word(member: Any) -> str:
    """Return ``"optimal"`` of a member that prints as ``solsta.optimal``."""
    return str(member).rsplit(".", 1)[-1]


def _point(model: MixedIntegerModel, threads: int) -> FloatArray | None:
    """Return the best point of a linear programme."""
    with loaded(model, Options(threads=threads)) as task:
        return _run(task, model).values
