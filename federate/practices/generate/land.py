"""The land: a county with an eastern coast, an estuary and islands.

Drawn onto the British National Grid in the North Sea, where no English land is;
only a region of more than about 500 practices has to overlie England. Rings are
laid point by point rather than cut from polygons, so that a seed gives the same
bytes whatever the version of the geometry library.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from federate.practices.instance import FloatArray

if TYPE_CHECKING:
    import shapely

__all__ = ["Land", "draw_land"]

# The open sea inside England's envelope on the grid ends here. A large region lies
# in the north of it, where the sea is wider.
_EAST_M, _NORTH_M = 652_000.0, 655_000.0
_MID_NORTHING_M = 478_000.0
_LARGE_REACH_M = 55_000.0

_COAST_RAD = 1.35  # the coast faces east, this far to either side
_CONTROLS = 28
_COAST_ROUGHNESS, _BORDER_ROUGHNESS = 0.24, 0.16
_HALVINGS, _FINEST_M = 5, 80.0
_ISLAND_ROUGHNESS = 0.2
_MOUTH, _HEAD = 0.13, 0.012  # widths of the estuary, in radii of the county
_STRAIT_M, _CLEAR_M = 4_000.0, 1.0
_EDGE_M = 25.0  # nothing is built so close to the water


@dataclass(frozen=True, eq=False)
class Land:
    """Outlines in metres of the British National Grid.

    Parameters
    ----------
    mainland
        Closed ring, shape ``(m, 2)``, anticlockwise.
    shore
        The part of it that is coast or bank of the estuary, from south to north.
    islands
        One closed ring each.
    estuary
        Line down the middle of the water, shape ``(k, 2)``, from the open sea
        to the bridge at its head.
    mouth
        Where that line meets the coast, shape ``(2,)``.
    centre, radius_m
        Of the mainland.
    """

    mainland: FloatArray
    shore: FloatArray
    islands: tuple[FloatArray, ...]
    estuary: FloatArray
    mouth: FloatArray
    centre: FloatArray
    radius_m: float

    @property
    def bridge(self) -> FloatArray:
        """Head of the estuary, the lowest place where a road crosses."""
        return np.asarray(self.estuary[-1])

    @cached_property
    def _ground(self) -> "shapely.Geometry":
        return _dry(self.mainland)

    def holds(self, place_m: FloatArray) -> bool:
        """Tell whether a place is on the mainland."""
        import shapely

        return bool(shapely.contains_xy(self._ground, place_m[0], place_m[1]))

    def places(
        self, count: int, rng: np.random.Generator, island: int = -1
    ) -> FloatArray:
        """Return places spread evenly over the mainland, or over an island."""
        import shapely

        ground = self._ground if island < 0 else _dry(self.islands[island])
        bounds = shapely.bounds(ground)
        found = np.empty((0, 2))
        while len(found) < count:
            points = rng.uniform(bounds[:2], bounds[2:], (2 * count, 2))
            inside = shapely.contains_xy(ground, points[:, 0], points[:, 1])
            found = np.concatenate([found, points[inside]])
        return found[:count]

    def bank(self, places_m: FloatArray) -> FloatArray:
        """Tell on which side of the estuary places lie: 1 left of one who enters."""
        inward, off = self.bridge - self.mouth, places_m - self.mouth
        return np.asarray(np.sign(inward[0] * off[:, 1] - inward[1] * off[:, 0]))


def draw_land(
    area_km2: float, island_areas_km2: tuple[float, ...], rng: np.random.Generator
) -> Land:
    """Draw a county with its estuary and islands.

    Parameters
    ----------
    area_km2
        About the land of the mainland; the estuary takes a little of it.
    island_areas_km2
        Area of each island, km².
    rng
        Source of randomness.
    """
    import shapely

    radius_m = float(np.sqrt(area_km2 / np.pi)) * 1_000
    reach_m = 1.3 * radius_m + sum(2.5e3 * np.sqrt(a) for a in island_areas_km2[:1])
    is_large = reach_m > _LARGE_REACH_M
    north_m = _NORTH_M - reach_m if is_large else _MID_NORTHING_M
    centre = np.array([_EAST_M - reach_m, north_m])
    while True:
        coast, border = _outline(centre, radius_m, rng)
        coast, estuary, mouth = _cut_estuary(coast, centre, radius_m, rng)
        coast = np.round(coast)
        mainland = np.concatenate([coast, np.round(border), coast[:1]])
        if _is_sound(shapely.Polygon(mainland)):
            break
    islands: list[FloatArray] = []
    for area in island_areas_km2:
        taken = [mainland, *islands]
        islands.append(_island(area, taken, estuary, centre, radius_m, rng))
    return Land(mainland, coast, tuple(islands), estuary, mouth, centre, radius_m)


def _dry(ring: FloatArray) -> "shapely.Geometry":
    """Return the land inside a ring but for its very edge, prepared for questions."""
    import shapely

    ground = shapely.Polygon(ring).buffer(-_EDGE_M)
    shapely.prepare(ground)
    return ground


def _is_sound(polygon: "shapely.Polygon") -> bool:
    """Tell whether a ring neither crosses itself nor would once it is rounded."""
    import shapely

    return bool(polygon.is_valid and shapely.minimum_clearance(polygon) > _CLEAR_M)


def _outline(
    centre: FloatArray, radius_m: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return the coast from south to north, and the border back to its start."""
    angle = np.linspace(-_COAST_RAD, 2 * np.pi - _COAST_RAD, _CONTROLS, endpoint=False)
    radius = radius_m * (1 + _wobble(angle, 0.17, rng))
    points = centre + radius[:, None] * _direction(angle)
    num_coast = int(np.searchsorted(angle, _COAST_RAD)) + 1
    coast = _roughen(points[:num_coast], _COAST_ROUGHNESS, rng)
    border = np.concatenate([points[num_coast - 1 :], points[:1]])
    return coast, _roughen(border, _BORDER_ROUGHNESS, rng)[1:-1]


