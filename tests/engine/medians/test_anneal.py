"""Annealing: what the kernel keeps in mind is what a slow count finds."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.engine.medians.anneal import Costs, Groups, anneal, groups_of
from federate.engine.medians.cooling import cool, costs_of
from federate.engine.medians.table import Table

IntArray = npt.NDArray[np.int64]


def table_of_points(seed: int, n: int, upper: float, lower: float = 0.0) -> Table:
    """Return points on a square, whole sizes, and a price each way of its own."""
    chance = np.random.default_rng(seed)
    place = chance.uniform(0.0, 100.0, (n, 2))
    led = np.hypot(*(place[:, None, :] - place[None, :, :]).transpose(2, 0, 1))
    led = led * chance.uniform(0.8, 1.2, (n, n))
    led[np.diag_indices(n)] = chance.uniform(0.0, 20.0, n)
    return Table(
        who=np.arange(n),
        led=led,
        persons=chance.integers(1, 10, n).astype(np.float64),
        size=(lower, upper),
        members=(1, n),
        count=(1, n),
        waived=np.zeros(n, dtype=np.bool_),
        alone=np.full(n, np.inf),
        together=(),
        apart=(),
        own_gbp=0.0,
        own=(),
    )


def slow_cost(costs: Costs, members: IntArray) -> float:
    """Return what a federation costs led by its cheapest member."""
    return min(sum(float(costs.led[c, i]) for i in members) for c in members)


def slow_off(costs: Costs, members: IntArray) -> float:
    """Return how many persons a federation is out of its bounds."""
    size = sum(costs.persons[i] for i in members)
    return float(max(0.0, size - costs.upper, costs.lower - size))


def assert_as_counted(costs: Costs, groups: Groups) -> None:
    """Check every field against a count from the members alone."""
    total = off = 0.0
    for k in range(len(groups.num)):
        members = np.flatnonzero(groups.of == k)
        assert len(members) == groups.num[k] > 0
        row = groups.members[k, : groups.num[k]]
        assert sorted(row.tolist()) == members.tolist()
        assert [groups.place[i] for i in row] == list(range(len(row)))
        assert groups.size[k] == costs.persons[members].sum()
        assert groups.cost[k] == pytest.approx(slow_cost(costs, members), rel=1e-6)
        for c in members:
            led = sum(float(costs.led[c, i]) for i in members)
            assert groups.total[c] == pytest.approx(led, rel=1e-6, abs=1e-4)
        total += slow_cost(costs, members)
        off += slow_off(costs, members)
    assert groups.tally[0] == pytest.approx(total, rel=1e-6)
    assert groups.tally[1] == pytest.approx(off, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    n=st.integers(4, 25),
    heads=st.integers(2, 8),
    heat=st.sampled_from([0.0, 1.0, 30.0]),
    upper=st.sampled_from([15.0, 40.0, 1e3]),
    lower=st.sampled_from([0.0, 12.0]),
)
def test_what_is_kept_is_what_is_counted(
    seed: int, n: int, heads: int, heat: float, upper: float, lower: float
) -> None:
    table = table_of_points(seed, n, upper, lower)
    costs = costs_of(table)
    chance = np.random.default_rng(seed)
    label = chance.permutation(min(heads, n))[chance.integers(0, min(heads, n), n)]
    label[: min(heads, n)] = np.arange(min(heads, n))
    groups = groups_of(costs, label)
    assert_as_counted(costs, groups)
    off = groups.tally[1]
    anneal(costs, groups, heat, 5.0, 400, chance)
    assert groups.tally[1] <= off + 1e-9
    assert_as_counted(costs, groups)


def test_without_heat_nothing_gets_dearer() -> None:
    table = table_of_points(7, 40, 40.0)
    costs = costs_of(table)
    groups = groups_of(costs, np.arange(40) % 12)
    anneal(costs, groups, 100.0, 50.0, 5_000, np.random.default_rng(1))
    cost, off = groups.tally[:2].tolist()
    anneal(costs, groups, 0.0, 50.0, 5_000, np.random.default_rng(2))
    assert groups.tally[0] + 50.0 * groups.tally[1] <= cost + 50.0 * off + 1e-6


def cooled(table: Table, label: IntArray, rounds: int) -> list[IntArray]:
    """Return what is shown of so many rounds."""
    shown: list[IntArray] = []
    left = iter(range(rounds))
    cool(
        table,
        costs_of(table),
        label,
        seconds=1e6,
        seed=1,
        show=shown.append,
        keep_on=lambda: next(left, None) is not None,
    )
    return shown


def test_what_is_shown_keeps_the_bounds_and_is_led_by_the_cheapest() -> None:
    table = table_of_points(3, 60, 45.0)
    shown = cooled(table, np.arange(60) % 12, 40)
    assert shown
    for label in shown:
        assert np.bincount(label, table.persons).max() <= 45.0
        assert (label[np.unique(label)] == np.unique(label)).all()
        for c in np.unique(label):
            members = np.flatnonzero(label == c)
            led = table.led[np.ix_(members, members)].sum(axis=1)
            assert led.min() == pytest.approx(table.led[c, members].sum(), rel=1e-6)


def test_a_barred_pair_is_dearer_than_any_other() -> None:
    table = table_of_points(3, 12, 45.0)
    led = table.led.copy()
    led[2, 5] = np.inf
    costs = costs_of(replace(table, led=led))
    assert np.isfinite(costs.led).all()
    assert costs.led[2, 5] > 100 * table.led.max()


def test_the_same_seed_gives_the_same_plans() -> None:
    table = table_of_points(5, 50, 45.0)
    start = np.arange(50) % 12
    one, two = cooled(table, start, 5), cooled(table, start, 5)
    assert [label.tolist() for label in one] == [label.tolist() for label in two]
