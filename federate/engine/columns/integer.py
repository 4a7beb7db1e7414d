"""The integer plan: a small model over the columns that could still matter.

With a bound LB from duals and a plan of cost UB, a federation whose reduced
cost is UB − LB or more is in no better plan. All the others, enumerated, make
a model whose optimum is the optimum.
"""

from collections.abc import Sequence

import numpy as np

from federate.engine.columns.master import Column, Master, alone_columns
from solvers.contract import Capability, MixedIntegerModel, Options, Outcome
from solvers.registry import backend

__all__ = ["cheapest_per_set", "choose"]


def cheapest_per_set(columns: Sequence[Column]) -> list[Column]:
    """Return each set of members once, under its cheapest centre."""
    best: dict[tuple[int, ...], Column] = {}
    for column in columns:
        known = best.get(column.members)
        if known is None or (column.cost, column.centre) < (known.cost, known.centre):
            best[column.members] = column
    return [best[members] for members in sorted(best)]


def choose(
    master: Master,
    federations: Sequence[Column],
    options: Options,
    *,
    start: Sequence[Column] = (),
) -> tuple[Outcome, list[Column]]:
    """Return the best choice among these federations and standing alone."""
    columns = [*cheapest_per_set(federations), *alone_columns(master.problem)]
    rows = len(master.practices) + int(master.has_count)
    lower, upper = np.ones(rows), np.ones(rows)
    if master.has_count:
        lower[-1] = master.fewest
        upper[-1] = np.inf if master.most is None else master.most
    n = len(columns)
    most = np.array([len(members) // 2 for members in master.sets], dtype=float)
    model = MixedIntegerModel(
        cost=np.array([c.cost for c in columns]),
        matrix=master.matrix(columns),
        row_lower=np.concatenate([lower, np.full(len(most), -np.inf)]),
        row_upper=np.concatenate([upper, most]),
        lower=np.zeros(n),
        upper=np.ones(n),
        integral=np.ones(n, dtype=np.bool_),
        offset=master.constant,
    )
    chosen_by = backend(master.solver)
    point = None
    if start and Capability.WARM_START in chosen_by.capabilities:
        wanted = {c.members for c in start}
        chosen = np.array([float(c.members in wanted) for c in columns])
        if chosen.sum() == len(wanted):
            point = chosen
    outcome = chosen_by.solve(model, options, point)
    picked: list[Column] = []
    if outcome.values is not None:
        picked = [c for c, x in zip(columns, outcome.values, strict=True) if x > 0.5]
    return outcome, picked