def _cut_estuary(
    coast: FloatArray, centre: FloatArray, radius_m: float, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Run the coast up one bank of an estuary and down the other.

    Returns the new coast, the middle of the water and the mouth.
    """
    off = coast - centre
    turn = rng.uniform(-0.45, 0.45)
    angle = np.arctan2(off[:, 1], off[:, 0])
    mouth = coast[int(np.argmin(np.abs(angle - turn)))]
    inward = centre - mouth
    inward = inward @ _rotation(rng.uniform(-0.25, 0.25)).T / np.hypot(*inward)
    along = np.linspace(0, 1, 40)
    sway = np.sin(along * np.pi * rng.uniform(2.0, 3.0)) * along * 0.10 * radius_m
    aside = np.array([-inward[1], inward[0]])
    length_m = rng.uniform(0.85, 1.05) * radius_m
    middle = mouth + np.outer(along * length_m, inward) + np.outer(sway, aside)
    width = radius_m * (_HEAD + (_MOUTH - _HEAD) * (1 - along) ** 1.6)
    step = np.gradient(middle, axis=0)
    normal = np.column_stack([-step[:, 1], step[:, 0]])
    normal /= np.hypot(normal[:, 0], normal[:, 1])[:, None]
    bank = [
        middle + side * normal * (width * rng.uniform(0.38, 0.62, 40))[:, None]
        for side in (1, -1)
    ]
    # Travelling inland, the left bank is the southern one.
    cut = np.flatnonzero(np.hypot(*(coast - mouth).T) < 0.6 * _MOUTH * radius_m)
    new = [coast[: cut[0]], bank[0], bank[1][::-1], coast[cut[-1] + 1 :]]
    sea = mouth - inward * 0.35 * radius_m
    return np.concatenate(new), np.concatenate([[sea], middle]), mouth


def _island(
    area_km2: float,
    taken: list[FloatArray],
    estuary: FloatArray,
    centre: FloatArray,
    radius_m: float,
    rng: np.random.Generator,
) -> FloatArray:
    """Return a ring of this area off the coast, clear of land and channel."""
    import shapely

    land = shapely.MultiPolygon([shapely.Polygon(ring) for ring in taken])
    channel = shapely.LineString(estuary)
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    off_m = radius_m
    while True:
        shape = 1_000 * np.sqrt(area_km2 / np.pi) * (1 + _wobble(angle, 0.25, rng))
        corners = shape[:, None] * _direction(angle)
        closed = np.concatenate([corners, corners[:1]])
        ring = _roughen(closed, _ISLAND_ROUGHNESS, rng)
        bearing = rng.uniform(-0.8, 0.8) * _COAST_RAD
        off_m += 300.0
        place = centre + off_m * _direction(np.array([bearing]))[0]
        ring = np.asarray(np.round(ring + place))
        polygon = shapely.Polygon(ring)
        room_m = min(polygon.distance(channel), polygon.distance(land))
        if _is_sound(polygon) and room_m > _STRAIT_M:
            return ring


def _wobble(angle: FloatArray, amount: float, rng: np.random.Generator) -> FloatArray:
    """Return a smooth periodic disturbance of about this amount."""
    waves = np.arange(2, 7)
    size = rng.uniform(-1, 1, 5) / waves**0.7
    phase = rng.uniform(0, 2 * np.pi, 5)
    return np.asarray(amount * np.cos(np.outer(angle, waves) + phase) @ size * 1.5)


def _roughen(line: FloatArray, amount: float, rng: np.random.Generator) -> FloatArray:
    """Displace midpoints again and again: a line becomes a coast."""
    for _ in range(_HALVINGS):
        step = np.diff(line, axis=0)
        if np.hypot(step[:, 0], step[:, 1]).mean() < _FINEST_M:
            break
        push = np.clip(rng.standard_normal(len(step)), -2, 2) * amount
        middle = (line[:-1] + line[1:]) / 2
        middle += push[:, None] * np.column_stack([-step[:, 1], step[:, 0]])
        out = np.empty((2 * len(line) - 1, 2))
        out[::2], out[1::2] = line, middle
        line = out
    return line


def _direction(angle: FloatArray) -> FloatArray:
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _rotation(angle: float) -> FloatArray:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin], [sin, cos]])
