"""What a pricing found, as tuples and as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Found", "Priced", "as_priced", "joined"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Priced:
    """What one pricing found.

    Parameters
    ----------
    members, centres, reduced
        The federations, their centres and reduced costs.
    least
        Shape ``(n,)``: least reduced cost under each centre, at most the limit; where
        its search was cut short, what no federation under it is below.
    complete
        Whether no centre hit its node limit or overflowed: all of `least` is exact.
    """

    members: tuple[tuple[int, ...], ...]
    centres: tuple[int, ...]
    reduced: FloatArray
    least: FloatArray
    complete: bool


@dataclass(frozen=True, eq=False)
class Found:
    """The federations of one search, as arrays; see `Priced`.

    `members` has a row for each, `length` practices at its start.
    """

    centre: IntArray
    reduced: FloatArray
    length: IntArray
    members: IntArray
    least: FloatArray
    complete: bool


def joined(parts: Sequence[Found]) -> Found:
    """Return what several searches found, one after the other."""
    if len(parts) == 1:
        return parts[0]
    return Found(
        centre=np.concatenate([part.centre for part in parts]),
        reduced=np.concatenate([part.reduced for part in parts]),
        length=np.concatenate([part.length for part in parts]),
        members=np.concatenate([part.members for part in parts]),
        least=np.min([part.least for part in parts], axis=0),
        complete=all(part.complete for part in parts),
    )


def as_priced(found: Found) -> Priced:
    """Return the finds as tuples, members in order."""
    return Priced(
        members=tuple(
            tuple(sorted(row[:length].tolist()))
            for row, length in zip(found.members, found.length, strict=True)
        ),
        centres=tuple(found.centre.tolist()),
        reduced=found.reduced,
        least=found.least,
        complete=found.complete,
    )
