"""A plan as a still picture, for notebooks, reports and the README."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from federate.geography.regions import PALETTE, federation_regions
from federate.result import Result
from federate.show.frames import base_points, practice_points
from federate.show.shapes import anchor

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["overlaps", "plot"]

Box = tuple[float, float, float, float]
"""West, south, east and north, metres."""
FloatArray = npt.NDArray[np.float64]

INK = "#212b32"
SOFT = "#4c6272"
BLUE = "#005eb8"
LAND_ALPHA = 0.62
BAR_SHARE = 0.22
"""The scale bar is at most this share of the width of the map."""
ALONE = "#d8dde0"
LABEL_POINTS = 8
"""Height of a label's letters; `LETTER` of that is their usual width."""
LETTER = 0.68
MANY = 200
"""More federations than this are drawn with thin lines and without labels."""
DOTS_AT_MOST = 1_000
"""More practices than this are drawn as specks."""


def plot(result: Result, ax: "Axes | None" = None) -> "Figure":
    """Draw regions, practices, lead practices and bases of a plan.

    Parameters
    ----------
    ax
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.figure.Figure
        The figure of the axes; ``figure.savefig("plan.png")`` keeps it.

    Raises
    ------
    InfeasibleError
        If the result has no plan.
    """
    from matplotlib.figure import Figure

    plan = result.require_plan()
    regions = federation_regions(result.problem.instance, plan.federation)
    if ax is None:
        west, south, east, north = regions.total_bounds
        tall = float(np.clip((north - south) / max(east - west, 1.0), 0.5, 1.5))
        figure = Figure(figsize=(9, 9 * tall), layout="constrained")
        ax = figure.add_subplot()
    practices = practice_points(result)
    _draw_regions(ax, regions)
    _draw_practices(ax, practices)
    _draw_bases(ax, base_points(result))
    if len(regions) <= MANY:
        _label(ax, regions, practices)
    _frame(ax, result)
    figure_of_axes = ax.get_figure(root=True)
    assert figure_of_axes is not None
    return figure_of_axes


def _draw_regions(ax: "Axes", regions: "GeoDataFrame") -> None:
    alone = regions["federation"] == ""
    together = regions[~alone]
    colours = [PALETTE[k % len(PALETTE)] for k in together["colour"]]
    if len(together):
        together.plot(ax=ax, color=colours, alpha=LAND_ALPHA, aspect="equal")
    if alone.any():
        regions[alone].plot(
            ax=ax, color=ALONE, hatch="///", edgecolor=SOFT, linewidth=0
        )
    width = 0.4 if len(regions) > MANY else 0.9
    regions.boundary.plot(ax=ax, color=SOFT, linewidth=width, aspect="equal")


def _draw_practices(ax: "Axes", practices: "GeoDataFrame") -> None:
    lead = practices["code"] == practices["centre"]
    many = len(practices) > DOTS_AT_MOST
    for chosen, marker, size, face, edge, label in (
        (~lead, "o", 16, "white", INK, "practice"),
        (lead, "D", 26, INK, "white", "lead practice"),
    ):
        place = practices[chosen]
        if not len(place):
            continue
        ax.scatter(
            place.geometry.x,
            place.geometry.y,
            s=size / 16 if many else size,
            marker=marker,
            facecolor=face,
            edgecolor=edge,
            linewidth=0.1 if many else 0.9,
            label=label,
            zorder=3,
        )


def _draw_bases(ax: "Axes", bases: "GeoDataFrame | None") -> None:
    if bases is None or not bases["runs"].any():
        return
    run = bases[bases["runs"]]
    ax.scatter(
        run.geometry.x,
        run.geometry.y,
        s=46,
        marker="s",
        facecolor=BLUE,
        edgecolor="white",
        linewidth=1.0,
        label="out-of-hours base",
        zorder=2.5,
    )


