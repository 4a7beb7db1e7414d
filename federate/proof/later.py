"""Prices found later, over the federations that earlier ones left.

Of all plans below the claim each federation is known and listed. So the prices
found later need only be right for those: each is priced again, one by one.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.problem import Problem
from federate.proof.prices import Prices
from federate.proof.pricing import Led

__all__ = ["priced_again"]

IntArray = npt.NDArray[np.int64]


def priced_again(
    problem: Problem, federations: Sequence[Led], before: Prices, now: Prices
) -> tuple[int, list[Led]]:
    """Return the bound of prices over given federations, and those at these prices.

    Parameters
    ----------
    problem
        What is asked.
    federations
        With their reduced costs at the prices `before`.
    now
        The prices to take instead.

    Returns
    -------
    What every plan of these federations costs at least, units; and they, with
    reduced costs rc + paid(before) − paid(now), where a federation S pays
    Σ_{i∈S} π_i + μ − Σ_T σ_T·⌊|S ∩ T| / 2⌋.
    """
    if not federations:
        return now.fixed(problem), []
    holds = _holds(federations, problem.n)
    reduced = np.array([led.reduced for led in federations], dtype=np.int64)
    reduced = reduced + _paid(holds, before) - _paid(holds, now)
    least = np.zeros(problem.n, dtype=np.int64)
    centre = np.array([led.centre for led in federations], dtype=np.int64)
    np.minimum.at(least, centre, reduced)
    again = [
        replace(led, reduced=units)
        for led, units in zip(federations, reduced.tolist(), strict=True)
    ]
    return now.fixed(problem) + sum(least.tolist()), again


def _holds(federations: Sequence[Led], n: int) -> Any:
    """Return who is in which federation, CSC of shape ``(federations, n)``."""
    from scipy.sparse import csc_array

    size = [len(led.members) for led in federations]
    row = np.repeat(np.arange(len(federations)), size)
    flat = np.fromiter(
        (i for led in federations for i in led.members), dtype=np.int64, count=sum(size)
    )
    ones = np.ones(len(flat), dtype=np.int64)
    return csc_array((ones, (row, flat)), shape=(len(federations), n))


def _paid(holds: Any, prices: Prices) -> IntArray:
    """Return what each federation pays at some prices, units."""
    paid: IntArray = holds @ prices.practice + prices.count
    for members, units in zip(prices.sets, prices.cut.tolist(), strict=True):
        inside = holds[:, members[members >= 0]].sum(axis=1)
        paid = paid - units * (np.asarray(inside).ravel() // 2)
    return paid
