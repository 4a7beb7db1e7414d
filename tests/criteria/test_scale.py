"""Scale: the floor that fixed cost sets, and what size may save."""

import pytest

from federate.criteria.scale import running_gbp, scale_benefit_gbp


def test_the_allowance_just_pays_at_the_least_population() -> None:
    """F / (A − f) with the ready-reckoner's F = £1.5m and f = £9 under A = £25."""
    persons = 1.5e6 / (25.0 - 9.0)
    assert persons == 93_750
    assert running_gbp(persons, 1, 1.5e6, 9.0, 0.0) == pytest.approx(25.0 * persons)


def test_two_small_federations_never_gain_more_from_scale_than_one() -> None:
    one = scale_benefit_gbp(80_000, 1.6e8, 0.01, 1e5)
    two = 2 * scale_benefit_gbp(40_000, 0.8e8, 0.01, 1e5)
    assert 0 < two < one < 0.01 * 1.6e8
    assert scale_benefit_gbp(80_000, 1.6e8, 0.0, 1e5) == 0.0
