"""The points of a sweep: grids, lists, one key at a time, Latin hypercubes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.errors import ScenarioError
from federate.scenario import Scenario
from federate.whatif.points import (
    grid,
    latin_hypercube,
    listed,
    one_at_a_time,
    parse_axes,
    points_of,
)

AXES = {"rules__num_federations": (3, 4), "risk__cv1": (3.0, 3.5, 4.0)}


def test_a_grid_has_every_combination_once() -> None:
    points = grid(AXES)
    pairs = [tuple(change.values()) for change in points.changes]
    assert sorted(pairs) == [(m, c) for m in (3, 4) for c in (3.0, 3.5, 4.0)]


def test_neighbours_on_a_grid_lie_one_step_apart() -> None:
    points = grid(AXES)
    where = dict(
        zip((tuple(c.values()) for c in points.changes), points.place, strict=True)
    )
    assert where[3, 3.0] == (0.0, 0.0)
    assert where[3, 3.5] == (0.0, 0.5)
    assert where[4, 4.0] == (1.0, 1.0)


def test_a_list_takes_values_side_by_side() -> None:
    points = listed({"solve__seed": (1, 2), "risk__cv1": (3.0, 4.0)})
    assert points.changes == (
        {"solve__seed": 1, "risk__cv1": 3.0},
        {"solve__seed": 2, "risk__cv1": 4.0},
    )


def test_lists_of_different_lengths_are_refused_with_their_lengths() -> None:
    with pytest.raises(ScenarioError, match=r"rules.num_federations 2, risk.cv1 3"):
        listed(AXES)


def test_one_at_a_time_begins_with_the_scenario_as_it_is() -> None:
    points = one_at_a_time(AXES)
    assert points.changes[0] == {}
    assert [len(change) for change in points.changes[1:]] == [1] * 5


@settings(deadline=None)  # scipy loads within the first
@given(num_points=st.integers(1, 40), seed=st.integers(0, 9), low=st.integers(-50, 50))
def test_a_sample_has_one_value_in_each_stratum_of_each_key(
    num_points: int, seed: int, low: int
) -> None:
    ranges = {"risk__cv1": (float(low), low + 10.0), "risk__tolerance": (0.0, 1.0)}
    points = latin_hypercube(ranges, num_points, seed=seed)
    for key, (least, most) in ranges.items():
        values = np.array([change[key] for change in points.changes])
        strata = np.floor((values - least) / (most - least) * num_points)
        assert sorted(strata) == list(range(num_points))


def test_a_sample_is_drawn_again_by_its_seed() -> None:
    ranges = {"risk__cv1": (3.0, 4.0), "rules__size_bounds": ((3e4, 5e4), (4e4, 6e4))}
    assert latin_hypercube(ranges, 5, seed=3) == latin_hypercube(ranges, 5, seed=3)
    assert latin_hypercube(ranges, 5, seed=3) != latin_hypercube(ranges, 5, seed=4)


def test_a_sample_keeps_whole_numbers_whole_and_moves_pairs_together() -> None:
    ranges = {
        "rules__num_federations": (2, 9),
        "rules__size_bounds": ((30_000, 50_000), (40_000, 70_000)),
    }
    for change in latin_hypercube(ranges, 9).changes:
        assert isinstance(change["rules__num_federations"], int)
        low, high = change["rules__size_bounds"]
        assert (low - 30_000) / 10_000 == pytest.approx(
            (high - 50_000) / 20_000, abs=1e-3
        )


@pytest.mark.parametrize("values", [(1.0,), (1.0, 2.0, 3.0), ("a", "b")])
def test_a_sample_needs_a_least_and_a_most(values: tuple[object, ...]) -> None:
    with pytest.raises(ScenarioError, match="a least and a most value"):
        latin_hypercube({"risk__cv1": values}, 3)


def test_values_stand_apart_by_commas_or_bars() -> None:
    axes = parse_axes(
        [
            "rules.size_bounds=30000:50000,35000:50000",
            "rules.max_travel_min=none,20",
            "rules.keep=A81001,A81002|A81003",
        ]
    )
    assert axes == {
        "rules__size_bounds": ((30000, 50000), (35000, 50000)),
        "rules__max_travel_min": (None, 20),
        "rules__keep": (("A81001", "A81002"), ("A81003",)),
    }


def test_every_faulty_text_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as told:
        parse_axes(["rules.size_bound=1:2", "risk.cv1=3,much", "solve.seed"])
    assert len(told.value.faults) == 3


@pytest.mark.parametrize("axes", [{}, {"risk__cv1": ()}])
def test_nothing_to_try_is_told_with_the_way_out(axes: dict[str, tuple[()]]) -> None:
    with pytest.raises(ScenarioError, match="--set"):
        points_of(axes, "grid", 5, 0)


def test_a_design_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(ScenarioError, match="grid, list, single, sample"):
        points_of(AXES, "cube", 5, 0)


@pytest.mark.parametrize("design", ["grid", "single"])
def test_every_point_of_a_design_is_a_scenario(design: str) -> None:
    toy = Scenario.load("toy")
    for change in points_of(AXES, design, 5, 0).changes:
        assert toy.with_(**change).solve == toy.solve
