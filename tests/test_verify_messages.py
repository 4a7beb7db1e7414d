"""What `verify` says: sentences for a planner, with names, numbers, amounts."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from federate.errors import PlanError
from federate.plan import Plan
from federate.practices.instance import Tie
from federate.verify import Violation, exceptions, verify
from tests.square import grouped, rows, square

TWO_FOUR_THREE = grouped("A1 A2", "A3 B3 B2 B1", "C1 C2 C3")


def only(asked: dict[str, Any], plan: Plan, **fields: Any) -> Violation:
    (violation,) = verify(square(asked, **fields), plan)
    return violation


@pytest.mark.parametrize(
    ("asked", "plan", "fields", "message"),
    [
        (
            {"rules": {"size_bounds": (0, 37_500)}},
            TWO_FOUR_THREE,
            {},
            "F2 has 40,000 patients, 2,500 above the upper bound of 37,500",
        ),
        (
            {"rules": {"size_bounds": (20_001, 90_000)}},
            TWO_FOUR_THREE,
            {},
            "F1 has 20,000 patients, 1 below the lower bound of 20,001",
        ),
        (
            {"rules": {"practices_bounds": (3, 9)}},
            TWO_FOUR_THREE,
            {},
            "F1 has 2 practices, 1 fewer than the fewest allowed, 3",
        ),
        (
            {"rules": {"num_federations": 5}},
            rows(),
            {},
            "the plan has 3 federations, 2 too few: exactly 5 asked for",
        ),
        (
            {"rules": {"num_federations": (1, 2)}},
            rows(),
            {},
            "the plan has 3 federations, 1 too many: between 1 and 2 asked for",
        ),
        (
            {"rules": {"contiguity": "contiguous"}},
            grouped("A1 A2 C1", "A3 B1 B2 B3 C2 C3"),
            {},
            "F1 is in 2 pieces and must be in one piece: Gorse (C1) cut off from "
            "the rest",
        ),
        (
            {"rules": {"no_donut": True}},
            grouped("A1 A2 A3 B1 B3 C1 C2 C3", "B2"),
            {},
            "F1 encloses Elm (B2)",
        ),
        (
            {"rules": {"max_travel_min": 15}},
            grouped("A2 A1 A3", "B2 B1 B3", "C1 C2 C3"),
            {},
            "Ivy (C3) is 20.0 minutes from Gorse (C1), the centre of F3, 5.0 beyond "
            "the limit of 15",
        ),
        (
            {"rules": {"stay_inside": ["row"]}},
            grouped("A2 A1 A3", "B2 B1 B3 C1 C2 C3"),
            {},
            "F2 straddles a border of row that federations must stay inside: it "
            "holds practices of B and C",
        ),
        (
            {"rules": {"together": [["A1", "A2", "A3"]]}},
            TWO_FOUR_THREE,
            {},
            "Ash (A1), Beech (A2) and Cherry (A3) must be together, but are spread "
            "over F1 and F2",
        ),
        (
            {"rules": {"keep": ["A1", "B1"]}},
            grouped("A1 A2 A3 B1 B2 B3", "C1 C2 C3"),
            {},
            "Ash (A1) and Damson (B1) share F1, but must stay in their different "
            "present groups",
        ),
        (
            {},
            rows(),
            {"ties": (Tie("A3", "A1", "would_not"),)},
            "Ash (A1) and Cherry (A3) share F1, but would not work together",
        ),
        (
            {"membership": {"allow_singletons": False}},
            grouped("A1", "A2 A3 B1 B2 B3 C1 C2 C3"),
            {},
            "F1 is Ash (A1) alone; one practice may not be a federation",
        ),
        (
            {"rules": {"size_bounds": (0, 39_999)}},
            grouped("B1 B2", "A1 A2 A3", "B3", "C1", "C2", "C3"),
            {"sizes": {"B2": 40_000}, "oversize": (4,)},
            "F1 mixes Elm (B2), which with 40,000 patients must be its own, with "
            "other practices",
        ),
        (
            {"risk": {"max_probability": 0.2}},
            grouped("A1 A2 A3 B1 B2 B3 C1 C2 C3"),
            {},
            "F1 with 90,000 patients would overspend by more than 2.0% in 22.7% of "
            "years; at most 20.0% is allowed",
        ),
    ],
)
def test_a_violation_is_a_sentence_with_names_and_numbers(
    asked: dict[str, Any], plan: Plan, fields: dict[str, Any], message: str
) -> None:
    assert only(asked, plan, **fields).message == message


def test_a_violation_says_by_how_much() -> None:
    violation = only({"rules": {"size_bounds": (0, 37_500)}}, TWO_FOUR_THREE)
    assert (violation.amount, violation.unit) == (2_500.0, "persons")


def test_a_violation_names_its_federation_and_practices() -> None:
    violation = only({"rules": {"size_bounds": (0, 37_500)}}, TWO_FOUR_THREE)
    assert violation.federation == "F2"
    assert violation.practices == ("A3", "B1", "B2", "B3")


def test_a_practice_outside_is_named() -> None:
    violation = only({}, grouped("A2 A1 A3", "B2 B1 B3", "C2 C1"))
    assert violation.message == (
        "Ivy (C3) is in no federation, but joining is mandatory"
    )


def test_a_centre_elsewhere_is_named() -> None:
    plan = replace(rows(), centre={"F1": "A2", "F2": "B2", "F3": "B1"})
    assert only({}, plan).message == (
        "F3 is led by Damson (B1), which is not one of its members"
    )


def test_a_plan_that_does_not_fit_is_refused_with_every_fault() -> None:
    plan = Plan(
        {"A1": "X", "A2": "X", "Z9": "X", "B1": "Y"} | dict.fromkeys(["C1"], ""),
        {"X": "A7"},
    )
    with pytest.raises(PlanError) as raised:
        verify(square(), plan)
    said = str(raised.value)
    assert "no practice Z9 in the instance" in said
    assert "practice C3 is missing; give it a federation" in said
    assert "the centre of X, A7, is not a practice" in said
    assert "federation Y has no centre" in said
    assert len(raised.value.faults) == 8


def test_oversize_federations_are_named_exceptions() -> None:
    problem = square(
        {"rules": {"size_bounds": (0, 30_000)}}, sizes={"B2": 40_000}, oversize=(4,)
    )
    (finding,) = [f for f in exceptions(problem, rows_around_b2()) if f.federation]
    assert finding.kind == "oversize"
    assert finding.message == (
        "F2 is Elm (B2) by itself: its 40,000 patients alone are above the upper "
        "bound of 30,000"
    )


def rows_around_b2() -> Plan:
    return grouped("A1 A2 A3", "B2", "B1 C1", "C2 C3 B3")


def test_waived_federations_are_named_exceptions() -> None:
    asked = {"rules": {"size_bounds": (30_000, 90_000), "size_waivers": ["A2"]}}
    found = exceptions(square(asked, waived=(1,)), TWO_FOUR_THREE)
    assert [f.message for f in found if f.kind == "waived"] == [
        "F1 has 20,000 patients, below the lower bound of 30,000, which is waived "
        "for Beech (A2)"
    ]


def test_a_plan_in_bounds_has_no_exception_of_size() -> None:
    asked = {"rules": {"size_bounds": (20_000, 90_000), "size_waivers": ["A2"]}}
    found = exceptions(square(asked, waived=(1,)), TWO_FOUR_THREE)
    assert not [f for f in found if f.kind in ("waived", "oversize")]


def test_no_message_ends_in_a_full_stop() -> None:
    asked = {
        "rules": {"size_bounds": (31_000, 32_000), "contiguity": "contiguous"},
        "risk": {"max_probability": 0.01},
    }
    plan = grouped("A1 C1", "A2 A3 B1 B2 B3", "C2 C3")
    said = [v.message for v in verify(square(asked, alone_gbp=np.ones(9)), plan)]
    assert len(said) > 5
    assert not [text for text in said if re.search(r"\.$|\s\s", text)]
