"""What is traded off: the figures of a front by their short names.

| name | figure, the lower the better | rule that bounds it |
| --- | --- | --- |
| cost | £ a year | none: it is what is minimised |
| travel | minutes of the practice farthest from its lead | `rules.max_travel_min` |
| risk | the worst federation's probability of overspend | `risk.max_probability` |
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

__all__ = ["COST", "GOALS", "Goal", "figure_of", "goals_of", "swept_goals"]

COST = "objective_gbp"


@dataclass(frozen=True)
class Goal:
    """A figure that a rule bounds from above.

    Parameters
    ----------
    figure
        Column of `Sweep.to_frame`.
    rule
        Key of the scenario, ``table__key``.
    most
        The rule takes values below this.
    """

    figure: str
    rule: str
    most: float


GOALS = {
    "travel": Goal("travel_max_min", "rules__max_travel_min", inf),
    "risk": Goal("overspend_worst_probability", "risk__max_probability", 0.5),
}


def figure_of(name: str) -> str:
    """Return the column that a name means; a minus before it stays.

    Examples
    --------
    >>> figure_of("cost"), figure_of("risk"), figure_of("-covered_30_min_share")
    ('objective_gbp', 'overspend_worst_probability', '-covered_30_min_share')
    """
    return COST if name == "cost" else GOALS[name].figure if name in GOALS else name


def goals_of(names: Sequence[str]) -> tuple[Goal, ...] | None:
    """Return what is bounded, or ``None`` where a name has no rule to bound it.

    Examples
    --------
    >>> [goal.rule for goal in goals_of(["cost", "travel"])]
    ['rules__max_travel_min']
    >>> goals_of(["travel", "num_cut_edges"]) is None
    True
    """
    named = [name for name in names if name not in ("cost", COST)]
    if not named or not all(name in GOALS for name in named):
        return None
    return tuple(GOALS[name] for name in dict.fromkeys(named))


def swept_goals(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the figures that swept rules bound, after the cost.

    Examples
    --------
    >>> swept_goals(["risk.max_probability", "risk.cv1"])
    ('objective_gbp', 'overspend_worst_probability')
    """
    rules = {key.replace(".", "__") for key in keys}
    bounded = [goal.figure for goal in GOALS.values() if goal.rule in rules]
    return (COST, *bounded) if bounded else ()
