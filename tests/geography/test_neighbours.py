"""Each rule of the neighbour graph on an area small enough to draw."""

import json
from dataclasses import replace

import numpy as np
import pytest

from federate.errors import InstanceError
from federate.geography.neighbours import neighbour_graph
from federate.practices.coordinates import to_bng
from tests.geography.places import area, kinds, lines, neighbours, polygons

ROW = [(0.0, 0.0), (3.0, 0.0), (6.0, 0.0)]
SQUARE = [(0.0, 0.0), (4.0, 0.0), (0.0, 4.0), (4.0, 4.0)]
CROSS = [(0.0, 0.0), (4.0, 0.0), (-4.0, 0.0), (0.0, 4.0), (0.0, -4.0)]
# Two shores, 1 km of water between: A and B in the west, C and D in the east.
SHORES = [(2.0, 2.0), (2.0, 8.0), (6.0, 2.0), (6.0, 8.0)]
WEST = [(0.0, 0.0), (3.5, 0.0), (3.5, 10.0), (0.0, 10.0)]
EAST = [(4.5, 0.0), (8.0, 0.0), (8.0, 10.0), (4.5, 10.0)]


def test_practices_on_one_line_neighbour_the_next_along_it() -> None:
    row = area(ROW)
    assert neighbours(neighbour_graph(row), row) == {"AB", "BC"}


def test_a_single_practice_has_no_neighbours() -> None:
    graph = neighbour_graph(area([(0.0, 0.0)]))
    assert (graph.num_practices, len(graph.pairs)) == (1, 0)


def test_two_practices_are_neighbours_however_far_apart() -> None:
    pair = area([(0.0, 0.0), (80.0, 0.0)])
    assert neighbours(neighbour_graph(pair), pair) == {"AB"}


def test_practices_that_all_share_a_site_are_joined_pairwise() -> None:
    house = area([(1.0, 1.0)] * 3)
    graph = neighbour_graph(house)
    assert kinds(graph, house) == {"AB": "site", "AC": "site", "BC": "site"}


def test_practices_at_one_site_share_its_borders() -> None:
    row = area([(0.0, 0.0), (3.0, 0.0), (3.0, 0.0)])
    graph = neighbour_graph(row)
    assert kinds(graph, row) == {"AB": "border", "AC": "border", "BC": "site"}


def test_cells_that_meet_in_a_corner_are_not_neighbours() -> None:
    square = area(SQUARE)
    assert neighbours(neighbour_graph(square), square) == {"AB", "AC", "BD", "CD"}


def test_a_border_of_less_than_a_metre_is_a_corner() -> None:
    shell = [(-1.0, -1.0), (5.0, -1.0), (5.0, 5.0), (-1.0, 5.0)]
    nudged = [*SQUARE[:3], (4.0002, 4.0002)]
    square = area(nudged, boundary_geojson=polygons(shell))
    assert neighbours(neighbour_graph(square), square) == {"AB", "AC", "BD", "CD"}


def test_practices_a_millimetre_apart_are_at_one_site() -> None:
    house = area([(0.0, 0.0), (0.000_001, 0.0), (3.0, 0.0)])
    assert kinds(neighbour_graph(house), house)["AB"] == "site"


def test_a_practice_in_the_middle_neighbours_those_round_it() -> None:
    cross = area(CROSS)
    graph = neighbour_graph(cross)
    assert set(graph.of(0).tolist()) == {1, 2, 3, 4}


def test_a_delaunay_pair_over_the_trimming_length_is_dropped() -> None:
    # Spacing about 1 km in both towns: 30 km apart, tied by one pair only.
    town = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.4)]
    both = area(town + [(x + 30.0, y) for x, y in town])
    graph = neighbour_graph(both)
    across = graph.km > 10
    assert across.sum() == 1


def test_a_far_town_is_attached_and_reported_as_an_island() -> None:
    town = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.4)]
    both = area([*town, (-0.5, 0.3), *[(x + 30.0, y) for x, y in town]])
    graph = neighbour_graph(both)
    assert graph.islands == (6, 7, 8, 9, 10)


def test_the_mainland_is_the_piece_with_most_practices() -> None:
    shores = [(2.0, 2.0), (2.0, 8.0), (6.0, 5.0), (6.0, 5.0), (6.0, 5.0)]
    graph = neighbour_graph(area(shores, boundary_geojson=polygons(WEST, EAST)))
    assert graph.islands == (0, 1)


def test_the_pair_that_attaches_an_island_says_so() -> None:
    town = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.1), (0.5, 0.4)]
    both = area(town + [(x + 30.0, y) for x, y in town])
    graph = neighbour_graph(both)
    assert [k for k in kinds(graph, both).values() if k != "border"] == ["island"]


def test_a_boundary_makes_land_borders_the_rule() -> None:
    shores = area(SHORES, boundary_geojson=polygons(WEST, EAST))
    assert neighbour_graph(shores).method == "voronoi"


