"""What holds for every graph and every map, whatever the places."""

from itertools import combinations

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.geography.cells import land_cells
from federate.geography.colours import four_colours
from federate.geography.land import land_of
from federate.geography.neighbours import Method, NeighbourGraph, neighbour_graph
from federate.geography.regions import federation_regions, practice_cells
from federate.geography.sites import diagram, sites_of
from federate.practices.instance import Instance
from tests.geography.places import area, polygons

# Whole kilometres on a small square: lines, squares and shared sites abound.
whole = st.integers(0, 9).map(float)
lattice = st.lists(st.tuples(whole, whole), min_size=1, max_size=24)
anywhere = st.lists(
    st.tuples(st.floats(0, 60, width=32), st.floats(0, 60, width=32)),
    min_size=1,
    max_size=24,
)
places = lattice | anywhere
COAST = [(-1.0, -1.0), (4.4, -1.0), (4.4, 61.0), (-1.0, 61.0)]
FAR_COAST = [(5.6, -1.0), (61.0, -1.0), (61.0, 61.0), (5.6, 61.0)]
WATER = polygons(COAST, FAR_COAST)
METHODS: tuple[Method, ...] = ("delaunay", "voronoi")


def network(graph: NeighbourGraph) -> "nx.Graph[int]":
    out: nx.Graph[int] = nx.Graph()
    out.add_nodes_from(range(graph.num_practices))
    out.add_edges_from(graph.pairs.tolist())
    return out


def shuffled(instance: Instance, order: npt.NDArray[np.int64]) -> Instance:
    practices = instance.practices
    xy = np.column_stack([practices.easting_m, practices.northing_m])[order]
    again = area([(0.0, 0.0)] * len(order))
    return Instance(
        name="again",
        title="Again",
        practices=type(practices)(
            code=again.practices.code,
            name=again.practices.name,
            easting_m=xy[:, 0],
            northing_m=xy[:, 1],
            list_size=practices.list_size[order],
            budget_gbp=practices.budget_gbp[order],
        ),
        boundary_geojson=instance.boundary_geojson,
    )


@pytest.mark.parametrize("method", METHODS)
@given(places_km=places)
@settings(max_examples=60, deadline=None)
def test_every_derived_graph_is_connected(
    method: Method, places_km: list[tuple[float, float]]
) -> None:
    graph = neighbour_graph(area(places_km, boundary_geojson=WATER), method=method)
    assert nx.is_connected(network(graph))


@pytest.mark.parametrize("method", METHODS)
@given(places_km=places)
@settings(max_examples=60, deadline=None)
def test_every_derived_graph_is_symmetric_and_without_loops(
    method: Method, places_km: list[tuple[float, float]]
) -> None:
    graph = neighbour_graph(area(places_km, boundary_geojson=WATER), method=method)
    rows = {(a, int(b)) for a in range(graph.num_practices) for b in graph.of(a)}
    assert all(a != b and (b, a) in rows for a, b in rows)
    assert len(rows) == 2 * len(graph.pairs)


