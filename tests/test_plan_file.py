"""Plan tables: read from anywhere, every fault at once, written the same way."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from federate.errors import PlanError
from federate.plan import Plan
from federate.plan_file import (
    current_plan,
    read_plan,
    with_centres,
    within,
    write_plan,
)
from federate.verify import verify
from tests.square import CODES, grouped, rows, square

TABLE = pd.DataFrame(
    {
        "code": CODES,
        "federation": ["F1"] * 3 + ["F2"] * 3 + ["F3"] * 3,
        "centre": ["A2"] * 3 + ["B2"] * 3 + ["C2"] * 3,
    }
)


def save(folder: Path, text: str) -> Path:
    path = folder / "plan.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(PlanError) as raised:
        read_plan(save(folder, text), square())
    return [str(fault) for fault in raised.value.faults]


def lines(*changed: str) -> str:
    """Return a good table with the rows of some practices replaced."""
    rows_by_code = {code: f"{code},F{code[0]}," for code in CODES}
    rows_by_code |= {row.split(",")[0]: row for row in changed}
    return "\n".join(["code,federation,centre", *rows_by_code.values()]) + "\n"


def test_a_written_plan_reads_back_the_same(tmp_path: Path) -> None:
    write_plan(rows(), tmp_path / "plan.csv")
    assert read_plan(tmp_path / "plan.csv", square()) == rows()


@given(st.lists(st.sampled_from(("", "P", "Q,1", 'R"')), min_size=9, max_size=9))
def test_any_plan_reads_back_the_same(labels: list[str]) -> None:
    from tempfile import TemporaryDirectory

    plan = with_centres(square(), dict(zip(CODES, labels, strict=True)))
    with TemporaryDirectory() as folder:
        write_plan(plan, Path(folder) / "plan.csv")
        assert read_plan(Path(folder) / "plan.csv", square()) == plan


def test_a_plan_is_written_in_the_order_of_its_codes(tmp_path: Path) -> None:
    shuffled = Plan({"b": "X", "a": ""}, {"X": "b"})
    write_plan(shuffled, tmp_path / "plan.csv")
    written = (tmp_path / "plan.csv").read_bytes()
    assert written == b"code,federation,centre\na,,\nb,X,b\n"


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_every_kind_of_table_reads_alike(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"plan.{suffix}"
    write = {
        "csv": lambda: TABLE.to_csv(path, index=False),
        "xlsx": lambda: TABLE.to_excel(path, index=False, engine="xlsxwriter"),
        "parquet": lambda: TABLE.to_parquet(path, index=False),
    }
    write[suffix]()
    assert read_plan(path, square()) == rows()


@pytest.mark.parametrize(
    "heading",
    [
        "code,federation",
        "Practice Code,PCN Code",
        "ODS code,Network",
        "practice,Group",
        "organisation_code,neighbourhood",
    ],
)
def test_headings_of_other_tools_are_understood(tmp_path: Path, heading: str) -> None:
    table = TABLE[["code", "federation"]].to_csv(index=False, header=False)
    plan = read_plan(save(tmp_path, f"{heading}\n{table}"), square())
    assert plan.federation == rows().federation


def test_the_exact_heading_wins_over_a_similar_one(tmp_path: Path) -> None:
    table = TABLE.assign(group="other")
    path = save(tmp_path, table.to_csv(index=False))
    assert read_plan(path, square()).federation == rows().federation


def test_a_plan_without_centres_is_led_from_the_cheapest_member(
    tmp_path: Path,
) -> None:
    path = save(tmp_path, TABLE[["code", "federation"]].to_csv(index=False))
    assert read_plan(path, square()).centre == rows().centre


def test_a_stated_centre_stays(tmp_path: Path) -> None:
    table = TABLE.assign(centre=["A1", "", "", "", "", "", "", "", "C3"])
    plan = read_plan(save(tmp_path, table.to_csv(index=False)), square())
    assert plan.centre == {"F1": "A1", "F2": "B2", "F3": "C3"}


def test_a_centre_that_is_no_member_is_left_to_the_verifier(tmp_path: Path) -> None:
    table = TABLE.assign(centre=["B2"] * 6 + ["C2"] * 3)
    plan = read_plan(save(tmp_path, table.to_csv(index=False)), square())
    assert [v.rule for v in verify(square(), plan)] == ["plan.centre"]


def test_the_centre_is_one_that_all_members_may_have() -> None:
    problem = square()
    barred = np.ones((9, 9), dtype=bool)
    barred[2, 1] = False
    problem = square(reachable=barred)
    assert with_centres(problem, rows().federation).centre["F1"] == "A1"


def test_where_no_centre_is_in_reach_the_cheapest_still_leads() -> None:
    problem = square(reachable=np.eye(9, dtype=bool))
    assert with_centres(problem, rows().federation).centre == rows().centre


def test_rows_outside_the_area_are_passed_over(tmp_path: Path) -> None:
    path = save(tmp_path, lines("Z1,F9,Z1"))
    plan = read_plan(path, square(), outside={"Z1"})
    assert "Z1" not in plan.federation
    assert "F9" not in plan.centre


def test_a_federation_led_from_outside_the_area_is_led_from_inside(
    tmp_path: Path,
) -> None:
    path = save(tmp_path, lines("A1,FA,Z1", "Z1,FA,Z1"))
    assert read_plan(path, square(), outside={"Z1"}).centre["FA"] == "A2"


def test_the_part_of_a_plan_inside_an_area_keeps_its_centres_and_bases() -> None:
    wider = Plan(
        {**rows().federation, "Z1": "F1", "Z2": "F9"},
        {"F1": "Z1", "F2": "B1", "F3": "C2", "F9": "Z2"},
        {"A1": "X", "Z1": "X"},
        ("X",),
    )
    plan = within(square(), wider, {"Z1", "Z2"})
    assert plan.federation == rows().federation
    assert plan.centre == {"F1": "A2", "F2": "B1", "F3": "C2"}
    assert (plan.bases, plan.open_bases) == ({"A1": "X"}, ("X",))


def test_a_plan_with_strangers_is_left_for_the_verifier_to_refuse() -> None:
    strange = Plan({**rows().federation, "Q9": "F1"}, rows().centre)
    assert within(square(), strange, ()) is strange


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "plan.csv: is empty; its first line must name the columns"),
        (
            "code,where\nA1,X\n",
            "plan.csv line 1: has no column federation; the headings are code, where",
        ),
        (
            "site,federation\nA1,X\n",
            "plan.csv line 1: has no column code; the headings are site, federation",
        ),
        (
            "code,pcn,group\nA1,X,Y\n",
            "plan.csv line 1: group and pcn could both be the federation; name the "
            "one to take federation",
        ),
        (
            lines("Z9,FA,"),
            "plan.csv line 11, code: no such practice in square, got 'Z9'",
        ),
        (
            lines("A1,FA,\nA1,FB,"),
            "plan.csv line 3, code: stands on line 2 already; keep one of the rows, "
            "got 'A1'",
        ),
        (
            lines("A1,FA,ZZ"),
            "plan.csv line 2, centre: no such practice in square, got 'ZZ'",
        ),
        (
            lines("A1,FA,A1", "A2,FA,A2"),
            "plan.csv line 3, centre: FA has the centre A1 further up; choose one, "
            "got 'A2'",
        ),
        (
            lines("A1,,A1"),
            "plan.csv line 2, centre: a practice that stands alone has no centre; "
            "leave it blank, got 'A1'",
        ),
        (
            lines("A1,FA,\n,FA,"),
            "plan.csv line 3, code: must name a practice",
        ),
        (
            "code,federation,centre\nA1,F,\n",
            "plan.csv: has no row for A2, A3, B1, B2, B3, C1, C2, C3; add a row for "
            "each practice, with a blank federation for one that stands alone",
        ),
    ],
)
def test_a_fault_tells_its_place_and_the_way_out(
    tmp_path: Path, text: str, fault: str
) -> None:
    assert faults(tmp_path, text) == [fault]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = lines("A1,,A1", "A2,FA,ZZ", "Z9,FA,").replace("C3,FC,\n", "")
    assert len(faults(tmp_path, text)) == 4


def test_a_missing_file_is_a_fault_of_the_plan(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="there is no such file"):
        read_plan(tmp_path / "none.csv", square())


def test_the_current_grouping_is_a_plan() -> None:
    plan = current_plan(square())
    assert plan.diff(rows()).moved == ()
    assert plan.centre == {"A": "A2", "B": "B2", "C": "C2"}


def test_a_practice_in_no_current_group_stands_alone_and_is_reported() -> None:
    problem = square(current=("", *("A",) * 8))
    broken = verify(problem, current_plan(problem))
    assert [v.practices for v in broken] == [("A1",)]


def test_an_instance_without_a_current_grouping_says_the_way_out() -> None:
    with pytest.raises(PlanError, match=r"add current\.csv or give a plan table"):
        current_plan(square(current=None))


def test_a_plan_of_another_tool_may_leave_practices_alone(tmp_path: Path) -> None:
    plan = read_plan(save(tmp_path, lines("A1,,")), square())
    assert plan.federation["A1"] == ""
    assert grouped("A1 A2").federation["A3"] == ""
