"""The validation suite of the risk mathematics, V1 to V11.

Each test says what is published (with its source), what is derived from that, and
what is only remembered: a figure that was not found in a source is a cross-check on
the formula, never evidence.
"""

from itertools import combinations
from math import factorial, sqrt

import numpy as np
import pytest

from federate.criteria.layers import unforeseen_probability
from federate.criteria.patients import PatientCost, capped_moments, hospital_patient
from federate.criteria.pool import Pool
from federate.criteria.risk import least_population, overspend_probability
from federate.criteria.spend import SpendModel, practice_spend
from federate.criteria.split import (
    core_excess,
    covariance_shares,
    euler_shares,
    member_covariance_gbp2,
)
from federate.criteria.tails import (
    NORMAL,
    NORMAL_POWER,
    expected_excess,
    normal_quantile,
    pool_sigma,
    probability_above,
)

# (beneficiaries at the low end, savings rate % there, at the high end)
MINIMUM_SAVINGS_RATES = [
    (5_000, 3.9, 3.6),
    (6_000, 3.6, 3.4),
    (7_000, 3.4, 3.2),
    (8_000, 3.2, 3.1),
    (9_000, 3.1, 3.0),
    (10_000, 3.0, 2.7),
    (15_000, 2.7, 2.5),
    (20_000, 2.5, 2.2),
    (50_000, 2.2, 2.0),
    (60_000, 2.0, 2.0),
]


def minimum_savings_rate(persons: int, cv1: float) -> float:
    """z·CV1/√n with the confidence blended between 5,000, 20,000 and 50,000."""
    anchors = [(5_000, 0.90), (20_000, 0.95), (50_000, 0.99)]
    scores = [normal_quantile(level) for _, level in anchors]

    def at(score: float) -> float:
        return score * cv1 / sqrt(persons)

    for (low, _), (high, _), a, b in zip(
        anchors, anchors[1:], scores, scores[1:], strict=False
    ):
        if low <= persons < high:
            weight = (persons - low) / (high - low)
            return (1 - weight) * at(a) + weight * at(b)
    return max(at(scores[-1]), 0.02) if persons >= 60_000 else at(scores[-1])


@pytest.mark.parametrize(("persons", "low_end", "_high_end"), MINIMUM_SAVINGS_RATES)
def test_v1_one_coefficient_gives_the_minimum_savings_rates(
    persons: int, low_end: float, _high_end: float
) -> None:
    """Derived: CV1 = 2.14 gives every row.

    Published (42 CFR 425.604(b); CMS-1345-P p. 268): the row of 7,000, 2 % from 60,000
    on and the blend of confidence levels; in summaries, 3.9 % at 5,000. From memory:
    the other rows, and that the levels are 90, 95 and 99 %.
    """
    found = 100 * minimum_savings_rate(persons, 2.14)
    assert found == pytest.approx(low_end, abs=0.05)


def test_v1_each_anchor_alone_gives_the_same_coefficient() -> None:
    """Derived: 2.152, 2.149 and 2.115, so the remembered rows hang together."""
    found = [
        rate / 100 * sqrt(persons) / normal_quantile(level)
        for persons, rate, level in (
            (5_000, 3.9, 0.90),
            (20_000, 2.5, 0.95),
            (50_000, 2.2, 0.99),
        )
    ]
    assert found == pytest.approx([2.152, 2.149, 2.115], abs=5e-4)


@pytest.mark.parametrize(
    ("tolerance", "persons", "derived", "published"),
    [
        (0.02, 100_000, 3.95, 4.0),
        (0.01, 100_000, 18.99, 20.0),
        (0.01, 300_000, 6.41, 6.0),
    ],
)
def test_v2_one_coefficient_gives_the_german_deficits(
    tolerance: float, persons: int, derived: float, published: float
) -> None:
    """Published: Richardson et al., HSJ 2011 (about 4, about 20 and 6 %)."""
    found = 100 * overspend_probability(3.6 / sqrt(persons), tolerance=tolerance)
    assert found == pytest.approx(derived, abs=0.005)
    assert found == pytest.approx(published, abs=1.1)


