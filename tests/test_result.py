"""A result: read at a glance, changed into a new one, told apart, shown."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from federate.errors import InfeasibleError, PlanError
from federate.result import Result, evaluated
from solvers.contract import Status, StopReason
from tests.square import CODES, grouped, rows, square


def row_result(bound_gbp: float | None = None) -> Result:
    return evaluated(square(), rows(), bound_gbp=bound_gbp)


def no_plan() -> Result:
    return Result(
        square(),
        None,
        Status.INFEASIBLE,
        StopReason.FINISHED,
        reasons=("the lists are too long", "the bounds too tight"),
    )


def test_a_result_reads_at_a_glance() -> None:
    assert repr(row_result(675_000.0)) == (
        "<Result feasible: 3 federations, £750,000 a year, gap 10.00%, "
        "keeps every rule>"
    )


def test_a_result_without_a_bound_says_so() -> None:
    assert "no gap proven" in repr(row_result())


def test_a_result_without_a_plan_says_why() -> None:
    assert repr(no_plan()) == ("<Result infeasible: no plan; the lists are too long>")


def test_asking_for_a_plan_that_is_not_there_raises_with_every_reason() -> None:
    with pytest.raises(InfeasibleError, match="too long; the bounds too tight"):
        no_plan().require_plan()


def test_a_plan_that_keeps_every_rule_is_feasible() -> None:
    assert row_result().status is Status.FEASIBLE


def test_a_plan_that_breaks_a_rule_is_no_solution_and_keeps_its_scorecard() -> None:
    problem = square({"rules": {"num_federations": 2}})
    found = evaluated(problem, rows(), bound_gbp=1.0)
    assert found.status is Status.NO_SOLUTION
    assert found.objective_gbp == 750_000.0
    assert found.gap is None


def test_a_move_leaves_the_result_as_it_was() -> None:
    before = row_result()
    after = before.move("A1", "F2")
    assert before.require_plan() == rows()
    assert after.require_plan().federation["A1"] == "F2"


def test_a_move_is_scored_anew() -> None:
    after = row_result().move("A1", "F2")
    assert after.objective_gbp == 750_000.0 - 100_000.0 + 200_000.0


def test_a_move_is_verified_anew() -> None:
    problem = square({"rules": {"size_bounds": (30_000, 40_000)}})
    broken = evaluated(problem, rows()).move("A1", "F2").violations
    assert [v.federation for v in broken] == ["F1"]


def test_a_move_keeps_the_bound_and_opens_the_gap() -> None:
    after = row_result(675_000.0).move("A1", "F2")
    assert after.bound_gbp == 675_000.0
    assert after.gap == pytest.approx(1 - 675 / 850)


def test_a_federation_that_loses_its_centre_is_led_from_its_cheapest_member() -> None:
    problem = square(sizes={"A3": 50_000})
    after = evaluated(problem, rows()).move("A2", "F2")
    assert after.require_plan().centre["F1"] == "A3"


def test_a_move_leaves_other_centres_alone() -> None:
    led_badly = replace(rows(), centre={"F1": "A1", "F2": "B2", "F3": "C2"})
    after = evaluated(square(), led_badly).move("B1", "F1")
    assert after.require_plan().centre["F1"] == "A1"


def test_a_move_to_a_new_label_founds_a_federation() -> None:
    after = row_result().move("B2", "New").require_plan()
    assert after.members["New"] == ("B2",)
    assert after.centre["F2"] == "B1"


def test_a_move_leaves_out_of_hours_cover_as_it_was() -> None:
    plan = replace(rows(), bases=dict.fromkeys(CODES, "X"), open_bases=("X",))
    after = evaluated(square(), plan).move("A1", "F2").require_plan()
    assert after.bases == plan.bases
    assert after.open_bases == ("X",)


def test_moving_an_unknown_practice_is_refused() -> None:
    with pytest.raises(PlanError, match="no practice Z9"):
        row_result().move("Z9", "F1")


def test_results_and_plans_are_told_apart_by_patients() -> None:
    before = row_result()
    after = before.move("A1", "F2")
    assert after.diff(before).moved == (("A1", "F1", "F2"),)
    assert after.diff(before.require_plan()).patients == 10_000


def test_the_frame_has_a_row_a_federation() -> None:
    frame = row_result().to_frame()
    assert list(frame.index) == ["F1", "F2", "F3"]
    assert frame["patients"].tolist() == [30_000] * 3


def test_the_terms_of_the_frame_add_up_to_the_objective() -> None:
    found = row_result()
    frame = found.to_frame()
    terms = [c for c in frame if c in ("travel_gbp", "running_cost_gbp")]
    assert frame[terms].to_numpy().sum() == found.objective_gbp


def test_regions_carry_the_figures_of_their_federations() -> None:
    shapes = row_result().regions()
    assert shapes.crs.to_epsg() == 27700
    assert shapes["federation"].tolist() == ["F1", "F2", "F3"]
    assert shapes["travel_max_min"].tolist() == [10.0] * 3


def test_those_standing_alone_are_a_region_without_figures() -> None:
    shapes = evaluated(square(), grouped("A1 A2 A3")).regions()
    assert shapes["federation"].tolist() == ["", "F1"]
    assert shapes["travel_max_min"].isna().tolist() == [True, False]


def test_a_plan_of_nobody_still_has_land() -> None:
    assert len(evaluated(square(), grouped()).regions()) == 1


def test_the_summary_is_json_with_the_keys_that_scripts_rely_on() -> None:
    problem = square({"rules": {"num_federations": 2}})
    said = json.loads(json.dumps(evaluated(problem, rows()).summary()))
    promised = (
        "status stop objective_gbp bound_gbp gap num_federations num_violations "
        "violations seconds"
    )
    assert set(promised.split()) <= set(said)
    assert said["violations"][0]["rule"] == "rules.num_federations"


def test_named_exceptions_come_with_the_result() -> None:
    problem = square(
        {"rules": {"size_bounds": (0, 30_000)}}, sizes={"B2": 40_000}, oversize=(4,)
    )
    found = evaluated(problem, grouped("A1 A2 A3", "B2", "B1 C1", "C2 C3 B3"))
    assert "oversize" in {finding.kind for finding in found.exceptions}
    assert no_plan().exceptions == ()


def test_a_plan_can_be_drawn() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    _, ax = plt.subplots()
    assert row_result().plot(ax) is not None
    assert ax.collections
    plt.close("all")


def test_a_plan_can_be_written_as_a_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>%TITLE%</title><script>%DATA%</script>", "utf-8")
    monkeypatch.setattr("federate.show.map.PAGE", page)
    row_result().to_html(tmp_path / "map.html")
    assert "Damson" in (tmp_path / "map.html").read_text("utf-8")


def test_a_result_saves_itself_as_a_run_folder(tmp_path: Path) -> None:
    folder = no_plan().save(tmp_path / "run")
    assert (folder / "metrics.json").exists()
