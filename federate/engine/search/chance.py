"""A small generator for the kernels: SplitMix64, its state in the plan's record.

Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators.
"""

import numpy as np
from numba import types

from federate.engine.compiled import kernel
from federate.engine.search.arrays import MOVING, Moving

__all__ = ["below", "uniform"]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_11, _27, _30, _31 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)
_UNIT = 2.0**-53


@kernel(types.float64(MOVING))
def uniform(moving: Moving) -> float:
    """Return a number in [0, 1)."""
    moving.random[0] += _STEP
    word = moving.random[0]
    word = (word ^ (word >> _30)) * _MIX_A
    word = (word ^ (word >> _27)) * _MIX_B
    word = word ^ (word >> _31)
    return float(word >> _11) * _UNIT


@kernel(types.int64(MOVING, types.int64))
def below(moving: Moving, count: int) -> int:
    """Return a whole number from 0 to `count` − 1."""
    return int(uniform(moving) * count)