@pytest.mark.parametrize("method", METHODS)
@given(places_km=places, seed=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_renaming_practices_renames_the_graph(
    method: Method, places_km: list[tuple[float, float]], seed: int
) -> None:
    before = area(places_km, boundary_geojson=WATER)
    order = np.random.default_rng(seed).permutation(len(places_km))
    renamed = neighbour_graph(shuffled(before, order), method=method)
    back = np.sort(order[renamed.pairs], axis=1).tolist()
    graph = neighbour_graph(before, method=method)
    assert {tuple(p) for p in back} == {tuple(p) for p in graph.pairs.tolist()}
    assert set(order[list(renamed.islands)].tolist()) == set(graph.islands)


def border_m(xy: npt.NDArray[np.float64], a: int, b: int, within_m: float) -> float:
    """Length of the border of two cells, by the definition, near their middle.

    The point at t along the bisector is as near to a as to b; it belongs to
    their border while no third site is nearer, which is linear in t.
    """
    middle = (xy[a] + xy[b]) / 2
    along = (xy[b] - xy[a])[::-1] * [-1, 1] / np.hypot(*(xy[b] - xy[a]))
    low, high = -within_m, within_m
    for k in set(range(len(xy))) - {a, b}:
        spare = np.sum((middle - xy[k]) ** 2) - np.sum((middle - xy[a]) ** 2)
        slope = 2 * along @ (xy[a] - xy[k])
        if slope > 0:
            low = max(low, -spare / slope)
        elif slope < 0:
            high = min(high, -spare / slope)
        elif spare < 0:
            return -np.inf
    return float(high - low)


@given(places_km=places)
@settings(max_examples=60, deadline=None)
def test_cells_share_a_border_where_no_third_site_is_nearer(
    places_km: list[tuple[float, float]],
) -> None:
    sites = sites_of(area(places_km))
    found = {tuple(p) for p in diagram(sites).pairs.tolist()}
    for a, b in combinations(range(len(sites)), 2):
        assert (a, b) in found or border_m(sites.xy, a, b, 50_000.0) < 1.0
        assert (a, b) not in found or border_m(sites.xy, a, b, np.inf) > -1.0


@given(places_km=places)
@settings(max_examples=60, deadline=None)
def test_sites_neighbour_whose_drawn_cells_share_a_border(
    places_km: list[tuple[float, float]],
) -> None:
    # One practice on either shore, for an empty shore makes no neighbours.
    instance = area([*places_km, (2.0, 2.0), (30.0, 30.0)], boundary_geojson=WATER)
    sites = sites_of(instance)
    cells = land_cells(sites, diagram(sites), land_of(instance, sites))
    wide = shapely.buffer(cells.geometry, 0.5)
    found = {tuple(p) for p in cells.pairs.tolist()}
    for a, b in combinations(range(len(sites)), 2):
        # Half a metre on either side: the overlap has as many m² as the border m.
        border = shapely.area(shapely.intersection(wide[a], wide[b]))
        assert (a, b) in found or border < 4.0
        assert (a, b) not in found or border > 0.5


@given(places_km=places)
@settings(max_examples=60, deadline=None)
def test_every_cell_is_nearest_to_its_own_site(
    places_km: list[tuple[float, float]],
) -> None:
    sites = sites_of(area(places_km))
    xy = sites.xy
    plain = shapely.box(*(xy.min(axis=0) - 5_000), *(xy.max(axis=0) + 5_000))
    cells = land_cells(sites, diagram(sites), plain).geometry
    assert shapely.area(cells).sum() == pytest.approx(plain.area)
    for cell, here in zip(cells, xy, strict=True):
        corner = shapely.get_coordinates(cell)
        nearest = np.hypot(*(corner[:, None] - xy[None]).T).min(axis=0)
        assert np.allclose(np.hypot(*(corner - here).T), nearest, atol=0.1)


@given(places_km=places, seed=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_regions_cover_the_land_without_overlap(
    places_km: list[tuple[float, float]], seed: int
) -> None:
    instance = area(places_km, boundary_geojson=WATER)
    rng = np.random.default_rng(seed)
    label = rng.choice(["", "F1", "F2", "F3", "F4"], len(places_km)).tolist()
    plan = dict(zip(instance.practices.code, label, strict=True))
    regions = federation_regions(instance, plan)
    land = practice_cells(instance).drop_duplicates("site").area.sum()
    assert shapely.coverage_is_valid(regions.geometry.to_numpy())
    assert regions.area.sum() == pytest.approx(land)
    assert (regions.area > 0).all()


@given(places_km=lattice)
@settings(max_examples=60, deadline=None)
def test_five_colours_at_most_tell_every_two_cells_apart(
    places_km: list[tuple[float, float]],
) -> None:
    sites = sites_of(area(places_km))
    names = [f"F{k:02}" for k in range(len(sites))]
    pairs = [(names[a], names[b]) for a, b in diagram(sites).pairs.tolist()]
    colour = four_colours(names, pairs)
    assert all(colour[a] != colour[b] for a, b in pairs)
    assert set(colour.values()) <= set(range(5))
