"""`Instance`: what is, frozen and validated.

Coordinates are metres of the British National Grid (EPSG:27700) inside;
longitude and latitude exist only at the edge (`coordinates`). Arrays are
read-only; a changed instance is a new one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = [
    "Attribute",
    "Bases",
    "FloatArray",
    "Instance",
    "IntArray",
    "Partners",
    "Practices",
    "Tie",
    "TravelTable",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
AttributeKind = Literal["number", "category"]
TieKind = Literal["could", "would_not", "allied"]


@dataclass(frozen=True, eq=False)
class Attribute:
    """A further column of the practices: a measure or a label.

    Parameters
    ----------
    name
        Column heading, e.g. ``imd_2019``.
    kind
        ``number`` (missing is NaN) or ``category`` (missing is ``""``).
    unit
        Unit as declared in ``instance.toml``, e.g. ``score``, ``share``, ``label``.
    values
        Shape ``(n,)``: float64 for numbers, str for categories.
    """

    name: str
    kind: AttributeKind
    unit: str
    values: npt.NDArray[np.float64] | npt.NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Practices:
    """The practices, in the order of their codes.

    Parameters
    ----------
    code, name
        ODS code (unique) and name, ``n`` each.
    easting_m, northing_m
        Main site, shape ``(n,)``, metres, EPSG:27700.
    list_size
        Registered patients, shape ``(n,)``, persons.
    budget_gbp
        Budget the federation would hold for them, shape ``(n,)``, £ a year;
        NaN where the instance states none.
    attributes
        Further columns by name.
    """

    code: tuple[str, ...]
    name: tuple[str, ...]
    easting_m: FloatArray
    northing_m: FloatArray
    list_size: IntArray
    budget_gbp: FloatArray
    attributes: Mapping[str, Attribute] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, eq=False)
class TravelTable:
    """Stated minutes between places, long form; the rest is estimated.

    ``origin`` is a practice code; ``destination`` a practice or base code.
    """

    origin: tuple[str, ...]
    destination: tuple[str, ...]
    minutes: FloatArray

    def without(self, gone: set[str]) -> "TravelTable":
        """Return the table without the rows that start or end at `gone`."""
        rows = [
            k
            for k, ends in enumerate(zip(self.origin, self.destination, strict=True))
            if not gone.intersection(ends)
        ]
        return TravelTable(
            origin=tuple(self.origin[k] for k in rows),
            destination=tuple(self.destination[k] for k in rows),
            minutes=self.minutes[rows],
        )


@dataclass(frozen=True, eq=False)
class Bases:
    """Out-of-hours bases: ``status`` is ``open`` (runs today) or ``candidate``.

    ``fixed_cost_gbp`` is £ a year, NaN where the scenario's default holds.
    """

    code: tuple[str, ...]
    name: tuple[str, ...]
    easting_m: FloatArray
    northing_m: FloatArray
    status: tuple[str, ...]
    fixed_cost_gbp: FloatArray

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True, eq=False)
class Partners:
    """Bodies that share risk or supply commissioning support.

    ``contract`` is ``quota_share``, ``stop_loss``, ``carve_out``, ``gain_share``
    or ``support``; ``fixed_gbp`` £ a year per client federation; ``share`` the
    fraction of risk ceded (0–1); ``fee_share`` the fee as a fraction of budget;
    ``capacity_gbp`` £ a year that it can carry, NaN where it states no limit.
    """

    code: tuple[str, ...]
    name: tuple[str, ...]
    contract: tuple[str, ...]
    share: FloatArray
    fee_share: FloatArray
    fixed_gbp: FloatArray
    capacity_gbp: FloatArray


@dataclass(frozen=True)
class Tie:
    """A stated relation between two practices, by code.

    ``could`` work together, ``would_not``, or ``allied`` already; ``strength``
    in [0, 1].
    """

    a: str
    b: str
    kind: TieKind
    strength: float = 1.0


@dataclass(frozen=True, eq=False)
class Instance:
    """What is: one area's practices and all that is known of them.

    Parameters
    ----------
    name
        Short name, e.g. ``vale``; used for files.
    title
        Name for people, e.g. ``County of Vale``.
    practices
        At least one practice.
    neighbours
        Stated pairs of practice codes, or ``None``: derived from geography.
    travel
        Stated minutes, or ``None``.
    bases, partners
        Or ``None`` where the instance has no such file.
    ties
        Stated relations; empty where there is no such file.
    current
        Present group of each practice (``""``: in none), ``n`` labels, or
        ``None`` where unknown.
    boundary_geojson, barriers_geojson
        Outline of the land, and lines that no federation may cross, as GeoJSON
        text in longitude and latitude, or ``None``.
    attribution
        Licence line to print on every map, or ``""``.
    digest
        SHA-256 over the files it was read from, or ``""`` if made in memory.
    """

    name: str
    title: str
    practices: Practices
    neighbours: tuple[tuple[str, str], ...] | None = None
    travel: TravelTable | None = None
    bases: Bases | None = None
    partners: Partners | None = None
    ties: tuple[Tie, ...] = ()
    current: tuple[str, ...] | None = None
    boundary_geojson: str | None = None
    barriers_geojson: str | None = None
    attribution: str = ""
    digest: str = ""

    @property
    def num_practices(self) -> int:
        """Number of practices."""
        return len(self.practices)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Position of each practice code."""
        return MappingProxyType({c: i for i, c in enumerate(self.practices.code)})

    def select(self, keep: Sequence[int] | IntArray) -> "Instance":
        """Return a new instance with only these practices, in code order.

        Pairs, ties and stated minutes that name a practice left out are
        dropped; bases, partners, boundary and barriers stay.
        """
        idx = np.unique(np.asarray(keep, dtype=np.int64))
        old = self.practices
        attributes = {
            name: replace(a, values=a.values[idx]) for name, a in old.attributes.items()
        }
        practices = Practices(
            code=tuple(old.code[i] for i in idx),
            name=tuple(old.name[i] for i in idx),
            easting_m=old.easting_m[idx],
            northing_m=old.northing_m[idx],
            list_size=old.list_size[idx],
            budget_gbp=old.budget_gbp[idx],
            attributes=MappingProxyType(attributes),
        )
        kept = set(practices.code)
        gone = set(old.code) - kept
        pairs = self.neighbours
        if pairs is not None:
            pairs = tuple(p for p in pairs if p[0] in kept and p[1] in kept)
        return replace(
            self,
            practices=practices,
            neighbours=pairs,
            travel=None if self.travel is None else self.travel.without(gone),
            ties=tuple(t for t in self.ties if t.a in kept and t.b in kept),
            current=self.current and tuple(self.current[i] for i in idx),
        )
