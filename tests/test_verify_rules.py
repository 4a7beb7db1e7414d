"""For each rule: a plan that just keeps it, and one that just breaks it.

Each case states its rule once in the scenario and once in the problem's own
arrays, since `verify` holds a plan to both readings.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from federate.criteria.risk import risk_slope
from federate.plan import Plan
from federate.practices.instance import Tie
from federate.problem import Problem
from federate.verify import CHECKS, verify
from tests.square import CODES, grouped, rows, square

THREE_AND_SIX = grouped("A2 A1 A3", "B2 B1 B3 C1 C2 C3")
# A1 and C1 with the middle column between them: two pieces.
TWO_PIECES = grouped("A1 C1", "A2 A3 B1 B2 B3", "C2 C3")
RING = grouped("A1 A2 A3 B1 B3 C1 C2 C3", "B2")
OPEN_RING = grouped("A1 A2 A3 B1 C1 C2 C3", "B2 B3")
EIGHT_ALONE = grouped(*(code for code in CODES if code != "B2"))


@dataclass(frozen=True)
class Case:
    """A rule, as the scenario writes it and as the problem holds it."""

    rule: str
    keeps: Plan
    breaks: Plan
    asked: dict[str, Any] = field(default_factory=dict)
    held: dict[str, Any] = field(default_factory=dict)
    always: dict[str, Any] = field(default_factory=dict)


CASES = {
    "everybody in": Case(
        rule="membership.mode",
        keeps=rows(),
        breaks=grouped("A2 A1 A3", "B2 B1 B3", "C2 C1"),
    ),
    "oversize in": Case(
        rule="membership.mode",
        keeps=grouped("C3", "A2 A1 A3"),
        breaks=grouped("A2 A1 A3"),
        always={
            "sizes": {"C3": 40_000},
            "oversize": (8,),
            "size_bounds": (0.0, 30_000.0),
            "alone_gbp": np.ones(9),
        },
    ),
    "centre": Case(
        rule="plan.centre",
        keeps=rows(),
        breaks=Plan(rows().federation, {"F1": "A2", "F2": "B2", "F3": "B1"}),
    ),
    "fewest federations": Case(
        rule="rules.num_federations",
        keeps=rows(),
        breaks=THREE_AND_SIX,
        asked={"rules": {"num_federations": (3, 9)}},
        held={"num_federations": (3, None)},
    ),
    "most federations": Case(
        rule="rules.num_federations",
        keeps=THREE_AND_SIX,
        breaks=rows(),
        asked={"rules": {"num_federations": 2}},
        held={"num_federations": (1, 2)},
    ),
    "smallest size": Case(
        rule="rules.size_bounds",
        keeps=rows(),
        breaks=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        asked={"rules": {"size_bounds": (30_000, 90_000)}},
        held={"size_bounds": (30_000.0, 90_000.0)},
    ),
    "largest size": Case(
        rule="rules.size_bounds",
        keeps=rows(),
        breaks=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        asked={"rules": {"size_bounds": (0, 30_000)}},
        held={"size_bounds": (0.0, 30_000.0)},
    ),
    "fewest practices": Case(
        rule="rules.practices_bounds",
        keeps=rows(),
        breaks=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        asked={"rules": {"practices_bounds": (3, 9)}},
        held={"practices_bounds": (3, 9)},
    ),
    "most practices": Case(
        rule="rules.practices_bounds",
        keeps=rows(),
        breaks=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        asked={"rules": {"practices_bounds": (1, 3)}},
        held={"practices_bounds": (1, 3)},
    ),
    "no singletons": Case(
        rule="membership.allow_singletons",
        keeps=OPEN_RING,
        breaks=RING,
        asked={"membership": {"allow_singletons": False}},
        held={"allow_singletons": False},
    ),
    "oversize unmixed": Case(
        rule="rules.oversize",
        keeps=grouped("C3", "A1 A2 A3 B1 B2 B3 C1 C2"),
        breaks=rows(),
        always={
            "sizes": dict.fromkeys(CODES, 1) | {"C3": 40_000},
            "oversize": (8,),
        },
        asked={"rules": {"size_bounds": (0, 39_999)}},
        held={"size_bounds": (0.0, 39_999.0)},
    ),
    "contiguous": Case(
        rule="rules.contiguity",
        keeps=rows(),
        breaks=TWO_PIECES,
        asked={"rules": {"contiguity": "contiguous"}},
        held={"max_pieces": 1},
    ),
    "two pieces": Case(
        rule="rules.contiguity",
        keeps=TWO_PIECES,
        breaks=grouped("A1 C1 B3", "A2 A3 B1 B2", "C2 C3"),
        asked={"rules": {"contiguity": "pieces", "max_pieces": 2}},
        held={"max_pieces": 2},
    ),
    "no donut": Case(
        rule="rules.no_donut",
        keeps=OPEN_RING,
        breaks=RING,
        asked={"rules": {"no_donut": True}},
        held={"no_donut": True},
    ),
    "no donut around those alone": Case(
        rule="rules.no_donut",
        keeps=grouped("A1 A2 A3 B1 C1 C2 C3"),
        breaks=grouped("A1 A2 A3 B1 B3 C1 C2 C3"),
        asked={"rules": {"no_donut": True}},
        held={"no_donut": True},
        always={"alone_gbp": np.ones(9)},
    ),
    "reach": Case(
        rule="rules.max_travel_min",
        keeps=rows(),
        breaks=grouped("A2 A1 A3", "B2 B1 B3", "C1 C2 C3"),
        asked={"rules": {"max_travel_min": 10.0}},
        held={"reachable": square().travel.minutes <= 10.0},
    ),
    "stay inside": Case(
        rule="rules.stay_inside",
        keeps=rows(),
        breaks=THREE_AND_SIX,
        asked={"rules": {"stay_inside": ["row"]}},
        held={"zone": np.repeat(np.arange(3), 3)},
    ),
    "together": Case(
        rule="rules.together",
        keeps=rows(),
        breaks=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        asked={"rules": {"together": [["A1", "A3"]]}},
        held={"together": ((0, 2),)},
    ),
    "together or all alone": Case(
        rule="rules.together",
        keeps=grouped("B2 B1 B3", "A2"),
        breaks=grouped("B2 B1 B3", "A2 A1"),
        asked={"rules": {"together": [["A1", "A3"]]}},
        held={"together": ((0, 2),)},
        always={"alone_gbp": np.ones(9)},
    ),
    "apart": Case(
        rule="rules.apart",
        keeps=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        breaks=rows(),
        asked={"rules": {"apart": [["A1", "A3"]]}},
        held={"apart": ((0, 2),)},
    ),
    "apart, three of them": Case(
        rule="rules.apart",
        keeps=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        breaks=rows(),
        asked={"rules": {"apart": [["C1", "A3", "A1"]]}},
        held={"apart": ((0, 2), (0, 6), (2, 6))},
    ),
    "veto": Case(
        rule="rules.respect_vetoes",
        keeps=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        breaks=rows(),
        always={"ties": (Tie("A3", "A1", "would_not"),)},
        asked={"rules": {"respect_vetoes": True}},
    ),
    "keep one group": Case(
        rule="rules.keep",
        keeps=rows(),
        breaks=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        asked={"rules": {"keep": ["A1", "A3"]}},
    ),
    "keep a whole group by its name": Case(
        rule="rules.keep",
        keeps=rows(),
        breaks=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        asked={"rules": {"keep": ["A"]}},
    ),
    "keep two groups apart": Case(
        rule="rules.keep",
        keeps=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        breaks=THREE_AND_SIX,
        asked={"rules": {"keep": ["B1", "C1"]}},
    ),
    "freeze, nobody joins": Case(
        rule="rules.freeze",
        keeps=rows(),
        breaks=THREE_AND_SIX,
        asked={"rules": {"freeze": ["C"]}},
    ),
    "freeze, nobody leaves": Case(
        rule="rules.freeze",
        keeps=THREE_AND_SIX,
        breaks=grouped("A1 A2", "A3", "B3 B2 B1", "C1 C2 C3"),
        asked={"rules": {"freeze": ["A"]}},
    ),
    "freeze, not even all": Case(
        rule="rules.freeze",
        keeps=rows(),
        breaks=grouped("B2 B1 B3", "C1 C2 C3"),
        asked={"rules": {"freeze": ["A"]}},
        always={"alone_gbp": np.ones(9)},
    ),
    "grow, nobody leaves": Case(
        rule="rules.grow",
        keeps=THREE_AND_SIX,
        breaks=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        asked={"rules": {"grow": ["A"]}},
    ),
    "grow, not even all": Case(
        rule="rules.grow",
        keeps=THREE_AND_SIX,
        breaks=grouped("B2 B1 B3", "C1 C2 C3"),
        asked={"rules": {"grow": ["A"]}},
        always={"alone_gbp": np.ones(9)},
    ),
    "grow two groups apart": Case(
        rule="rules.grow",
        keeps=grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3"),
        breaks=THREE_AND_SIX,
        asked={"rules": {"grow": ["B", "C"]}},
    ),
    "risk": Case(
        rule="risk.max_probability",
        keeps=grouped("A2 A1 A3", "B2 B1 B3 C1 C2 C3"),
        breaks=grouped("A1 A2", "A3 B1 B2 B3 C1 C2 C3"),
        asked={"risk": {"max_probability": 0.345}},
        held={
            "kappa": risk_slope(tolerance=0.02, max_probability=0.345, tau_shock=0.005)
        },
    ),
    "risk in a skewed tail": Case(
        rule="risk.max_probability",
        keeps=grouped("A2 A1 A3", "B2 B1 B3 C1 C2 C3"),
        breaks=grouped("A1 A2", "A3 B1 B2 B3 C1 C2 C3"),
        asked={"risk": {"max_probability": 0.345, "tail": "normal-power"}},
    ),
    "full-tier share": Case(
        rule="tiers.min_full_share",
        keeps=grouped("A1 B1 C1", "A2 B2 C2", "A3 B3 C3"),
        breaks=rows(),
        asked={"tiers": {"column": "tier", "min_full_share": 0.3}},
    ),
    "running-cost allowance": Case(
        rule="scale.allowance_gbp_per_head",
        keeps=rows(),
        breaks=grouped("A1 A2", "A3 B1 B2 B3 C1 C2 C3"),
        asked={
            "scale": {
                "fixed_gbp_per_federation": 60_000.0,
                "allowance_gbp_per_head": 2.5,
            }
        },
    ),
    "contract on offer": Case(
        rule="contracts.menu",
        keeps=replace(rows(), contracts={"F1": "cap"}),
        breaks=replace(rows(), contracts={"F1": "cup"}),
        asked={
            "risk": {"max_probability": 0.49},
            "contracts": {"menu": {"cap": {"stop_loss_from": 0.0}}},
        },
    ),
    "risk at any size": Case(
        rule="risk.max_probability",
        keeps=grouped("C3"),
        breaks=grouped("C3", "A1 A2 A3 B1 B2 B3 C1 C2"),
        asked={"risk": {"max_probability": 0.001, "tau_shock": 0.01}},
        held={"kappa": float("nan")},
        always={
            "sizes": {"C3": 90_001},
            "size_bounds": (0.0, 90_000.0),
            "oversize": (8,),
            "alone_gbp": np.ones(9),
        },
    ),
}
READINGS = [
    pytest.param(case, reading, id=f"{name}, as {reading}")
    for name, case in CASES.items()
    for reading in ("asked", "held")
    if getattr(case, reading) or (not case.asked and reading == "held")
]


def problem_of(case: Case, reading: str) -> Problem:
    asked = case.asked if reading == "asked" else None
    held = case.held if reading == "held" else {}
    if case.rule == "rules.respect_vetoes":
        asked = case.asked
    return square(asked, **case.always, **held)


@pytest.mark.parametrize(("case", "reading"), READINGS)
def test_a_plan_that_just_keeps_the_rule_passes(case: Case, reading: str) -> None:
    assert verify(problem_of(case, reading), case.keeps) == ()


@pytest.mark.parametrize(("case", "reading"), READINGS)
def test_a_plan_that_just_breaks_the_rule_is_found_out(
    case: Case, reading: str
) -> None:
    broken = verify(problem_of(case, reading), case.breaks)
    assert {violation.rule for violation in broken} == {case.rule}


@pytest.mark.parametrize(
    "check",
    # Out-of-hours cover has its own cases in test_verify_cover.
    [check for check in CHECKS if check.__name__ != "check_cover"],
    ids=lambda check: check.__name__,
)
def test_no_check_can_be_deleted_unnoticed(
    check: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "federate.verify.rules.CHECKS", tuple(c for c in CHECKS if c is not check)
    )
    unseen = [
        case
        for case in CASES.values()
        if not verify(problem_of(case, "asked" if case.asked else "held"), case.breaks)
    ]
    assert unseen


def test_the_tighter_of_scenario_and_problem_binds() -> None:
    asked = {"rules": {"size_bounds": (30_000, 90_000)}}
    loosened = square(asked, size_bounds=(0.0, 90_000.0))
    broken = verify(loosened, CASES["smallest size"].breaks)
    assert [violation.rule for violation in broken] == ["rules.size_bounds"]


def test_a_waived_member_lets_its_federation_lie_below_the_lower_bound() -> None:
    asked = {"rules": {"size_bounds": (30_000, 90_000), "size_waivers": ["A2"]}}
    plan = CASES["smallest size"].breaks
    assert verify(square(asked, waived=(1,)), plan) == ()


def test_a_waiver_does_not_lift_the_upper_bound() -> None:
    asked = {"rules": {"size_bounds": (0, 30_000), "size_waivers": ["A3"]}}
    broken = verify(square(asked, waived=(2,)), CASES["largest size"].breaks)
    assert [violation.federation for violation in broken] == ["F2"]


def test_a_waiver_the_scenario_does_not_name_is_no_waiver() -> None:
    asked = {"rules": {"size_bounds": (30_000, 90_000)}}
    broken = verify(square(asked, waived=(1,)), CASES["smallest size"].breaks)
    assert [violation.rule for violation in broken] == ["rules.size_bounds"]


def test_a_practice_within_the_bound_cannot_pass_as_oversize() -> None:
    asked = {"rules": {"size_bounds": (20_000, 90_000)}}
    problem = square(asked, oversize=(4,))
    broken = verify(problem, RING)
    assert [violation.federation for violation in broken] == ["F2"]


def test_every_rule_steps_aside_for_an_oversize_practice() -> None:
    asked = {
        "rules": {"size_bounds": (0, 30_000), "practices_bounds": (2, 9)},
        "membership": {"allow_singletons": False},
        "risk": {"max_probability": 0.4, "tolerance": 0.001},
    }
    problem = square(asked, sizes={"B2": 40_000}, oversize=(4,))
    broken = verify(problem, RING)
    assert [violation.federation for violation in broken] == ["F1"] * 2


def test_a_veto_may_be_set_aside() -> None:
    asked = {"rules": {"respect_vetoes": False}}
    problem = square(asked, ties=(Tie("A1", "A3", "would_not"),))
    assert verify(problem, rows()) == ()


def test_a_tie_that_speaks_for_working_together_binds_nobody() -> None:
    problem = square(ties=(Tie("A1", "B1", "allied"), Tie("A1", "A3", "could")))
    assert verify(problem, rows()) == ()


def test_those_standing_alone_are_not_kept_apart() -> None:
    problem = square({"rules": {"apart": [["A1", "A3"]]}}, alone_gbp=np.ones(9))
    assert verify(problem, grouped("B1 B2 B3")) == ()


def test_an_enclosed_practice_that_was_cut_off_before_is_no_donut() -> None:
    problem = square({"rules": {"no_donut": True}})
    pairs = problem.graph.pairs
    no_way_out = pairs[(pairs != CODES.index("B2")).all(axis=1)]
    object.__setattr__(problem.graph, "pairs", no_way_out)
    assert verify(problem, RING) == ()


def test_bounds_of_both_readings_bind_each_on_its_side() -> None:
    asked = {"rules": {"size_bounds": (0, 30_000)}}
    problem = square(asked, size_bounds=(30_000.0, 90_000.0))
    broken = verify(problem, CASES["smallest size"].breaks)
    assert [violation.federation for violation in broken] == ["F1", "F2"]


def test_the_fewer_pieces_of_both_readings_bind() -> None:
    asked = {"rules": {"contiguity": "pieces", "max_pieces": 2}}
    broken = verify(square(asked, max_pieces=1), TWO_PIECES)
    assert [violation.rule for violation in broken] == ["rules.contiguity"]


def test_the_only_way_out_through_an_oversize_practice_is_no_donut() -> None:
    plan = grouped("A1", "A2 A3 B1 B2 B3 C1 C2 C3")
    gate = np.array([code == "A1" for code in CODES])
    rule = {"rules": {"no_donut": True, "size_bounds": (0, 90_000)}}
    usual = square(rule)
    usual.graph.on_edge[:] = gate
    assert [v.rule for v in verify(usual, plan)] == ["rules.no_donut"]
    oversize = square(rule, sizes={"A1": 90_001}, oversize=(0,))
    oversize.graph.on_edge[:] = gate
    assert verify(oversize, plan) == ()


def test_minutes_count_from_the_member_to_the_centre() -> None:
    problem = square({"rules": {"max_travel_min": 10.0}})
    problem.travel.minutes[1, 0] = 99.0  # from A2, a centre, to its member A1
    assert verify(problem, rows()) == ()
    problem.travel.minutes[0, 1] = 99.0
    assert [v.practices for v in verify(problem, rows())] == [("A1",)]


def test_a_barred_centre_is_barred_from_the_member_to_the_centre() -> None:
    may = np.ones((9, 9), dtype=bool)
    may[1, 0] = False
    assert verify(square(reachable=may), rows()) == ()
    may[0, 1] = False
    assert [v.practices for v in verify(square(reachable=may), rows())] == [("A1",)]


def test_kept_practices_of_no_present_group_may_part() -> None:
    current = ("", "", "A", "B", "B", "B", "C", "C", "C")
    asked = {"rules": {"keep": ["A1", "A2"]}}
    plan = grouped("A1", "A2 A3 B1 B2 B3 C1 C2 C3")
    assert verify(square(asked, current=current), plan) == ()


@pytest.mark.parametrize("budget_from", ["instance", "per_head"])
@pytest.mark.parametrize("is_stated", [True, False])
def test_the_budget_is_stated_or_so_much_a_head(
    budget_from: str, is_stated: bool
) -> None:
    # C3 has nine tenths of all money, unless budgets are per head or unknown.
    problem = square({"risk": {"max_probability": 0.26, "budget_from": budget_from}})
    problem.instance.practices.budget_gbp[:] = 1.0 if is_stated else np.nan
    problem.instance.practices.budget_gbp[8] = 72.0 if is_stated else np.nan
    lopsided = is_stated and budget_from == "instance"
    plan = grouped("A1 A2 A3 B1 B2 B3 C1 C2 C3")
    assert bool(verify(problem, plan)) is lopsided
