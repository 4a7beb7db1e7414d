"""A whole synthetic region from a few knobs and a seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from federate.errors import Fault, InstanceError
from federate.practices.generate import calibration as england
from federate.practices.generate.crossings import (
    Crossings,
    Ends,
    build_crossings,
    stated_minutes,
)
from federate.practices.generate.history import current_networks, make_ties
from federate.practices.generate.land import Land, draw_land
from federate.practices.generate.names import place_names, practice_names
from federate.practices.generate.outline import land_geojson, line_geojson
from federate.practices.generate.people import (
    attributes_of,
    budgets_of,
    lists_of,
)
from federate.practices.generate.services import make_bases, make_partners
from federate.practices.generate.settlements import Settlements, settle
from federate.practices.instance import (
    Attribute,
    FloatArray,
    Instance,
    IntArray,
    Practices,
)

__all__ = ["MAX_PRACTICES", "Recipe", "grow"]

# V10001 … V79999: no English or Welsh practice code begins with V, and the
# placeholders of the NHS Data Dictionary (V81997 to V81999) lie beyond.
_FIRST_CODE = 10_001
MAX_PRACTICES = 69_999

_PRACTICES_BY_ISLAND = (3, 1, 2)
_PRACTICES_PER_ISLAND = 40  # a region has one island at most for so many practices
_ISLAND_KM2, _ISLAND_KM2_PER_PRACTICE = 10.0, 14.0
_PRACTICES_PER_DISTRICT = 21  # 6,392 practices in 309 English districts
_SMALLEST_LIST = int(min(map(min, england.LIST_SIZE_QUANTILES.values())))
_ATTRIBUTION = "Synthetic region, no real place or practice."
_ROOMS = ("land", "places", "names", "people", "lists", "services", "history")


@dataclass(frozen=True)
class Recipe:
    """The knobs of a synthetic region.

    Parameters
    ----------
    name, title
        Short name for files, and name for people.
    num_practices
        Number of practices, 1 to 69,999.
    seed
        The same seed and knobs give the same region.
    num_islands
        Islands with practices; no more than one for every 40 practices.
    largest_list
        No practice has more registered patients than this, persons.
    """

    name: str = "vale"
    title: str = "County of Vale"
    num_practices: int = 120
    seed: int = 0
    num_islands: int = 2
    largest_list: int = 110_000

    def __post_init__(self) -> None:
        limits = {
            "num_practices": (1, MAX_PRACTICES),
            "seed": (0, None),
            "num_islands": (0, None),
            "largest_list": (_SMALLEST_LIST, None),
        }
        faults = []
        for knob, (low, high) in limits.items():
            value = getattr(self, knob)
            if value < low or (high is not None and value > high):
                span = f"at least {low:,}" if high is None else f"{low:,} to {high:,}"
                faults.append(Fault("recipe", f"must be {span}", None, knob, value))
        if faults:
            raise InstanceError("recipe", faults)


@dataclass(frozen=True, eq=False)
class _Layout:
    """Where everything stands, before anybody is registered.

    `place_m` and `settlement` have one row per practice.
    """

    land: Land
    crossings: Crossings
    settlements: Settlements
    names: list[str]
    place_m: FloatArray
    settlement: IntArray

    @property
    def island(self) -> IntArray:
        """Number of the island of each practice, −1 on the mainland."""
        return self.settlements.island[self.settlement]

    @property
    def places(self) -> list[str]:
        """Name of the settlement of each practice."""
        return [self.names[s] for s in self.settlement]


def grow(recipe: Recipe) -> Instance:
    """Make the region of a recipe: land first, then people, then what joins them."""
    seeds = np.random.SeedSequence(recipe.seed).spawn(len(_ROOMS))
    rng = dict(zip(_ROOMS, map(np.random.default_rng, seeds), strict=True))
    layout = _lay_out(recipe, rng)
    practices = _register(recipe, layout, rng)
    land, crossings = layout.land, layout.crossings
    patients = np.zeros(len(layout.names))
    np.add.at(patients, layout.settlement, practices.list_size)
    bases, base_ends = make_bases(
        layout.settlements,
        layout.names,
        patients,
        crossings,
        rng["services"],
    )
    ends = Ends(practices.code, layout.place_m, layout.island)
    return Instance(
        name=recipe.name,
        title=recipe.title,
        practices=practices,
        travel=stated_minutes(crossings, ends, base_ends),
        bases=bases,
        partners=make_partners(),
        ties=make_ties(
            crossings, ends, practices.attributes["it_system"], rng["history"]
        ),
        current=current_networks(
            crossings, ends, practices.list_size, layout.places, rng["history"]
        ),
        boundary_geojson=land_geojson([land.mainland, *land.islands], recipe.title),
        barriers_geojson=line_geojson(land.estuary, "Estuary"),
        attribution=_ATTRIBUTION,
    )


def _lay_out(recipe: Recipe, rng: Mapping[str, np.random.Generator]) -> _Layout:
    """Draw the land and place the settlements and the premises on it."""
    # A small region has no room for islands.
    num_islands = min(recipe.num_islands, recipe.num_practices // _PRACTICES_PER_ISLAND)
    on_islands = [_PRACTICES_BY_ISLAND[k % 3] for k in range(num_islands)]
    ashore = recipe.num_practices - sum(on_islands)
    rural = round(recipe.num_practices * england.RURAL_SHARE) - sum(on_islands)
    rural = max(rural, 0)
    land = draw_land(
        england.KM2_PER_PRACTICE * ashore,
        tuple(_ISLAND_KM2 + _ISLAND_KM2_PER_PRACTICE * k for k in on_islands),
        rng["land"],
    )
    settlements, sites = settle(land, ashore - rural, rural, on_islands, rng["places"])
    at_site = np.repeat(np.arange(len(sites.settlement)), sites.num_practices)
    return _Layout(
        land=land,
        crossings=build_crossings(land),
        settlements=settlements,
        names=place_names(settlements.kind, settlements.coastal, rng["names"]),
        place_m=sites.place_m[at_site],
        settlement=sites.settlement[at_site],
    )


def _register(
    recipe: Recipe, layout: _Layout, rng: Mapping[str, np.random.Generator]
) -> Practices:
    """Return the table of practices, coded in the order of their settlements."""
    columns = attributes_of(
        layout.place_m, layout.settlement, layout.settlements, rng["people"]
    )
    district = Attribute("district", "category", "label", _districts(layout))
    rurality = np.asarray(columns["rurality"].values, dtype=np.str_)
    imd, share_65plus = (
        np.asarray(columns[name].values, dtype=np.float64)
        for name in ("imd", "share_65plus")
    )
    list_size = lists_of(
        imd, rurality, layout.island >= 0, recipe.largest_list, rng["lists"]
    )
    num_practices = len(list_size)
    return Practices(
        code=tuple(f"V{_FIRST_CODE + k}" for k in range(num_practices)),
        name=tuple(practice_names(layout.places, rng["names"])),
        easting_m=layout.place_m[:, 0],
        northing_m=layout.place_m[:, 1],
        list_size=list_size,
        budget_gbp=budgets_of(list_size, imd, share_65plus, rng["lists"]),
        attributes=MappingProxyType({**columns, "district": district}),
    )


def _districts(layout: _Layout) -> npt.NDArray[np.str_]:
    """Return the district of each practice: that of the nearest large town."""
    settlements, num_practices = layout.settlements, np.bincount(layout.settlement)
    count = max(1, round(len(layout.settlement) / _PRACTICES_PER_DISTRICT))
    heads = np.argsort(-num_practices, kind="stable")[:count]
    place_m, island = settlements.place_m, settlements.island
    minutes = [
        layout.crossings.minutes(place_m[h], int(island[h]), place_m, island)
        for h in heads
    ]
    nearest = heads[np.argmin(minutes, axis=0)][layout.settlement]
    return np.array([layout.names[h] for h in nearest], dtype=np.str_)
