"""Risk capital as a game: shares add up, follow the margin, and nobody gains apart."""

from typing import Any

import numpy as np
import pytest

from federate.criteria.capital import METHODS, CapitalGame, Measure, shares_by
from federate.criteria.risk_terms import (
    ATTACH,
    BUDGET,
    LAYER,
    NUM_PARTS,
    QUOTA,
    THIRD,
    VARIANCE,
    RiskTerms,
    frozen,
    no_contract,
    no_risk_terms,
)
from federate.criteria.spend import SpendModel, practice_spend
from federate.criteria.split import core_excess, euler_shares, some_coalitions
from federate.criteria.tails import NORMAL, NORMAL_POWER

LISTS = np.array([2_500, 4_000, 7_000, 9_000, 16_000])


def terms(**changes: Any) -> RiskTerms:
    """Return the risk of five practices, with a menu of none, a stop-loss, a quota."""
    budget = LISTS * 1_700.0
    spend = practice_spend(LISTS, budget, SpendModel())
    parts = np.zeros((len(LISTS), NUM_PARTS))
    parts[:, BUDGET] = budget
    parts[:, VARIANCE] = spend.variance_gbp2
    parts[:, THIRD] = spend.third_gbp3
    menu = np.repeat(no_contract(), 3, axis=0)
    menu[1, ATTACH], menu[1, LAYER] = 0.03, 0.8
    menu[2, QUOTA] = 0.4
    place = np.array([[0, 0], [1, 0], [30, 0], [31, 0], [90, 5]]) * 1_000.0
    known: dict[str, Any] = {
        "tail": NORMAL_POWER,
        "tau_shock": 0.01,
        "alpha": 0.95,
        "parts": parts,
        "place_m": place,
        "menu": menu,
        "per_m": 1 / 20_000.0,
        **changes,
    }
    for name in ("parts", "place_m", "menu"):
        known[name] = frozen(known[name])
    return no_risk_terms(len(LISTS))._replace(**known)


def game(row: int = 0, measure: Measure = "cvar", **changes: Any) -> CapitalGame:
    return CapitalGame(terms(**changes), row, np.arange(len(LISTS)), measure)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("row", [0, 1, 2])
@pytest.mark.parametrize("measure", ["cvar", "sd"])
def test_shares_add_up_and_no_group_would_hold_less_apart(
    method: str, row: int, measure: Measure
) -> None:
    found = game(row, measure, tau_region=0.02)
    shares = shares_by(method, found, orders=400)
    assert shares.sum() == pytest.approx(found.whole)
    if method in ("euler", "nucleolus"):
        assert core_excess(found.cost, shares)[0] <= 1e-6 * found.whole


def test_without_skew_or_contract_euler_is_the_covariance_with_the_pool() -> None:
    found = game(measure="sd", tail=NORMAL, tau_region=0.02)
    assert found.euler == pytest.approx(euler_shares(found.covariance_gbp2))
    assert shares_by("covariance", found) == pytest.approx(found.euler)


@pytest.mark.parametrize("row", [0, 1])
def test_euler_is_what_a_little_more_of_a_member_adds(row: int) -> None:
    """Scaling member k's spend by 1 + h adds h φ_k to the capital."""
    found, step = game(row), 1e-5
    powers = {BUDGET: 1, VARIANCE: 2, THIRD: 3}
    for k, share in enumerate(found.euler):
        ends = []
        for times in (1 + step, 1 - step):
            parts = found.terms.parts.copy()
            for column, power in powers.items():
                parts[k, column] *= times**power
            changed = CapitalGame(
                found.terms._replace(parts=frozen(parts)), row, found.members, "cvar"
            )
            ends.append(changed.whole)
        assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(share, rel=1e-4)


def test_a_member_without_exposure_pays_nothing_at_the_margin() -> None:
    parts = terms().parts.copy()
    parts[0] = 0.0
    for method in METHODS:
        found = game(parts=parts)
        assert shares_by(method, found)[0] == pytest.approx(0.0, abs=1e-6 * found.whole)
    nobody = game(parts=np.zeros_like(parts))
    assert not shares_by("euler", nobody).any()
    assert not shares_by("proportional", nobody).any()


def test_by_budget_a_steady_member_would_hold_less_apart() -> None:
    """Five members of one budget, the first of hardly any variance."""
    parts = terms().parts.copy()
    parts[:, BUDGET] = 1e7
    parts[:, VARIANCE] = [1e6, 1e12, 1e12, 1e12, 1e12]
    parts[:, THIRD] = 0.0
    found = game(parts=parts, tau_shock=0.0)
    excess, who = core_excess(found.cost, shares_by("proportional", found))
    assert who == (0,)
    assert excess == pytest.approx(found.whole / 5, rel=0.01)
    assert core_excess(found.cost, shares_by("euler", found))[0] < 0


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="no method equal; there are proportional"):
        shares_by("equal", game())


def test_some_coalitions_hold_every_one_every_pair_and_all_but_one() -> None:
    found = list(some_coalitions(20, 100, seed=1))
    assert len(found) == 20 + 190 + 20 + 100
    assert all(0 < len(set(who)) == len(who) < 20 for who in found)
    assert found == list(some_coalitions(20, 100, seed=1))
