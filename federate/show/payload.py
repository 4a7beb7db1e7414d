"""What the map page is given: plain, compact, JSON-able data."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from federate.geography.travel import SOURCES
from federate.plan import Plan
from federate.result import Result
from federate.score import FederationScore
from federate.show.columns import Figure, columns_shown, num_broken
from federate.show.facts import STOPPED, facts, scorecard, subtitle
from federate.show.offers import offers
from federate.show.risk_curve import risk_curve
from federate.show.shapes import Shapes, shapes_of

__all__ = ["payload"]

SOURCE_WORDS = {"crow": "estimated from a straight line", "od": "from the travel table"}
TERM_WORDS = {
    "travel": "Travel to the lead practice",
    "unlikeness": "Unlike practices together",
    "disruption": "Change from today",
    "running_cost": "Running cost",
    "size_deviation": "Distance from the target size",
    "cut_edges": "Neighbours parted",
    "premium": "Premium of its contract",
    "risk": "Price of the risk that it keeps",
    "scale_benefit": "Saved by size",
}
RISKS = ("overspend_probability", "bare_overspend_probability")
"""Keys of the columns that the scenario's greatest probability is a limit of."""
FIGURES = 6
"""Significant figures that leave Python; more would only weigh."""


def payload(result: Result) -> dict[str, Any]:
    """Return all that the page shows of `result`.

    Raises
    ------
    InfeasibleError
        If the result has no plan.
    """
    plan = result.require_plan()
    instance = result.problem.instance
    rows = {row.federation: row for row in scorecard(result).federations}
    labels = tuple(plan.members)
    number = {label: k for k, label in enumerate(labels)}
    shapes = shapes_of(instance, plan)
    return {
        "schema": 1,
        "title": instance.title or instance.name,
        "subtitle": subtitle(result),
        "attribution": instance.attribution,
        "made": _made(result),
        "facts": [vars(fact) for fact in facts(result)],
        "federations": _federations(
            result, plan, tuple(rows[label] for label in labels), shapes
        ),
        "practices": _practices(result, plan, number),
        "alone": shapes.alone,
        "outline": shapes.outline,
        "bases": _bases(result, plan),
        "covered": bool(plan.open_bases or plan.bases),
        "violations": [
            _place(result, number, v.federation, v.practices, v.message)
            for v in result.violations
        ],
        "exceptions": [
            _place(result, number, f.federation, f.practices, f.message)
            for f in result.exceptions
        ],
        "palette": list(shapes.palette),
        "risk": _risk(result, number),
    }


def _made(result: Result) -> str:
    """Return who found the plan, how long it took, and why it stopped."""
    if result.engine in ("", "evaluate"):
        return "Scored and checked by federate."
    found = f"Found by the {result.engine} engine"
    if result.solver:
        found += f" with {result.solver}"
    found += f" in {result.seconds:.0f} s"
    stop = STOPPED.get(result.stop)
    return f"{found}; {stop}." if stop else f"{found}."


def _federations(
    result: Result, plan: Plan, rows: tuple[FederationScore, ...], shapes: Shapes
) -> dict[str, Any]:
    index = result.problem.instance.index
    broken = num_broken(result)
    limit = result.problem.scenario.risk.max_probability
    columns: list[dict[str, Any]] = [
        {
            "key": column.key,
            "title": column.title,
            "unit": column.unit,
            "hint": column.hint,
            "in_table": column.in_table,
            "limit": limit if column.key in RISKS else None,
            "values": [_short(column.of(row)) for row in rows],
        }
        for column in columns_shown(rows, result.problem.scenario)
    ]
    columns.append(
        {
            "key": "violations",
            "title": "Rules broken",
            "unit": "count",
            "hint": "Rules that the federation breaks, checked apart from the solver",
            "in_table": True,
            "limit": None,
            "values": [broken[row.federation] for row in rows],
        }
    )
    return {
        "label": [row.federation for row in rows],
        "lead": [index[plan.centre[row.federation]] for row in rows],
        "colour": [shapes.colour[row.federation] for row in rows],
        "anchor": [shapes.anchor[row.federation] for row in rows],
        "region": [shapes.region[row.federation] for row in rows],
        "terms": [_terms(row.terms_gbp) for row in rows],
        "contracts": [_contracts(result, row) for row in rows],
        "columns": columns,
    }


