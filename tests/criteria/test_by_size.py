"""The under-estimate of what pooled risk costs is never above what it costs."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from federate.criteria.by_size import CELLS, BySize, gbp_by_size
from federate.criteria.least import linear_gbp
from federate.criteria.lower_bound import lower_bound
from federate.criteria.pooled import PooledRisk
from federate.criteria.risk_terms import BUDGET, PERSONS, frozen
from federate.problem.build import build
from federate.scenario import Scenario
from tests.strategies import small_instance

MENUS = {
    "bare": {},
    "stop-loss": {"a": {"stop_loss_from": 0.02, "loading": 0.3}},
    "cheap stop-loss": {"a": {"stop_loss_from": 0.01, "loading": 0.02}},
    "quota": {"a": {"quota_share": 0.4, "fee_share": 0.001}},
    "carve-out": {"a": {"carve_out_above_gbp": 40_000.0, "loading": 0.2}},
    "many": {
        "a": {"stop_loss_from": 0.02, "loading": 0.3, "quota_share": 0.2},
        "b": {"carve_out_above_gbp": 85_000.0, "loading": 0.2},
        "c": {"quota_share": 0.5, "fixed_gbp": 4_000.0},
    },
}
PRICES: dict[str, dict[str, object]] = {
    "none": {},
    "cvar": {"gbp_per_gbp_at_risk": 0.05, "measure": "cvar"},
    "overspend": {"gbp_per_gbp_at_risk": 1.0},
    "cheap": {"gbp_per_gbp_at_risk": 0.1},
}


def _pooled(menu: str, price: str, tail: str, seed: int, **more: object) -> PooledRisk:
    risk: dict[str, object] = {
        "tolerance": 0.03,
        "max_probability": 0.05,
        "tau_practice": 0.01,
        "tau_region": 0.005,
        "tau_shock": 0.004,
        "tail": tail,
    }
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "title": "Risk",
            "instance": "toy",
            "rules": {
                "size_bounds": (10_000, 60_000),
                "contiguity": "none",
                "num_federations": "free",
            },
            "risk": risk | PRICES[price] | more,
            "contracts": {"menu": MENUS[menu]},
            "scale": {"benefit_share": 0.01},
        }
    )
    pooled = build(small_instance(seed, num_practices=14), scenario).cost.pooled
    assert pooled is not None
    # Budgets a head that differ, as stated ones do.
    parts = pooled.terms.parts.copy()
    times = np.random.default_rng(seed).uniform(0.9, 1.2, len(parts))
    parts[:, BUDGET] *= times
    return replace(pooled, terms=pooled.terms._replace(parts=frozen(parts)))


def _rho(sized: BySize, size: float) -> float:
    """Return ρ at a size by its cell, the less of two where they meet."""
    found = []
    cells = zip(sized.edges, sized.edges[1:], sized.left, sized.right, strict=False)
    for low, high, left, right in cells:
        if low <= size <= high:
            share = (size - low) / (high - low)
            found.append(left if share == 0 else left + share * (right - left))
    return float(min(found))


def _federations(pooled: PooledRisk, seed: int) -> list[list[int]]:
    persons, rng = pooled.terms.parts[:, PERSONS], np.random.default_rng(seed)
    out = []
    for _ in range(4_000):
        members = np.flatnonzero(rng.random(len(persons)) < rng.uniform(0.1, 0.9))
        size = persons[members].sum()
        if pooled.fewest_persons <= size <= pooled.most_persons:
            out.append(members.tolist())
    return out[:150]


@pytest.mark.parametrize(("menu", "price"), [*product(MENUS, PRICES)])
@pytest.mark.parametrize("tail", ["normal", "normal-power", "lognormal"])
def test_no_federation_costs_less(menu: str, price: str, tail: str) -> None:
    pooled = _pooled(menu, price, tail, len(menu) + len(price))
    persons, (each, once) = pooled.terms.parts[:, PERSONS], pooled.least_gbp
    asked = (pooled.terms, pooled.most_persons, pooled.fewest_persons)
    linear = np.array(
        [linear_gbp(asked[0], k, asked[1]) for k in range(len(pooled.names))]
    )
    by_hand = gbp_by_size(asked[0], linear, asked[2], asked[1])
    fitting = [s for s in _federations(pooled, 1) if pooled.fits(s)]
    for members in fitting:
        gbp, size = pooled.gbp(members), float(persons[members].sum())
        assert each[members].sum() + once <= gbp
        for sized in (pooled.least_by_size, by_hand):
            assert sized.each[members].sum() + _rho(sized, size) <= gbp
    assert len(fitting) > 0
    assert lower_bound(*asked).linear[1] == once
    assert len(lower_bound(*asked).by_size.left) >= CELLS


@pytest.mark.parametrize(("menu", "price"), [*product(MENUS, PRICES)])
@pytest.mark.parametrize("tail", ["normal", "normal-power", "lognormal"])
def test_no_federation_costs_less_than_its_class_says(
    menu: str, price: str, tail: str
) -> None:
    pooled = _pooled(menu, price, tail, len(menu) + len(price), max_probability=0.45)
    persons, (spread, classes) = pooled.terms.parts[:, PERSONS], pooled.by_spread
    assert (spread >= 0).all()
    fitting = [s for s in _federations(pooled, 2) if pooled.fits(s)]
    assert len(fitting) > 10
    for members in fitting:
        gbp, size = pooled.gbp(members), float(persons[members].sum())
        inside = [c for c in classes if c.low <= spread[members].sum() <= c.high]
        assert inside
        for one in inside:
            sized, (each, once) = one.least.by_size, one.least.linear
            assert sized.each[members].sum() + _rho(sized, size) <= gbp
            assert each[members].sum() + once <= gbp


def test_a_class_says_more_than_what_holds_for_all() -> None:
    asked = {"tau_practice": 0.06, "tau_region": 0.0, "max_probability": 0.45}
    pooled = _pooled("bare", "overspend", "normal", 4, **asked)
    parts = pooled.terms.parts.copy()
    parts[:, BUDGET] = parts[:, PERSONS] * parts[0, BUDGET] / parts[0, PERSONS]
    pooled = replace(pooled, terms=pooled.terms._replace(parts=frozen(parts)))
    spread, classes = pooled.by_spread
    assert len(classes) > 2
    short = {"all": 0.0, "class": 0.0}
    for members in _federations(pooled, 4):
        gbp, size = pooled.gbp(members), pooled.terms.parts[members, PERSONS].sum()
        one = next(c for c in classes if spread[members].sum() <= c.high)
        for name, sized in (
            ("all", pooled.least_by_size),
            ("class", one.least.by_size),
        ):
            short[name] += gbp - sized.each[members].sum() - _rho(sized, float(size))
    assert short["class"] < 0.7 * short["all"]


def test_risk_without_a_price_has_one_class() -> None:
    (one,) = _pooled("bare", "none", "normal", 1).by_spread[1]
    assert (one.low, one.high) == (-np.inf, np.inf)


def test_no_federation_of_a_size_ruled_out_keeps_the_rule() -> None:
    pooled = _pooled("carve-out", "none", "normal", 3, tolerance=0.025)
    persons, sized = pooled.terms.parts[:, PERSONS], pooled.least_by_size
    shut = sized.edges[1:][np.isinf(sized.left)]
    assert len(shut) > 0
    small = [
        members
        for members in _federations(pooled, 2)
        if persons[members].sum() < shut[-1]
    ]
    assert small
    assert not any(pooled.fits(members) for members in small)


def test_alike_practices_are_bounded_closely() -> None:
    asked = {"tau_practice": 0.0, "tau_region": 0.0, "max_probability": None}
    pooled = _pooled("bare", "cvar", "normal", 5, **asked)
    terms = pooled.terms
    parts = terms.parts.copy()
    alike = parts[0] / parts[0, PERSONS]
    parts = parts[:, PERSONS][:, None] * alike
    pooled = replace(pooled, terms=terms._replace(parts=frozen(parts), benefit=0.0))
    sized = pooled.least_by_size
    for members in _federations(pooled, 3):
        size = float(pooled.terms.parts[members, PERSONS].sum())
        least = sized.each[members].sum() + _rho(sized, size)
        assert least >= 0.99 * pooled.gbp(members) - 1.0
