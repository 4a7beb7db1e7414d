"""The scenario's ``[risk]`` from a panel of spend per practice and year."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from federate.criteria.panel_fit import (
    Estimate,
    OwnNoise,
    Regional,
    autocorrelation,
    deviations,
    lasting_variance,
    near_correlations,
    own_noise,
    regional_shock,
    shock_variance,
)
from federate.errors import Fault, InputError
from federate.practices.instance import Instance
from federate.practices.panel import FEWEST_PRACTICES, Panel, read_panel
from federate.scenario.schema import Risk
from federate.whatif.fitted import Correlation, Fitted, RiskFit

__all__ = ["fit"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MOST_PLACED = 1_000
"""Practices whose distances are weighed: half a million pairs say enough."""
STEADY = 0.25
"""A figure that moves by more than this share when twice the jump is let in is one of
the jumps, not of the years."""


def fit(
    path: Path,
    instance: Instance | None,
    *,
    columns: Mapping[str, str],
    less: tuple[str, ...],
    budget: Literal["history", "formula"],
    most_jump: float,
    seed: int,
) -> RiskFit:
    """Estimate the parameters of risk; see `federate.fit_risk`."""
    if budget not in ("history", "formula"):
        message = "must be history or formula"
        raise InputError("what to fit", [Fault("budget", message, value=budget)])
    if not most_jump > 0:
        message = "must be above 0: 0.5 leaves out what moves by more than e^0.5 = 1.65"
        raise InputError("what to fit", [Fault("most_jump", message, value=most_jump)])
    only = None if instance is None else instance.index
    panel = read_panel(path, columns=columns, less=less, only=only)
    levels = np.log(panel.spend_gbp / panel.weighted)
    steady = _steady(levels, most_jump)
    if int(steady.sum()) < FEWEST_PRACTICES:
        message = (
            f"leaves {int(steady.sum())} practices without a jump; at least "
            f"{FEWEST_PRACTICES} are needed; allow larger jumps"
        )
        raise InputError(panel.file, [Fault("most_jump", message, value=most_jump)])
    own = own_noise(deviations(levels[steady]), panel.patients[steady])
    wider = _steady(levels, 2 * most_jump)
    loose = own_noise(deviations(levels[wider]), panel.patients[wider])
    levels, codes = levels[steady], np.array(panel.code)[steady]
    regional: Regional | None = None
    near: tuple[Correlation, ...] = ()
    placed = 0
    if instance is not None:
        place = np.random.default_rng(seed).permutation(len(codes))[:MOST_PLACED]
        km = _distances(instance, codes[np.sort(place)])
        regional = regional_shock(levels[np.sort(place)], km)
        found = near_correlations(deviations(levels[np.sort(place)]), km)
        near = tuple(Correlation(low, high, n, *e) for low, high, n, e in found)
        placed = len(km)
    lasting = lasting_variance(levels, own.mean)
    return RiskFit(
        file=panel.file,
        spend=panel.headings["spend"],
        need=panel.headings.get("weighted", panel.headings["patients"]),
        less=panel.less,
        num_rows=panel.num_rows,
        num_practices=len(codes),
        years=panel.years,
        left_out={
            **panel.left_out,
            f"practices with a jump beyond e^{most_jump:g}": int((~steady).sum()),
        },
        budget=budget,
        most_jump=most_jump,
        num_placed=placed,
        fitted=_fitted(panel, levels, own, loose, lasting, regional, budget),
        lasting=lasting.root,
        autocorrelation=autocorrelation(deviations(levels)),
        near=near,
    )


def _steady(levels: FloatArray, most_jump: float) -> BoolArray:
    """Return which practices have no year further than this from their level."""
    out: BoolArray = np.abs(deviations(levels)).max(axis=1) <= most_jump
    return out


def _distances(instance: Instance, codes: npt.NDArray[np.str_]) -> FloatArray:
    """Return straight-line distances, km, shape ``(m, m)``."""
    at = [instance.index[str(code)] for code in codes]
    east = np.asarray(instance.practices.easting_m, dtype=np.float64)[at] / 1_000.0
    north = np.asarray(instance.practices.northing_m, dtype=np.float64)[at] / 1_000.0
    out: FloatArray = np.hypot(east[:, None] - east, north[:, None] - north)
    return out


def _fitted(
    panel: Panel,
    levels: FloatArray,
    own: OwnNoise,
    loose: OwnNoise,
    lasting: Estimate,
    regional: Regional | None,
    budget: str,
) -> tuple[Fitted, ...]:
    """Return each key of ``[risk]``, and why some are not written."""
    shared = common = 0.0
    if regional is not None:
        shared = max(regional.variance.value, 0.0)
        common = regional.common
    square = own.level.value - shared * (1 - common)
    error = own.level.error
    if budget == "formula":
        square, error = square + lasting.value, float(np.hypot(error, lasting.error))
    others = own.mean / len(levels) + shared * common
    practice = Estimate(square, error).root
    shock = shock_variance(levels, others=others).root
    out = [
        Fitted("tau_practice", *practice, _default("tau_practice")),
        Fitted("tau_shock", *shock, _default("tau_shock")),
    ]
    nowhere = "where practices are is not known (--instance)"
    if regional is None:
        blank = (None, None)
        out += [
            Fitted("tau_region", *blank, _default("tau_region"), nowhere),
            Fitted("region_km", *blank, _default("region_km"), nowhere),
        ]
    else:
        none = "" if shared > 0 else "neighbours share nothing that this panel shows"
        out += [
            Fitted("tau_region", *regional.variance.root, _default("tau_region")),
            Fitted("region_km", *regional.region_km, _default("region_km"), none),
        ]
    why = _why_no_cv1(panel, own, loose)
    return (*out, Fitted("cv1", *own.slope.root, _default("cv1"), why))


def _default(key: str) -> float:
    return float(getattr(Risk(), key))


def _why_no_cv1(panel: Panel, own: OwnNoise, loose: OwnNoise) -> str:
    """Return why CV1 is not written, or nothing."""
    here, there = own.slope.root.value, loose.slope.root.value
    if here <= 0:
        return "small practices vary no more than large ones here"
    if "payment" in panel.headings["spend"].lower():
        said = "payments follow lists and prices, not illness"
        if abs(there - here) > STEADY * here:
            said += f"; and it is {there:.2g} with twice the jump let in"
        return said
    if abs(there - here) > STEADY * here:
        return f"is one of single jumps: {there:.2g} with twice the jump let in"
    return ""
