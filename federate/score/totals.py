"""Figures over the whole plan: who, how large, how far, how risky."""

from collections.abc import Sequence
from statistics import fmean, median, pstdev

import numpy as np
import numpy.typing as npt

from federate.criteria.risk import least_population
from federate.geography.travel import SOURCES
from federate.plan import Plan
from federate.problem import Problem
from federate.problem.pooling import spend_model
from federate.score.card import FederationScore

__all__ = ["journey_totals", "membership_totals", "risk_totals", "size_totals"]

FloatArray = npt.NDArray[np.float64]
Figures = dict[str, float | int | None]
M_PER_KM = 1_000.0
SIZES = (
    "size_min_persons",
    "size_median_persons",
    "size_mean_persons",
    "size_max_persons",
    "size_cv_fraction",
    "practices_mean",
    "practices_max",
    "num_federations_in_bounds",
)
JOURNEYS = (
    "travel_patient_min",
    "travel_mean_min",
    "travel_max_min",
    "travel_patient_km",
    "travel_mean_km",
    "moment_of_inertia_person_km2",
    "likeness_mean",
    *(f"minutes_by_{source}_share" for source in SOURCES),
)


def membership_totals(
    problem: Problem, plan: Plan, cards: Sequence[FederationScore]
) -> Figures:
    """Count federations, practices and patients, and who changes group.

    A federation carries on the present group of its centre; a practice
    changes group if it had another, or stands alone and had one.
    """
    index = problem.instance.index
    size = problem.list_size
    alone = [index[code] for code, label in plan.federation.items() if not label]
    return {
        "num_practices": problem.n,
        "patients": int(size.sum()),
        "num_federations": len(cards),
        "num_practices_alone": len(alone),
        "patients_alone": int(size[alone].sum()),
        "patients_changing_group": _patients_changing_group(problem, plan),
        "num_cut_edges": _num_cut_edges(problem, plan),
        "num_federations_in_pieces": sum(card.pieces > 1 for card in cards),
    }


def _patients_changing_group(problem: Problem, plan: Plan) -> int | None:
    current = problem.instance.current
    if current is None:
        return None
    index = problem.instance.index
    total = 0
    for code, label in plan.federation.items():
        present = current[index[code]]
        future = current[index[plan.centre[label]]] if label else ""
        if present and present != future:
            total += int(problem.list_size[index[code]])
    return total


def _num_cut_edges(problem: Problem, plan: Plan) -> int:
    """Count the neighbour pairs that the plan parts."""
    number = {label: k for k, label in enumerate(plan.members, start=1)}
    code = problem.instance.practices.code
    group = np.array([number.get(plan.federation[c], -i) for i, c in enumerate(code)])
    pairs = problem.graph.pairs
    return int((group[pairs[:, 0]] != group[pairs[:, 1]]).sum())


def size_totals(problem: Problem, cards: Sequence[FederationScore]) -> Figures:
    """Measure the spread of sizes, persons; its coefficient of variation."""
    sizes = [card.patients for card in cards]
    bounds = problem.size_bounds
    if not sizes:
        return dict.fromkeys(SIZES)
    mean = fmean(sizes)
    return {
        "size_min_persons": min(sizes),
        "size_median_persons": median(sizes),
        "size_mean_persons": mean,
        "size_max_persons": max(sizes),
        "size_cv_fraction": pstdev(sizes) / mean if mean else 0.0,
        "num_federations_in_bounds": None
        if bounds is None
        else sum(bounds[0] <= size <= bounds[1] for size in sizes),
        "practices_mean": fmean(card.num_practices for card in cards),
        "practices_max": max(card.num_practices for card in cards),
    }


def journey_totals(problem: Problem, plan: Plan) -> Figures:
    """Sum the journeys of patients from their practice to its centre.

    Kilometres are straight lines; minutes are those of the problem, each from
    its source. The moment of inertia is Σ n_i d_i², the spread of patients
    about their centres (Hess et al. 1965, Operations Research 13(6)).
    """
    index = problem.instance.index
    inside = [(index[c], plan.centre[g]) for c, g in plan.federation.items() if g]
    if not inside:
        return dict.fromkeys(JOURNEYS)
    i = np.array([member for member, _ in inside])
    c = np.array([index[centre] for _, centre in inside])
    table = problem.instance.practices
    patients = problem.list_size[i].astype(np.float64)
    minutes = problem.travel.minutes[i, c]
    east = table.easting_m[i] - table.easting_m[c]
    north = table.northing_m[i] - table.northing_m[c]
    km = np.hypot(east, north) / M_PER_KM
    total = max(float(patients.sum()), 1.0)
    all_minutes = float(patients @ minutes)
    alike = None if problem.likeness is None else problem.likeness[i, c]
    return {
        "travel_patient_min": all_minutes,
        "travel_mean_min": all_minutes / total,
        "travel_max_min": float(minutes.max()),
        "travel_patient_km": float(patients @ km),
        "travel_mean_km": float(patients @ km) / total,
        "moment_of_inertia_person_km2": float(patients @ km**2),
        "likeness_mean": None if alike is None else float(patients @ alike) / total,
        **_by_source(patients * minutes, problem.travel.source[i, c]),
    }


def _by_source(patient_minutes: FloatArray, source: npt.NDArray[np.uint8]) -> Figures:
    """Part the patients' minutes by where the minutes come from."""
    total = float(patient_minutes.sum())
    return {
        f"minutes_by_{name}_share": float(patient_minutes[source == k].sum()) / total
        if total
        else None
        for k, name in enumerate(SOURCES)
    }


def risk_totals(problem: Problem, cards: Sequence[FederationScore]) -> Figures:
    """Find the riskiest federation and the running cost of all.

    ``n_min_persons`` is the least pool that keeps the rule by patient noise
    and common shock alone, CV1² / κ².
    """
    risk = problem.scenario.risk
    least = None
    if risk.max_probability is not None:
        least = least_population(
            cv1=spend_model(problem.scenario).cv1,
            tolerance=risk.tolerance,
            max_probability=risk.max_probability,
            tau_shock=risk.tau_shock,
        )
    running = sum(card.running_gbp for card in cards)
    patients = sum(card.patients for card in cards)
    return {
        "budget_gbp": sum(card.budget_gbp for card in cards),
        "sigma_worst_fraction": max((c.sigma_rel for c in cards), default=None),
        "overspend_worst_probability": max(
            (c.overspend_probability for c in cards), default=None
        ),
        "n_min_persons": least,
        "running_gbp": running,
        "running_gbp_per_head": running / patients if patients else None,
        "running_gbp_per_federation": running / len(cards) if cards else None,
    }
