"""The event stream shared by command line, files and page: one JSON object each."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Event", "EventKind", "Listener"]

EventKind = Literal[
    "queued",
    "started",
    "presolve",
    "incumbent",
    "bound",
    "plan",
    "phase",
    "warning",
    "done",
    "cancelled",
    "crashed",
]


@dataclass(frozen=True)
class Event:
    """Something that happened while solving.

    Parameters
    ----------
    kind
        What happened.
    seconds
        Since the solve began.
    objective_gbp, bound_gbp, gap
        Best plan, proven bound (£ a year) and their relative difference so
        far; ``None`` where there is none yet.
    message
        For people: the phase or the warning.
    detail
        Further figures, JSON-able.
    """

    kind: EventKind
    seconds: float
    objective_gbp: float | None = None
    bound_gbp: float | None = None
    gap: float | None = None
    message: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return one line of JSON, keys sorted, absent figures left out."""
        data = {k: v for k, v in vars(self).items() if v not in (None, "", {})}
        return json.dumps(data, sort_keys=True)


Listener = Callable[[Event], None]
