"""Kernels compiled before they are needed."""

from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.medians.cooling import cool, costs_of
from federate.engine.medians.fixing import rises
from federate.engine.medians.interchange import better_medians, greedy_medians
from federate.engine.medians.members import settled
from federate.engine.medians.prices import Pricer
from federate.engine.medians.table import Table

__all__ = ["get_ready"]

IntArray = npt.NDArray[np.int64]


def get_ready() -> None:
    """Have the kernels compiled, so that no limit is spent on it: once a machine."""
    n = 4
    line = np.abs(np.arange(n)[:, None] - np.arange(n)[None, :]).astype(np.float64)
    for upper in (inf, 2.0):
        table = Table(
            who=np.arange(n),
            led=line,
            persons=np.ones(n),
            size=(0.0, upper),
            members=(1, n),
            count=(2, 2),
            waived=np.zeros(n, dtype=np.bool_),
            alone=np.full(n, inf),
            together=(),
            apart=(),
            own_gbp=0.0,
            own=(),
        )
        label = settled(table, better_medians(table, greedy_medians(table, 2)))
        if table.is_sized:
            _cool_once(table, label)
        pricer = Pricer(table)
        state = np.zeros(n, dtype=np.int64)
        worth = pricer.worth(np.ones(n), state)
        rises(pricer, worth, state, 1.0)


def _cool_once(table: Table, label: IntArray) -> None:
    cool(
        table,
        costs_of(table),
        label,
        seconds=0.0,
        seed=0,
        show=lambda _: None,
        keep_on=lambda: True,
    )