@pytest.mark.parametrize(
    ("persons", "sd", "published_sd", "span", "published_span"),
    [
        (9_000, 8.01, 7.49, 26.4, 27.5),
        (24_000, 4.91, 4.98, 16.1, 15.3),
        (179_400, 1.79, 1.80, 5.9, 5.7),
    ],
)
def test_v3_surgery_budgets_follow_the_root_of_the_list(
    persons: int, sd: float, published_sd: float, span: float, published_span: float
) -> None:
    """Published: Crump et al., BMJ 1991: sd over mean, and the 5 to 95 % range."""
    found = 100 * pool_sigma(7.6**2 / persons, 1.0, 0.0)
    ends = 2 * normal_quantile(0.95) * found
    assert found == pytest.approx(sd, abs=0.005)
    assert ends == pytest.approx(span, abs=0.05)
    assert found == pytest.approx(published_sd, rel=0.08)
    assert ends == pytest.approx(published_span, rel=0.06)


@pytest.mark.parametrize(
    ("persons", "derived", "published"), [(5_000, 0.250, 0.25), (50_000, 0.017, 0.02)]
)
def test_v4_small_accountable_groups_are_judged_by_luck(
    persons: int, derived: float, published: float
) -> None:
    """Published: DeLia, Hoover and Cantor 2012, threshold 2 %.

    0.24 wrongly rewarded and 0.26 wrongly penalised at 5,000 (their mean here), 0.02
    each at 50,000.
    """
    found = probability_above(NORMAL, 0.02, 0.0, 2.1 / sqrt(persons), 0.0)
    assert found == pytest.approx(derived, abs=5e-4)
    assert found == pytest.approx(published, abs=0.005)


@pytest.mark.parametrize(
    ("persons", "derived", "published"), [(500, 3.21, 3.1), (60_000, 0.293, 0.3)]
)
def test_v5_half_the_expected_overspend_is_the_option_price(
    persons: int, derived: float, published: float
) -> None:
    """Published: Am J Manag Care 2013: 3.1 and 0.3 % of cost for a half share."""
    found = 50 * expected_excess(NORMAL, 0.0, 0.0, 3.6 / sqrt(persons), 0.0)
    assert found == pytest.approx(derived, abs=0.005)
    assert found == pytest.approx(published, rel=0.04)


def test_v6_two_published_shares_identify_the_hospital_patient() -> None:
    """Published: IFS W15/21: the top 1 % take 32 % of spend, 18 % among patients.

    Derived: p, s, CV1 and skew.
    """
    patient = hospital_patient()
    assert patient.any_cost == pytest.approx(0.3317, abs=5e-5)
    assert patient.log_sd == pytest.approx(1.4110, abs=5e-5)
    assert patient.cv1 == pytest.approx(4.590, abs=5e-4)
    assert patient.skew1 == pytest.approx(36.2, abs=0.05)


def test_v7_practices_miss_their_budget_as_often_as_reported() -> None:
    """Published: 53 % miss by over 5 % and 26 % by over 10 % (HSJ 2010, 5016663).

    Derived: with τ_p = 0.07 at 7,000 patients; by chance alone far fewer would.
    """
    size, budget = np.array([7_000]), np.array([7_000 * 1_713.0])
    found = []
    for tau in (0.07, 0.0):
        spend = practice_spend(size, budget, SpendModel(tau_practice=tau))
        sigma = pool_sigma(float(spend.variance_gbp2[0]), float(budget[0]), 0.0)
        found.append(
            [2 * overspend_probability(sigma, tolerance=r) for r in (0.05, 0.10)]
        )
    assert found[0] == pytest.approx([0.544, 0.224], abs=2e-3)
    assert found[0] == pytest.approx([0.53, 0.26], abs=0.04)
    assert found[1] == pytest.approx([0.245, 0.020], abs=5e-4)


