"""Nine practices on a 3 × 3 square, small enough to reason about in the head.

A1 A2 A3
B1 B2 B3      10,000 patients each; neighbours share a side, ten minutes
C1 C2 C3      apart; all but B2 lie on the edge of the area
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.criteria.federation import FederationCost
from federate.geography.neighbours import NeighbourGraph
from federate.geography.travel import Travel
from federate.plan import Plan
from federate.practices.instance import Attribute, Bases, Instance, Practices, Tie
from federate.problem import Problem
from federate.scenario.schema import Scenario

__all__ = ["CODES", "grouped", "rows", "square"]

CODES = ("A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3")
NAMES = ("Ash", "Beech", "Cherry", "Damson", "Elm", "Fir", "Gorse", "Hazel", "Ivy")
FloatArray = npt.NDArray[np.float64]

ROW = tuple(code[0] for code in CODES)
TIER = ["full"] * 3 + ["partial"] * 3 + ["provider"] * 3
MINUTES_A_STEP = 10.0
BUDGET_GBP = 17_130_000.0
COST_GBP = 50_000.0


def grouped(*groups: str, everybody: Sequence[str] = CODES) -> Plan:
    """Return a plan of groups such as ``"A1 A2"``, each led by the first named."""
    centre = {}
    federation = dict.fromkeys(everybody, "")
    for number, group in enumerate(groups, start=1):
        codes = group.split()
        centre[f"F{number}"] = codes[0]
        federation.update(dict.fromkeys(codes, f"F{number}"))
    return Plan(federation=federation, centre=centre)


def rows() -> Plan:
    """Return the plan of three rows, each led from its middle."""
    return grouped("A2 A1 A3", "B2 B1 B3", "C2 C1 C3")


def square(
    asked: Mapping[str, Any] | None = None,
    *,
    sizes: Mapping[str, int] | None = None,
    current: tuple[str, ...] | None = ROW,
    ties: tuple[Tie, ...] = (),
    **held: Any,
) -> Problem:
    """Return the square under the sections `asked` and the problem's own fields.

    `asked` reaches the scenario only, `held` the problem only, so that either
    reading of a rule can be tested by itself.
    """
    size = np.array([(sizes or {}).get(code, 10_000) for code in CODES], dtype=np.int64)
    minutes = _minutes()
    n = len(CODES)
    base_minutes = np.stack([minutes[:, 0], minutes[:, 8]], axis=1)
    travel_gbp = minutes * size[:, None].astype(np.float64)
    scenario = Scenario.model_validate(
        {"schema": 1, "rules": {"num_federations": "free"}} | _merged(asked)
    )
    fields: dict[str, Any] = {
        "instance": _instance(size, current, ties),
        "scenario": scenario,
        "graph": _graph(minutes),
        "travel": Travel(
            minutes,
            np.zeros((n, n), np.uint8),
            base_minutes,
            np.zeros((n, 2), np.uint8),
        ),
        "cost": FederationCost(
            travel_gbp, None, None, travel_gbp, size, fixed_gbp=COST_GBP
        ),
        "list_size": size,
        "budget_gbp": np.full(n, BUDGET_GBP),
        "variance_gbp2": BUDGET_GBP**2 * (3.6**2 / size + 0.07**2),
    }
    return Problem(**(fields | held))


def _merged(asked: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the sections, the count left free unless they state one."""
    sections = {name: dict(section) for name, section in (asked or {}).items()}
    sections["rules"] = {"num_federations": "free"} | sections.get("rules", {})
    return sections


def _minutes() -> FloatArray:
    row = np.repeat(np.arange(3), 3)
    column = np.tile(np.arange(3), 3)
    steps = abs(row[:, None] - row) + abs(column[:, None] - column)
    minutes: FloatArray = steps * MINUTES_A_STEP
    return minutes


def _graph(minutes: FloatArray) -> NeighbourGraph:
    first, second = np.nonzero(np.triu(minutes == MINUTES_A_STEP))
    pairs = np.stack([first, second], axis=1).astype(np.int32)
    nodes, indices = np.nonzero(minutes == MINUTES_A_STEP)
    indptr = np.searchsorted(nodes, np.arange(len(CODES) + 1))
    return NeighbourGraph(
        pairs=pairs,
        kind=np.zeros(len(pairs), np.int8),
        km=np.ones(len(pairs)),
        indptr=indptr.astype(np.int32),
        indices=indices.astype(np.int32),
        on_edge=np.array([code != "B2" for code in CODES]),
        method="file",
    )


def _metres(values: list[int]) -> FloatArray:
    return np.array(values, dtype=np.float64)


def _instance(
    size: Any, current: tuple[str, ...] | None, ties: tuple[Tie, ...]
) -> Instance:
    urban = np.array(["Urban"] * 8 + ["Rural"])
    return Instance(
        name="square",
        title="Square",
        practices=Practices(
            code=CODES,
            name=NAMES,
            easting_m=_metres([400_000, 401_000, 402_000] * 3),
            northing_m=_metres([300_000] * 3 + [299_000] * 3 + [298_000] * 3),
            list_size=size,
            budget_gbp=np.full(len(CODES), BUDGET_GBP),
            attributes={
                "row": Attribute("row", "category", "label", np.array(ROW)),
                "rurality": Attribute("rurality", "category", "label", urban),
                "tier": Attribute("tier", "category", "label", np.array(TIER)),
            },
        ),
        bases=Bases(
            code=("X", "Y"),
            name=("Base X", "Base Y"),
            easting_m=_metres([400_000, 402_000]),
            northing_m=_metres([300_000, 298_000]),
            status=("open", "candidate"),
            fixed_cost_gbp=np.array([100_000.0, np.nan]),
        ),
        ties=ties,
        current=current,
    )
