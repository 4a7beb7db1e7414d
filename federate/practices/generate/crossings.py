"""Ways over water: minutes that no straight line would tell.

The estuary is crossed by the bridge at its head or the ferry at its mouth, an
island is reached by a ferry of its own. Only such minutes are stated; the rest
is left to be estimated from distance.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from federate.practices.generate.land import Land
from federate.practices.instance import FloatArray, IntArray, TravelTable

if TYPE_CHECKING:
    import shapely

__all__ = ["Crossings", "Ends", "Ferry", "build_crossings", "stated_minutes"]

BoolArray = npt.NDArray[np.bool_]

# Straight-line km to minutes on the road: detour 1.4 at 30 mph, the starting
# values of a scenario's travel model.
_MIN_PER_KM = 1.4 / (30 * 1.609344) * 60

_BOARDING_MIN = 10.0
_FERRY_KM_H = 15.0
_STATED_WITHIN_M = 40_000.0
_LOOKED_AT = 60


@dataclass(frozen=True, eq=False)
class Ends:
    """Places between which people travel.

    Parameters
    ----------
    code
        Of the practice or base.
    place_m
        Shape ``(n, 2)``, metres.
    island
        Shape ``(n,)``, number of the island or −1 on the mainland.
    """

    code: tuple[str, ...]
    place_m: FloatArray
    island: IntArray


@dataclass(frozen=True, eq=False)
class Ferry:
    """A crossing between two landings (metres), minutes with boarding."""

    near: FloatArray
    far: FloatArray

    @property
    def minutes(self) -> float:
        """Minutes from landing to landing."""
        km = float(np.hypot(*(self.near - self.far))) / 1_000
        return _BOARDING_MIN + 60 * km / _FERRY_KM_H


@dataclass(frozen=True, eq=False)
class Crossings:
    """The bridge, the ferry over the mouth, and one ferry for each island.

    An island's ferry runs from the mainland (`near`) to the island (`far`).
    """

    land: Land
    mouth: Ferry
    islands: tuple[Ferry, ...]

    def minutes(
        self, origin_m: FloatArray, island: int, places_m: FloatArray, islands: IntArray
    ) -> FloatArray:
        """Return minutes from one place to others by road, bridge and ferry."""
        out, start = np.zeros(1), origin_m
        if island >= 0:
            ferry = self.islands[island]
            out = _road_min(origin_m, ferry.far) + ferry.minutes
            start = ferry.near
        minutes = np.empty(len(places_m))
        ashore = islands < 0
        minutes[ashore] = out + self._by_land(start, places_m[ashore])
        for k, ferry in enumerate(self.islands):
            there = islands == k
            across = self._by_land(start, ferry.near[None])[0] + ferry.minutes
            if k == island:
                minutes[there] = _road_min(origin_m, places_m[there])
            else:
                minutes[there] = out + across + _road_min(ferry.far, places_m[there])
        return minutes

    def over_estuary(self, origin_m: FloatArray, places_m: FloatArray) -> BoolArray:
        """Tell which straight lines from one place to others cross the estuary."""
        import shapely

        ends = np.stack([np.broadcast_to(origin_m, places_m.shape), places_m], axis=1)
        return np.asarray(shapely.intersects(self._water, shapely.linestrings(ends)))

    def nearest(
        self,
        ends: Ends,
        of: int,
        among: IntArray,
        within_min: float = np.inf,
    ) -> IntArray:
        """Return up to 60 of `among` by minutes from one of the ends, itself out.

        Only the 60 nearest in a straight line are looked at.
        """
        among = among[among != of]
        off = ends.place_m[among] - ends.place_m[of]
        order = np.argsort(np.hypot(off[:, 0], off[:, 1]), kind="stable")
        near = among[order[:_LOOKED_AT]]
        minutes = self.minutes(
            ends.place_m[of],
            int(ends.island[of]),
            ends.place_m[near],
            ends.island[near],
        )
        order = np.argsort(minutes, kind="stable")
        return near[order[minutes[order] <= within_min]]

    @cached_property
    def _water(self) -> "shapely.LineString":
        import shapely

        water = shapely.LineString(self.land.estuary)
        shapely.prepare(water)
        return water

    def _by_land(self, origin_m: FloatArray, places_m: FloatArray) -> FloatArray:
        """Return minutes between mainland places, round or over the estuary."""
        minutes = _road_min(origin_m, places_m)
        wet = self.over_estuary(origin_m, places_m)
        bridge, beyond = self.land.bridge, places_m[wet]
        ways = [_road_min(origin_m, bridge) + _road_min(bridge, beyond)]
        for here, there in (
            (self.mouth.near, self.mouth.far),
            (self.mouth.far, self.mouth.near),
        ):
            if not self.over_estuary(origin_m, here[None])[0]:
                sail = _road_min(origin_m, here) + self.mouth.minutes
                ways.append(sail + _road_min(there, beyond))
        minutes[wet] = np.min(ways, axis=0)
        return minutes


def build_crossings(land: Land) -> Crossings:
    """Place the landings: the nearest pair of banks, and of shores."""
    side = land.bank(land.shore)
    banks = (land.shore[side == 1], land.shore[side == -1])
    left, right = (_closest(bank, land.mouth[None]).near for bank in banks)
    islands = tuple(_closest(land.shore, ring) for ring in land.islands)
    return Crossings(land, Ferry(left, right), islands)


def _closest(shore: FloatArray, other: FloatArray) -> Ferry:
    gap = shore[:, None] - other[None]
    metres = np.hypot(gap[..., 0], gap[..., 1])
    near, far = np.unravel_index(int(np.argmin(metres)), metres.shape)
    return Ferry(shore[near], other[far])


def stated_minutes(
    crossings: Crossings, practices: Ends, bases: Ends
) -> TravelTable | None:
    """State minutes from practices to practices and bases across the water.

    All pairs with an island between them, and pairs on the mainland that face
    each other over the estuary within 40 km. ``None`` where there are none.
    """
    code = practices.code + bases.code
    place_m = np.concatenate([practices.place_m, bases.place_m])
    island = np.concatenate([practices.island, bases.island])
    rows: list[tuple[str, str, float]] = []
    for i, origin in enumerate(practices.code):
        off = place_m - practices.place_m[i]
        close = np.hypot(off[:, 0], off[:, 1]) < _STATED_WITHIN_M
        # Stated one way: it lasts as long the other way.
        later = np.arange(len(code)) > i
        ashore = (island < 0) & (practices.island[i] < 0) & later
        asked = (island != practices.island[i]) & later
        facing = np.flatnonzero(ashore & close)
        asked[facing] = crossings.over_estuary(practices.place_m[i], place_m[facing])
        to = np.flatnonzero(asked)
        minutes = crossings.minutes(
            practices.place_m[i], int(practices.island[i]), place_m[to], island[to]
        )
        rows += [(origin, code[k], m) for k, m in zip(to, minutes, strict=True)]
    if not rows:
        return None
    start, end, stated = zip(*rows, strict=True)
    return TravelTable(start, end, np.rint(np.array(stated, dtype=np.float64)))


def _road_min(origin_m: FloatArray, places_m: FloatArray) -> FloatArray:
    """Return minutes by road in a straight line times the detour."""
    off = np.atleast_2d(places_m) - origin_m
    return np.asarray(np.hypot(off[:, 0], off[:, 1]) / 1_000 * _MIN_PER_KM)
