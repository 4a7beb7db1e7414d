"""What a report says of a plan: plain data, the same for paper and screen."""

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from federate.errors import PlanError
from federate.plan_file import current_plan
from federate.result import Result
from federate.score import FederationScore
from federate.show.columns import Figure as Value
from federate.show.columns import columns_shown
from federate.show.facts import percent, proof, scorecard, subtitle
from federate.show.offers import offers
from federate.show.risk_curve import risk_curve
from federate.show.targets import seven_numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["report_data"]

MOST_CHANGES = 15
"""So many practices that change are named on the board's page; the rest counted."""


def report_data(results: Sequence[Result], names: Sequence[str]) -> dict[str, Any]:
    """Return the report of one plan or several.

    Raises
    ------
    InfeasibleError
        If one of the results has no plan.
    """
    first = results[0].problem.instance
    return {
        "title": first.title or first.name,
        "attribution": first.attribution,
        "plans": [
            _plan(result, name) for result, name in zip(results, names, strict=True)
        ],
    }


def _plan(result: Result, name: str) -> dict[str, Any]:
    from federate.show.plots import plot

    proven = proof(result)
    return {
        "name": name,
        "subtitle": subtitle(result),
        "map": _svg(plot, result),
        "map_says": _map_says(result),
        "numbers": [vars(number) for number in seven_numbers(result)],
        "proof": f"{proven.value}: {proven.note}",
        "changes": _changes(result),
        "risk": _risk(result),
        "broken": [_capital(violation.message) for violation in result.violations],
        "exceptions": [_capital(finding.message) for finding in result.exceptions],
        "federations": _federations(result),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _svg(drawn: "Callable[[Result], Figure]", result: Result) -> str:
    """Return a picture as SVG text, the same for the same result."""
    import matplotlib as mpl

    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "federate", "svg.fonttype": "path"}):
        drawn(result).savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def _risk(result: Result) -> dict[str, str] | None:
    """Return the risk curve and what it says; ``None`` where nothing asks for it."""
    from federate.show.risk_plot import plot_risk

    found = risk_curve(result)
    if found is None:
        return None
    return {"curve": _svg(plot_risk, result), "says": found.in_words}


def _map_says(result: Result) -> str:
    """Return the map in words, for whoever cannot see it."""
    rows = scorecard(result).federations
    listed = "; ".join(f"{row.federation} {row.patients:,} patients" for row in rows)
    return f"Map of {len(rows):,} federations: {listed}."


def _changes(result: Result) -> dict[str, Any]:
    """Return who changes group against today, those with most patients first."""
    try:
        today = current_plan(result.problem)
    except PlanError:
        return {"says": "How practices are grouped today is not known.", "rows": []}
    diff, table = result.diff(today), result.problem.instance.practices
    index = result.problem.instance.index
    if not diff.moved:
        return {"says": "No practice changes its group.", "rows": []}
    total = max(int(table.list_size.sum()), 1)
    moved = sorted(diff.moved, key=lambda one: (-table.list_size[index[one[0]]], one))
    rows = [
        [
            f"{table.name[index[code]]} ({code})".strip(),
            f"{int(table.list_size[index[code]]):,}",
            before or "alone",
            after or "alone",
        ]
        for code, before, after in moved
    ]
    patients = diff.patients or 0
    change = "changes" if len(rows) == 1 else "change"
    says = (
        f"{len(rows):,} of {len(table):,} practices {change} group, with {patients:,} "
        f"patients, {percent(patients / total)} of all."
    )
    if len(rows) > MOST_CHANGES:
        says += f" The {MOST_CHANGES} with most patients are named here."
    return {"says": says, "rows": rows[:MOST_CHANGES]}


def _federations(result: Result) -> list[dict[str, Any]]:
    """Return each federation: its figures, its members, the rules it breaks."""
    plan, problem = result.require_plan(), result.problem
    table, index = problem.instance.practices, problem.instance.index
    rows = scorecard(result).federations
    columns = columns_shown(rows, problem.scenario)
    out = []
    for row in rows:
        lead = index[row.centre]
        members = sorted(
            plan.members[row.federation],
            key=lambda code: (code != row.centre, -table.list_size[index[code]]),
        )
        out.append(
            {
                "name": row.federation,
                "lead": f"{table.name[lead]} ({row.centre})".strip(),
                "figures": [
                    [column.title, _figure(column.of(row), column.unit)]
                    for column in columns
                ],
                "contracts": _contracts(result, row),
                "members": [_member(result, code, row) for code in members],
                "broken": [
                    _capital(violation.message)
                    for violation in result.violations
                    if violation.federation == row.federation
                ],
            }
        )
    return out


def _contracts(result: Result, row: FederationScore) -> list[list[str]]:
    """Return what each contract of the menu would do, as texts; none without a menu."""
    return [
        [
            f"{offer.contract} (taken)" if offer.is_taken else offer.contract,
            percent(offer.overspend_probability),
            _figure(offer.cvar_gbp, "gbp"),
            _figure(offer.premium_gbp, "gbp"),
            _figure(offer.total_gbp, "gbp"),
            _capital(offer.why),
        ]
        for offer in offers(result, row)
    ]


def _member(result: Result, code: str, row: FederationScore) -> list[str]:
    problem = result.problem
    i, lead = problem.instance.index[code], problem.instance.index[row.centre]
    table = problem.instance.practices
    minutes = float(problem.travel.minutes[i, lead])
    return [
        f"{table.name[i]} ({code})".strip(),
        f"{int(table.list_size[i]):,}",
        "leads" if i == lead else f"{minutes:.1f}",
    ]


def _figure(value: Value, unit: str) -> str:
    """Return a figure as people write it.

    Examples
    --------
    >>> _figure(1234.5, "gbp"), _figure(None, "count"), _figure(0.25, "number")
    ('£1,234', '–', '0.25')
    """
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if unit == "share":
        return percent(value)
    if unit == "gbp":
        return f"£{value:,.0f}" if abs(value) >= 100 else f"£{value:,.2f}"
    if unit == "minutes":
        return f"{value:.1f}"
    return f"{value:,.0f}" if unit == "count" else f"{value:.2f}"
