"""Scenarios that no plan can keep, each for a reason that was planted on purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks import wishes
from federate.practices.instance import Instance
from federate.problem import Problem

__all__ = ["PLANTED", "Planted"]

Changes = dict[str, Any]


def _as_it_is(base: Problem) -> Instance:
    return base.instance


@dataclass(frozen=True)
class Planted:
    """One scenario without a plan.

    Parameters
    ----------
    name, region
        What it is, and of which area.
    kind
        What sort of reason.
    rules
        Dotted keys of the rules that clash: an explanation names them all.
    change
        Problem under ``pcn2019`` → changes as ``Scenario.with_`` takes them.
    instance
        The same problem → the practices, where they are changed as well.
    """

    name: str
    region: str
    kind: str
    rules: frozenset[str]
    change: Callable[[Problem], Changes]
    instance: Callable[[Problem], Instance] = _as_it_is


def _set(**changes: Any) -> Callable[[Problem], Changes]:
    return lambda base: dict(changes)


SIZE, COUNT = "rules.size_bounds", "rules.num_federations"
MEMBERS, TRAVEL = "rules.practices_bounds", "rules.max_travel_min"
TOGETHER, APART = "rules.together", "rules.apart"


def _p(
    name: str,
    region: str,
    kind: str,
    rules: set[str],
    change: Callable[[Problem], Changes],
    instance: Callable[[Problem], Instance] = _as_it_is,
) -> Planted:
    return Planted(name, region, kind, frozenset(rules), change, instance)


PLANTED = (
    _p(
        "more than all patients",
        "trafford",
        "too small",
        {SIZE},
        _set(rules__size_bounds=(300_000, 400_000)),
    ),
    _p(
        "between three and four",
        "sefton",
        "totals",
        {SIZE},
        _set(rules__size_bounds=(75_000, 90_000)),
    ),
    _p(
        "one practice refused",
        "oxfordshire",
        "too large",
        {"rules.oversize", SIZE},
        wishes.refused,
    ),
    _p(
        "too many federations",
        "trafford",
        "count",
        {SIZE, COUNT},
        _set(rules__num_federations=9),
    ),
    _p(
        "too few federations",
        "richmond_upon_thames",
        "count",
        {SIZE, COUNT},
        _set(rules__num_federations=4),
    ),
    _p(
        "seven apart in six federations",
        "trafford",
        "apart and count",
        {APART, COUNT},
        wishes.all_apart,
    ),
    _p(
        "five largest together",
        "trafford",
        "together above the bound",
        {TOGETHER, SIZE},
        wishes.five_together,
    ),
    _p(
        "together from end to end",
        "shropshire",
        "together and travel",
        {TOGETHER, TRAVEL},
        wishes.far_together,
    ),
    _p(
        "together and apart",
        "richmond_upon_thames",
        "together and apart",
        {TOGETHER, APART},
        wishes.both_ways,
    ),
    _p(
        "together by another",
        "manchester",
        "together and apart",
        {TOGETHER, APART},
        wishes.by_another,
    ),
    _p(
        "five minutes in the hills",
        "shropshire",
        "travel",
        {TRAVEL, SIZE},
        _set(rules__max_travel_min=5.0),
    ),
    _p(
        "a quarter of an hour in the lakes",
        "cumbria",
        "travel",
        {TRAVEL, SIZE},
        _set(rules__max_travel_min=15.0),
    ),
    _p(
        "two practices at most",
        "oxfordshire",
        "practices",
        {MEMBERS, SIZE},
        _set(rules__practices_bounds=(1, 2)),
    ),
    _p(
        "nine practices at least",
        "sefton",
        "practices",
        {MEMBERS, SIZE},
        _set(rules__practices_bounds=(9, 20)),
    ),
    _p(
        "frozen below the bound",
        "trafford",
        "freeze and size",
        {"rules.freeze", SIZE},
        wishes.frozen_small,
    ),
    _p(
        "frozen above the bound",
        "oxfordshire",
        "freeze and size",
        {"rules.freeze", SIZE},
        wishes.frozen_large,
    ),
    _p(
        "grown above the bound",
        "richmond_upon_thames",
        "grow and size",
        {"rules.grow", SIZE},
        wishes.grown_large,
    ),
    _p(
        "kept apart and wished together",
        "cumbria",
        "keep and together",
        {"rules.keep", TOGETHER},
        wishes.kept_and_joined,
    ),
    _p(
        "inside borders of networks",
        "shropshire",
        "borders",
        {"rules.stay_inside", SIZE},
        _set(rules__stay_inside=("pcn_name",), rules__size_bounds=(30_000, 40_000)),
    ),
    _p(
        "a corner that wants nobody",
        "trafford",
        "vetoes",
        {"rules.respect_vetoes", SIZE},
        _set(),
        wishes.vetoed,
    ),
    _p(
        "a corner without neighbours",
        "richmond_upon_thames",
        "islands",
        {"rules.contiguity", SIZE},
        _set(),
        wishes.cut_off,
    ),
    _p(
        "a shock larger than the margin",
        "trafford",
        "risk",
        {"risk.max_probability"},
        _set(risk__max_probability=0.05, risk__tolerance=0.005),
    ),
    _p(
        "pools too small for the risk",
        "sefton",
        "risk and size",
        {"risk.max_probability", SIZE},
        _set(risk__max_probability=0.1, risk__tolerance=0.03),
    ),
    _p(
        "a contract that takes too little",
        "trafford",
        "contract",
        {"risk.max_probability"},
        _set(
            contracts__required=True,
            contracts__menu__quota__quota_share=0.1,
            risk__max_probability=0.1,
            risk__tolerance=0.004,
        ),
    ),
    _p(
        "running cost above the allowance",
        "trafford",
        "allowance",
        {"scale.allowance_gbp_per_head", SIZE},
        _set(
            scale__fixed_gbp_per_federation=200_000.0,
            scale__allowance_gbp_per_head=3.0,
        ),
    ),
)
