"""The cases of each suite: which instance, which scenario, which plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["SUITES", "Case", "suite"]

SMALL_REGIONS = ("trafford", "richmond_upon_thames", "shropshire", "sefton")
REGIONS = (*SMALL_REGIONS, "cumbria", "oxfordshire", "manchester", "outer_ne_london")
TRAVEL_ALONE: Mapping[str, Any] = {
    "schema": 1,
    "rules": {"contiguity": "contiguous", "num_federations": "free"},
    "cover": {"enabled": False},
}


@dataclass(frozen=True)
class Case:
    """One question to answer and measure.

    Parameters
    ----------
    suite, name
        Where it belongs and what it is called, e.g. ``trafford/pcn2019``.
    source
        A shipped name, or the path of a table or folder.
    scenario
        Preset or shipped scenario by name, or sections as a mapping.
    changes
        Changes to it, as for ``Scenario.with_``.
    plan
        ``""``: solve; ``current``: score the present grouping instead.
    """

    suite: str
    name: str
    source: str
    scenario: str | Mapping[str, Any]
    changes: Mapping[str, Any] = field(default_factory=dict)
    plan: str = ""


def suite(name: str, data: Path | None) -> Iterator[Case]:
    """Yield the cases of a suite; those that need absent data are left out.

    Raises
    ------
    KeyError
        If there is no such suite.
    """
    for case in SUITES[name](data):
        if Path(case.source).exists() or "/" not in case.source:
            yield case


def small(data: Path | None) -> Iterator[Case]:
    """Yield what a minute answers: the shipped instances and two real boroughs."""
    yield Case("small", "toy", "toy", "toy")
    yield Case("small", "vale", "vale", "vale")
    for region in SMALL_REGIONS[:2]:
        yield from _region("small", region, data)


def regions(data: Path | None) -> Iterator[Case]:
    """Yield real regions under `pcn2019`, each beside its real networks of 2023."""
    for region in REGIONS:
        yield from _region("regions", region, data)


def travel(data: Path | None) -> Iterator[Case]:
    """Yield real regions with travel as the only term, in two ranges of size."""
    for region in REGIONS:
        for low, high in ((30_000, 50_000), (45_000, 75_000)):
            yield Case(
                "travel",
                f"{region}/{low // 1000}-{high // 1000}k",
                _source(data, f"regions/{region}.csv"),
                TRAVEL_ALONE,
                {"rules__size_bounds": (low, high)},
            )


def national(data: Path | None) -> Iterator[Case]:
    """Yield the whole of England under `pcn2019`, and its real networks."""
    source = _source(data, "england_practices.csv")
    yield Case("national", "england/pcn2019", source, "pcn2019")
    yield Case("national", "england/real", source, "pcn2019", plan="current")


def _region(suite: str, region: str, data: Path | None) -> Iterator[Case]:
    source = _source(data, f"regions/{region}.csv")
    yield Case(suite, f"{region}/pcn2019", source, "pcn2019")
    yield Case(suite, f"{region}/real", source, "pcn2019", plan="current")


def _source(data: Path | None, name: str) -> str:
    return str((data or Path("../shared/data")) / name)


SUITES = {"small": small, "regions": regions, "travel": travel, "national": national}