def test_water_divides_what_delaunay_joins() -> None:
    shores = area(SHORES, boundary_geojson=polygons(WEST, EAST))
    graph = neighbour_graph(shores)
    assert kinds(graph, shores)["AB"] == "border"
    assert "BD" not in neighbours(graph, shores)


def test_a_shore_apart_is_attached_by_its_nearest_pair() -> None:
    shores = area([*SHORES, (2.0, 5.0)], boundary_geojson=polygons(WEST, EAST))
    graph = neighbour_graph(shores)
    islands = [pair for pair, k in kinds(graph, shores).items() if k == "island"]
    assert islands == ["AC"]
    assert graph.islands == (2, 3)


def test_a_stray_across_the_water_makes_no_neighbours() -> None:
    # A's cell reaches over the water: its far scrap borders C and D's land.
    west = [(0.0, 0.0), (2.5, 0.0), (2.5, 10.0), (0.0, 10.0)]
    east = [(2.8, 0.0), (9.0, 0.0), (9.0, 10.0), (2.8, 10.0)]
    places = [(2.0, 5.0), (6.0, 2.0), (6.0, 8.0), (2.0, 1.0)]
    shores = area(places, boundary_geojson=polygons(west, east))
    graph = neighbour_graph(shores)
    borders = {p for p, k in kinds(graph, shores).items() if k == "border"}
    assert borders == {"AD", "BC"}


def test_a_stray_beside_an_inland_cell_makes_no_neighbours() -> None:
    # E, alone on an island, is nearest to the mainland's tip, which borders the
    # cell of A, in the middle of the mainland.
    mainland = [(0.0, 0.0), (16.0, 0.0), (16.0, 10.0), (0.0, 10.0)]
    island = [(17.0, 0.0), (24.0, 0.0), (24.0, 10.0), (17.0, 10.0)]
    places = [(8.0, 5.0), (5.0, 5.0), (8.0, 0.5), (8.0, 9.5), (20.0, 5.0)]
    shores = area(places, boundary_geojson=polygons(mainland, island))
    attached = {
        pair: kind
        for pair, kind in kinds(neighbour_graph(shores), shores).items()
        if "E" in pair
    }
    assert attached == {"AE": "island"}


def test_a_barrier_cuts_the_pairs_that_cross_it() -> None:
    wall = lines([(2.0, -1.0), (2.0, 9.0)])
    square = area(SQUARE, barriers_geojson=wall)
    graph = neighbour_graph(square)
    assert neighbours(graph, square) == {"AC", "BD"}
    assert graph.num_cut == 2


def test_only_pairs_that_would_stand_count_as_cut() -> None:
    town = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.4)]
    wall = lines([(15.0, -90.0), (15.0, 90.0)])
    both = area(town + [(x + 30.0, y) for x, y in town], barriers_geojson=wall)
    assert neighbour_graph(both).num_cut == 0


def test_a_barrier_that_starts_at_a_practice_does_not_part_it() -> None:
    wall = lines([(3.0, 0.0), (3.0, 9.0)])
    row = area(ROW, barriers_geojson=wall)
    assert neighbours(neighbour_graph(row), row) == {"AB", "BC"}


def test_a_barrier_drawn_as_an_area_is_crossed_at_its_border() -> None:
    lake = polygons([(1.0, -1.0), (2.0, -1.0), (2.0, 1.0), (1.0, 1.0)])
    row = area(ROW, barriers_geojson=lake)
    assert neighbours(neighbour_graph(row), row) == {"BC"}


def test_stated_pairs_at_one_site_stand_on_a_barrier() -> None:
    east, north = to_bng(np.array([-2.0, -2.0]), np.array([52.6, 52.6]))
    wall = {"type": "LineString", "coordinates": [[-2.1, 52.5], [-2.0, 52.6]]}
    house = area(
        [(0.0, 0.0), (0.0, 0.0)],
        neighbours=(("A", "B"),),
        barriers_geojson=json.dumps(wall),
    )
    doors = replace(house.practices, easting_m=east, northing_m=north)
    house = replace(house, practices=doors)
    assert neighbours(neighbour_graph(house), house) == {"AB"}


def test_a_barrier_cuts_stated_pairs_too() -> None:
    wall = lines([(1.5, -9.0), (1.5, 9.0)])
    row = area(ROW, neighbours=(("A", "B"), ("B", "C")), barriers_geojson=wall)
    graph = neighbour_graph(row)
    assert (neighbours(graph, row), graph.num_cut) == ({"BC"}, 1)


def test_what_a_barrier_parts_is_not_attached_again() -> None:
    wall = lines([(1.5, -9.0), (1.5, 9.0)])
    graph = neighbour_graph(area(ROW, barriers_geojson=wall))
    assert graph.of(0).size == 0
    assert graph.islands == ()


def test_a_barrier_through_a_site_leaves_its_practices_joined() -> None:
    wall = lines([(-1.0, -1.0), (1.0, 1.0)])
    house = area([(0.0, 0.0), (0.0, 0.0)], barriers_geojson=wall)
    assert neighbours(neighbour_graph(house), house) == {"AB"}


