"""Osman & Christofides 1994: capacitated p-median, Euclid cut to whole numbers."""

import math
from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist

from benchmarks.published.capacitated import read_points, state_capacitated
from benchmarks.published.statement import Row, Statement

__all__ = ["state"]


def state(folder: Path, row: Row) -> Statement:
    """State one instance; a distance is rounded down before it is added."""
    points = read_points(folder / f"{row.instance}.txt")
    place = points.places.tolist()
    return state_capacitated(
        row,
        points,
        np.floor(cdist(points.places, points.places)),
        lambda i, j: math.floor(math.dist(place[i], place[j])),
        whole_numbers=True,
    )
