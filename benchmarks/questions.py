"""What backends are compared on: compact models, and the column engine's masters.

A question is stated once, in a process of its own, and left in a file, so that the
process that answers it holds nothing but the question and its backend.
"""

import copyreg
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from federate.engine.columns.master import Column, Master
    from federate.engine.columns.relaxation import Relaxation
    from federate.problem import Problem
    from solvers.contract import MixedIntegerModel

__all__ = ["Question", "Stated", "questions", "state"]

COMPACT = ("trafford", "richmond_upon_thames", "shropshire")
# Where masters are from, as the practices' columns say.
MASTERS = {
    "manchester": {"region_seed": ("Manchester",)},
    "greater_manchester": {"icb_code": ("QOP",)},
    "london": {"region_code": ("Y56",)},
}
# Seconds of local search for a plan that masters start from.
SEARCH_S = 10.0
# Federations in a choice at most, and rounds of cuts before it.
MOST_COLUMNS, CUT_ROUNDS = 60_000, 8
# Pricing ends this close to the bound, a fraction.
CONVERGED = 1e-6


@dataclass(frozen=True)
class Stated:
    """A question as it is handed on.

    Parameters
    ----------
    asked
        A problem, for the compact engine, or a model, for the backend itself.
    num_rows, num_columns, num_integers
        Size of the model; of the compact model before any row is found broken.
    start
        A point to start from, for backends that take one.
    """

    asked: "Problem | MixedIntegerModel"
    num_rows: int
    num_columns: int
    num_integers: int
    start: "npt.NDArray[np.float64] | None" = None


@dataclass(frozen=True)
class Question:
    """One instance, by name, and how it is stated."""

    name: str
    stated: Callable[[], Stated]


def questions(data: Path) -> Iterator[Question]:
    """Yield all questions, small ones first; those without their data are left out."""
    yield Question("toy/compact", partial(_compact, "toy", "toy"))
    for region in COMPACT:
        source = data / "regions" / f"{region}.csv"
        if source.exists():
            stated = partial(_compact, str(source), "pcn2019")
            yield Question(f"{region}/compact", stated)
    source = data / "england_practices.csv"
    for kind in ("lp", "choice") if source.exists() else ():
        for name in MASTERS:
            stated = partial(_master, str(source), name, kind)
            yield Question(f"{name}/{kind}", stated)


def state(question: Question, path: Path) -> None:
    """State a question and leave it in a file."""
    copyreg.pickle(MappingProxyType, lambda held: (_read_only, (dict(held),)))
    with path.open("wb") as file:
        pickle.dump(question.stated(), file, protocol=pickle.HIGHEST_PROTOCOL)


def _read_only(held: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """Return what a problem's read-only tables come back as."""
    return MappingProxyType(held)


def _problem(source: str, scenario: str, area: Mapping[str, Any]) -> "Problem":
    import federate as fed
    from federate.problem import Problem

    asked = fed.Scenario.load(scenario).with_(cover__enabled=False, area=dict(area))
    return Problem.build(fed.read(source), asked)


def _compact(source: str, scenario: str) -> Stated:
    """State a problem for the compact engine, which finds rows as points break them."""
    from federate.engine.compact import build_model
    from solvers.pyomo import standard_form

    problem = _problem(source, scenario, {})
    return _sized(problem, standard_form(build_model(problem)).model)


def _master(source: str, name: str, kind: str) -> Stated:
    """State what the column engine asks of a backend, priced and cut to its end.

    ``lp`` is the linear programme over the federations found by then; ``choice``
    is among all that could be in a better plan than local search found, or among
    as many of the likeliest as the engine would take, from that plan.
    """
    from federate.engine.columns.progress import Progress
    from federate.engine.columns.relaxation import Relaxation
    from federate.engine.search import search
    from solvers.contract import Options

    problem = _problem(source, "pcn2019", MASTERS[name])
    progress = Progress(problem, Options(rel_gap=0.0), "highs")
    plan = search(problem, time_limit_s=SEARCH_S).grouping
    if plan is not None:
        progress.offer(plan)
    relaxation = Relaxation(progress)
    for _ in range(CUT_ROUNDS):
        outcome, stop = relaxation.converge(CONVERGED)
        if stop is not None or not relaxation.cut(outcome):
            break
    master = relaxation.master
    if kind == "lp":
        led = [column for column in master.columns if column.centre >= 0]
        model, _ = _choice(master, led, [])
        return _sized(model.relaxed(), model.relaxed())
    model, start = _choice(master, *_worth_choosing(relaxation))
    return replace(_sized(model, model), start=start)


def _worth_choosing(
    relaxation: "Relaxation",
) -> tuple[list["Column"], list["Column"]]:
    """Return federations of low reduced cost with the plan's own, and these."""
    from federate.engine.columns.relaxation import columns_of, priced_columns

    progress = relaxation.progress
    problem, duals, plan = progress.problem, progress.duals, progress.grouping
    if duals is None or plan is None:
        raise RuntimeError("no duals or no plan to choose from")
    start = columns_of(problem, plan)
    reach = progress.best - progress.dual_bound + 1e-6
    while True:
        found = relaxation.pricer.enumerate(
            duals.practice, duals.count, duals.cuts, limit=reach, most=MOST_COLUMNS
        )
        if found.complete:
            return [*priced_columns(problem, found), *start], start
        reach /= 2


def _choice(
    master: "Master", columns: Sequence["Column"], plan: Sequence["Column"]
) -> tuple["MixedIntegerModel", Any]:
    """Return the model by which the column engine chooses, and its start."""
    from federate.engine.columns import integer
    from solvers.contract import Capability, Options, Outcome, Status, StopReason

    asked: list[tuple[MixedIntegerModel, Any]] = []

    class Recorder:
        capabilities = Capability.WARM_START

        def solve(
            self, model: "MixedIntegerModel", options: Options, start: Any = None
        ) -> Outcome:
            asked.append((model, start))
            return Outcome(Status.NO_SOLUTION, StopReason.CANCELLED)

    with patch.object(integer, "backend", lambda name: Recorder()):
        integer.choose(master, columns, Options(), start=plan)
    return asked[0]


def _sized(asked: Any, model: "MixedIntegerModel") -> Stated:
    integers = int(model.integral.sum())
    return Stated(asked, model.num_rows, model.num_columns, integers)
