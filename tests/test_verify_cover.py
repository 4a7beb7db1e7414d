"""Out-of-hours cover: base X stands at A1, base Y at C3; C3 alone is rural."""

from dataclasses import replace
from typing import Any

import pytest

from federate.plan import Plan
from federate.verify import CHECKS, exceptions, verify
from tests.square import CODES, rows, square

NEAR = {"cover": {"reach_urban_min": 20.0, "reach_rural_min": 20.0}}
SERVED = {
    "A1": "X",
    "A2": "X",
    "A3": "X",
    "B1": "X",
    "B2": "X",
    "B3": "Y",
    "C1": "Y",
    "C2": "Y",
    "C3": "Y",
}


def covered(bases: dict[str, str], *open_bases: str) -> Plan:
    return replace(rows(), bases=bases, open_bases=open_bases)


def messages(asked: dict[str, Any], plan: Plan) -> list[str]:
    return [v.message for v in verify(square(asked), plan) if v.rule == "cover.enabled"]


def test_every_practice_covered_within_reach_passes() -> None:
    assert messages(NEAR, covered(SERVED, "X", "Y")) == []


@pytest.mark.parametrize(
    ("change", "open_bases", "message"),
    [
        ({"A3": None}, "XY", "is covered by no out-of-hours base, though one is in"),
        ({"A3": "Z"}, "XY", "is covered by Z, which is not a base of the instance"),
        ({}, "Y", "is covered by X, which is not open"),
        ({"A2": "Y"}, "XY", "is 30.0 minutes from Y, the base that covers it, 10.0 "),
    ],
)
def test_cover_that_fails_is_told(
    change: dict[str, str | None], open_bases: str, message: str
) -> None:
    bases = {code: b for code, b in (SERVED | change).items() if b is not None}
    said = messages(NEAR, covered(bases, *open_bases))
    assert said
    assert all(message in text for text in said)


def test_a_rural_practice_has_the_rural_reach() -> None:
    asked = {"cover": {"reach_urban_min": 20.0, "reach_rural_min": 39.0}}
    said = messages(asked, covered(SERVED | {"C3": "X"}, "X", "Y"))
    assert said == [
        "Ivy (C3) is 40.0 minutes from X, the base that covers it, 1.0 beyond its "
        "reach of 39"
    ]


def test_a_practice_that_no_base_reaches_is_a_finding_and_no_violation() -> None:
    asked = {"cover": {"reach_urban_min": 10.0, "reach_rural_min": 10.0}}
    near = {"A1": "X", "A2": "X", "B1": "X", "B3": "Y", "C2": "Y", "C3": "Y"}
    plan = covered(near, "X", "Y")
    assert messages(asked, plan) == []
    found = exceptions(square(asked), plan)
    assert [f.practices for f in found] == [("A3",), ("B2",), ("C1",)]
    assert found[0].message == "no out-of-hours base can reach Cherry (A3)"


def test_a_closed_base_in_reach_still_asks_for_cover() -> None:
    near = {code: base for code, base in SERVED.items() if base == "X"}
    assert len(messages(NEAR, covered(near, "X"))) == 4


def test_a_plan_without_bases_says_nothing_on_cover_and_that_is_said() -> None:
    problem = square(NEAR)
    assert verify(problem, rows()) == ()
    assert [f.kind for f in exceptions(problem, rows())] == ["cover_not_planned"]


def test_cover_that_was_not_asked_for_is_not_checked() -> None:
    asked = {"cover": {"enabled": False}}
    assert messages(asked, covered({}, "X")) == []
    assert exceptions(square(asked), rows()) == ()


def test_the_cover_check_is_among_the_checks() -> None:
    assert "check_cover" in {check.__name__ for check in CHECKS}
    assert len(messages(NEAR, covered({}, "X"))) == len(CODES)
