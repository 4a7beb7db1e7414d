"""The scorecard in plain English: what a planner reads first."""

from dataclasses import dataclass
from math import ceil

from federate.plan import Plan
from federate.result import Result
from federate.score import Scorecard
from solvers.contract import Status, StopReason

__all__ = ["Fact", "facts", "hundreds", "percent", "proof", "subtitle", "travel_source"]

STOPPED = {
    StopReason.TIME_LIMIT: "stopped at the time limit",
    StopReason.MEMORY_LIMIT: "stopped at the memory limit",
    StopReason.CANCELLED: "stopped on request",
}


@dataclass(frozen=True)
class Fact:
    """One figure in words: what it is, its value, and how it is meant."""

    key: str
    label: str
    value: str
    note: str = ""


def facts(result: Result) -> tuple[Fact, ...]:
    """Return the scorecard of `result` as sentences, in reading order.

    Raises
    ------
    InfeasibleError
        If the result has no plan.
    ValueError
        If it was not scored.
    """
    plan = result.require_plan()
    card = scorecard(result)
    found = [_count(card)]
    if card.federations:
        found += [_size(card), _travel(card), proof(result), *_risk(result, card)]
    else:
        found.append(proof(result))
    return (*found, *_cover(result, plan), _cost(card))


def scorecard(result: Result) -> Scorecard:
    """Return the scorecard of a result that has one."""
    if result.scorecard is None:
        raise ValueError(
            "the result was not scored; take one from federate.solve or "
            "federate.evaluate"
        )
    return result.scorecard


def subtitle(result: Result) -> str:
    """Return what was asked and of whom, in one line below the instance's title."""
    sizes = result.problem.list_size
    title = result.problem.instance.title
    asked = result.problem.scenario.title.removeprefix(f"{title}, ")
    area = f"{len(sizes):,} practices, {int(sizes.sum()):,} patients"
    return f"{asked} · {area}" if asked else area


def proof(result: Result) -> Fact:
    """Return what is proven of the plan's cost: how far the best may be."""
    label = "Proven gap"
    if result.bound_gbp is None or result.gap is None:
        return Fact("gap", label, "No bound proven", "a cheaper plan may exist")
    if result.status is Status.OPTIMAL:
        note = "no plan can cost less"
        if result.gap >= 5e-5:
            note += f", to within {percent(result.gap, 2)} of its cost"
        return Fact("gap", label, "Best possible", note)
    note = f"no plan can cost less than {_pounds(result.bound_gbp)} a year"
    return Fact("gap", label, f"Within {percent(result.gap)}", note)


def travel_source(card: Scorecard) -> str:
    """Return where the minutes to lead practices come from."""
    stated = card.totals.get("minutes_by_od_share") or 0.0
    if stated == 0:
        return "estimated from straight lines"
    if stated == 1:
        return "from the travel table"
    return f"{percent(stated, 0)} from the travel table, the rest from straight lines"


def _count(card: Scorecard) -> Fact:
    practices, alone = card.totals["num_practices"], card.totals["num_practices_alone"]
    note = f"of {practices:,} practices"
    if alone:
        note = f"{alone:,} of {practices:,} practices stand alone"
    return Fact("federations", "Federations", f"{len(card.federations):,}", note)


def _size(card: Scorecard) -> Fact:
    least, middle, most = (
        card.totals[f"size_{name}_persons"] for name in ("min", "median", "max")
    )
    return Fact(
        "patients",
        "Patients in a federation",
        f"{middle:,.0f}",
        f"median; from {least:,} to {most:,}",
    )


def _travel(card: Scorecard) -> Fact:
    worst = max(card.federations, key=lambda row: row.travel_max_min)
    return Fact(
        "travel",
        "To the lead practice",
        f"{card.totals['travel_mean_min']:.1f} min",
        f"mean; worst {worst.travel_max_min:.1f} min, in {worst.federation}; "
        f"{travel_source(card)}",
    )


def _risk(result: Result, card: Scorecard) -> list[Fact]:
    asked = result.problem.scenario.risk
    worst = max(card.federations, key=lambda row: row.overspend_probability)
    found = [
        Fact(
            "overspend",
            "Greatest overspend risk",
            percent(worst.overspend_probability),
            f"{worst.federation}: chance in a year of spending more than "
            f"{_plain(asked.tolerance)} over budget",
        )
    ]
    needed = [f.n_min_persons for f in card.federations if f.n_min_persons is not None]
    if needed and asked.max_probability is not None:
        low, high = (f"{hundreds(n):,}" for n in (min(needed), max(needed)))
        limit = _plain(asked.max_probability)
        note = f"patients a federation needs for a risk of at most {limit}"
        size = low if low == high else f"{low} – {high}"
        found.append(Fact("safe_size", "Safe size", size, note))
    return found + _contracts(result, card)


def _contracts(result: Result, card: Scorecard) -> list[Fact]:
    """Tell how many federations are insured, and what that costs all of them."""
    if not result.problem.scenario.contracts.menu:
        return []
    taken = card.totals.get("num_contracts") or 0
    premium, ceded = (card.totals.get(f"{k}_gbp") or 0.0 for k in ("premium", "ceded"))
    value = f"{taken:,} of {len(card.federations):,}"
    note = (
        f"federations take one; {_pounds(ceded)} of spend ceded, for a premium of "
        f"{_pounds(premium)} a year"
    )
    return [Fact("contracts", "Contracts", value, note)]


def _cover(result: Result, plan: Plan) -> list[Fact]:
    if not plan.open_bases:
        return []
    sizes = result.problem.list_size
    codes = result.problem.instance.practices.code
    reached = [code in plan.bases for code in codes]
    left = reached.count(False)
    run = len(plan.open_bases)
    bases = "1 base runs" if run == 1 else f"{run} bases run"
    practices = "1 practice" if left == 1 else f"{left:,} practices"
    missing = f"{practices} without cover" if left else "every practice covered"
    share = float(sizes[reached].sum()) / max(float(sizes.sum()), 1.0)
    note = f"of patients; {bases}; {missing}"
    return [Fact("cover", "Out-of-hours cover", percent(share), note)]


def _cost(card: Scorecard) -> Fact:
    running, head = card.totals["running_gbp"], card.totals["running_gbp_per_head"]
    note = "a year, as weighed"
    if running and head is not None:
        note += f"; running cost {_pounds(running)}, £{head:.2f} a head"
    return Fact("cost", "Cost of the plan", _pounds(card.objective_gbp), note)


def hundreds(persons: float) -> int:
    """Return persons rounded up to hundreds: a safe size claims no more.

    Examples
    --------
    >>> hundreds(28_301.5)
    28400
    """
    return 100 * ceil(persons / 100)


def _plain(share: float) -> str:
    """Return a share that a planner stated, with no more digits than stated."""
    return f"{100 * share:g}\u00a0%"


def percent(share: float, digits: int = 1) -> str:
    r"""Return a share as a percentage that does not break across lines.

    Examples
    --------
    >>> percent(0.25, 0)
    '25\xa0%'
    """
    return f"{100 * share:.{digits}f}\u00a0%"


def _pounds(amount: float) -> str:
    """Return £ in words short enough to read."""
    if abs(amount) >= 1e6:
        return f"£{amount / 1e6:,.2f}m"
    return f"£{amount:,.0f}"
