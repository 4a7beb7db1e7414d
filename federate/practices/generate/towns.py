"""Towns and villages: where they lie and how their sites are scattered.

The constants are fitted so that distances between sites agree with
`NEAREST_SITE_KM`; a test compares the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from federate.practices.generate.land import Land
from federate.practices.instance import FloatArray

__all__ = ["Place", "place_towns", "place_villages"]

_SITES_PER_KM2 = 0.48
_CORE = 0.85  # radial spread of a town: 0.5 is even, more is a denser core
_OUTSKIRTS = 0.35
_APART_M = 60.0

_ZIPF = 0.85  # size of the r-th town is in proportion to r^−0.85
_SMALLEST_TOWN = 2  # sites
_TOWN_CANDIDATES = 3
_RESORT_SHARE = 0.3
_UPLAND_SHARE = 0.6  # of the county's breadth, from the west, has fewer towns
_UPLAND_DENSITY = 0.04

_VILLAGE_CANDIDATES = 2
_HAMLET_SHARE = 0.11  # villages with a second site
_HAMLET_M = (400.0, 2_000.0)


@dataclass(frozen=True, eq=False)
class Place:
    """A settlement and its sites, metres; `kind` is town, village or island."""

    kind: str
    centre: FloatArray
    radius_m: float
    sites: FloatArray


def place_towns(land: Land, num_sites: int, rng: np.random.Generator) -> list[Place]:
    """Place a city at the bridge, a port on each bank, towns where there is room."""
    sizes = _town_sizes(num_sites)
    radius = 1_000 * np.sqrt(np.array(sizes) / (np.pi * _SITES_PER_KM2))
    centres: list[FloatArray] = []
    for k, reach_m in enumerate(radius):
        if k == 0:
            centres.append(_nearest(land.places(400, rng), land.bridge))
        elif k <= 2:
            options = land.places(600, rng)
            bank = 1 if k == 1 else -1
            centres.append(_nearest(options[land.bank(options) == bank], land.mouth))
        else:
            options = _town_options(land, float(reach_m), rng)
            room = (_metres(options, centres) - radius[:k]).min(axis=1)
            centres.append(options[int(np.argmax(room))])
    return [
        Place("town", centre, float(reach), _scatter(land, centre, reach, size, rng))
        for centre, reach, size in zip(centres, radius, sizes, strict=True)
    ]


def place_villages(
    land: Land, towns: Sequence[Place], num_sites: int, rng: np.random.Generator
) -> list[Place]:
    """Place villages of one or two sites in the open country."""
    centres = [town.centre for town in towns]
    reach_m = 1.1 * np.array([town.radius_m for town in towns])
    taken = [town.sites for town in towns]
    villages: list[Place] = []
    while num_sites > 0:
        options = land.places(60, rng)
        is_open = (_metres(options, centres) > reach_m).all(axis=1)
        options = options[is_open][:_VILLAGE_CANDIDATES]
        if not len(options):
            continue
        room = _metres(options, np.concatenate(taken)).min(axis=1)
        centre = options[int(np.argmax(room))]
        sites = centre[None]
        if num_sites > 1 and rng.random() < _HAMLET_SHARE:
            sites = np.stack([centre, _beside(land, centre, rng)])
        villages.append(Place("village", centre, 0.0, sites))
        taken.append(sites)
        num_sites -= len(sites)
    return villages


def _town_sizes(num_sites: int) -> list[int]:
    """Return the sites of each town by Zipf's rule, largest first."""
    num_towns = max(num_sites // _SMALLEST_TOWN, 1)
    while True:
        share = np.arange(1, num_towns + 1) ** -_ZIPF
        size = share / share.sum() * num_sites
        if size[-1] >= _SMALLEST_TOWN or num_towns == 1:
            break
        num_towns -= 1
    sizes = np.floor(size).astype(np.int64)
    sizes[: num_sites - sizes.sum()] += 1
    return [int(number) for number in sizes]


def _town_options(land: Land, reach_m: float, rng: np.random.Generator) -> FloatArray:
    """Return places for a town: inland, or on the coast for a resort."""
    import shapely

    options = land.places(12 * _TOWN_CANDIDATES, rng)
    options = _lowland(land, options, rng)
    away_m = shapely.distance(shapely.LineString(land.shore), shapely.points(options))
    is_resort = rng.random() < _RESORT_SHARE
    fit = away_m < reach_m if is_resort else away_m > reach_m
    return (options[fit] if fit.any() else options)[:_TOWN_CANDIDATES]


def _lowland(land: Land, points: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Thin out places towards the hills in the west, but for one at least."""
    west = land.centre[0] - land.radius_m
    east = west + 2 * land.radius_m * _UPLAND_SHARE
    share = np.interp(points[:, 0], [west, east], [_UPLAND_DENSITY, 1.0])
    keep = rng.random(len(points)) < share
    keep[0] |= not keep.any()
    return points[keep]


def _scatter(
    land: Land, centre: FloatArray, reach_m: float, count: int, rng: np.random.Generator
) -> FloatArray:
    """Return sites about the centre of a town, on land, denser in the middle."""
    sites: list[FloatArray] = []
    while len(sites) < count:
        spread = rng.random() ** _CORE * np.exp(_OUTSKIRTS * rng.standard_normal())
        site = centre + reach_m * spread * _bearing(rng)
        crowded = bool(sites) and _metres(site[None], sites).min() < _APART_M
        if not crowded and land.holds(site):
            sites.append(site)
    return np.array(sites)


def _beside(land: Land, centre: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return a place within a walk or a short drive, on land."""
    while True:
        site = centre + rng.uniform(*_HAMLET_M) * _bearing(rng)
        if land.holds(site):
            return site


def _bearing(rng: np.random.Generator) -> FloatArray:
    angle = rng.uniform(0, 2 * np.pi)
    return np.array([np.cos(angle), np.sin(angle)])


def _nearest(points: FloatArray, place: FloatArray) -> FloatArray:
    return np.asarray(points[int(np.argmin(_metres(points, place[None])))])


def _metres(
    points: FloatArray, others: Sequence[FloatArray] | FloatArray
) -> FloatArray:
    """Return every distance, shape ``(len(points), len(others))``."""
    gap = points[:, None] - np.asarray(others)[None]
    return np.asarray(np.hypot(gap[..., 0], gap[..., 1]))
