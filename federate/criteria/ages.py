"""Age: who is on a list, what each age costs, and how uncertainly.

Means are all NHS spend a head, England 2011/12, averaged over sex and deprivation
from the published single-year table of Asaria, NHS costs by age, sex and
deprivation (CHE Research Paper 147). They include primary care, which a federation
does not commission: only their ratios are used, scaled to each stated budget.

How uncertain each age's cost is was found nowhere; `AGE_CV` is a choice of ours
that falls with age, because elderly people's cost varies least (the minimum savings
rates of 42 CFR 425.604 imply about 2.1).
"""

import re

import numpy as np
import numpy.typing as npt

__all__ = [
    "AGE_CV",
    "AGE_FROM_YEARS",
    "AGE_MEAN_GBP",
    "AGE_SHARES_ENGLAND",
    "age_shares",
    "age_threshold",
    "need_ratio",
]

FloatArray = npt.NDArray[np.float64]

AGE_FROM_YEARS = (0, 5, 15, 25, 45, 65, 75, 85)
"""First year of age of each of the eight cells; the last is open above."""

_COUNTED = np.array([0.063, 0.111, 0.130, 0.271, 0.253, 0.087, 0.056, 0.023])
AGE_SHARES_ENGLAND: FloatArray = _COUNTED / _COUNTED.sum()
"""England's share of people in each cell, 2011/12 (rounded figures, made to add up)."""

AGE_MEAN_GBP: FloatArray = np.array(
    [1149.0, 767.0, 1022.0, 1341.0, 1722.0, 2967.0, 4221.0, 5156.0]
)
"""NHS spend a head in each cell, £ a year, England 2011/12."""

AGE_CV: FloatArray = np.array([6.0, 6.0, 4.5, 4.5, 3.8, 2.6, 2.2, 2.2])
"""Coefficient of variation of one patient's cost in each cell: a choice of ours,
rescaled so that England's mix of ages has the CV1 asked for."""

# Nobody is counted beyond; people of a cell are spread evenly over its years.
_OLDEST = 100
_COLUMN = re.compile(r"share_(\d+)plus(_\d{4})?")


def age_threshold(column: str) -> int | None:
    """Return the age from which a column such as ``share_65plus`` counts people.

    Examples
    --------
    >>> age_threshold("share_65plus"), age_threshold("share_18plus_2021")
    (65, 18)
    >>> age_threshold("imd") is None
    True
    """
    found = _COLUMN.fullmatch(column)
    years = int(found[1]) if found else 0
    return years if 0 < years < _OLDEST else None


def age_shares(known: dict[int, FloatArray], num_practices: int) -> FloatArray:
    """Return each practice's share of people in each age cell, shape ``(n, 8)``.

    Between two known ages people are spread as England's are. A share that is not
    known (NaN) says nothing; a practice of which nothing is known is England.

    Parameters
    ----------
    known
        First year of age → share of the list of that age and older, shape ``(n,)``,
        0 to 1. Where an older age's share exceeds a younger one's, as columns of
        different years may, it is cut down to it.
    num_practices
        n.

    Examples
    --------
    >>> shares = age_shares({65: np.array([0.3, np.nan])}, 2)
    >>> shares[:, 5:].sum(axis=1).round(3), shares.sum(axis=1)
    (array([0.3  , 0.167]), array([1., 1.]))
    """
    out = np.empty((num_practices, len(AGE_FROM_YEARS)))
    ages = sorted(known)
    stated = np.array([known[age] for age in ages]).reshape(len(ages), num_practices)
    present = ~np.isnan(stated)
    patterns, which = np.unique(present, axis=1, return_inverse=True)
    for k, pattern in enumerate(patterns.T):
        rows = np.flatnonzero(which.ravel() == k)
        cuts = [age for age, is_known in zip(ages, pattern, strict=True) if is_known]
        from_age = np.vstack(
            [np.ones(len(rows)), stated[pattern][:, rows], np.zeros(len(rows))]
        )
        within = -np.diff(np.minimum.accumulate(from_age, axis=0), axis=0)
        out[rows] = within.T @ _spread([0, *cuts, _OLDEST])
    return out


def _spread(cuts: list[int]) -> FloatArray:
    """Return how England's people between two cuts fall into the cells."""
    edges = np.array([*AGE_FROM_YEARS, _OLDEST], dtype=np.float64)
    low = np.maximum(edges[:-1], np.array(cuts[:-1])[:, None])
    high = np.minimum(edges[1:], np.array(cuts[1:])[:, None])
    people = np.maximum(high - low, 0) * AGE_SHARES_ENGLAND / np.diff(edges)
    out: FloatArray = people / people.sum(axis=1, keepdims=True)
    return out


def need_ratio(shares: FloatArray) -> FloatArray:
    """Return the expected cost a head of each practice over England's.

    Σ_a f_ia m_a / Σ_a F_a m_a, shape ``(n,)``: by age alone.

    Examples
    --------
    >>> need_ratio(AGE_SHARES_ENGLAND[None, :]).round(6)
    array([1.])
    """
    out: FloatArray = shares @ AGE_MEAN_GBP / (AGE_SHARES_ENGLAND @ AGE_MEAN_GBP)
    return out
