"""The points of a sweep: which keys of a scenario take which values together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from federate.errors import Fault, ScenarioError
from federate.scenario.change import parse_settings

__all__ = [
    "Points",
    "grid",
    "latin_hypercube",
    "listed",
    "one_at_a_time",
    "parse_axes",
    "points_of",
]

Value = Any


@dataclass(frozen=True)
class Points:
    """What is changed at each point, and where the points lie to one another.

    Parameters
    ----------
    changes
        For each point the keys that change, ``rules__size_bounds`` → value.
    place
        For each point its place on each axis, 0 to 1: neighbours are alike.
    """

    changes: tuple[Mapping[str, Value], ...]
    place: tuple[tuple[float, ...], ...]

    def __len__(self) -> int:
        return len(self.changes)


def points_of(
    axes: Mapping[str, Sequence[Value]], design: str, num_points: int, seed: int
) -> Points:
    """Return the points of a design by its name; see `federate.sweep`.

    Raises
    ------
    ScenarioError
        If nothing is to change, or there is no such design.
    """
    if not axes or not all(axes.values()):
        message = "no key has values to try; give some, e.g. --set risk.cv1=3,4"
        raise ScenarioError("the sweep", [Fault("sweep", message)])
    if design == "sample":
        return latin_hypercube(axes, num_points, seed=seed)
    known = {"grid": grid, "list": listed, "single": one_at_a_time}
    if design not in known:
        names = ", ".join((*known, "sample"))
        fault = Fault("sweep", f"must be one of {names}", None, "design", design)
        raise ScenarioError("the sweep", [fault])
    return known[design](axes)


def grid(axes: Mapping[str, Sequence[Value]]) -> Points:
    """Return every combination of the values.

    Examples
    --------
    >>> len(grid({"rules__num_federations": [3, 4], "risk__cv1": [3.0, 3.5, 4.0]}))
    6
    """
    places = [_spread(len(values)) for values in axes.values()]
    return Points(
        tuple(dict(zip(axes, row, strict=True)) for row in product(*axes.values())),
        tuple(product(*places)),
    )


def listed(axes: Mapping[str, Sequence[Value]]) -> Points:
    """Return the first values together, the second values together, and so on.

    Raises
    ------
    ScenarioError
        If the lists are not of one length.
    """
    lengths = {len(values) for values in axes.values()}
    if len(lengths) > 1:
        said = ", ".join(f"{_dotted(key)} {len(v)}" for key, v in axes.items())
        message = f"values side by side must be equally many; here are {said}"
        raise ScenarioError("the sweep", [Fault("sweep", message)])
    rows = list(zip(*axes.values(), strict=True))
    places = zip(*(_spread(len(values)) for values in axes.values()), strict=True)
    return Points(
        tuple(dict(zip(axes, row, strict=True)) for row in rows), tuple(places)
    )


def one_at_a_time(axes: Mapping[str, Sequence[Value]]) -> Points:
    """Return the scenario as it is, and then each value of each key by itself."""
    changes: list[dict[str, Value]] = [{}]
    place = [(0.0,) * len(axes)]
    for k, (key, values) in enumerate(axes.items()):
        for value, at in zip(values, _spread(len(values)), strict=True):
            changes.append({key: value})
            place.append(tuple(1 + at if j == k else 0.0 for j in range(len(axes))))
    return Points(tuple(changes), tuple(place))


def latin_hypercube(
    ranges: Mapping[str, Sequence[Value]], num_points: int, *, seed: int = 0
) -> Points:
    """Return points spread so that each key takes `num_points` values, evenly.

    Parameters
    ----------
    ranges
        Least and most of each key: numbers, whole where both are, or pairs, whose
        two numbers move together.
    num_points, seed
        How many; the same seed draws the same points.

    References
    ----------
    McKay, Beckman & Conover (1979), A comparison of three methods for selecting
    values of input variables in the analysis of output from a computer code,
    Technometrics 21(2); drawn by ``scipy.stats.qmc.LatinHypercube``.
    """
    faults = [
        Fault("sweep", "a sample needs a least and a most value", None, _dotted(key), v)
        for key, v in ranges.items()
        if len(v) != 2 or not all(map(_is_numeric, v))
    ]
    if faults:
        raise ScenarioError("the sweep", faults)
    from scipy.stats.qmc import LatinHypercube

    drawn = LatinHypercube(d=len(ranges), rng=seed).random(num_points).tolist()
    changes = tuple(
        {
            key: _between(pair[0], pair[1], at)
            for (key, pair), at in zip(ranges.items(), row, strict=True)
        }
        for row in drawn
    )
    return Points(changes, tuple(tuple(row) for row in drawn))


def parse_axes(texts: Sequence[str]) -> dict[str, tuple[Value, ...]]:
    """Return ``key=value,value`` texts as axes, each value typed by the schema.

    Values stand apart by commas, or by ``|`` where a value is a list itself.

    Raises
    ------
    ScenarioError
        With every text that names no key or has no fitting value.

    Examples
    --------
    >>> parse_axes(["rules.size_bounds=30000:50000,35000:50000"])
    {'rules__size_bounds': ((30000, 50000), (35000, 50000))}
    """
    axes: dict[str, tuple[Value, ...]] = {}
    faults: list[Fault] = []
    for text in texts:
        key, _, values = text.partition("=")
        mark = "|" if "|" in values or "," not in values else ","
        try:
            made = [parse_settings([f"{key}={value}"]) for value in values.split(mark)]
        except ScenarioError as error:
            faults.extend(error.faults)
            continue
        axes[next(iter(made[0]))] = tuple(next(iter(m.values())) for m in made)
    if faults:
        raise ScenarioError("--set", faults)
    return axes


def _spread(count: int) -> list[float]:
    return [k / max(1, count - 1) for k in range(count)]


def _is_numeric(value: Value) -> bool:
    if isinstance(value, tuple | list):
        return all(isinstance(v, int | float) for v in value)
    return isinstance(value, int | float)


def _between(low: Value, high: Value, at: float) -> Value:
    if isinstance(low, tuple | list):
        return tuple(_between(a, b, at) for a, b in zip(low, high, strict=True))
    value = low + at * (high - low)
    whole = isinstance(low, int) and isinstance(high, int)
    return round(value) if whole else value


def _dotted(key: str) -> str:
    return key.replace("__", ".")
