"""How a solve ended without a point, in a sentence; alike for all backends."""

from solvers.contract import Options, Status, StopReason

__all__ = ["ending"]

_BY_STATUS = {
    Status.INFEASIBLE: "no point keeps all rows and bounds; relax one of them",
    Status.UNBOUNDED: "the cost can fall without end; bound the variables",
}
_BY_STOP = {
    StopReason.INFEASIBLE_OR_UNBOUNDED: (
        "the model is either infeasible or unbounded; bound its variables"
    ),
    StopReason.MEMORY_LIMIT: "memory ran out before a point was found; allow more",
    StopReason.CANCELLED: "stopped when asked, before a point was found",
    StopReason.NUMERIC: (
        "the solver gave up on the model's figures; scale them closer together"
    ),
    StopReason.CRASHED: "the solver ended without an answer",
}


def ending(status: Status, stop: StopReason, options: Options) -> str:
    """Return why there is no point and what would help; empty if nothing is known.

    Examples
    --------
    >>> ending(Status.NO_SOLUTION, StopReason.TIME_LIMIT, Options(time_limit_s=60))
    'no point was found within 60 s; allow more time'
    """
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if stop is StopReason.TIME_LIMIT and options.time_limit_s is not None:
        limit = f"{options.time_limit_s:g} s"
        return f"no point was found within {limit}; allow more time"
    return _BY_STOP.get(stop, "")
