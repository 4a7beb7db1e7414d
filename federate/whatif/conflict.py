"""Demands that no plan keeps together, none of which could be spared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from federate.whatif.demand import Changes, Demand
from federate.whatif.settle import Desk

__all__ = ["Conflict", "find_conflict"]


@dataclass(frozen=True)
class Conflict:
    """Demands proven to leave no plan.

    Parameters
    ----------
    demands
        The demands; empty where practices fail without any.
    is_smallest
        Whether without any one of them the others were shown to have a plan.
    """

    demands: tuple[Demand, ...]
    is_smallest: bool


def find_conflict(
    desk: Desk, demands: Sequence[Demand], given: Changes | None = None
) -> Conflict | None:
    """Return a smallest set of demands that clash, or ``None`` where none is proven.

    By QuickXplain: halves of the demands are set aside while the rest still
    clashes, so that k of n demands are found in about k·log(n/k) questions. A
    demand is only set aside where the others are *proven* to clash without it; in
    the end each one left is dropped by itself and a plan is looked for.

    Parameters
    ----------
    given
        Changes that are made already.

    References
    ----------
    Junker (2004), QUICKXPLAIN: preferred explanations and relaxations for
    over-constrained problems, AAAI-04, 167-172.
    """
    everything = list(demands)

    def clash(kept: Sequence[Demand]) -> bool:
        return desk.has_plan(_without(everything, kept, given)) is False

    if not clash(everything):
        return None
    found = _explain(clash, [], [], everything)
    # Stated order, so that the sentence reads as the scenario does.
    kept = [demand for demand in everything if demand in found]
    smallest = all(
        desk.has_plan(
            _without(everything, [other for other in kept if other is not d], given)
        )
        for d in kept
    )
    return Conflict(tuple(kept), smallest)


def _without(
    everything: Sequence[Demand], kept: Sequence[Demand], given: Changes | None
) -> Changes:
    """Return the changes that leave only `kept`, on top of those given."""
    changes: Changes = dict(given or {})
    for demand in everything:
        if not any(demand is other for other in kept):
            demand.drop(changes)
    return changes


def _explain(
    clash: Callable[[Sequence[Demand]], bool],
    kept: list[Demand],
    added: list[Demand],
    rest: list[Demand],
) -> list[Demand]:
    """Return those of `rest` that are needed beside `kept` for a clash."""
    if added and clash(kept):
        return []
    if len(rest) <= 1:
        return rest
    half = len(rest) // 2
    first, second = rest[:half], rest[half:]
    right = _explain(clash, [*kept, *first], first, second)
    left = _explain(clash, [*kept, *right], right, first)
    return [*left, *right]
