"""Díaz & Fernández 2006: 737 Spanish towns, distances from a matrix."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.published.capacitated import read_points, state_capacitated
from benchmarks.published.statement import Row, Statement

__all__ = ["state"]

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km
MIDDLE_LATITUDE = 40.0


def state(folder: Path, row: Row) -> Statement:
    """State one instance; longitude and latitude serve only to draw it."""
    points = read_points(folder / f"{row.instance}.txt")
    n = len(points.demand)
    with gzip.open(folder / "spain737_dist.txt.gz", "rt", encoding="utf-8") as file:
        text = file.read().split()
    flat = [int(word) for word in text]
    east = np.cos(np.radians(MIDDLE_LATITUDE))
    places = points.places * METRES_PER_DEGREE * np.array([east, 1.0])
    return state_capacitated(
        row,
        replace(points, places=places),
        np.array(flat, dtype=np.float64).reshape(n, n),
        lambda i, j: float(flat[i * n + j]),
        whole_numbers=True,
    )