@pytest.mark.parametrize(
    ("tolerance", "epsilon", "persons"),
    [
        (0.05, 0.05, (14_025, 14_415, 22_899)),
        (0.03, 0.05, (38_959, 42_125, 63_610)),
        (0.02, 0.10, (53_212, 59_299, 86_881)),
        (0.02, 0.05, (87_659, 105_499, 143_123)),
        (0.01, 0.05, (350_638, 1_083_507, 572_492)),
    ],
)
def test_v8_the_rules_of_thumb_are_points_on_one_curve(
    tolerance: float, epsilon: float, persons: tuple[int, int, int]
) -> None:
    """Derived: N_min for CV1 3.6 without and with a shock of 0.5 %, and CV1 4.6."""
    found = [
        least_population(
            cv1=cv1, tolerance=tolerance, max_probability=epsilon, tau_shock=tau
        )
        for cv1, tau in ((3.6, 0.0), (3.6, 0.005), (4.6, 0.0))
    ]
    assert found == pytest.approx(list(persons), abs=1)


def simulated_overspend(persons: int, runs: int, seed: int) -> np.ndarray:
    """Draw yearly overspend of a pool of hospital patients, relative to its budget.

    Patients with any cost are a binomial count; the sum of that many lognormals is
    drawn patient by patient, in blocks.
    """
    rng = np.random.default_rng(seed)
    patient = hospital_patient()
    middle = -np.log(patient.any_cost) - patient.log_sd**2 / 2
    counts = rng.binomial(persons, patient.any_cost, runs)
    out = np.empty(runs)
    for start in range(0, runs, 250):
        block = counts[start : start + 250]
        draws = rng.standard_normal(int(block.sum()), dtype=np.float32)
        draws *= np.float32(patient.log_sd)
        np.exp(draws, out=draws)
        ends = np.concatenate([[0], np.cumsum(block)[:-1]])
        out[start : start + 250] = np.add.reduceat(draws, ends, dtype=np.float64)
    relative: np.ndarray = out * np.exp(middle) / persons - 1
    return relative


def test_v9_the_normal_power_tail_is_that_of_simulated_years() -> None:
    """Derived: 20,000 years of 20,000 hospital patients against the closed form.

    Within the larger of 3 standard errors and 1 percentage point.
    """
    persons, runs = 20_000, 20_000
    years = simulated_overspend(persons, runs, seed=7)
    patient = hospital_patient()
    sigma = patient.cv1 / sqrt(persons)
    skew = patient.skew1 / sqrt(persons)
    assert years.std() == pytest.approx(sigma, rel=0.02)
    for tolerance in (0.01, 0.02, 0.03, 0.05):
        simulated = float((years > tolerance).mean())
        error = sqrt(simulated * (1 - simulated) / runs)
        found = probability_above(NORMAL_POWER, tolerance, 0.0, sigma, skew)
        assert abs(found - simulated) <= max(3 * error, 0.01)


CARVE_OUTS = [
    (10, 24.4, 83, 1.92, 1_988),
    (20, 12.8, 68, 2.60, 675),
    (33, 7.2, 55, 3.09, 271),
    (50, 4.1, 43, 3.45, 116),
    (100, 1.4, 26, 3.95, 24),
]


@pytest.mark.parametrize(("times", "ceded", "removed", "sd", "above"), CARVE_OUTS)
def test_v10_a_carve_out_takes_little_cost_and_much_variance(
    times: int, ceded: float, removed: float, sd: float, above: int
) -> None:
    """Derived: lognormal partial moments of the hospital patient, T times the mean."""
    patient = hospital_patient()
    left = capped_moments(
        np.array(patient.any_cost), np.array(patient.log_sd), np.array(float(times))
    )
    score = (np.log(times * patient.any_cost) + patient.log_sd**2 / 2) / patient.log_sd
    persons = 1e5 * patient.any_cost * probability_above(NORMAL, score, 0.0, 1.0, 0.0)
    assert 100 * (1 - float(left.mean)) == pytest.approx(ceded, abs=0.05)
    share = 100 * (1 - float(left.variance) / patient.cv1**2)
    assert share == pytest.approx(removed, abs=0.6)
    assert sqrt(float(left.variance)) == pytest.approx(sd, abs=0.006)
    assert persons == pytest.approx(above, abs=0.6)


