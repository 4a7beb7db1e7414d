"""The real practices of England: counts, islands, estuaries."""

import json
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely

from federate.geography.colours import four_colours
from federate.geography.neighbours import PAIR_KINDS, NeighbourGraph, neighbour_graph
from federate.geography.regions import federation_regions
from federate.geography.sites import diagram, sites_of
from federate.practices.instance import Instance
from tests.geography.england import england, region

REGIONS = (
    "cumbria",
    "manchester",
    "outer_ne_london",
    "oxfordshire",
    "richmond_upon_thames",
    "sefton",
    "shropshire",
    "trafford",
)
ISLES_OF_SCILLY = "L82017"
ISLE_OF_WIGHT, WIRRAL, LIVERPOOL = "E06000046", "E08000015", "E08000012"


@pytest.fixture(scope="module")
def country(shared_data: Path) -> Instance:
    """Every practice, without a boundary."""
    return england(shared_data)


@pytest.fixture(scope="module")
def coastal(country: Instance, shared_data: Path) -> Instance:
    """Every practice, on the land of England."""
    outline = (shared_data / "england_icbs.geojson").read_text(encoding="utf-8")
    return replace(country, boundary_geojson=outline)


@pytest.fixture(scope="module")
def near(country: Instance) -> NeighbourGraph:
    return neighbour_graph(country)


@pytest.fixture(scope="module")
def bordering(coastal: Instance) -> NeighbourGraph:
    return neighbour_graph(coastal)


def is_connected(graph: NeighbourGraph) -> bool:
    network = nx.from_edgelist(graph.pairs.tolist())
    return nx.is_connected(network) and len(network) == graph.num_practices


def within(instance: Instance, district: str) -> set[int]:
    labels = instance.practices.attributes["lad_code"].values
    return set(np.flatnonzero(labels == district).tolist())


def between(graph: NeighbourGraph, some: set[int], others: set[int]) -> set[str]:
    return {
        PAIR_KINDS[kind]
        for (a, b), kind in zip(graph.pairs.tolist(), graph.kind, strict=True)
        if (a in some and b in others) or (a in others and b in some)
    }


def test_near_pairs_of_england_are_as_many_as_counted_before(
    near: NeighbourGraph,
) -> None:
    # Counted apart from this code, with another triangulation: 20,327 pairs,
    # 6.36 neighbours each, 16 at most.
    degree = np.diff(near.indptr)
    assert len(near.pairs) == 20_327
    assert degree.max() == 16
    assert degree.min() >= 1


def test_england_is_one_piece(near: NeighbourGraph) -> None:
    assert is_connected(near)


def test_only_islands_are_attached_over_more_than_the_limit(country: Instance) -> None:
    graph = neighbour_graph(country, max_km=8.0)
    assert {PAIR_KINDS[k] for k in graph.kind[graph.km > 8.0]} == {"island"}
    assert is_connected(graph)


def test_england_on_its_land_is_one_piece(bordering: NeighbourGraph) -> None:
    assert is_connected(bordering)


@pytest.mark.parametrize("method", ["near", "bordering"])
def test_scilly_is_an_island(
    method: str, country: Instance, request: pytest.FixtureRequest
) -> None:
    graph: NeighbourGraph = request.getfixturevalue(method)
    scilly = country.index[ISLES_OF_SCILLY]
    kinds = graph.kind[(graph.pairs == scilly).any(axis=1)]
    assert {PAIR_KINDS[k] for k in kinds} == {"island"}
    assert scilly in graph.islands


def test_the_isle_of_wight_is_attached_to_the_mainland(
    coastal: Instance, bordering: NeighbourGraph
) -> None:
    wight = within(coastal, ISLE_OF_WIGHT)
    mainland = set(range(coastal.num_practices)) - wight
    assert between(bordering, wight, mainland) == {"island"}
    assert wight <= set(bordering.islands)


def test_the_mersey_divides_wirral_from_liverpool(
    coastal: Instance, bordering: NeighbourGraph
) -> None:
    wirral, liverpool = within(coastal, WIRRAL), within(coastal, LIVERPOOL)
    assert between(bordering, wirral, liverpool) == set()


def test_without_a_boundary_the_mersey_divides_nobody(
    country: Instance, near: NeighbourGraph
) -> None:
    wirral, liverpool = within(country, WIRRAL), within(country, LIVERPOOL)
    assert between(near, wirral, liverpool) == {"border"}


def test_a_barrier_along_the_mersey_divides_what_is_near(country: Instance) -> None:
    mersey = [[-3.25, 53.50], [-3.03, 53.43], [-2.99, 53.39], [-2.90, 53.335]]
    line = {"type": "LineString", "coordinates": [*mersey, [-2.70, 53.335]]}
    barred = neighbour_graph(replace(country, barriers_geojson=json.dumps(line)))
    wirral, liverpool = within(country, WIRRAL), within(country, LIVERPOOL)
    assert between(barred, wirral, liverpool) == set()
    assert barred.num_cut > 20


@pytest.mark.parametrize("name", REGIONS)
def test_every_region_is_one_piece(name: str, shared_data: Path) -> None:
    assert is_connected(neighbour_graph(region(shared_data, name)))


@pytest.mark.parametrize("name", REGIONS)
def test_four_colours_do_for_the_cells_of_a_region(
    name: str, shared_data: Path
) -> None:
    sites = sites_of(region(shared_data, name))
    names = [f"{k:03}" for k in range(len(sites))]
    pairs = [(names[a], names[b]) for a, b in diagram(sites).pairs.tolist()]
    assert set(four_colours(names, pairs).values()) == {0, 1, 2, 3}


def test_the_real_networks_of_england_are_drawn_without_overlap(
    coastal: Instance,
) -> None:
    assert coastal.current is not None
    plan = dict(zip(coastal.practices.code, coastal.current, strict=True))
    regions = federation_regions(coastal, plan)
    assert set(regions["federation"]) == set(coastal.current)
    assert shapely.coverage_is_valid(regions.geometry.to_numpy())
    assert not regions.is_empty.any()