def _contracts(result: Result, row: FederationScore) -> list[dict[str, Any]]:
    """Return what each contract of the menu would do for one federation."""
    return [
        {
            "name": offer.contract,
            "risk": _short(offer.overspend_probability),
            "worst_gbp": _short(offer.cvar_gbp),
            "premium_gbp": _short(offer.premium_gbp),
            "total_gbp": _short(offer.total_gbp),
            "kept": offer.keeps_rules,
            "taken": offer.is_taken,
            "why": offer.why,
        }
        for offer in offers(result, row)
    ]


def _risk(result: Result, number: Mapping[str, int]) -> dict[str, Any] | None:
    """Return the risk curve; ``None`` where the scenario asks nothing about risk."""
    found = risk_curve(result)
    if found is None:
        return None
    return {
        "tolerance": found.tolerance,
        "limit": found.max_probability,
        "enough": _short(found.n_min_persons),
        "says": found.in_words,
        "curves": [
            {
                "name": curve.name,
                "persons": [_short(n) for n in curve.persons],
                "risk": [_short(p) for p in curve.probability],
            }
            for curve in found.curves
        ],
        "spots": [
            {
                "federation": number[spot.federation],
                "persons": spot.persons,
                "risk": _short(spot.probability),
                "bare": _short(spot.bare_probability) if spot.contract else None,
                "needs": _short(spot.n_min_persons),
                "kept": found.keeps(spot),
            }
            for spot in found.spots
        ],
    }


def _terms(terms_gbp: Mapping[str, float]) -> dict[str, Figure]:
    """Return the terms of a cost under the names a planner reads."""
    return {
        TERM_WORDS.get(name, name): _short(amount) for name, amount in terms_gbp.items()
    }


def _practices(result: Result, plan: Plan, number: Mapping[str, int]) -> dict[str, Any]:
    problem = result.problem
    practices = problem.instance.practices
    index = problem.instance.index
    bases = problem.instance.bases
    place = {code: k for k, code in enumerate(bases.code if bases else ())}
    minutes: list[Figure] = []
    source: list[str] = []
    base_minutes: list[Figure] = []
    for i, code in enumerate(practices.code):
        label = plan.federation[code]
        centre = index[plan.centre[label]] if label else i
        leg = SOURCES[int(problem.travel.source[i, centre])]
        minutes.append(_short(problem.travel.minutes[i, centre]) if label else None)
        source.append(SOURCE_WORDS[leg] if label and centre != i else "")
        base = place.get(plan.bases.get(code, ""))
        base_minutes.append(
            None if base is None else _short(problem.travel.base_minutes[i, base])
        )
    return {
        "code": list(practices.code),
        "name": list(practices.name),
        "x": _metres(practices.easting_m),
        "y": _metres(practices.northing_m),
        "patients": problem.list_size.tolist(),
        "federation": [number.get(plan.federation[c]) for c in practices.code],
        "minutes": minutes,
        "source": source,
        "base": [place.get(plan.bases.get(c, "")) for c in practices.code],
        "base_minutes": base_minutes,
    }


def _bases(result: Result, plan: Plan) -> dict[str, Any]:
    bases = result.problem.instance.bases
    if bases is None:
        return {k: [] for k in ("code", "name", "x", "y", "status", "open")}
    run = set(plan.open_bases)
    if not run and not plan.bases:
        run = {c for c, s in zip(bases.code, bases.status, strict=True) if s == "open"}
    return {
        "code": list(bases.code),
        "name": list(bases.name),
        "x": _metres(bases.easting_m),
        "y": _metres(bases.northing_m),
        "status": list(bases.status),
        "open": [code in run for code in bases.code],
    }


def _place(
    result: Result,
    number: Mapping[str, int],
    federation: str,
    codes: Iterable[str],
    message: str,
) -> dict[str, Any]:
    """Return a message with the places on the map that it concerns."""
    index = result.problem.instance.index
    return {
        "federation": number.get(federation),
        "practices": [index[code] for code in codes if code in index],
        "message": message[:1].upper() + message[1:],
    }


def _metres(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[int]:
    return [int(v) for v in np.rint(values)]


def _short(value: Figure) -> Figure:
    """Return a figure with few digits; ``None`` where there is none."""
    if isinstance(value, str):
        return value
    if value is None or not np.isfinite(value):
        return None
    if float(value).is_integer():
        return int(value)
    return float(f"{value:.{FIGURES}g}")
