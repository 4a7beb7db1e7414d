"""Shapes for maps: the land of a practice and the region of a federation."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from federate.errors import Fault, PlanError, did_you_mean
from federate.geography.cells import Cells, land_cells
from federate.geography.colours import PALETTE, four_colours
from federate.geography.holdings import holdings
from federate.geography.land import land_of
from federate.geography.sites import Sites, diagram, sites_of
from federate.practices.instance import Instance

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["PALETTE", "federation_regions", "four_colours", "practice_cells"]

CRS = "EPSG:27700"
ALONE = -1
"""Stands for a colour where practices stand alone."""


def practice_cells(instance: Instance) -> "GeoDataFrame":
    """Return the land nearest to each practice, EPSG:27700.

    Voronoi cells of the sites, clipped to the boundary of the instance or,
    without one, to an outline round its practices. What water parts from its
    site belongs to the cell it borders (`land_cells`).

    Returns
    -------
    geopandas.GeoDataFrame
        One row a practice, in order: ``code``, ``site`` (number) and the cell.
        Practices at one site have the same cell: keep one row a site
        (``drop_duplicates("site")``) and the cells do not overlap.
    """
    import geopandas

    sites, cells = _cells(instance)
    columns = {"code": instance.practices.code, "site": sites.of}
    return geopandas.GeoDataFrame(columns, geometry=cells.geometry[sites.of], crs=CRS)


def federation_regions(
    instance: Instance,
    federation: Mapping[str, str],
    *,
    simplify_m: float | None = None,
) -> "GeoDataFrame":
    """Return the region of each federation, coloured, EPSG:27700.

    A region unites the cells of the sites its federation holds: a site with
    practices of several federations goes to the one with most patients there
    (`holdings`), and a federation that so holds none gets a round patch of its
    largest site. The regions cover the land and do not overlap; where practices
    of one site are split, only the points tell the whole truth.

    Parameters
    ----------
    federation
        Practice code → federation label, every practice named; ``""`` for one
        that stands alone.
    simplify_m
        Drop detail below this many metres; borders stay shared. ``None``: all.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a label, in order: ``federation``, ``num_practices``,
        ``patients``, ``colour`` (index into `PALETTE`; regions that share a
        border differ) and the region. Practices that stand alone are one row,
        first, with the label ``""`` and -1 for a colour.

    Raises
    ------
    PlanError
        If a practice is missing, or one is named that the instance lacks.
    """
    import geopandas
    import shapely

    labels, member = _labels(instance, federation)
    list_size = instance.practices.list_size
    held = holdings(*_cells(instance), member, list_size)
    regions = np.array(
        [
            shapely.coverage_union_all(held.geometry[held.label == k])
            for k in range(len(labels))
        ],
        dtype=object,
    )
    if simplify_m is not None:
        regions = shapely.coverage_simplify(regions, simplify_m)
    named = [label for label in labels if label]
    touching = [(labels[a], labels[b]) for a, b in held.pairs.tolist()]
    colour = four_colours(named, [p for p in touching if all(p)])
    columns = {
        "federation": labels,
        "num_practices": np.bincount(member),
        "patients": np.bincount(member, weights=list_size).astype(np.int64),
        "colour": [colour.get(label, ALONE) for label in labels],
    }
    return geopandas.GeoDataFrame(columns, geometry=regions, crs=CRS)


def _cells(instance: Instance) -> tuple[Sites, Cells]:
    """Return the sites of an instance and their land."""
    sites = sites_of(instance)
    return sites, land_cells(sites, diagram(sites), land_of(instance, sites))


def _labels(
    instance: Instance, federation: Mapping[str, str]
) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return the labels in order and the number of each practice's label."""
    codes = instance.practices.code
    missing = [
        Fault("plan", f'practice {code} is missing; give it a federation or ""')
        for code in codes
        if code not in federation
    ]
    unknown = [
        Fault("plan", f"no practice {code}{did_you_mean(code, codes)}")
        for code in federation
        if code not in instance.index
    ]
    if missing or unknown:
        raise PlanError(f"the plan for {instance.name}", missing + unknown)
    labels, member = np.unique([federation[c] for c in codes], return_inverse=True)
    return [str(label) for label in labels], member.ravel().astype(np.int64)
