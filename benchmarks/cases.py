"""The cases on our own data: which instance, which scenario, which plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.published.statement import Row

__all__ = [
    "REGIONS",
    "SIZES",
    "TRAVEL_ALONE",
    "Case",
    "national",
    "priced",
    "regions",
    "small",
    "standard",
    "travel",
]

SMALL_REGIONS = ("trafford", "richmond_upon_thames", "shropshire", "sefton")
REGIONS = (*SMALL_REGIONS, "cumbria", "oxfordshire", "manchester", "outer_ne_london")
SIZES = ((30_000, 50_000), (45_000, 75_000))
ENGLAND, ENGLAND_2014 = "england_practices.csv", "england_practices_2014_15.csv"
# The least share of overspend, in whole hundredths, for which local search found within
# 40 seconds a plan of England whose federations each keep it in 95 years of 100.
TOLERANCES = {(30_000, 50_000): 0.12, (45_000, 75_000): 0.11}
MAX_PROBABILITY = 0.05
# What a £ at risk costs: expected overspend in full, capital for bad years at 5 %.
PRICES: Mapping[str, float] = {"expected_overspend": 1.0, "cvar": 0.05}
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
        A shipped name, the path of a table or folder, or the name to give a
        generated instance.
    scenario
        Preset or shipped scenario by name, or sections as a mapping.
    changes
        Changes to it, as for ``Scenario.with_``.
    plan
        ``""``: solve; ``current``: score the present grouping instead.
    generated
        Settings of the generator; ``None``: the source is read.
    family, published
        Family and row of a published instance, which then states the scenario;
        `source` is the family's folder.
    peer
        Another programme to ask for the plan, see `benchmarks.peers`.
    """

    suite: str
    name: str
    source: str
    scenario: str | Mapping[str, Any] = "pcn2019"
    changes: Mapping[str, Any] = field(default_factory=dict)
    plan: str = ""
    generated: Mapping[str, int] | None = None
    family: str = ""
    published: Row | None = None
    peer: str = ""

    @property
    def is_present(self) -> bool:
        """Whether what it reads is there."""
        if self.generated is not None or "/" not in self.source:
            return True
        return Path(self.source).exists()


def small(data: Path) -> Iterator[Case]:
    """Yield what a minute answers: the shipped instances and two real boroughs."""
    yield Case("small", "toy", "toy", "toy")
    yield Case("small", "vale", "vale", "vale")
    for region in SMALL_REGIONS[:2]:
        yield from _presets("small", region, data)


def standard(data: Path) -> Iterator[Case]:
    """Yield what some fifteen minutes answer: every kind of question, region-sized."""
    for region in REGIONS:
        yield Case("standard", f"{region}/pcn2019", _region(data, region))
        yield from _travel("standard", region, data)
    for region in ("shropshire", "cumbria", "outer_ne_london"):
        yield Case("standard", f"{region}/ccg2013", _region(data, region), "ccg2013")
    for practices, seed in ((40, 1), (120, 2), (300, 3)):
        yield Case(
            "standard",
            f"generated-{practices}/pcn2019",
            f"generated-{practices}",
            generated={"num_practices": practices, "seed": seed},
        )


def regions(data: Path) -> Iterator[Case]:
    """Yield real regions under `pcn2019`, each beside its real networks of 2023."""
    for region in REGIONS:
        yield from _presets("regions", region, data)


def travel(data: Path) -> Iterator[Case]:
    """Yield real regions with travel as the only term, in two ranges of size."""
    for region in REGIONS:
        yield from _travel("travel", region, data)


def priced(data: Path) -> Iterator[Case]:
    """Yield real regions under `pcn2019` with a price on the risk that is held."""
    for region in REGIONS:
        for measure, gbp in PRICES.items():
            changes = {"risk__gbp_per_gbp_at_risk": gbp, "risk__measure": measure}
            source = _region(data, region)
            yield Case("priced", f"{region}/{measure}", source, changes=changes)


def national(data: Path) -> Iterator[Case]:
    """Yield the whole of England: the preset, travel alone, and the real networks.

    ``+risk`` is the same question with a rule on overspends that binds.
    """
    england, old = str(data / ENGLAND), str(data / ENGLAND_2014)
    yield Case("national", "england/pcn2019", england)
    for low, high in SIZES:
        plain = _travel_alone("national", "england", england, low, high)
        yield plain
        yield _with_risk(plain, TOLERANCES[low, high])
    yield _travel_alone("national", "england", england, 200_000, 350_000, 220)
    yield _travel_alone("national", "england-2014", old, 68_000, 901_000, 211)
    yield Case("national", "england/real", england, plan="current")


def _presets(suite: str, region: str, data: Path) -> Iterator[Case]:
    source = _region(data, region)
    yield Case(suite, f"{region}/pcn2019", source)
    yield Case(suite, f"{region}/real", source, plan="current")


def _travel(suite: str, region: str, data: Path) -> Iterator[Case]:
    for low, high in SIZES:
        yield _travel_alone(suite, region, _region(data, region), low, high)


def _travel_alone(
    suite: str, area: str, source: str, low: int, high: int, count: int | None = None
) -> Case:
    """Return travel alone within a range of size, in a stated number or any."""
    name = f"{area}/{low // 1000}-{high // 1000}k"
    changes: dict[str, Any] = {"rules__size_bounds": (low, high)}
    if count is not None:
        name += f"x{count}"
        changes["rules__num_federations"] = count
    return Case(suite, name, source, TRAVEL_ALONE, changes)


def _with_risk(case: Case, tolerance: float) -> Case:
    """Return a case with the rule that overspends above a share be rare."""
    rule = {"risk__tolerance": tolerance, "risk__max_probability": MAX_PROBABILITY}
    return replace(case, name=f"{case.name}+risk", changes={**case.changes, **rule})


def _region(data: Path, region: str) -> str:
    return str(data / f"regions/{region}.csv")
