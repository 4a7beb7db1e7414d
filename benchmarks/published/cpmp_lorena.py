"""Lorena & Senne 2004 (SJC, p3038): capacitated p-median, exact Euclid."""

import math
from pathlib import Path

from scipy.spatial.distance import cdist

from benchmarks.published.capacitated import read_points, state_capacitated
from benchmarks.published.statement import Row, Statement

__all__ = ["state"]


def state(folder: Path, row: Row) -> Statement:
    """State one instance; distances are real numbers, unweighted."""
    points = read_points(folder / f"{row.instance}.txt")
    place = points.places.tolist()
    return state_capacitated(
        row,
        points,
        cdist(points.places, points.places),
        lambda i, j: math.dist(place[i], place[j]),
    )
