"""Who is registered: list sizes, deprivation, age, budgets and practice labels.

Every column is a ranking turned into a published distribution: a score says who
stands high, the quantiles say how high. So the distribution holds at any size of
region, and the scores carry what goes with what and what neighbours share.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from federate.practices.generate import calibration as england
from federate.practices.generate.settlements import Settlements
from federate.practices.instance import Attribute, FloatArray, IntArray

__all__ = ["attributes_of", "budgets_of", "lists_of"]

BoolArray = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.str_]

# Correlation of ranks with deprivation, measured on the practices that
# `calibration` names: of list size, and of the share aged 65 and over.
_LIST_BY_IMD = {"Urban": -0.25, "Rural": -0.18}
_AGE_BY_IMD = {"Urban": -0.41, "Rural": 0.23}
_COAST_IS_OLDER = 0.5
_ISLANDS_ARE_SMALL = 2.0

# What practices want of commissioning: to carry the whole risk, part of it, none.
# Our own choice, as is the spread of need beyond age and deprivation.
_STANCES = MappingProxyType({"full": 0.25, "partial": 0.50, "provider": 0.25})
_CLASSES = england.RURALITIES
_NEED_SPREAD = 0.03


def attributes_of(
    place_m: FloatArray,
    settlement: IntArray,
    settlements: Settlements,
    rng: np.random.Generator,
) -> dict[str, Attribute]:
    """Return the columns of every practice other than list size and budget.

    Parameters
    ----------
    place_m
        Shape ``(n, 2)``, metres.
    settlement
        Shape ``(n,)``, index into `settlements`.
    settlements
        The places they stand in.
    rng
        Source of randomness.
    """
    in_town = np.array(settlements.kind)[settlement] == "town"
    rurality = np.where(in_town, "Urban", "Rural")
    deprived = _deprivation(place_m, settlement, settlements, rng)
    coast = np.array(settlements.coastal)[settlement] * _COAST_IS_OLDER
    older = coast + 0.75 * _field(place_m, 14_000, rng) + 0.65 * _noise(place_m, rng)
    for kind, weight in _AGE_BY_IMD.items():
        members = rurality == kind
        older[members] = _correlated(older[members], deprived[members], weight)
    system = _field(place_m, 25_000, rng) + 0.15 * _noise(place_m, rng)
    contract = 0.8 * _field(place_m, 12_000, rng) + 0.7 * _noise(place_m, rng)
    stance = 0.8 * _field(place_m, 8_000, rng) + 0.6 * _noise(place_m, rng)
    dispenses, rated = _noise(place_m, rng), _noise(place_m, rng)
    dispensing = _labels(dispenses, rurality, england.DISPENSING_SHARES) == "yes"
    aged = _spread(older, rurality, england.SHARE_65PLUS_QUANTILES, rng)
    numbers = {
        "imd": (
            "score",
            _spread(deprived, rurality, england.IMD_QUANTILES, rng).round(1),
        ),
        "share_65plus": ("share", aged.round(3)),
        "dispensing": ("flag", dispensing.astype(np.float64)),
    }
    labels = {
        "rurality": rurality,
        "contract_type": _labels(contract, rurality, england.CONTRACT_SHARES),
        "it_system": _labels(system, rurality, england.IT_SYSTEM_SHARES),
        "cqc_overall": _labels(rated, rurality, england.CQC_SHARES),
        "stance": _labels(stance, rurality, dict.fromkeys(_CLASSES, _STANCES)),
    }
    columns = {
        name: Attribute(name, "number", unit, values)
        for name, (unit, values) in numbers.items()
    }
    return columns | {
        name: Attribute(name, "category", "label", values)
        for name, values in labels.items()
    }


def lists_of(
    imd: FloatArray,
    rurality: Labels,
    on_island: BoolArray,
    largest: int,
    rng: np.random.Generator,
) -> IntArray:
    """Return the registered patients of every practice, persons.

    Parameters
    ----------
    imd
        Deprivation, score; deprived practices have smaller lists.
    rurality
        ``Urban`` or ``Rural``.
    on_island
        Whether it serves an island, where lists are short.
    largest
        No list is longer than this, persons.
    rng
        Source of randomness.
    """
    score = _noise(imd, rng) - _ISLANDS_ARE_SMALL * on_island
    for kind, weight in _LIST_BY_IMD.items():
        members = rurality == kind
        score[members] = _correlated(score[members], imd[members], weight)
    size = _spread(score, rurality, england.LIST_SIZE_QUANTILES, rng)
    return np.minimum(np.rint(size), largest).astype(np.int64)


def budgets_of(
    list_size: IntArray,
    imd: FloatArray,
    share_65plus: FloatArray,
    rng: np.random.Generator,
) -> FloatArray:
    """Return what would be spent on the patients of every practice, £ a year.

    Cost per head of those under 65 and of the rest, each rising with national
    rank of deprivation, and a small spread of need that neither explains.
    """
    rank = np.interp(imd, england.IMD_BY_RANK, england.IMD_RANKS)
    fifths = (england.LEAST_DEPRIVED_FIFTH, 0.5, england.MOST_DEPRIVED_FIFTH)
    young = np.interp(rank, fifths, england.COST_UNDER_65_GBP)
    old = np.interp(rank, fifths, england.COST_65PLUS_GBP)
    need = np.exp(_NEED_SPREAD * rng.standard_normal(len(imd)))
    per_head = (young * (1 - share_65plus) + old * share_65plus) * need
    return np.asarray(np.round(per_head * list_size), dtype=np.float64)


def _deprivation(
    place_m: FloatArray,
    settlement: IntArray,
    settlements: Settlements,
    rng: np.random.Generator,
) -> FloatArray:
    """Score deprivation: by region, by town and its quarters, more in its middle."""
    in_town = np.array(settlements.kind)[settlement] == "town"
    town = rng.standard_normal(len(settlements.kind))[settlement]
    reach_m = np.maximum(settlements.radius_m[settlement], 1_000.0)
    off = place_m - settlements.place_m[settlement]
    middle = -np.hypot(off[:, 0], off[:, 1]) / reach_m
    quarter = _field(place_m, 3_000, rng)
    wide = _field(place_m, 15_000, rng)
    local = 0.6 * town + 0.5 * middle + 0.7 * quarter
    return np.asarray(wide + in_town * local + 0.45 * _noise(place_m, rng))


def _field(
    place_m: FloatArray, length_m: float, rng: np.random.Generator
) -> FloatArray:
    """Return a smooth random surface: alike within `length_m`, variance 1.

    A sum of random waves, whose correlation falls as exp(−d² / 2·length²).

    References
    ----------
    Rahimi & Recht (2007), Random features for large-scale kernel machines.
    """
    num_waves = 96
    wave = rng.standard_normal((2, num_waves)) / length_m
    phase = rng.uniform(0, 2 * np.pi, num_waves)
    surface = np.cos(place_m @ wave + phase).sum(axis=1)
    return np.asarray(surface * np.sqrt(2 / num_waves))


def _noise(rows: FloatArray, rng: np.random.Generator) -> FloatArray:
    return rng.standard_normal(len(rows))


def _correlated(own: FloatArray, other: FloatArray, weight: float) -> FloatArray:
    """Return normal scores that rank as `own` but for what `other` has a say in."""
    mine, theirs = _standard(own), _standard(other)
    square = float(theirs @ theirs)
    if square == 0:
        return mine
    mine -= (mine @ theirs) / square * theirs
    return np.asarray(weight * theirs + np.sqrt(1 - weight**2) * mine)


def _standard(score: FloatArray) -> FloatArray:
    """Return normal scores of the ranks."""
    from scipy.special import ndtri

    return np.asarray(ndtri(_rank(score)))


def _rank(score: FloatArray) -> FloatArray:
    """Return each rank as a level strictly between 0 and 1."""
    rank = np.empty(len(score))
    rank[np.argsort(score, kind="stable")] = np.arange(len(score)) + 0.5
    return rank / max(len(score), 1)


def _spread(
    score: FloatArray,
    rurality: Labels,
    tables: Mapping[str, Sequence[float]],
    rng: np.random.Generator,
) -> FloatArray:
    """Turn ranks within each class into that class's published distribution.

    One draw falls in each equal part of the distribution, wherever in the part.
    """
    values = np.empty(len(score))
    for kind, table in tables.items():
        members = np.flatnonzero(rurality == kind)
        within = (rng.random(len(members)) - 0.5) / max(len(members), 1)
        level = _rank(score[members]) + within
        # Between quantiles a logarithm is straighter: the tails are long.
        log = np.interp(level, england.QUANTILE_LEVELS, np.log(table))
        values[members] = np.exp(log)
    return values


def _labels(
    score: FloatArray, rurality: Labels, shares: Mapping[str, Mapping[str, float]]
) -> Labels:
    """Turn ranks within each class into labels in the published shares."""
    width = max(len(label) for table in shares.values() for label in table)
    out = np.empty(len(score), dtype=f"<U{width}")
    for kind, table in shares.items():
        members = rurality == kind
        steps = np.cumsum(list(table.values()))[:-1]
        out[members] = np.array(list(table))[
            np.searchsorted(steps, _rank(score[members]))
        ]
    return out
