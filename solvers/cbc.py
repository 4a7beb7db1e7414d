"""CBC.

Facts of the package that shape this file, as measured on cbcbox 2.9 (CBC devel): it
is a program; it tells in the first line of its solution why it stopped, or
"unknown" where its log proves more; its log rounds bounds to six digits; when
interrupted it writes the best point it has.
"""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
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
from solvers.progress import Watch
from solvers.refusals import missing, refuse_nonsense
from solvers.registry import require
from solvers.trial import probe_by_solving

__all__ = ["Cbc"]

FloatArray = npt.NDArray[np.float64]

# How the solution begins → what the answer is worth without a point, and why it
# stopped.
_STATUS = {
    "Optimal": (Status.OPTIMAL, StopReason.FINISHED),
    "Infeasible": (Status.INFEASIBLE, StopReason.FINISHED),
    "Integer infeasible": (Status.INFEASIBLE, StopReason.FINISHED),
    "Unbounded": (Status.UNBOUNDED, StopReason.FINISHED),
    "Stopped on time": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "Stopped on iterations": (Status.NO_SOLUTION, StopReason.CANCELLED),
    "Stopped on user": (Status.NO_SOLUTION, StopReason.CANCELLED),
}
_WITHOUT_POINT = ("no integer solution", "not completed")
_PROVEN_INFEASIBLE = ("infeasibility proved", "Problem is infeasible")

_NUMBER = r"\s*(-?\d\S*)"
# The log rounds to six digits.
_ROUNDED = 5e-6


class Cbc:
    """CBC through its program, by MPS files."""

    name = "cbc"
    capabilities = (
        Capability.LP
        | Capability.MIP
        | Capability.DUALS
        | Capability.CANCEL
        | Capability.CUTOFF
    )

    def probe(self) -> Probe:
        """Say whether it runs here, by solving a two-variable MIP."""
        return probe_by_solving(self, licence="EPL-2.0")

    def solve(
        self,
        model: MixedIntegerModel,
        options: Options,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve; `on_progress` hears only the time, and may ask to stop."""
        began = perf_counter()
        refuse_nonsense("CBC", options)
        if options.memory_mb is not None:
            require(self, Capability.MEMORY)
        if start is not None:
            require(self, Capability.WARM_START)
        program, claim = _program(), settle(model)
        if claim is None:
            watch = None if on_progress is None else Watch(on_progress, began)
            claim = _solved(model, options, watch)
        polish = partial(_point, threads=options.threads)
        outcome = judge(model, claim, options, polish)
        seconds = perf_counter() - began
        release = _version(program)
        return replace(outcome, seconds=seconds, backend=Cbc.name, version=release)

    def session(self, model: MixedIntegerModel) -> Session:
        """Refuse: a program forgets its basis."""
        require(self, Capability.SESSION)
        raise AssertionError("unreachable: the capability is not claimed")


def _program() -> str:
    """Return the path of the program of `cbcbox`, or else one on the search path."""
    try:
        import cbcbox
    except ImportError:
        path = find("cbc")
        if path is None:
            raise missing("CBC", "cbc", "there is no program cbc") from None
        return path
    return str(cbcbox.cbc_bin_path())


def _version(program: str) -> str:
    """Return the version of `cbcbox`, whose program only calls itself "devel"."""
    try:
        return f"cbcbox {version('cbcbox')}"
    except PackageNotFoundError:
        command = [program, "-quit"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"^CBC (.+?) —|^Version: (\S+)", told.stdout, re.MULTILINE)
    return next(filter(None, found.groups()), "") if found else "unknown"


def _solved(
    model: MixedIntegerModel, options: Options, watch: Watch | None = None
) -> Claim:
    with folder_of(model) as folder:
        log = run(_command(model, folder, options), folder, options, watch)
        return _claim(model, options, folder, log)


def _command(model: MixedIntegerModel, folder: Folder, options: Options) -> list[str]:
    threads = 0 if options.threads == 1 else options.threads
    wanted: dict[str, int | float | None] = {
        "-seconds": options.time_limit_s,
        "-threads": threads,
        "-randomSeed": options.seed,
        "-randomCbcSeed": options.seed,
        "-ratioGap": float(options.rel_gap),
        "-allowableGap": float(options.abs_gap),
        "-cutoff": options.cutoff,
    }
    command = [_program(), str(folder.model)]
    for name, value in wanted.items():
        if value is not None:
            command += [name, repr(value)]
    if model.is_linear:
        # Duals of tightened bounds would be duals of another model.
        command += ["-boundPropLevel", "off", "-singletonBounds", "off"]
    return [*command, "-solve", "-printing", "all", "-solution", str(folder.solution)]


def _claim(
    model: MixedIntegerModel, options: Options, folder: Folder, log: str
) -> Claim:
    """Read what CBC says of its model."""
    lines = folder.read_solution()
    if not lines:
        if options.time_limit_s is not None:
            return Claim(Status.NO_SOLUTION, StopReason.TIME_LIMIT)
        return Claim(Status.ERROR, StopReason.CRASHED, message=log[-500:].strip())
    head = lines[0]
    unknown = (Status.ERROR, StopReason.NUMERIC)
    if any(words in log for words in _PROVEN_INFEASIBLE):
        unknown = _STATUS["Infeasible"]
    told = [meaning for words, meaning in _STATUS.items() if head.startswith(words)]
    status, stop = told[0] if told else unknown
    values = bound = duals = nodes = None
    stopped = status is Status.NO_SOLUTION and not any(
        w in head for w in _WITHOUT_POINT
    )
    if status is Status.OPTIMAL or (stopped and not model.is_linear):
        values = _figures(lines, "c", model.num_columns, 2)
    if not model.is_linear:
        counted = re.search(rf"Enumerated nodes:{_NUMBER}", log)
        nodes = int(counted.group(1)) if counted else 0
        bound = _bound(
            model, options, log, values if status is Status.OPTIMAL else None
        )
    elif status is Status.OPTIMAL:
        duals = _figures(lines, "r", model.num_rows, 3)
    message = ""
    if stop is StopReason.NUMERIC:
        message = f"CBC gave up on the model's figures ({head.strip()})"
    return Claim(status, stop, values, bound, duals, nodes, message)


def _bound(
    model: MixedIntegerModel, options: Options, log: str, optimum: FloatArray | None
) -> float | None:
    """Return the best of the bound told and, at an optimum, that of its gap."""
    bounds = []
    told = re.findall(rf"(?:Lower bound:|Bound:){_NUMBER}", log)
    if told:
        bound = float(told[-1])
        bounds.append(bound - _ROUNDED * abs(bound))
    if optimum is not None:
        objective = float(model.cost @ optimum) + model.offset
        allowed = max(options.abs_gap, options.rel_gap * abs(objective))
        bounds.append(objective - allowed * (1 - 1e-9))
    return max(bounds, default=None)


def _figures(lines: list[str], kind: str, count: int, at: int) -> FloatArray:
    """Return the figures of rows (r) or columns (c) by the numbers in their names.

    Lines read "3 c3 value dual", with two stars first where it is infeasible.
    """
    figures = np.zeros(count)
    for line in lines[1:]:
        parts = line.removeprefix("**").split()
        if parts[1].startswith(kind) and parts[1] != "constant":
            figures[int(parts[1][1:])] = float(parts[at])
    return figures


def _point(model: MixedIntegerModel, threads: int) -> FloatArray | None:
    """Return the best point of a linear programme."""
    return _solved(model, Options(threads=threads)).values
