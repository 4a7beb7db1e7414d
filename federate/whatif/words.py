"""A comparison in plain language: one sentence a plan."""

from federate.plan import PlanDiff
from federate.result import Result
from federate.show.facts import percent, scorecard
from federate.verify.violation import count

__all__ = ["sentence"]


def sentence(
    base_name: str, name: str, base: Result, result: Result, diff: PlanDiff
) -> str:
    """Return what changes from one plan to another, as one sentence.

    Who moves, how many federations, mean minutes, cost, rules broken; what does
    not change is left out.
    """
    if not diff:
        return f"{name} groups the practices as {base_name} does."
    total = max(int(base.problem.list_size.sum()), 1)
    patients = diff.patients or 0
    moved = count(len(diff.moved), "practice")
    verb = "changes" if len(diff.moved) == 1 else "change"
    parts = [
        f"{moved} of {base.problem.n:,} ({count(patients, 'patient')}, "
        f"{percent(patients / total)}) {verb} federation",
        *_figures(base, result),
    ]
    return f"From {base_name} to {name}: {'; '.join(parts)}."


def _figures(base: Result, result: Result) -> list[str]:
    """Return the headline figures that differ."""
    was, now = scorecard(base), scorecard(result)
    out = []
    old, new = len(was.federations), len(now.federations)
    if old != new:
        out.append(f"{count(old, 'federation')} become {new:,}")
    minutes = [card.totals.get("travel_mean_min") for card in (was, now)]
    if None not in minutes and abs(minutes[0] - minutes[1]) >= 0.05:  # type: ignore[operator]
        out.append(f"mean travel {minutes[0]:.1f} → {minutes[1]:.1f} min")
    cost = (was.objective_gbp, now.objective_gbp)
    if round(cost[0]) != round(cost[1]):
        share = (cost[1] - cost[0]) / abs(cost[0]) if cost[0] else 0.0
        sign = "+" if share > 0 else "−"
        out.append(
            f"cost £{cost[0]:,.0f} → £{cost[1]:,.0f} a year "
            f"({sign}{percent(abs(share))})"
        )
    broken = len(base.violations), len(result.violations)
    if broken[0] != broken[1]:
        out.append(f"broken rules {broken[0]:,} → {broken[1]:,}")
    elif broken[0]:
        out.append(f"both break {count(broken[0], 'rule')}")
    return out
