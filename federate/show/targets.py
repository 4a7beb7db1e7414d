"""The seven numbers a board reads, each with the band that its target allows."""

from dataclasses import dataclass
from typing import Literal

from federate.problem import Problem
from federate.result import Result
from federate.score import Scorecard
from federate.show.facts import percent, scorecard

__all__ = ["Number", "seven_numbers"]

State = Literal["met", "missed", "no target"]


@dataclass(frozen=True)
class Number:
    """One figure of a plan, and what was asked of it.

    Parameters
    ----------
    label, value
        What it is, and the figure with its unit.
    band
        What the scenario allows, in words; ``""`` where it asks nothing.
    state
        Whether the figure lies in its band.
    """

    label: str
    value: str
    band: str
    state: State


def seven_numbers(result: Result) -> tuple[Number, ...]:
    """Return the seven numbers of a plan, in reading order.

    Raises
    ------
    InfeasibleError
        If the result has no plan.
    """
    result.require_plan()
    card, problem = scorecard(result), result.problem
    return (
        _count(card, problem),
        _sizes(card, problem),
        _mean_travel(card),
        _longest_travel(card, problem),
        _risk(card, problem),
        _changing(card),
        _rules(result),
    )


def _state(kept: bool | None) -> State:
    if kept is None:
        return "no target"
    return "met" if kept else "missed"


def _count(card: Scorecard, problem: Problem) -> Number:
    found, (fewest, most) = len(card.federations), problem.num_federations
    asked = problem.scenario.rules.num_federations
    if not isinstance(asked, int | tuple):
        return Number("Federations", f"{found:,}", "", "no target")
    band = f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
    kept = fewest <= found and (most is None or found <= most)
    return Number("Federations", f"{found:,}", band, _state(kept))


def _sizes(card: Scorecard, problem: Problem) -> Number:
    sizes = [row.patients for row in card.federations]
    value = f"{min(sizes):,} to {max(sizes):,}" if sizes else "none"
    label, bounds = "Patients in a federation", problem.size_bounds
    if bounds is None:
        return Number(label, value, "", "no target")
    inside = card.totals.get("num_federations_in_bounds") == len(sizes)
    return Number(label, value, f"{bounds[0]:,.0f} to {bounds[1]:,.0f}", _state(inside))


def _mean_travel(card: Scorecard) -> Number:
    mean = card.totals["travel_mean_min"]
    value = "none" if mean is None else f"{mean:.1f} min"
    return Number("Mean travel to the lead practice", value, "", "no target")


def _longest_travel(card: Scorecard, problem: Problem) -> Number:
    longest, limit = (
        card.totals["travel_max_min"],
        problem.scenario.rules.max_travel_min,
    )
    label = "Longest travel to a lead practice"
    value = "none" if longest is None else f"{longest:.1f} min"
    if limit is None or longest is None:
        return Number(label, value, "", "no target")
    return Number(label, value, f"at most {limit:g} min", _state(longest <= limit))


def _risk(card: Scorecard, problem: Problem) -> Number:
    worst = card.totals["overspend_worst_probability"]
    limit = problem.scenario.risk.max_probability
    tolerance = percent(problem.scenario.risk.tolerance, 0)
    label = f"Greatest risk of overspending by {tolerance}"
    value = "none" if worst is None else percent(worst)
    if limit is None or worst is None:
        return Number(label, value, "", "no target")
    # A hair of rounding is the verifier's to judge.
    kept = worst <= limit * (1 + 1e-9)
    return Number(label, value, f"at most {percent(limit)}", _state(kept))


def _changing(card: Scorecard) -> Number:
    label = "Patients led from another group than today"
    leaving = card.totals["patients_changing_group"]
    if leaving is None:
        return Number(label, "not known", "", "no target")
    share = leaving / max(card.totals["patients"] or 1, 1)
    return Number(label, f"{leaving:,} ({percent(share)})", "", "no target")


def _rules(result: Result) -> Number:
    broken = len(result.violations)
    return Number("Rules broken", f"{broken:,}", "none", _state(broken == 0))
