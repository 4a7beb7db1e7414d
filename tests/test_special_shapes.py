"""Shapes that real areas have: each a plan with its exceptions named, or a proof."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest

from federate.engine.solve import solve
from federate.problem import Problem
from federate.proof.no_plan import derive
from federate.scenario import Scenario
from solvers.contract import Status
from tests.strategies import small_instance

CHAIN = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5))
"""Six practices in a row, 2 km apart."""


class Shape(NamedTuple):
    """An area, what is asked of it, and what must be said.

    `names` stand in the exceptions of the plan or, without a plan, in the proof.
    """

    sizes: tuple[int, ...]
    rules: dict[str, Any]
    has_plan: bool
    names: tuple[str, ...] = ()
    says: str = ""
    pairs: tuple[tuple[int, int], ...] = CHAIN
    more: dict[str, Any] | None = None
    same_place: bool = False


EVEN = (5_000,) * 6
BOUNDS = {"size_bounds": (9_000, 16_000)}
SHAPES = {
    "above the upper bound, on its own": Shape(
        (20_000, *EVEN[1:]), BOUNDS, True, ("Practice 0",)
    ),
    "above the upper bound, refused": Shape(
        (20_000, *EVEN[1:]), {**BOUNDS, "oversize": "refuse"}, False, ("P0",)
    ),
    "above the upper bound, cutting others off": Shape(
        (5_000, 20_000, *EVEN[2:]), BOUNDS, False, ("P0",), "cut off from the rest"
    ),
    "an island too small": Shape(
        EVEN, BOUNDS, False, ("P0",), "cut off", pairs=CHAIN[1:]
    ),
    "an island too small, waived": Shape(
        EVEN, {**BOUNDS, "size_waivers": ("P0",)}, True, ("P0",), pairs=CHAIN[1:]
    ),
    "an island big enough": Shape((10_000, *EVEN[1:]), BOUNDS, True, pairs=CHAIN[1:]),
    "two regions, both whole": Shape(
        EVEN, BOUNDS, True, pairs=(*CHAIN[:2], *CHAIN[3:])
    ),
    "two regions, one that no whole number serves": Shape(
        (5_000, 5_000, 7_000, 5_000, 5_000, 5_000),
        BOUNDS,
        False,
        ("P0", "P1", "P2"),
        "too many for 1 federations",
        pairs=(*CHAIN[:2], *CHAIN[3:]),
    ),
    "all at one address": Shape(EVEN, BOUNDS, True, same_place=True),
    "a total that no whole number serves": Shape(
        EVEN, {"size_bounds": (16_000, 29_000)}, False, (), "too few for 2"
    ),
    "more federations than patients allow": Shape(
        EVEN, {**BOUNDS, "num_federations": 4}, False, (), "allow 3 at most"
    ),
    "fewer federations than patients need": Shape(
        EVEN, {**BOUNDS, "num_federations": 1}, False, (), "need 2 at least"
    ),
    "nobody within the travel limit": Shape(
        EVEN, {**BOUNDS, "max_travel_min": 0.5}, False, ("P0",), "within 0.5 minutes"
    ),
    "a travel limit that can be kept": Shape(
        EVEN, {**BOUNDS, "max_travel_min": 30.0}, True
    ),
    "nobody within the travel limit, joining voluntary": Shape(
        EVEN,
        {**BOUNDS, "max_travel_min": 0.5},
        True,
        more={"membership": {"mode": "voluntary", "alone_gbp_per_patient": 1.0}},
    ),
    "voluntary, with a federation that must be": Shape(
        EVEN,
        {**BOUNDS, "max_travel_min": 0.5, "num_federations": 1},
        False,
        (),
        "as many as rules.num_federations asks for",
        more={"membership": {"mode": "voluntary", "alone_gbp_per_patient": 1.0}},
    ),
    "two ends that need the one in the middle": Shape(
        (4_000, 4_500, 4_000, 1_000, 1_000, 1_000),
        {"size_bounds": (7_500, 8_700)},
        False,
        ("P0",),
        "cannot all be in federations at once",
        pairs=((0, 1), (1, 2), (2, 3), (3, 4), (4, 5)),
    ),
    "a practice that fits no federation": Shape(
        (9_000, 8_000, 8_000, 5_000, 5_000, 5_000),
        BOUNDS | {"practices_bounds": (2, 3)},
        False,
        ("P0",),
        "no federation that keeps the rules can hold P0",
    ),
}


def problem_of(shape: Shape) -> Problem:
    """Return the problem: practices in a row, or all at one address."""
    drawn = small_instance(1, 6)
    step = 0.0 if shape.same_place else 2_000.0
    place = step * np.arange(6, dtype=np.float64)
    practices = replace(
        drawn.practices,
        easting_m=400_000.0 + place,
        northing_m=np.full(6, 300_000.0),
        list_size=np.array(shape.sizes, dtype=np.int64),
    )
    pairs = tuple((f"P{i}", f"P{k}") for i, k in shape.pairs)
    instance = replace(drawn, practices=practices, neighbours=pairs)
    rules = {"num_federations": "free", **shape.rules}
    asked = {
        "schema": 1,
        "rules": rules,
        "cover": {"enabled": False},
        **(shape.more or {}),
    }
    return Problem.build(instance, Scenario.model_validate(asked))


@pytest.mark.parametrize("engine", ["columns", "compact"])
@pytest.mark.parametrize("name", SHAPES)
def test_it_ends_in_a_plan_or_in_a_proof(name: str, engine: str) -> None:
    shape = SHAPES[name]
    asked = problem_of(shape)
    solving = asked.scenario.solve.model_copy(
        update={"engine": engine, "time_limit_s": 10.0, "gap": 1e-6}
    )
    scenario = asked.scenario.model_copy(update={"solve": solving})
    problem = replace(asked, scenario=scenario)
    result = solve(problem)
    if shape.has_plan:
        assert result.status is Status.OPTIMAL
        told = " ".join(finding.message for finding in result.exceptions)
    else:
        assert result.status is Status.INFEASIBLE
        told = " ".join(result.reasons)
        assert result.refutations
        for reason in result.refutations:
            assert derive(problem, reason) is not None
    for part in (*shape.names, shape.says):
        assert part in told
