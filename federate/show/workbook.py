"""A result as a workbook: one sheet a question, ready to print."""

from pathlib import Path

from federate.result import Result
from federate.show.columns import COLUMNS
from federate.show.facts import facts, subtitle
from federate.show.frames import (
    federation_rows,
    offer_rows,
    practice_rows,
    term_rows,
    violation_rows,
)
from federate.show.sheets import write_sheets

__all__ = ["write_workbook"]

TITLES = {
    "federation": "Federation",
    "centre": "Lead practice",
    "centre_name": "Name of lead practice",
    "violations": "Rules broken",
    "code": "Code",
    "name": "Practice",
    "list_size": "Patients",
    "budget_gbp": "Budget, £ a year",
    "travel_min": "To lead practice, min",
    "travel_source": "Source of minutes",
    "base": "Out-of-hours base",
    "easting_m": "Easting, m",
    "northing_m": "Northing, m",
    "rule": "Rule",
    "practices": "Practices",
    "amount": "By how much",
    "unit": "Unit",
    "message": "In words",
    "total_gbp": "All terms, £ a year",
    "partner": "Partner",
    "price_gbp": "Price of the risk kept, £ a year",
    "premium_and_price_gbp": "Premium and price, £ a year",
    "keeps_rules": "Keeps every rule",
    "is_taken": "Taken",
    "why": "Why",
} | {column.key: column.title for column in COLUMNS}
FORMATS = {
    "list_size": "count",
    "budget_gbp": "count",
    "travel_min": "minutes",
    "easting_m": "count",
    "northing_m": "count",
    "violations": "count",
    "amount": "number",
} | {
    column.key: column.unit
    for column in COLUMNS
    if column.key != "budget_gbp" and column.unit != "text"
}


def write_workbook(result: Result, path: Path) -> None:
    """Write the sheets summary, federations, practices, violations, terms, provenance.

    Where the scenario has a menu of contracts, a sheet has each of them for each
    federation. Texts are always stored as text, never as formulas.
    """
    import pandas as pd

    summary = [(f.label, f.value.replace("\xa0", " "), f.note) for f in facts(result)]
    contracts = offer_rows(result)
    sheets = {
        "summary": pd.DataFrame(summary, columns=["Figure", "Value", "Meaning"]),
        "federations": federation_rows(result),
        **({"contracts": contracts} if len(contracts) else {}),
        "practices": practice_rows(result),
        "violations": violation_rows(result),
        "terms": term_rows(result),
        "provenance": pd.DataFrame(_provenance(result), columns=["What", "Value"]),
    }
    title = result.problem.instance.title
    write_sheets(sheets, path, title=title, titles=TITLES, formats=FORMATS)


def _provenance(result: Result) -> list[tuple[str, str]]:
    """Return what made the result, so that it can be made again."""
    instance, scenario = result.problem.instance, result.problem.scenario
    solve = scenario.solve
    return [
        ("Instance", instance.title or instance.name),
        ("Practices", f"{result.problem.n:,}"),
        ("SHA-256 of its files", instance.digest or "made in memory"),
        ("Scenario", scenario.title or "untitled"),
        ("Asked", subtitle(result)),
        ("Status", result.status.value),
        ("Stopped because", result.stop.value),
        ("Engine", result.engine or "none: scored and checked"),
        ("Solver", result.solver),
        ("Seconds", f"{result.seconds:.1f}"),
        ("Seed", str(solve.seed)),
        ("Threads", str(solve.threads)),
        ("Objective, £ a year", _gbp(result.objective_gbp)),
        ("Proven bound, £ a year", _gbp(result.bound_gbp)),
        ("Attribution", instance.attribution),
    ]


def _gbp(amount: float | None) -> str:
    return "none" if amount is None else f"{amount:,.2f}"