def test_v10_the_partial_moments_are_those_of_simulated_patients() -> None:
    """Derived: five million patients, seeded: cost ceded and sd left within 1 %."""
    rng = np.random.default_rng(11)
    patient = hospital_patient()
    middle = -np.log(patient.any_cost) - patient.log_sd**2 / 2
    cost = np.exp(middle + patient.log_sd * rng.standard_normal(5_000_000))
    p = patient.any_cost
    left = capped_moments(np.array(p), np.array(patient.log_sd), np.array(33.0))
    kept = np.minimum(cost, 33.0)
    mean = p * kept.mean()
    assert p * (cost - kept).mean() == pytest.approx(1 - float(left.mean), rel=0.01)
    sd = sqrt(p * (kept**2).mean() - mean**2)
    assert sd == pytest.approx(sqrt(float(left.variance)), rel=0.01)


@pytest.mark.parametrize("num_members", [2, 5, 8])
@pytest.mark.parametrize("tau", [0.0, 0.02])
def test_v11_fair_shares_add_up_and_leave_nobody_better_apart(
    num_members: int, tau: float
) -> None:
    """Derived: Shapley of the variance game is the covariance, by all coalitions.

    Euler shares add up to σ and satisfy every core inequality.
    """
    rng = np.random.default_rng(num_members)
    budget = rng.uniform(0.5, 3.0, num_members)
    cov = member_covariance_gbp2(
        rng.uniform(0.001, 0.02, num_members), budget, tau_shock=tau
    )

    def variance(members: tuple[int, ...]) -> float:
        return float(cov[np.ix_(members, members)].sum())

    shapley = np.zeros(num_members)
    for i in range(num_members):
        others = [j for j in range(num_members) if j != i]
        for size in range(num_members):
            weight = factorial(size) * factorial(num_members - size - 1)
            for members in combinations(others, size):
                gain = variance((*members, i)) - variance(members)
                shapley[i] += weight * gain / factorial(num_members)
    assert covariance_shares(cov) == pytest.approx(shapley, abs=1e-9)
    everyone = tuple(range(num_members))
    assert covariance_shares(cov).sum() == pytest.approx(variance(everyone), abs=1e-9)
    euler = euler_shares(cov)
    assert euler.sum() == pytest.approx(sqrt(variance(everyone)), abs=1e-9)
    assert core_excess(lambda s: sqrt(variance(s)), euler)[0] <= 1e-9


def test_a_large_pool_and_an_insured_small_one_are_equally_safe() -> None:
    """Derived: insurance does the work of size.

    30,000 patients with all that is over 2 % insured overspend by more than 2.5 % in
    no year, 100,000 alone in 1.4 %.
    """
    model = SpendModel(tau_practice=0.0, tau_shock=0.0)
    patient = PatientCost.of_cv1(3.6)
    chances = []
    for persons, attach in ((30_000, 0.02), (100_000, float("inf"))):
        spend = practice_spend(
            np.array([persons]), np.array([persons * 1_713.0]), model
        )
        pool = Pool.of(spend, np.array([0]), model)
        assert pool.skew == pytest.approx(patient.skew1 / sqrt(persons))
        chances.append(
            unforeseen_probability(
                NORMAL, 0.025, attach, float("inf"), 1.0, 0.0, pool.sigma, 0.0
            )
        )
    assert chances == pytest.approx([0.0, 0.014], abs=5e-4)
