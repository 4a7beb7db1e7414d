"""What it costs to hand a model over: ``python -m benchmarks.handover``.

The model assigns 300 places to centres: 90,000 binary x_ij, a row for each place
(one centre), for each pair (x_ij ≤ x_jj) and two for each centre (its size). The
seconds are those of stating it and of passing it to the solver, which then holds it;
nothing is solved. Programs are passed a file. By the Pyomo bridge the model is
stated in Pyomo instead, and compiled to matrices. Seconds are the processor's, so
that they are the same however busy the machine is.
"""

import argparse
import csv
import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from solvers.contract import BackendError, MixedIntegerModel, Options, Probe
from solvers.pyomo import standard_form
from solvers.registry import backend, known_solvers

__all__ = ["Handover", "Places", "assignment", "handover", "main", "pass_to"]

COLUMNS = (
    "solver",
    "version",
    "runs",
    "places",
    "matrices_s",
    "pyomo_s",
    "python",
    "machine",
    "date",
)
REPEATS = 3
LARGEST, SMALLEST = 120_000, 30_000


@dataclass(frozen=True)
class Handover:
    """What one backend's hand-over costs.

    Parameters
    ----------
    solver, version
        As its probe tells them.
    matrices_s, pyomo_s
        Processor seconds to state the model and to pass it, by matrices and by
        Pyomo; medians of three, ``None`` where it cannot be passed.
    why_not
        Why the backend does not run here, in the words of its probe.
    """

    solver: str
    version: str
    matrices_s: float | None
    pyomo_s: float | None
    why_not: str


class Places:
    """Places with sizes, and what each costs each centre; the same every time."""

    def __init__(self, count: int) -> None:
        rng = np.random.default_rng(0)
        at = rng.uniform(0.0, 50.0, (count, 2))
        self.count = count
        self.size = rng.integers(2_000, 20_000, count).astype(np.float64)
        away = np.linalg.norm(at[:, None] - at[None, :], axis=2)
        self.cost = away * self.size[:, None]


def assignment(places: Places) -> MixedIntegerModel:
    """Return the model as matrices; x_ij is column i · n + j."""
    from scipy import sparse

    count, size = places.count, places.size
    place, centre = np.divmod(np.arange(count**2), count)
    chosen = centre * (count + 1)
    joins = np.flatnonzero(place != centre)
    pair, ones = np.arange(len(joins)), np.ones(len(joins))

    def rows(entries: Any, row: Any, column: Any, height: int) -> Any:
        return sparse.csr_matrix((entries, (row, column)), (height, count**2))

    everyone, open_as = np.arange(count), np.arange(count) * (count + 1)
    once = rows(np.ones(count**2), place, np.arange(count**2), count)
    follow = rows(ones, pair, joins, len(joins)) - rows(
        ones, pair, chosen[joins], len(joins)
    )
    held = rows(size[place], centre, np.arange(count**2), count)
    is_open = rows(np.ones(count), everyone, open_as, count)
    stack = [once, follow, held - SMALLEST * is_open, held - LARGEST * is_open]
    none, free = np.zeros(count), np.full(count, np.inf)
    shut = np.full(len(joins), -np.inf)
    return MixedIntegerModel(
        cost=places.cost.ravel(),
        matrix=sparse.vstack(stack, format="csc"),
        row_lower=np.concatenate([np.ones(count), shut, none, -free]),
        row_upper=np.concatenate([np.ones(count), np.zeros(len(joins)), free, none]),
        lower=np.zeros(count**2),
        upper=np.ones(count**2),
        integral=np.ones(count**2, dtype=bool),
    )


def assignment_in_pyomo(places: Places) -> Any:
    """Return the same model as a user of Pyomo would state it."""
    import pyomo.environ as pyo

    cost, size = places.cost.tolist(), places.size.tolist()
    model = pyo.ConcreteModel()
    model.places = pyo.RangeSet(0, places.count - 1)
    model.x = pyo.Var(model.places, model.places, domain=pyo.Binary)

    def total(m: Any) -> Any:
        return pyo.quicksum(cost[i][j] * m.x[i, j] for i in m.places for j in m.places)

    def once(m: Any, i: int) -> Any:
        return pyo.quicksum(m.x[i, j] for j in m.places) == 1

    def follow(m: Any, i: int, j: int) -> Any:
        return pyo.Constraint.Skip if i == j else m.x[i, j] <= m.x[j, j]

    def held(m: Any, j: int) -> Any:
        return pyo.quicksum(size[i] * m.x[i, j] for i in m.places)

    def smallest(m: Any, j: int) -> Any:
        return held(m, j) >= SMALLEST * m.x[j, j]

    def largest(m: Any, j: int) -> Any:
        return held(m, j) <= LARGEST * m.x[j, j]

    model.total = pyo.Objective(rule=total)
    model.once = pyo.Constraint(model.places, rule=once)
    model.follow = pyo.Constraint(model.places, model.places, rule=follow)
    model.smallest = pyo.Constraint(model.places, rule=smallest)
    model.largest = pyo.Constraint(model.places, rule=largest)
    return model