def test_an_island_is_attached_round_a_barrier() -> None:
    # The nearest crossing, A to C, is barred; B to D is longer and free.
    shores = area(
        [(2.0, 2.0), (2.0, 8.0), (6.0, 2.0), (6.5, 8.0)],
        boundary_geojson=polygons(WEST, EAST),
        barriers_geojson=lines([(4.0, -2.0), (4.0, 5.0)]),
    )
    attached = {
        pair
        for pair, kind in kinds(neighbour_graph(shores), shores).items()
        if kind == "island"
    }
    assert attached == {"BD"}


def test_stated_pairs_replace_geography() -> None:
    row = area(ROW, neighbours=(("C", "A"), ("A", "C")))
    graph = neighbour_graph(row)
    assert (graph.method, kinds(graph, row)) == ("file", {"AC": "file"})


def test_a_practice_without_neighbours_is_still_a_node() -> None:
    graph = neighbour_graph(area(ROW, neighbours=(("A", "B"),)))
    assert graph.num_practices == 3
    assert graph.of(2).size == 0


def test_stated_pairs_of_a_practice_with_itself_are_no_loops() -> None:
    graph = neighbour_graph(area(ROW, neighbours=(("A", "A"),)))
    assert len(graph.pairs) == 0


def test_stated_pairs_can_be_overruled() -> None:
    row = area(ROW, neighbours=(("A", "C"),))
    graph = neighbour_graph(row, method="delaunay")
    assert neighbours(graph, row) == {"AB", "BC"}


def test_pairs_longer_than_the_limit_are_dropped() -> None:
    row = area(ROW, neighbours=(("A", "B"), ("A", "C")))
    assert neighbours(neighbour_graph(row, max_km=5.0), row) == {"AB"}


def test_islands_may_be_attached_over_more_than_the_limit() -> None:
    row = area(ROW)
    graph = neighbour_graph(row, max_km=1.0)
    assert set(kinds(graph, row).values()) == {"island"}


def test_an_unknown_practice_in_a_stated_pair_is_named() -> None:
    row = area(ROW, neighbours=(("A", "Q"), ("X", "B")))
    with pytest.raises(InstanceError, match=r"2 problems[\s\S]*no practice Q"):
        neighbour_graph(row)


def test_the_file_method_without_a_file_says_what_to_do() -> None:
    with pytest.raises(InstanceError, match=r"neighbours\.csv: is missing"):
        neighbour_graph(area(ROW), method="file")


@pytest.mark.parametrize("text", ["no json", "{}", polygons(WEST)[:-9]])
def test_a_boundary_that_is_no_geojson_is_refused(text: str) -> None:
    with pytest.raises(InstanceError, match=r"boundary\.geojson"):
        neighbour_graph(area(ROW, boundary_geojson=text))


def test_a_boundary_of_lines_is_refused() -> None:
    fence = lines([(0.0, 0.0), (1.0, 1.0)])
    with pytest.raises(InstanceError, match="holds no polygon"):
        neighbour_graph(area(ROW, boundary_geojson=fence))


def test_a_boundary_in_metres_is_refused() -> None:
    ring = [[400_000, 300_000], [410_000, 300_000], [410_000, 310_000]]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    with pytest.raises(InstanceError, match="longitude and latitude"):
        neighbour_graph(area(ROW, boundary_geojson=json.dumps(shape)))


def test_a_practice_amid_the_others_is_not_on_the_edge() -> None:
    ring = [(8 * np.cos(a), 8 * np.sin(a)) for a in np.arange(8) * np.pi / 4]
    graph = neighbour_graph(area([(0.0, 0.0), *ring]))
    assert graph.on_edge.tolist() == [False] + [True] * 8


def test_a_town_with_open_country_round_it_is_not_shut_in() -> None:
    # Nine in a town, a ring of villages 20 km off: too far to be neighbours of
    # the town, but for the pair that attaches it.
    town = [(float(x), float(y)) for x in range(3) for y in range(3)]
    ring = [(20.0 * np.cos(a), 20.0 * np.sin(a)) for a in np.linspace(0, 6, 12)]
    graph = neighbour_graph(area([*town, *ring]))
    assert graph.on_edge[[0, 2, 6, 8]].all()
    assert not graph.on_edge[4]


def test_a_lake_within_the_boundary_is_no_edge() -> None:
    ring = [(8 * np.cos(a), 8 * np.sin(a)) for a in np.arange(8) * np.pi / 4]
    shell = [(-12.0, -12.0), (12.0, -12.0), (12.0, 12.0), (-12.0, 12.0)]
    lake = [(1.0, -1.0), (2.0, -1.0), (2.0, 1.0), (1.0, 1.0)]
    shore = area([(0.0, 0.0), *ring], boundary_geojson=polygons(shell, hole=lake))
    assert not neighbour_graph(shore).on_edge[0]


def test_rows_and_pairs_tell_the_same() -> None:
    graph = neighbour_graph(area(CROSS))
    rows = [(a, b) for a in range(5) for b in graph.of(a).tolist() if a < b]
    assert rows == [tuple(p) for p in graph.pairs.tolist()]
