"""The scorecard of the rows of the square, worked by hand.

Each row is three practices of 10,000 patients, led from its middle: two
journeys of ten minutes and one kilometre.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from federate.engine.answer import objective_gbp, to_grouping
from federate.plan import Plan
from federate.problem import Problem
from federate.score import Scorecard, score
from tests.oracle import brute_force
from tests.square import BUDGET_GBP, CODES, grouped, rows, square
from tests.strategies import problems


def card(plan: Plan | None = None, **fields: Any) -> Scorecard:
    return score(square(**fields), plan or rows())


def test_the_objective_is_travel_and_running_cost() -> None:
    assert card().objective_gbp == 6 * 10 * 10_000 + 3 * 50_000


def test_terms_add_up_to_the_objective() -> None:
    found = card(grouped("A1 A2 C3", "B1 B2"), alone_gbp=np.arange(9.0))
    assert sum(found.terms_gbp.values()) == pytest.approx(found.objective_gbp)


def test_terms_of_a_federation_add_up_to_its_cost() -> None:
    problem = square()
    found = score(problem, rows()).federations[0]
    assert sum(found.terms_gbp.values()) == problem.cost.cost([0, 1, 2], 1)


def test_standing_alone_has_its_price() -> None:
    found = card(grouped("B2 B1 B3"), alone_gbp=np.full(9, 7.0))
    assert found.terms_gbp["alone"] == 6 * 7.0


@settings(max_examples=25, deadline=None)
@given(problems())
def test_score_and_engines_value_a_plan_alike(problem: Problem) -> None:
    found = brute_force(problem)
    if found is None:
        return
    grouping = to_grouping(problem, found[1])
    value = score(problem, found[1]).objective_gbp
    assert value == pytest.approx(objective_gbp(problem, grouping))
    assert value == pytest.approx(found[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("num_practices", 9),
        ("patients", 90_000),
        ("num_federations", 3),
        ("num_practices_alone", 0),
        ("num_cut_edges", 6),
        ("num_federations_in_pieces", 0),
        ("patients_changing_group", 0),
        ("size_min_persons", 30_000),
        ("size_median_persons", 30_000),
        ("size_mean_persons", 30_000),
        ("size_max_persons", 30_000),
        ("size_cv_fraction", 0.0),
        ("travel_patient_min", 600_000.0),
        ("travel_mean_min", 600_000 / 90_000),
        ("travel_max_min", 10.0),
        ("travel_patient_km", 60_000.0),
        ("travel_mean_km", 60_000 / 90_000),
        ("moment_of_inertia_person_km2", 60_000.0),
        ("minutes_by_crow_share", 1.0),
        ("minutes_by_od_share", 0.0),
        ("budget_gbp", 9 * BUDGET_GBP),
        ("running_gbp", 150_000.0),
        ("running_gbp_per_head", 150_000 / 90_000),
        ("n_min_persons", None),
        ("num_bases_open", None),
    ],
)
def test_a_total_is_what_the_hand_works_out(name: str, value: float | None) -> None:
    assert card().totals[name] == pytest.approx(value)


def test_neighbours_that_both_stand_alone_are_parted() -> None:
    totals = card(grouped("A1 A2 A3", "B1 B2 B3"), alone_gbp=np.ones(9)).totals
    assert totals["num_cut_edges"] == 6 + 2


def test_sizes_that_differ_have_a_coefficient_of_variation() -> None:
    totals = card(grouped("A1 A2", "A3 B1 B2 B3", "C1 C2 C3")).totals
    assert totals["size_cv_fraction"] == pytest.approx((2 / 3) ** 0.5 / 3)


def test_federations_in_bounds_are_counted() -> None:
    plan = grouped("A1 A2", "A3 B1 B2 B3", "C1 C2 C3")
    totals = card(plan, size_bounds=(25_000.0, 40_000.0)).totals
    assert totals["num_federations_in_bounds"] == 2


def test_minutes_are_told_by_their_source() -> None:
    problem = square()
    problem.travel.source[0, 1] = 1
    totals = score(problem, rows()).totals
    assert totals["minutes_by_od_share"] == pytest.approx(1 / 6)


def test_a_practice_led_from_another_group_changes_group() -> None:
    plan = grouped("A2 A1 A3 B1", "B2 B3", "C2 C1 C3")
    assert card(plan).totals["patients_changing_group"] == 10_000


def test_a_practice_in_no_group_has_none_to_leave() -> None:
    plan = grouped("A2 A1 A3 B1", "B2 B3", "C2 C1 C3")
    current = ("A", "A", "A", "", "B", "B", "C", "C", "C")
    assert card(plan, current=current).totals["patients_changing_group"] == 0


def test_without_a_current_grouping_nobody_is_counted_as_changing() -> None:
    assert card(current=None).totals["patients_changing_group"] is None


def test_pieces_of_a_federation_are_counted() -> None:
    found = card(grouped("A1 C1 C3 B3", "A2 A3 B1 B2", "C2"))
    assert [f.pieces for f in found.federations] == [3, 1, 1]


def test_pooled_risk_is_the_closed_form() -> None:
    found = card().federations[0]
    sigma = (3.6**2 / 30_000 + 0.07**2 / 3 + 0.005**2) ** 0.5
    assert found.sigma_rel == pytest.approx(sigma)


def test_overspend_is_less_likely_in_a_larger_pool() -> None:
    small, large = card(grouped("A1 A2", "A3 B1 B2 B3 C1 C2 C3")).federations
    assert small.overspend_probability > large.overspend_probability


def test_the_worst_federation_sets_the_worst_risk() -> None:
    found = card(grouped("A1 A2", "A3 B1 B2 B3 C1 C2 C3"))
    worst = found.federations[0].overspend_probability
    assert found.totals["overspend_worst_probability"] == worst


def test_the_least_population_is_where_the_rule_holds_exactly() -> None:
    asked = {"risk": {"max_probability": 0.3}}
    problem = square(asked, kappa=0.03)
    (found,) = score(problem, grouped("A1 A2 A3")).federations
    pooled = float(problem.variance_gbp2[:3].sum())
    budget = float(problem.budget_gbp[:3].sum())
    times = (found.n_min_persons or 0) / found.patients
    assert times * pooled == pytest.approx((0.03 * times * budget) ** 2)


def test_no_population_keeps_an_impossible_rule() -> None:
    asked = {"risk": {"max_probability": 0.001, "tau_shock": 0.01}}
    found = score(square(asked, kappa=float("nan")), rows())
    assert found.federations[0].n_min_persons is None
    assert found.totals["n_min_persons"] is None


def test_likeness_is_to_the_centre_and_by_patients() -> None:
    alike = np.full((9, 9), 0.4)
    np.fill_diagonal(alike, 1.0)
    found = card(likeness=alike, sizes={"A2": 20_000})
    assert found.federations[0].likeness_mean == pytest.approx(
        (20_000 + 2 * 10_000 * 0.4) / 40_000
    )


def test_open_bases_are_measured_for_all_patients() -> None:
    plan = replace(rows(), bases=dict.fromkeys(CODES, "X"), open_bases=("X",))
    totals = card(plan).totals
    assert totals["covered_15_min_share"] == pytest.approx(3 / 9)
    assert totals["covered_20_min_share"] == pytest.approx(6 / 9)
    assert totals["covered_60_min_share"] == 1.0
    assert totals["cover_worst_min"] == 40.0
    assert totals["bases_gbp"] == 100_000.0


def test_a_base_without_a_cost_has_the_default() -> None:
    plan = replace(rows(), bases=dict.fromkeys(CODES, "Y"), open_bases=("Y",))
    assert card(plan).totals["bases_gbp"] == 150_000.0


def test_a_contract_is_paid_once_a_federation_and_base() -> None:
    problem = square({"cover": {"contract_gbp": 1_000.0}})
    bases = dict.fromkeys(CODES, "X") | {"C3": "Y"}
    plan = replace(rows(), bases=bases, open_bases=("X", "Y"))
    assert score(problem, plan).totals["base_contracts_gbp"] == 4_000.0


def test_journeys_to_the_base_are_priced_by_contact() -> None:
    plan = replace(rows(), bases={"A2": "X"}, open_bases=("X",))
    journeys = card(plan).totals["base_journeys_gbp"]
    assert journeys == pytest.approx(10_000 * 0.109 * 10.0)


def test_a_plan_of_nobody_has_no_sizes() -> None:
    totals = card(grouped(), alone_gbp=np.ones(9)).totals
    assert totals["num_federations"] == 0
    assert totals["size_max_persons"] is None
    assert totals["travel_mean_min"] is None


def test_totals_have_the_same_names_whatever_the_plan() -> None:
    nobody = card(grouped(), alone_gbp=np.ones(9)).totals
    bases = dict.fromkeys(CODES, "Y")
    everybody = card(replace(rows(), bases=bases, open_bases=("Y",))).totals
    assert set(nobody) == set(everybody)
