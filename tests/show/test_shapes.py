"""Regions as the page gets them: small, and still side by side."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from federate.plan import Plan
from federate.show.shapes import Polygons, Shapes, shapes_of
from tests.geography.places import area
from tests.show.village import village


def drawn(polygons: Polygons) -> BaseGeometry:
    """Return polygons unpacked as the page does it."""
    parts = []
    for rings in polygons:
        corners = [np.cumsum(np.reshape(ring, (-1, 2)), axis=0) for ring in rings]
        parts.append(shapely.Polygon(corners[0], corners[1:]))
    return shapely.MultiPolygon(parts)


def village_shapes() -> Shapes:
    result = village()
    return shapes_of(result.problem.instance, result.require_plan())


def test_regions_fill_the_outline_without_gaps_or_overlaps() -> None:
    shapes = village_shapes()
    land = drawn(shapes.outline).area
    apart = sum(drawn(region).area for region in shapes.region.values())
    whole = shapely.union_all([drawn(region) for region in shapes.region.values()])
    assert abs(apart - land) < 1e-6 * land
    assert abs(whole.area - land) < 1e-6 * land


def test_a_label_stands_on_its_region() -> None:
    shapes = village_shapes()
    for label, region in shapes.region.items():
        assert drawn(region).contains(shapely.Point(shapes.anchor[label]))


def test_regions_that_touch_have_different_colours() -> None:
    shapes = village_shapes()
    assert shapes.colour["F1"] != shapes.colour["F2"] != shapes.colour["F3"]


def test_a_small_piece_far_from_the_rest_is_drawn_too() -> None:
    streets = [(0.3 * k, 0.0) for k in range(5)]
    instance = area([*streets, (60.0, 0.0)])
    label = dict.fromkeys(instance.practices.code, "F1") | {"C": "F2", "F": "F2"}
    plan = Plan(federation=label, centre={"F1": "A", "F2": "C"})
    region = drawn(shapes_of(instance, plan).region["F2"])
    places = [shapely.Point(400_600, 300_000), shapely.Point(460_000, 300_000)]
    assert [bool(region.contains(place)) for place in places] == [True, True]


def test_land_of_those_who_stand_alone_is_kept_apart() -> None:
    result = village()
    plan = result.require_plan().move("C3", "")
    shapes = shapes_of(result.problem.instance, plan)
    assert drawn(shapes.alone).contains(shapely.Point(402_000, 298_000))
    assert set(shapes.region) == {"F1", "F2", "F3"}
