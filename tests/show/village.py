"""A small result to show: three rows of a square, one of them too large.

The practice A1 has a name that is markup, B1 one that is a formula; A1 and A2
share one site; nothing covers C3 out of hours; F1 (A1 A2 A3) breaks the size
bounds.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from federate.plan import Plan
from federate.result import Result, evaluated
from tests.square import CODES, rows, square

__all__ = ["FORMULA", "HOSTILE", "village"]

HOSTILE = '<script>document.title="broken"</script><img src=x onerror=alert(1)>'
FORMULA = '=HYPERLINK("x")'
BOUNDS = (25_000.0, 32_000.0)


def village(plan: Plan | None = None, **asked: Any) -> Result:
    """Return `plan`, or the three rows, scored and verified on the square."""
    problem = square(
        {"rules": {"size_bounds": BOUNDS}} | asked,
        sizes={"A1": 15_000},
        size_bounds=BOUNDS,
    )
    before = problem.instance.practices
    easting, northing = before.easting_m.copy(), before.northing_m.copy()
    easting[1], northing[1] = easting[0], northing[0]
    practices = replace(
        before,
        name=(HOSTILE, *before.name[1:3], FORMULA, *before.name[4:]),
        easting_m=easting,
        northing_m=np.array(northing),
    )
    instance = replace(
        problem.instance,
        practices=practices,
        attribution="Made up for a test; no rights reserved.",
    )
    problem = replace(problem, instance=instance)
    if plan is None:
        covered = dict.fromkeys(CODES[:-1], "X")
        plan = replace(rows(), bases=covered, open_bases=("X",))
    return evaluated(problem, plan)