def pass_to(name: str, model: MixedIntegerModel) -> None:
    """Pass a model to a solver, which holds it and is asked no more.

    Raises
    ------
    BackendError
        If its package is not here.
    """
    if name in ("cbc", "glpk"):
        with import_module("solvers.executable").folder_of(model):
            return
    if name == "mosek":
        with import_module("solvers.mosek").loaded(model, Options()):
            return
    if name == "cuopt":
        import_module("solvers.cuopt").data_model(model)
        return
    module = import_module(f"solvers.{name}_handover")
    if name == "scip":
        module.hand_over(model, Options())
    elif name == "cpsat":
        scaling = import_module("solvers.cpsat_scaling")
        module.pass_model(scaling.integer_model(model, *module.bounded(model)))
    else:
        module.pass_model(module.new_solver(Options()), model)


def handover(name: str, num_places: int = 300) -> Handover:
    """Measure one backend, in a process of its own."""
    probe = _apart(_probe, name)
    stated_s = _apart(_state_by_matrices, num_places)
    in_pyomo_s = _apart(_state_in_pyomo, num_places)
    passed_s = _apart(_pass, name, num_places)
    if passed_s is None:
        return Handover(name, probe.version, None, None, probe.why_not)
    return Handover(
        name,
        probe.version,
        round(stated_s + passed_s, 3),
        round(in_pyomo_s + passed_s, 3),
        probe.why_not,
    )


@cache
def _apart(act: Callable[..., Any], *given: Any) -> Any:
    """Return what a function returns in a fresh process; each asked once."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(act, *given).result()


def _probe(name: str) -> Probe:
    return backend(name).probe()


def _state_by_matrices(num_places: int) -> float:
    places = Places(num_places)
    return _seconds(lambda: assignment(places))


def _state_in_pyomo(num_places: int) -> float:
    """Return the seconds to state the model in Pyomo and compile it to matrices."""
    places = Places(num_places)
    return _seconds(lambda: standard_form(assignment_in_pyomo(places)))


def _pass(name: str, num_places: int) -> float | None:
    try:
        pass_to(name, assignment(Places(2)))
    except BackendError:
        return None
    model = assignment(Places(num_places))
    return _seconds(lambda: pass_to(name, model))


def _seconds(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(REPEATS):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return median(taken)


def main(argv: list[str] | None = None) -> int:
    """Measure every backend, print the table and write it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.handover")
    parser.add_argument("--places", type=int, default=300)
    parser.add_argument("--out", type=Path, default=None, metavar="CSV")
    args = parser.parse_args(argv)
    print(f"{'solver':8} {'matrices':>9} {'by Pyomo':>9}")
    found = []
    for name in known_solvers():
        found.append(handover(name, args.places))
        print(_line(found[-1]), flush=True)
    if args.out is not None:
        with args.out.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            table.writeheader()
            table.writerows(_row(one, args.places) for one in found)
    return 0


def _line(found: Handover) -> str:
    shown = [
        f"{'' if seconds is None else f'{seconds:.2f} s':>9}"
        for seconds in (found.matrices_s, found.pyomo_s)
    ]
    return f"{found.solver:8} {' '.join(shown)}  {found.why_not}".rstrip()


def _row(found: Handover, num_places: int) -> dict[str, Any]:
    return {
        "solver": found.solver,
        "version": found.version,
        "runs": not found.why_not,
        "places": num_places,
        "matrices_s": found.matrices_s,
        "pyomo_s": found.pyomo_s,
        "python": platform.python_version(),
        "machine": f"{platform.machine()} {os.cpu_count()} cores",
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


if __name__ == "__main__":
    sys.exit(main())
