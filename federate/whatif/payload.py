"""What the page that compares plans is given: plain, JSON-able data."""

from collections.abc import Mapping, Sequence
from typing import Any

from federate.plan import PlanDiff
from federate.result import Result
from federate.show.payload import payload
from federate.verify.violation import named
from federate.whatif.comparison import Comparison

__all__ = ["compare_payload", "matched_colours"]


def compare_payload(comparison: Comparison) -> dict[str, Any]:
    """Return all that the page shows; federations taken for one share a colour.

    Raises
    ------
    InfeasibleError
        If one of the results has no plan.
    """
    plans = [payload(result) for result in comparison.results]
    base = plans[0]
    for plan, result, diff in zip(
        plans[1:], comparison.results[1:], comparison.diffs, strict=True
    ):
        plan["federations"]["colour"] = matched_colours(result, diff, base, plan)
    return {
        "schema": 1,
        "title": f"{base['title']}: {named(comparison.names)}",
        "subtitle": base["subtitle"],
        "attribution": base["attribution"],
        "names": list(comparison.names),
        "plans": plans,
        "against": [
            {
                "summary": sentence,
                "changes": _changes(comparison, name, base, plan),
                "fates": _fates(comparison, name, base, plan),
            }
            for name, sentence, plan in zip(
                comparison.names[1:], comparison.summaries, plans[1:], strict=True
            )
        ],
        "criteria": [
            {
                "group": figure.group,
                "title": figure.title,
                "unit": figure.unit,
                "values": list(figure.of_plans),
            }
            for figure in comparison.figures
        ],
    }


def matched_colours(
    result: Result,
    diff: PlanDiff,
    base: Mapping[str, Any],
    plan: Mapping[str, Any],
) -> list[int]:
    """Return a colour for each federation: its partner's, where no neighbour has it.

    Parameters
    ----------
    result
        Whose federations to colour; practices that are neighbours make their
        federations so.
    diff
        Which federation of the base each is taken for.
    base, plan
        Payloads of both plans.
    """
    labels: Sequence[str] = plan["federations"]["label"]
    old = dict(
        zip(base["federations"]["label"], base["federations"]["colour"], strict=True)
    )
    partner = {after: before for before, after in diff.matched.items()}
    beside = _beside(result, labels)
    free = sorted({*base["federations"]["colour"], *plan["federations"]["colour"]})
    num_colours = max(len(base["palette"]), len(free))
    out: dict[str, int] = {}
    # Those that keep a colour go first, so that new ones give way to them.
    for label in sorted(labels, key=lambda label: label not in partner):
        taken = {out[other] for other in beside[label] if other in out}
        wished = old.get(partner.get(label, ""))
        if wished is None or wished in taken:
            choice = [c for c in (*free, *range(num_colours)) if c not in taken]
            wished = choice[0] if choice else 0
        out[label] = wished
    return [out[label] for label in labels]


def _beside(result: Result, labels: Sequence[str]) -> dict[str, set[str]]:
    """Return the federations that each has a neighbouring practice in."""
    plan, codes = result.require_plan(), result.problem.instance.practices.code
    home = [plan.federation[code] for code in codes]
    out: dict[str, set[str]] = {label: set() for label in labels}
    for a, b in result.problem.graph.pairs.tolist():
        if home[a] and home[b] and home[a] != home[b]:
            out[home[a]].add(home[b])
            out[home[b]].add(home[a])
    return out


def _places(plan: Mapping[str, Any]) -> dict[str, int]:
    return {label: k for k, label in enumerate(plan["federations"]["label"])}


def _changes(
    comparison: Comparison, name: str, base: Mapping[str, Any], plan: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return who moves, those with most patients first."""
    index = comparison.results[0].problem.instance.index
    before, after = _places(base), _places(plan)
    found = [change for change in comparison.changes if change.plan == name]
    return [
        {
            "practice": index[change.code],
            "before": before.get(change.before),
            "after": after.get(change.after),
            "is_new": bool(change.after and not change.continues),
            "minutes_before": _short(change.minutes_before),
            "minutes_after": _short(change.minutes_after),
        }
        for change in sorted(found, key=lambda change: (-change.patients, change.code))
    ]


def _fates(
    comparison: Comparison, name: str, base: Mapping[str, Any], plan: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return what becomes of each federation, those that change most first."""
    index = comparison.results[0].problem.instance.index
    before, after = _places(base), _places(plan)
    found = [fate for fate in comparison.fates if fate.plan == name]
    found.sort(key=lambda fate: -(len(fate.joined) + len(fate.left)))
    return [
        {
            "before": before.get(fate.before),
            "after": after.get(fate.after),
            "joined": [index[code] for code in fate.joined],
            "left": [index[code] for code in fate.left],
            "patients_before": fate.patients_before,
            "patients_after": fate.patients_after,
        }
        for fate in found
    ]


def _short(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 2)
