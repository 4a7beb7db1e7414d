"""A question asked again after one change, from nothing and from its first answer."""

from pathlib import Path

import pytest

from benchmarks.restarts import CHANGES, COLUMNS, rows


def test_each_change_is_answered_from_nothing_and_from_the_first_answer(
    shared_data: Path,
) -> None:
    source = shared_data / "regions/trafford.csv"
    found = list(rows(source, gap=1e-4, time_limit_s=30.0, threads=1))
    assert [row["arm"] for row in found] == ["cold", *["cold", "warm"] * len(CHANGES)]
    assert {row["status"] for row in found} == {"optimal"}
    assert all(set(row) <= set(COLUMNS) for row in found)
    for cold, warm in zip(found[1::2], found[2::2], strict=True):
        assert warm["objective_gbp"] == pytest.approx(cold["objective_gbp"], rel=2e-4)
        assert warm["share_of_cold"] > 0
