"""Where people live: a city, towns, villages, islands; and where premises stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from federate.practices.generate.calibration import SITE_COUNTS
from federate.practices.generate.land import Land
from federate.practices.generate.towns import Place, place_towns, place_villages
from federate.practices.instance import FloatArray, IntArray

__all__ = ["Settlements", "Sites", "settle"]

_COAST_M = 3_000.0


@dataclass(frozen=True, eq=False)
class Settlements:
    """Places: towns, largest first, then villages, then islands.

    Parameters
    ----------
    kind
        ``town``, ``village`` or ``island``.
    place_m
        Centre of each, shape ``(s, 2)``, metres.
    radius_m
        Reach of the built-up land, shape ``(s,)``.
    coastal
        Whether the sea or the estuary is within 3 km.
    """

    kind: tuple[str, ...]
    place_m: FloatArray
    radius_m: FloatArray
    coastal: tuple[bool, ...]

    @property
    def island(self) -> IntArray:
        """Number of the island of each, −1 on the mainland."""
        there = np.array(self.kind) == "island"
        return np.where(there, np.cumsum(there) - 1, -1)


@dataclass(frozen=True, eq=False)
class Sites:
    """Premises: where, in which settlement, and how many practices they hold."""

    place_m: FloatArray
    settlement: IntArray
    num_practices: IntArray


def settle(
    land: Land,
    num_urban: int,
    num_rural: int,
    num_by_island: Sequence[int],
    rng: np.random.Generator,
) -> tuple[Settlements, Sites]:
    """Place every settlement of a region and every site in it.

    Parameters
    ----------
    land
        Where they may stand.
    num_urban, num_rural
        Practices of the mainland by rurality; at least one urban.
    num_by_island
        Practices of each island.
    rng
        Source of randomness.
    """
    urban = _practices_by_site(num_urban, SITE_COUNTS["Urban"], rng)
    rural = _practices_by_site(num_rural, SITE_COUNTS["Rural"], rng)
    alone = [1] * sum(num_by_island)
    places = place_towns(land, len(urban), rng)
    places += place_villages(land, places, len(rural), rng)
    for k, count in enumerate(num_by_island):
        middle = land.islands[k][:-1].mean(axis=0)
        places.append(Place("island", middle, 0.0, land.places(count, rng, island=k)))
    centres = np.round([place.centre for place in places])
    num_sites = [len(place.sites) for place in places]
    settlements = Settlements(
        kind=tuple(place.kind for place in places),
        place_m=centres,
        radius_m=np.array([place.radius_m for place in places]),
        coastal=_coastal(land, centres),
    )
    return settlements, Sites(
        place_m=np.round(np.concatenate([place.sites for place in places])),
        settlement=np.repeat(np.arange(len(places)), num_sites),
        num_practices=np.array([*urban, *rural, *alone], dtype=np.int64),
    )


def _practices_by_site(
    num_practices: int, counts: Sequence[int], rng: np.random.Generator
) -> list[int]:
    """Share practices out to sites of one, two, three … as often as in England."""
    practices = np.cumsum([k * c for k, c in enumerate(counts, start=1)])
    # One draw per practice, evenly spread, tells the kind of site it is at.
    draw = (np.arange(num_practices) + rng.random()) / max(num_practices, 1)
    kind = np.searchsorted(practices / practices[-1], draw, side="right") + 1
    shared = np.count_nonzero(kind > 1)
    sizes: list[int] = []
    for size in range(len(counts), 1, -1):
        # What larger sites cannot hold in whole numbers, pairs do.
        wanted = np.count_nonzero(kind == size) if size > 2 else shared - sum(sizes)
        sizes += [size] * int(np.rint(wanted / size))
    sizes += [1] * (num_practices - sum(sizes))
    return [sizes[k] for k in rng.permutation(len(sizes))]


def _coastal(land: Land, centres: FloatArray) -> tuple[bool, ...]:
    import shapely

    shore, places = shapely.LineString(land.shore), shapely.points(centres)
    return tuple(np.asarray(shapely.distance(shore, places) < _COAST_M).tolist())
