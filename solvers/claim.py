"""What a backend claims, checked against the model before anyone hears of it.

Backends have returned "optimal" at a time limit, integers at 0.3, and points
that break rows. So every claim passes `judge`: integers are rounded at 0.5, rows
and cones re-checked, objective, bound and gap recomputed from the values.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from solvers.contract import (
    Capability,
    CapabilityError,
    MixedIntegerModel,
    Options,
    Outcome,
    Status,
    StopReason,
)
from solvers.endings import ending
from solvers.registry import capable
from solvers.residuals import (
    CONE_TOLERANCE,
    ROW_TOLERANCE,
    cone_violation,
    violation,
)

__all__ = [
    "CONE_TOLERANCE",
    "PROVEN_GAP",
    "ROW_TOLERANCE",
    "Claim",
    "cone_violation",
    "dual_bound",
    "judge",
    "settle",
    "violation",
]

FloatArray = npt.NDArray[np.float64]

# Figures this close, relative to the objective, are equal: solvers keep rows, and
# so the objective, no better.
PROVEN_GAP = 1e-7
# A reduced cost of the wrong sign below this, relative to the cost, is noise.
DUAL_TOLERANCE = 1e-6

Polish = Callable[[MixedIntegerModel], FloatArray | None]


@dataclass(frozen=True, eq=False)
class Claim:
    """What a backend says of a model, in our words but unchecked.

    Parameters
    ----------
    status, stop
        From the backend's table of statuses.
    values, bound
        Point and proven lower bound, where it gives them.
    row_duals, nodes, message
        Further figures, and words for people.
    """

    status: Status
    stop: StopReason
    values: FloatArray | None = None
    bound: float | None = None
    row_duals: FloatArray | None = None
    nodes: int | None = None
    message: str = ""


def settle(model: MixedIntegerModel, *, takes_cones: bool = False) -> Claim | None:
    """Answer the models that need no backend, on which backends disagree.

    A model without columns is feasible where every row admits 0. Bounds that
    cross, or that hold no integer, make any model infeasible.

    Parameters
    ----------
    takes_cones
        Whether the caller hands second-order cones over; without, they would be
        lost in silence.

    Raises
    ------
    CapabilityError
        If the model has cones and the caller does not take them.
    """
    if model.cones and not takes_cones:
        raise CapabilityError(
            f"this solver, or its session, does not take the model's second-order "
            f"cones ({len(model.cones)}); these can: "
            f"{', '.join(capable(Capability.CONES))}"
        )
    low, high = model.lower, model.upper
    whole = np.asarray(model.integral, dtype=bool)
    crossed = (low > high) | (whole & (np.ceil(low - 1e-9) > np.floor(high + 1e-9)))
    if crossed.any():
        name = _name(model.column_names, "column", int(np.flatnonzero(crossed)[0]))
        return _infeasible(f"the bounds of {name} leave it no value")
    crossed = model.row_lower > model.row_upper
    if model.num_columns == 0:
        crossed |= (model.row_lower > 0) | (model.row_upper < 0)
    if crossed.any():
        name = _name(model.row_names, "row", int(np.flatnonzero(crossed)[0]))
        return _infeasible(f"{name} can never hold")
    if model.num_columns == 0:
        return Claim(
            Status.OPTIMAL,
            StopReason.FINISHED,
            values=np.zeros(0),
            bound=model.offset,
            row_duals=np.zeros(model.num_rows) if model.is_linear else None,
        )
    return None


def judge(
    model: MixedIntegerModel,
    claim: Claim,
    options: Options,
    polish: Polish | None = None,
) -> Outcome:
    """Return the outcome that the claim supports.

    Parameters
    ----------
    model, claim, options
        What was asked, what the backend says, and under which options.
    polish
        Solves an LP and returns its point, or ``None``. Used where rounding the
        integers moves a row out of tolerance: the continuous variables are then
        found again with the integers fixed.
    """
    if claim.values is None:
        return _without_values(claim, options)
    values = _rounded(model, claim.values)
    broken = _broken(model, values)
    if broken and polish is not None and not model.is_continuous:
        found = polish(_integers_fixed(model, values))
        values = values if found is None else _rounded(model, found)
        broken = _broken(model, values)
    if broken:
        return Outcome(
            Status.NO_SOLUTION,
            StopReason.NUMERIC,
            bound=_finite(claim.bound),
            nodes=claim.nodes,
            message=f"the point returned breaks {broken} of its size; "
            f"scale the model's figures closer together",
        )
    return _with_values(model, claim, options, values)


def dual_bound(model: MixedIntegerModel, row_duals: FloatArray) -> float | None:
    """Return the Lagrangian bound that row duals prove, or ``None``.

    c0 + Σ_i y_i·(lower side where y_i > 0, upper where < 0)
       + Σ_j min over [l_j, u_j] of (c − Aᵀy)_j x_j

    Valid for any y; a wrong-signed figure below `DUAL_TOLERANCE` counts as 0,
    for such noise would meet an infinite bound.
    """
    noise = DUAL_TOLERANCE * max(1.0, float(np.abs(model.cost).max(initial=0.0)))
    reduced = model.cost - model.matrix.T @ row_duals
    total = model.offset
    for figure, low, high in (
        (row_duals, model.row_lower, model.row_upper),
        (reduced, model.lower, model.upper),
    ):
        side = np.where(figure > 0, low, high)
        used = (figure != 0) & (np.isfinite(side) | (np.abs(figure) > noise))
        total += float(np.sum(figure[used] * side[used]))
    return _finite(total)


def _broken(model: MixedIntegerModel, values: FloatArray) -> str:
    """Return the row or cone out of tolerance and by how much; empty if none is."""
    off, row = violation(model, values)
    if off > ROW_TOLERANCE:
        return f"{_name(model.row_names, 'row', row)} by {off:.1e}"
    off, cone = cone_violation(model, values)
    return f"cone {cone} by {off:.1e}" if off > CONE_TOLERANCE else ""


def _without_values(claim: Claim, options: Options) -> Outcome:
    """Report a claim without a point; a cutoff is not infeasibility."""
    status, stop, bound = claim.status, claim.stop, _finite(claim.bound)
    message = claim.message
    if status is Status.INFEASIBLE and options.cutoff is not None:
        status, stop = Status.NO_SOLUTION, StopReason.CUTOFF
        bound = options.cutoff
        message = f"nothing costs {options.cutoff:g} or less"
    if status in (Status.OPTIMAL, Status.FEASIBLE):
        status, stop = Status.ERROR, StopReason.NUMERIC
        message = message or "a solution was claimed but none returned"
    if status in (Status.INFEASIBLE, Status.UNBOUNDED):
        bound = None
    message = message or ending(status, stop, options)
    return Outcome(status, stop, bound=bound, nodes=claim.nodes, message=message)


def _with_values(
    model: MixedIntegerModel, claim: Claim, options: Options, values: FloatArray
) -> Outcome:
    objective = float(model.cost @ values) + model.offset
    slack = 1e-6 * max(1.0, abs(objective))
    bound, stop, message = _finite(claim.bound), claim.stop, claim.message
    if model.is_linear and claim.row_duals is not None:
        bound = dual_bound(model, claim.row_duals)
    if options.cutoff is not None and objective > options.cutoff + slack:
        # Whatever costs more than the cutoff was not searched for.
        stop = StopReason.CUTOFF
        bound = None if bound is None else min(bound, options.cutoff)
    if bound is not None and bound > objective + slack:
        stop, message = StopReason.NUMERIC, f"the bound claimed, {bound:g}, is above"
        message += f" a point that costs {objective:g}; no bound is reported"
        bound = None
    bound = None if bound is None else min(bound, objective)
    gap = _gap(objective, bound)
    rel_gap = max(options.rel_gap, PROVEN_GAP)
    close = bound is not None and (
        objective - bound <= max(options.abs_gap, rel_gap * abs(objective))
    )
    if close and stop in (StopReason.FINISHED, StopReason.GAP_REACHED):
        proven = gap is not None and gap <= PROVEN_GAP
        stop = StopReason.FINISHED if proven else StopReason.GAP_REACHED
    reduced = None
    if claim.row_duals is not None:
        reduced = model.cost - model.matrix.T @ claim.row_duals
    return Outcome(
        status=Status.OPTIMAL if close else Status.FEASIBLE,
        stop=stop,
        values=values,
        objective=objective,
        bound=bound,
        gap=gap,
        row_duals=claim.row_duals,
        reduced_costs=reduced,
        nodes=claim.nodes,
        message=message,
    )


def _gap(objective: float, bound: float | None) -> float | None:
    if bound is None:
        return None
    if objective == bound:
        return 0.0
    return None if objective == 0 else (objective - bound) / abs(objective)


def _rounded(model: MixedIntegerModel, values: FloatArray) -> FloatArray:
    out = np.array(values, dtype=np.float64)
    whole = np.asarray(model.integral, dtype=bool)
    out[whole] = np.floor(out[whole] + 0.5)
    near = ROW_TOLERANCE * np.maximum(1.0, np.abs(out))
    low, high = model.lower, model.upper
    out = np.where((out < low) & (out >= low - near), low, out)
    return np.where((out > high) & (out <= high + near), high, out)


def _integers_fixed(model: MixedIntegerModel, values: FloatArray) -> MixedIntegerModel:
    whole = np.asarray(model.integral, dtype=bool)
    # A value far outside its bounds cannot be kept anyway.
    fixed = np.clip(values, model.lower, model.upper)
    return replace(
        model.relaxed(),
        lower=np.where(whole, fixed, model.lower),
        upper=np.where(whole, fixed, model.upper),
    )


def _infeasible(message: str) -> Claim:
    return Claim(Status.INFEASIBLE, StopReason.FINISHED, message=message)


def _finite(figure: float | None) -> float | None:
    return figure if figure is not None and np.isfinite(figure) else None


def _name(names: object, kind: str, at: int) -> str:
    if at < 0:
        return "the bounds of a variable"
    listed = list(names) if isinstance(names, list | tuple) else []
    return listed[at] if listed else f"{kind} {at}"
