"""Cells and regions on areas small enough to draw."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from federate.errors import PlanError
from federate.geography.regions import (
    PALETTE,
    federation_regions,
    four_colours,
    practice_cells,
)
from federate.practices.instance import Instance
from tests.geography.england import region
from tests.geography.places import Places, area, polygons

BOX = [(0.0, 0.0), (12.0, 0.0), (12.0, 6.0), (0.0, 6.0)]
ROW = [(2.0, 3.0), (6.0, 3.0), (10.0, 3.0)]


def box(places: Places = ROW, **parts: Any) -> Instance:
    return area(places, boundary_geojson=polygons(BOX), **parts)


def km2(areas: list[float]) -> Any:
    return pytest.approx([a * 1e6 for a in areas], rel=1e-3)


def test_cells_are_the_land_nearest_to_each_practice() -> None:
    assert practice_cells(box()).area.tolist() == km2([24, 24, 24])


def test_cells_are_on_the_national_grid() -> None:
    assert practice_cells(box()).crs.to_epsg() == 27700


def test_practices_at_one_site_have_one_cell() -> None:
    cells = practice_cells(box([*ROW, (10.0, 3.0)]))
    assert cells["site"].tolist() == [0, 1, 2, 2]
    assert cells.geometry.iloc[2].equals(cells.geometry.iloc[3])


def test_a_single_practice_has_all_the_land() -> None:
    assert practice_cells(box([(2.0, 3.0)])).area.tolist() == km2([72])


def test_without_a_boundary_the_outline_holds_every_practice() -> None:
    row = area(ROW)
    land = practice_cells(row).union_all()
    points = shapely.points(row.practices.easting_m, row.practices.northing_m)
    assert shapely.contains_properly(land, points).all()


def test_a_stray_across_the_water_goes_to_whom_it_borders() -> None:
    # A stands on the west shore; the land east of the water is nearer to it
    # than to B, but can only be reached from B.
    west = [(0.0, 0.0), (5.0, 0.0), (5.0, 6.0), (0.0, 6.0)]
    east = [(5.5, 0.0), (12.0, 0.0), (12.0, 6.0), (5.5, 6.0)]
    shores = area([(4.0, 3.0), (10.0, 3.0)], boundary_geojson=polygons(west, east))
    assert practice_cells(shores).area.tolist() == km2([30, 39])


def test_a_stray_between_two_goes_to_the_longer_border() -> None:
    west = [(0.0, 0.0), (5.0, 0.0), (5.0, 6.0), (0.0, 6.0)]
    east = [(5.5, 0.0), (12.0, 0.0), (12.0, 6.0), (5.5, 6.0)]
    places = [(4.0, 3.0), (10.0, 4.0), (10.0, 0.5)]
    shores = area(places, boundary_geojson=polygons(west, east))
    stray = shapely.Point(406_000.0, 300_500.0)
    assert practice_cells(shores).contains(stray).tolist() == [False, True, False]


def test_an_island_without_a_practice_stays_with_the_nearest() -> None:
    island = [(11.0, 8.0), (12.0, 8.0), (12.0, 9.0), (11.0, 9.0)]
    sea = area(ROW, boundary_geojson=polygons(BOX, island))
    assert practice_cells(sea).area.tolist() == km2([24, 24, 25])


def test_a_practice_off_the_land_keeps_a_disc_of_its_own() -> None:
    cells = practice_cells(box([*ROW, (6.0, 60.0)]))
    assert cells.area.iloc[3] == pytest.approx(np.pi * 500.0**2, rel=0.01)


def test_a_boundary_far_larger_than_the_area_is_cut_to_it() -> None:
    county = [(-200.0, -200.0), (200.0, -200.0), (200.0, 200.0), (-200.0, 200.0)]
    cells = practice_cells(area(ROW, boundary_geojson=polygons(county)))
    alone = practice_cells(area(ROW))
    assert cells.area.sum() == pytest.approx(alone.area.sum())


def test_a_region_unites_the_cells_of_its_members() -> None:
    regions = federation_regions(box(), {"A": "F1", "B": "F1", "C": "F2"})
    assert regions.area.tolist() == km2([48, 24])


def test_regions_say_what_they_hold() -> None:
    instance = box(list_size=[5_000, 6_000, 7_000])
    regions = federation_regions(instance, {"A": "F1", "B": "F1", "C": "F2"})
    assert regions["num_practices"].tolist() == [2, 1]
    assert regions["patients"].tolist() == [11_000, 7_000]


def test_regions_that_touch_differ_in_colour() -> None:
    regions = federation_regions(box(), {"A": "F1", "B": "F2", "C": "F1"})
    assert regions["colour"].nunique() == 2


def test_practices_that_stand_alone_are_one_row_without_a_colour() -> None:
    regions = federation_regions(box(), {"A": "", "B": "F1", "C": ""})
    assert regions["federation"].tolist() == ["", "F1"]
    assert regions["colour"].iloc[0] == -1


def test_a_shared_site_goes_to_the_federation_with_most_patients_there() -> None:
    instance = box([*ROW, (10.0, 3.0)], list_size=[9_000, 9_000, 9_000, 9_001])
    regions = federation_regions(instance, {"A": "F1", "B": "F1", "C": "F1", "D": "F2"})
    assert regions.area.tolist() == km2([48, 24])


def test_of_equal_federations_at_a_site_the_first_label_holds_it() -> None:
    instance = box([*ROW, (10.0, 3.0)])
    regions = federation_regions(instance, {"A": "F1", "B": "F2", "C": "F2", "D": "F1"})
    assert regions.area.tolist() == km2([48, 24])


def test_a_federation_without_a_site_of_its_own_gets_a_patch() -> None:
    instance = box([*ROW, (10.0, 3.0)], list_size=[9_000, 9_000, 9_000, 1_000])
    regions = federation_regions(instance, {"A": "F1", "B": "F1", "C": "F1", "D": "F2"})
    patch = regions.geometry.iloc[1]
    assert patch.area == pytest.approx(24e6 / 10, rel=0.01)
    assert patch.contains(shapely.Point(410_000.0, 303_000.0))


def test_the_patch_is_at_the_largest_site() -> None:
    instance = box([*ROW, (2.0, 3.0), (10.0, 3.0)], list_size=[9_000] * 3 + [10, 20])
    labels = ["F1", "F1", "F1", "F2", "F2"]
    regions = federation_regions(instance, dict(zip("ABCDE", labels, strict=True)))
    assert regions.geometry.iloc[1].contains(shapely.Point(410_000.0, 303_000.0))


def test_the_patch_of_a_site_off_the_land_is_on_the_land() -> None:
    # C and D are 1 km off the shore; their cell is the east of the box.
    instance = box([*ROW[:2], (13.0, 3.0), (13.0, 3.0)], list_size=[9_000] * 3 + [10])
    plan = {"A": "F1", "B": "F1", "C": "F1", "D": "F2"}
    regions = federation_regions(instance, plan)
    assert [regions.area.sum()] == km2([72])


def test_federations_without_a_site_share_the_patch_by_patients() -> None:
    instance = box([(2.0, 3.0)] * 3, list_size=[8_000, 1_000, 1_000])
    regions = federation_regions(instance, {"A": "F1", "B": "F2", "C": "F3"})
    assert regions.area.iloc[1] == pytest.approx(regions.area.iloc[2])
    assert regions["colour"].nunique() == 3


def test_regions_with_patches_cover_the_land_without_overlap() -> None:
    instance = box([*ROW, *ROW, *ROW], list_size=[8_000] * 3 + [1_000] * 6)
    labels = dict(
        zip("ABCDEFGHI", ["F1"] * 3 + [f"F{k}" for k in range(2, 8)], strict=True)
    )
    regions = federation_regions(instance, labels)
    assert shapely.coverage_is_valid(regions.geometry.to_numpy())
    assert [regions.area.sum()] == km2([72])


def test_patches_of_empty_lists_can_still_be_seen() -> None:
    instance = box([(2.0, 3.0)] * 2, list_size=[0, 0])
    regions = federation_regions(instance, {"A": "F1", "B": "F2"})
    assert (regions.area > 1e6).all()


def test_simplified_regions_still_share_their_borders(shared_data: Path) -> None:
    trafford = region(shared_data, "trafford")
    assert trafford.current is not None
    plan = dict(zip(trafford.practices.code, trafford.current, strict=True))
    regions = federation_regions(trafford, plan, simplify_m=200.0)
    whole = federation_regions(trafford, plan)
    corners = shapely.get_num_coordinates(regions.geometry.to_numpy()).sum()
    assert shapely.coverage_is_valid(regions.geometry.to_numpy())
    assert corners < shapely.get_num_coordinates(whole.geometry.to_numpy()).sum()


def test_a_plan_for_other_practices_is_refused() -> None:
    with pytest.raises(PlanError, match=r"2 problems[\s\S]*C is missing[\s\S]*no .* X"):
        federation_regions(box(), {"A": "F1", "B": "F1", "X": "F2"})


def test_four_colours_do_for_a_region_amid_a_ring_of_five() -> None:
    ring = ["a", "b", "c", "d", "e"]
    pairs = [(x, ring[k - 1]) for k, x in enumerate(ring)] + [("m", x) for x in ring]
    colour = four_colours([*ring, "m"], pairs)
    assert len(set(colour.values())) == 4
    assert all(colour[a] != colour[b] for a, b in pairs)


def test_more_neighbours_than_colours_still_get_one_each() -> None:
    labels = "abcdefghij"
    colour = four_colours(labels, [(a, b) for a in labels for b in labels if a < b])
    assert set(colour.values()) == set(range(len(PALETTE)))