def _label(ax: "Axes", regions: "GeoDataFrame", practices: "GeoDataFrame") -> None:
    """Name each federation where its name hides no other, the largest first.

    A name stands in the widest place of its region, a little above or below
    it, or at its lead practice, best where it covers no practice; one that
    fits nowhere is left out.
    """
    from matplotlib.patheffects import withStroke

    lead = practices[practices["code"] == practices["centre"]]
    lead = lead.set_index("federation").geometry
    dots = np.column_stack([practices.geometry.x, practices.geometry.y])
    metres = _metres_a_point(ax)
    high = 1.4 * LABEL_POINTS * metres
    taken: list[Box] = []
    named = regions[regions["federation"] != ""]
    for row in named.loc[named.area.sort_values(ascending=False).index].itertuples():
        half = (LETTER * LABEL_POINTS * len(row.federation) / 2 + 2) * metres
        middle, at = anchor(row.geometry), lead[row.federation]
        places = [
            (x, y + up * high)
            for x, y in (middle, (at.x, at.y))
            for up in (0.0, 1.0, -1.0)
        ]
        boxes = [(x - half, y - high / 2, x + half, y + high / 2) for x, y in places]
        free = [k for k, box in enumerate(boxes) if not overlaps(box, taken)]
        if not free:
            continue
        chosen = next((k for k in free if not _covers(boxes[k], dots)), free[0])
        taken.append(boxes[chosen])
        ax.text(
            *places[chosen],
            row.federation,
            ha="center",
            va="center",
            fontsize=LABEL_POINTS,
            fontweight="bold",
            color=INK,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
            zorder=4,
        )


def _metres_a_point(ax: "Axes") -> float:
    """Return how many metres of the map one point of type covers."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    west, east = ax.get_xlim()
    inches = float(figure.get_size_inches()[0] * ax.get_position().width)
    return (east - west) / (72 * inches)


def overlaps(box: Box, taken: list[Box]) -> bool:
    """Return whether a box overlaps any other."""
    west, south, east, north = box
    return any(
        w < east and west < e and s < north and south < n for w, s, e, n in taken
    )


def _covers(box: Box, dots: FloatArray) -> bool:
    """Return whether a box has any dot in it."""
    west, south, east, north = box
    x, y = dots.T
    return bool(((west < x) & (x < east) & (south < y) & (y < north)).any())


def _frame(ax: "Axes", result: Result) -> None:
    """Add title, legend, scale bar and attribution; take the axes away."""
    instance, plan = result.problem.instance, result.require_plan()
    count = plan.num_federations
    noun = "federation" if count == 1 else "federations"
    ax.set_axis_off()
    ax.set_title(
        f"{instance.title or instance.name}: {count:,} {noun} of "
        f"{result.problem.n:,} practices",
        loc="left",
        color=INK,
        fontsize=12,
        fontweight="bold",
    )
    ax.legend(
        loc="upper right", fontsize=8, frameon=True, framealpha=0.9, edgecolor="#d8dde0"
    )
    _scale_bar(ax)
    if instance.attribution:
        ax.text(
            0.0,
            -0.01,
            instance.attribution,
            transform=ax.transAxes,
            ha="left",
            va="top",
            fontsize=6,
            color=SOFT,
            wrap=True,
        )


def _scale_bar(ax: "Axes") -> None:
    """Draw a bar of a round number of kilometres, bottom left."""
    west, east = ax.get_xlim()
    south, north = ax.get_ylim()
    length_m = _round_below(BAR_SHARE * (east - west))
    x, y = west + 0.02 * (east - west), south + 0.03 * (north - south)
    style: dict[str, Any] = {"color": INK, "linewidth": 1.6, "solid_capstyle": "butt"}
    ax.plot([x, x + length_m], [y, y], **style)
    text = f"{length_m / 1000:g} km"
    ax.annotate(
        text,
        (x + length_m / 2, y),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        fontsize=8,
        color=INK,
    )


def _round_below(length_m: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten that is not longer.

    Examples
    --------
    >>> _round_below(34_000.0), _round_below(1_999.0)
    (20000.0, 1000.0)
    """
    power = 10.0 ** np.floor(np.log10(length_m))
    return float(max(k * power for k in (1, 2, 5) if k * power <= length_m))
