"""Risk against population: the curve goes where the federations are."""

import numpy as np
import pytest

from federate.criteria.risk import overspend_probability
from federate.errors import ScenarioError
from federate.result import Result
from federate.show.risk_curve import AS_HERE, PATIENTS_ALONE, RiskCurve, risk_curve
from federate.show.risk_plot import plot_risk
from tests.show.insured import ASKED, insured
from tests.show.village import village

EVERYBODY = tuple(range(6))
NORMAL = {"risk": {"tolerance": 0.06, "max_probability": 0.05}}


def curve_of(result: Result) -> RiskCurve:
    found = risk_curve(result)
    assert found is not None
    return found


def at(found: RiskCurve, name: str, persons: float) -> float:
    """Return what a curve says of a population, between its points."""
    (curve,) = [curve for curve in found.curves if curve.name == name]
    return float(np.interp(np.log(persons), np.log(curve.persons), curve.probability))


def test_where_nobody_asks_about_risk_there_is_no_curve() -> None:
    assert risk_curve(insured(risk={}, contracts={})) is None


def test_a_plan_that_was_scored_without_pools_has_no_curve() -> None:
    assert risk_curve(village()) is None


def test_a_line_for_each_contract_and_a_spot_for_each_federation() -> None:
    found = curve_of(insured())
    names = [curve.name for curve in found.curves]
    assert names == [AS_HERE, PATIENTS_ALONE, "cap", "share", "large"]
    assert [spot.federation for spot in found.spots] == ["F01", "F02"]


def test_the_curve_passes_through_the_federation_of_all() -> None:
    found = curve_of(insured(EVERYBODY))
    (spot,) = found.spots
    # The middle of the 61 points is the one size there is.
    assert found.curves[0].persons[30] == pytest.approx(spot.persons)
    assert found.curves[0].probability[30] == pytest.approx(spot.bare_probability)
    (taken,) = [c for c in found.curves if c.name == (spot.contract or AS_HERE)]
    assert taken.probability[30] == pytest.approx(spot.probability)


def test_the_curve_passes_through_it_with_a_regional_shock_too() -> None:
    risk = ASKED["risk"] | {"tau_region": 0.02}
    found = curve_of(insured(EVERYBODY, risk=risk))
    bare = found.spots[0].bare_probability
    assert found.curves[0].probability[30] == pytest.approx(bare)


def test_enough_is_what_the_scorecard_says_of_the_federation_of_all() -> None:
    found = curve_of(insured(EVERYBODY))
    assert found.n_min_persons == pytest.approx(found.spots[0].n_min_persons, rel=1e-5)


def test_without_a_contract_more_people_are_less_risk() -> None:
    found = curve_of(insured())
    assert (np.diff(found.curves[0].probability) < 0).all()


def test_patients_alone_are_the_one_line_result() -> None:
    found = curve_of(insured(asked=ASKED | NORMAL, contracts={}))
    for persons in (12_000.0, 40_000.0):
        sigma = (3.6**2 / persons + 0.005**2) ** 0.5
        alone = overspend_probability(sigma, tolerance=0.06)
        assert at(found, PATIENTS_ALONE, persons) == pytest.approx(alone, rel=0.01)


def test_no_population_is_enough_where_the_shock_alone_is_too_much() -> None:
    found = curve_of(insured(asked=ASKED | {"risk": {
        "tolerance": 0.008, "max_probability": 0.05}}, contracts={}))  # fmt: skip
    assert found.n_min_persons is None
    assert "No population" in found.in_words


def test_the_words_count_who_keeps_the_rule_and_who_is_insured() -> None:
    said = curve_of(insured()).in_words
    assert said.startswith(
        "2 of 2 federations keep the rule: more than 6 % over budget in at most 5 % of "
        "years. 2 of all take a contract."
    )


def labels(result: Result, panel: int) -> list[str]:
    legend = plot_risk(result).axes[panel].get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_the_picture_tells_every_line_and_mark() -> None:
    assert labels(insured(), 0) == [
        AS_HERE,
        PATIENTS_ALONE,
        "cap",
        "share",
        "large",
        "federation, had it no contract",
        "federation",
    ]
    assert labels(insured(), 1) == ["its contract does it"]


def test_the_picture_marks_who_breaks_the_rule() -> None:
    result = insured(contracts={})
    assert labels(result, 0)[-1] == "federation that breaks the rule"
    assert labels(result, 1) == ["too small"]


def test_the_picture_names_the_federations() -> None:
    texts = {text.get_text() for text in plot_risk(insured()).axes[0].texts}
    assert {"F01", "F02", "allowed: 5 %"} <= texts


def test_a_price_without_a_rule_has_a_curve_and_no_second_panel() -> None:
    result = insured(risk={"gbp_per_gbp_at_risk": 0.5}, contracts={})
    assert len(plot_risk(result).axes) == 1


def test_where_nobody_asks_about_risk_the_picture_says_what_to_state() -> None:
    with pytest.raises(ScenarioError, match=r"risk\.max_probability: is not stated"):
        plot_risk(insured(risk={}, contracts={}))
