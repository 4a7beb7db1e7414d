"""Plans as data: moving a practice, and telling two plans apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federate.errors import PlanError
from federate.plan import Plan
from tests.square import CODES, grouped, rows

LABELS = st.lists(st.sampled_from(("", "P", "Q", "R")), min_size=9, max_size=9)


def plan_of(labels: list[str]) -> Plan:
    federation = dict(zip(CODES, labels, strict=True))
    centre = {g: c for c, g in reversed(federation.items()) if g}
    return Plan(federation, centre)


def test_members_are_listed_by_label_then_code() -> None:
    plan = Plan({"b": "Y", "a": "Y", "c": "X", "d": ""}, {"Y": "b", "X": "c"})
    assert list(plan.members.items()) == [("X", ("c",)), ("Y", ("a", "b"))]


def test_those_standing_alone_are_no_federation() -> None:
    assert grouped("A1 A2").num_federations == 1


def test_a_move_makes_a_new_plan() -> None:
    before = rows()
    after = before.move("A1", "F2")
    assert (before.federation["A1"], after.federation["A1"]) == ("F1", "F2")


def test_a_move_to_a_new_label_founds_a_federation_led_by_the_practice() -> None:
    after = rows().move("A1", "New")
    assert after.centre["New"] == "A1"


def test_the_last_to_leave_takes_the_federation_with_it() -> None:
    after = grouped("A1", "A2 A3").move("A1", "F2")
    assert dict(after.centre) == {"F2": "A2"}


def test_a_federation_that_loses_its_centre_gets_another_member() -> None:
    after = rows().move("A2", "F2")
    assert after.centre["F1"] == "A1"


def test_moving_a_practice_the_plan_lacks_is_refused_with_a_hint() -> None:
    plan = Plan({"A81001": "X"}, {"X": "A81001"})
    with pytest.raises(PlanError, match="no practice A81O01; did you mean A81001"):
        plan.move("A81O01", "X")


def test_renaming_federations_moves_nobody() -> None:
    renamed = Plan({c: f"N{g}" for c, g in rows().federation.items()}, {})
    assert not renamed.diff(rows())


def test_a_moved_practice_is_told_with_its_labels_before_and_after() -> None:
    renamed = {"F1": "X", "F2": "Y", "F3": "Z"}
    after = rows().move("A1", "F2")
    after = Plan({c: renamed[g] for c, g in after.federation.items()}, {})
    assert after.diff(rows()).moved == (("A1", "F1", "Y"),)


def test_federations_are_matched_on_patients_where_they_are_known() -> None:
    before = grouped("A1 A2 A3")
    after = grouped("A1", "A2 A3")
    patients = dict.fromkeys(CODES, 1) | {"A1": 100}
    assert after.diff(before).matched == {"F1": "F2"}
    assert after.diff(before, patients).matched == {"F1": "F1"}


def test_patients_that_move_are_counted() -> None:
    patients = {code: 10 + k for k, code in enumerate(CODES)}
    assert rows().move("B2", "F1").diff(rows(), patients).patients == 14


def test_standing_alone_is_matched_with_itself() -> None:
    before = grouped("A1 A2 A3")
    after = grouped("A1 A2 A3", "B1 B2")
    assert after.diff(before).moved == (("B1", "", "F2"), ("B2", "", "F2"))


def test_practices_of_one_plan_only_are_listed_apart() -> None:
    before = Plan({"a": "X", "b": "X"}, {"X": "a"})
    after = Plan({"a": "X", "c": "X"}, {"X": "a"})
    diff = after.diff(before)
    assert (diff.moved, diff.before_only, diff.after_only) == ((), ("b",), ("c",))


def test_empty_lists_are_still_matched_by_practices() -> None:
    nobody = dict.fromkeys(CODES, 0)
    renamed = {"F1": "Z", "F2": "Y", "F3": "X"}
    same = Plan({c: renamed[g] for c, g in rows().federation.items()}, {})
    assert not same.diff(rows(), nobody).moved


@given(LABELS)
def test_a_plan_does_not_differ_from_itself(labels: list[str]) -> None:
    assert not plan_of(labels).diff(plan_of(labels))


@given(LABELS, LABELS)
def test_as_many_practices_move_back_as_moved(one: list[str], two: list[str]) -> None:
    a, b = plan_of(one), plan_of(two)
    assert len(a.diff(b).moved) == len(b.diff(a).moved)


@given(LABELS, st.sampled_from(CODES), st.sampled_from(("", "P", "Q", "new")))
def test_one_move_moves_at_most_one(labels: list[str], code: str, to: str) -> None:
    before = plan_of(labels)
    assert len(before.move(code, to).diff(before).moved) <= 1
