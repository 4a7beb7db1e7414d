"""What is odd about stated minutes: missing, asymmetric, impossibly fast or slow."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from federate.geography.travel import KM_PER_MILE, Travel, places_of, stated_minutes
from federate.practices.instance import Instance

__all__ = ["TravelFinding", "travel_check"]

Indices = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

FASTEST_MPH = 70.0
"""National speed limit on motorways: nobody may cover the straight line faster."""
SLOWEST_MPH = 3.0
"""Walking pace; slower mostly means seconds where minutes belong."""
NEAR_KM = 1.0
"""Pairs nearer than this may take any time: the door, the stairs, the car park."""
UNEQUAL_MIN = 10.0
"""Two ways may differ by this many minutes …"""
UNEQUAL_RATIO = 1.5
"""… or by this ratio; more of both is asymmetric."""
NUM_EXAMPLES = 5


@dataclass(frozen=True)
class TravelFinding:
    """One kind of oddity among stated minutes.

    Parameters
    ----------
    kind
        ``missing``, ``one_way``, ``asymmetric``, ``faster_than_crow`` or
        ``slower_than_walking``.
    message
        What it means and what to do, as a sentence without a full stop.
    count
        How many places or pairs it concerns.
    examples
        The worst few of them.
    """

    kind: str
    message: str
    count: int
    examples: tuple[str, ...]


def travel_check(instance: Instance, travel: Travel) -> tuple[TravelFinding, ...]:
    """Return what is odd about the stated minutes of an instance.

    Nothing here is an error: a plan can be made from any minutes. Without
    stated minutes there is nothing to find.

    Parameters
    ----------
    travel
        Minutes made from the instance, `estimate_travel`.

    Raises
    ------
    InstanceError
        If stated minutes name an unknown practice or base.
    """
    if instance.travel is None:
        return ()
    origin, destination, _ = stated_minutes(instance)
    pairs = np.unique(np.column_stack([origin, destination]), axis=0)
    here = pairs[pairs[:, 1] < instance.num_practices]
    found = (
        _missing(instance, pairs),
        _one_way(instance, here),
        _asymmetric(instance, travel, here),
        *_pace(instance, travel, pairs),
    )
    return tuple(finding for finding in found if finding.count)


def _missing(instance: Instance, pairs: Indices) -> TravelFinding:
    """Find places that no stated minute concerns."""
    named = np.zeros(len(_names(instance)), dtype=bool)
    named[pairs] = True
    gone = np.flatnonzero(~named)
    return TravelFinding(
        kind="missing",
        message="no minutes are stated to or from these, so theirs are estimated",
        count=len(gone),
        examples=tuple(_names(instance)[gone[:NUM_EXAMPLES]]),
    )


def _one_way(instance: Instance, pairs: Indices) -> TravelFinding:
    """Find pairs of practices whose way back is not stated."""
    way = pairs[:, 0] * instance.num_practices + pairs[:, 1]
    way_back = pairs[:, 1] * instance.num_practices + pairs[:, 0]
    lone = pairs[np.isin(way_back, way, invert=True)]
    return TravelFinding(
        kind="one_way",
        message="the way back is not stated, so it is taken to last as long",
        count=len(lone),
        examples=tuple(_ways(instance, lone[:NUM_EXAMPLES].tolist())),
    )


def _asymmetric(instance: Instance, travel: Travel, pairs: Indices) -> TravelFinding:
    """Find pairs whose two ways differ by far, the widest first."""
    out = travel.minutes[pairs[:, 0], pairs[:, 1]]
    back = travel.minutes[pairs[:, 1], pairs[:, 0]]
    longer, shorter = np.maximum(out, back), np.minimum(out, back)
    apart = (longer - shorter > UNEQUAL_MIN) & (longer > UNEQUAL_RATIO * shorter)
    odd = np.flatnonzero(apart & (pairs[:, 0] < pairs[:, 1]))
    odd = odd[np.argsort(shorter[odd] - longer[odd], kind="stable")]
    worst = odd[:NUM_EXAMPLES]
    ways = _ways(instance, pairs[worst].tolist())
    return TravelFinding(
        kind="asymmetric",
        message="the two ways differ by over 10 minutes and by half; check both",
        count=len(odd),
        examples=tuple(
            f"{way} {out[k]:.0f} min, back {back[k]:.0f}"
            for way, k in zip(ways, worst, strict=True)
        ),
    )


def _pace(
    instance: Instance, travel: Travel, pairs: Indices
) -> tuple[TravelFinding, TravelFinding]:
    """Find pairs that no car could manage, and those a walker would beat."""
    km = _km(instance, pairs)
    minutes = _stated(travel, pairs)
    far = km > NEAR_KM
    # Straight-line speed, with 0 minutes as the fastest there is.
    mph = km / KM_PER_MILE * 60.0 / np.maximum(minutes, 1e-9)
    fast = np.flatnonzero(far & (mph > FASTEST_MPH))
    slow = np.flatnonzero(far & (mph < SLOWEST_MPH))

    def examples(rows: Indices) -> tuple[str, ...]:
        ways = _ways(instance, pairs[rows].tolist())
        return tuple(
            f"{way} {km[k]:.1f} km in {minutes[k]:.1f} min"
            for way, k in zip(ways, rows, strict=True)
        )

    fast = fast[np.argsort(-mph[fast], kind="stable")]
    slow = slow[np.argsort(mph[slow], kind="stable")]
    return (
        TravelFinding(
            kind="faster_than_crow",
            message="over 70 mph along the straight line; are these minutes, and "
            "are the places where they should be",
            count=len(fast),
            examples=examples(fast[:NUM_EXAMPLES]),
        ),
        TravelFinding(
            kind="slower_than_walking",
            message="under 3 mph along the straight line; are these minutes, not "
            "seconds, or is a ferry missed",
            count=len(slow),
            examples=examples(slow[:NUM_EXAMPLES]),
        ),
    )


def _stated(travel: Travel, pairs: Indices) -> FloatArray:
    """Return the minutes of pairs, whose destinations run on into the bases."""
    num_practices = len(travel.minutes)
    minutes = np.empty(len(pairs))
    base = pairs[:, 1] >= num_practices
    origin, destination = pairs[~base].T
    minutes[~base] = travel.minutes[origin, destination]
    origin, destination = pairs[base].T
    minutes[base] = travel.base_minutes[origin, destination - num_practices]
    return minutes


def _names(instance: Instance) -> npt.NDArray[np.str_]:
    """Return the codes of practices, then of bases."""
    bases = () if instance.bases is None else instance.bases.code
    return np.array([*instance.practices.code, *bases], dtype=np.str_)


def _ways(instance: Instance, pairs: Iterable[Iterable[int]]) -> list[str]:
    """Return pairs as people read them, ``A to B``."""
    names = _names(instance)
    return [f"{names[a]} to {names[b]}" for a, b in pairs]


def _km(instance: Instance, pairs: Indices) -> FloatArray:
    """Return the straight-line length of pairs, bases included, km."""
    xy = np.vstack(places_of(instance))
    step = xy[pairs[:, 0]] - xy[pairs[:, 1]]
    return np.asarray(np.hypot(step[:, 0], step[:, 1]) / 1000.0)
