"""Fronts: every point proven, none missed, against every plan there is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import federate
from federate.cli import run
from federate.errors import InputError, ScenarioError
from federate.practices.folder import write_folder
from federate.practices.source import read
from federate.problem import Problem
from federate.scenario import Scenario
from federate.score import score
from federate.whatif.executors import Inline, Pebble
from federate.whatif.front import RESOLUTION, Tried, next_bounds
from federate.whatif.store import Store
from federate.whatif.table import Sweep
from tests.oracle import brute_force
from tests.strategies import small_instance
from tests.whatif import works

NONE = float("inf")


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Six practices, in federations of any size that each cost something to run."""
    folder = tmp_path_factory.mktemp("village") / "instance"
    write_folder(small_instance(4, 6), folder)
    return Scenario.load(
        "pcn2019",
        instance=str(folder),
        rules__size_bounds=None,
        rules__num_federations="free",
        rules__contiguity="none",
        scale__fixed_gbp_per_federation=60_000.0,
        cover__enabled=False,
        solve__gap=0.0,
    )


@pytest.fixture(scope="module")
def drawn(village: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    store = tmp_path_factory.mktemp("store")
    asked = village.with_(solve__time_limit_s=20.0)
    return federate.sweep(
        asked, pareto=["travel"], num_points=30, store=store, executor=Inline()
    )


def cheapest(village: Scenario, **changes: Any) -> tuple[float, Mapping[str, Any]]:
    """Return the least cost under changed rules, by trying every plan."""
    asked = village.with_(**changes)
    problem = Problem.build(read(str(asked.instance)), asked)
    found = brute_force(problem)
    assert found is not None
    return found[0], score(problem, found[1]).totals


def test_every_point_of_a_front_is_the_cheapest_within_its_minutes(
    village: Scenario, drawn: Sweep
) -> None:
    front = drawn.pareto()
    best = front[~front["dominated"]]
    assert len(best) > 2
    assert best["proven"].all()
    for _, row in best.iterrows():
        within = row["travel_max_min"] + 1e-6
        cost, _ = cheapest(village, rules__max_travel_min=within)
        assert row["objective_gbp"] == pytest.approx(cost)


def test_no_point_of_the_front_is_missed(village: Scenario, drawn: Sweep) -> None:
    front = drawn.pareto()
    most = front["travel_max_min"].max()
    minutes = Problem.build(read(str(village.instance)), village).travel.minutes
    for limit in sorted({float(v) for v in minutes.ravel() if 0 < v <= most}):
        cost, totals = cheapest(village, rules__max_travel_min=limit)
        near = totals["travel_max_min"] + RESOLUTION * most
        there = front[front["travel_max_min"] <= near]["objective_gbp"]
        assert there.min() <= cost * (1 + 1e-9)


def test_a_front_is_drawn_again_from_what_is_kept(
    village: Scenario, drawn: Sweep
) -> None:
    run = drawn.points[0].run
    assert run is not None
    again = federate.sweep(
        village.with_(solve__time_limit_s=20.0),
        pareto=["cost", "travel"],
        num_points=30,
        store=run.folder.parents[1],
        executor=Inline(works.fail_at_poison),
    )
    assert again == drawn


def test_with_two_figures_a_looser_pair_answers_a_tighter(
    village: Scenario, tmp_path: Path
) -> None:
    found = federate.sweep(
        village,
        pareto=["travel", "risk"],
        num_points=16,
        store=tmp_path,
        executor=Inline(),
    )
    assert found.criteria == (
        "objective_gbp",
        "travel_max_min",
        "overspend_worst_probability",
    )
    front = found.pareto()
    assert len(front) <= 2 * 4 + 16
    for _, row in front[~front["dominated"]].iterrows():
        cost, _ = cheapest(
            village,
            rules__max_travel_min=row["travel_max_min"] + 1e-6,
            risk__max_probability=min(row["overspend_worst_probability"] + 1e-9, 0.49),
        )
        assert row["objective_gbp"] == pytest.approx(cost)


def test_the_first_bounds_halve_what_lies_under_the_cheapest_plan() -> None:
    assert next_bounds([Tried(NONE, 1.0, 8.0)], 9, NONE) == (4.0, 6.0, 2.0, 7.0)


def test_nothing_is_tried_under_a_bound_without_a_plan() -> None:
    tried = [Tried(NONE, 1.0, 8.0), Tried(6.0, None, None)]
    assert next_bounds(tried, 3, NONE) == (7.0,)


def test_nothing_is_tried_where_a_lower_figure_costs_no_more() -> None:
    tried = [Tried(NONE, 1.0, 8.0), Tried(6.0, 1.0, 5.0), Tried(4.95, None, None)]
    assert next_bounds(tried, 9, NONE) == ()


def test_a_bound_is_one_that_the_rule_takes() -> None:
    assert max(next_bounds([Tried(NONE, 1.0, 0.9)], 9, 0.5)) < 0.5


def test_a_front_of_a_scenario_without_a_plan_is_one_point(tmp_path: Path) -> None:
    asked = Scenario.load("toy", rules__size_bounds=(71_000, 71_500))
    found = federate.sweep(asked, pareto=["risk"], store=tmp_path, executor=Inline())
    assert len(found.points) == 1
    assert found.pareto().empty


def test_points_of_a_grid_are_weighed_by_what_their_rules_bound(
    tmp_path: Path,
) -> None:
    axes = {"rules__max_travel_min": (None, 60.0)}
    who = Pebble(1, works.answer)
    found = federate.sweep("toy", axes, store=tmp_path, executor=who)
    who.close()
    assert found.weighed == ("objective_gbp", "travel_max_min")
    assert list(found.pareto()["dominated"]) == [False, False]


def test_dominated_points_are_marked_whatever_the_figures(tmp_path: Path) -> None:
    axes = {"scale__fixed_gbp_per_federation": (1e5, 2e5)}
    found = federate.sweep("toy", axes, store=tmp_path, executor=Inline(works.answer))
    marked = found.pareto("cost", "-num_federations").set_index("point")["dominated"]
    assert list(marked.sort_index()) == [False, True]


def test_a_figure_that_is_none_is_told_with_the_nearest(tmp_path: Path) -> None:
    axes = {"solve__seed": (0,)}
    found = federate.sweep("toy", axes, store=tmp_path, executor=Inline(works.answer))
    with pytest.raises(InputError, match="did you mean num_cut_edges"):
        found.pareto("cost", "num_cut_edge")
    with pytest.raises(InputError, match="name two or three"):
        found.pareto()
    with pytest.raises(ScenarioError, match="no key has values"):
        federate.sweep("toy", pareto=["num_cut_edges"], store=tmp_path)


@pytest.fixture
def single(tmp_path: Path) -> Sweep:
    axes = {
        "scale__fixed_gbp_per_federation": (1e5, 3e5),
        "solve__seed": (1, 2),
        "rules__size_bounds": ((30_000.0, 40_000.0),),
    }
    return federate.sweep(
        "toy", axes, design="single", store=tmp_path, executor=Inline(works.answer)
    )


def test_the_key_that_moves_the_cost_farthest_is_on_top(single: Sweep) -> None:
    bars = single.tornado("cost")
    first = bars.iloc[0]
    assert first["key"] == "scale.fixed_gbp_per_federation"
    assert (first["low_at"], first["high_at"]) == (1e5, 3e5)
    assert first["no_plan_at"] == []
    assert first["swing"] == first["high"] - first["low"] > 0
    assert list(bars["swing"][1:]) == [0.0, 0.0]


def test_a_tornado_needs_the_scenario_as_it_is(tmp_path: Path) -> None:
    axes = {"solve__seed": (0,)}
    found = federate.sweep("toy", axes, store=tmp_path, executor=Inline(works.answer))
    with pytest.raises(InputError, match="sweep one key at a time"):
        found.tornado()


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".html", ".png", ".svg"])
def test_a_tornado_is_saved_by_its_ending(
    single: Sweep, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"sweep{ending}"
    single.save(path)
    assert path.stat().st_size > 500


def test_a_page_opens_offline_and_holds_picture_and_table(
    drawn: Sweep, tmp_path: Path
) -> None:
    drawn.save(tmp_path / "sweep.html")
    page = (tmp_path / "sweep.html").read_text("utf-8")
    assert "data:image/svg+xml;base64," in page
    assert "http:" not in page
    assert "https:" not in page
    assert page.count("<tr") == len(drawn.points) + 1


def test_an_ending_that_is_none_known_is_refused(drawn: Sweep, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv, \.html, \.png, \.svg, \.xlsx"):
        drawn.save(tmp_path / "sweep.doc")


def test_the_command_draws_a_front_and_says_so_in_json(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "front.svg"
    order = ["sweep", "toy", "--pareto", "travel", "--points", "3", "-j", "1"]
    order += ["--store", str(tmp_path), "--json", "-o", str(picture)]
    assert run(order) == 0
    rows = json.loads(capfd.readouterr().out.splitlines()[-1])["points"]
    assert [row["proven"] for row in rows] == [True]
    assert picture.stat().st_size > 500
    assert len(Store(tmp_path).records()) == 3


def test_the_command_shows_bars(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    order = ["sweep", "toy", "--tornado", "cost", "-j", "1", "--store", str(tmp_path)]
    assert run([*order, "--set", "scale.fixed_gbp_per_federation=100000"]) == 0
    out = capfd.readouterr().out
    assert "█" in out
    assert "fixed gbp per" in out
