"""A model written for a program is the model that was asked."""

from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pytest

from solvers.mps import write_mps
from tests.solvers.models import INF, model, random_mip


def _read(path: Path) -> Any:
    make: Any = highspy.Highs
    solver = make()
    solver.setOptionValue("output_flag", False)
    solver.readModel(str(path))
    return solver.getLp()


@pytest.mark.parametrize("seed", range(5))
def test_columns_come_back_with_every_digit(tmp_path: Path, seed: int) -> None:
    asked = random_mip(seed)
    write_mps(asked, tmp_path / "model.mps")
    got, count = _read(tmp_path / "model.mps"), asked.num_columns
    assert list(got.col_cost_)[:count] == asked.cost.tolist()
    assert list(got.col_lower_)[:count] == asked.lower.tolist()
    assert list(got.col_upper_)[:count] == asked.upper.tolist()
    whole = [kind == highspy.HighsVarType.kInteger for kind in got.integrality_]
    assert whole[:count] == asked.integral.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_rows_come_back_but_for_the_free_ones(tmp_path: Path, seed: int) -> None:
    asked = random_mip(seed)
    kept = np.isfinite(asked.row_lower) | np.isfinite(asked.row_upper)
    write_mps(asked, tmp_path / "model.mps")
    got = _read(tmp_path / "model.mps")
    assert list(got.row_upper_) == asked.row_upper[kept].tolist()
    assert list(got.row_lower_) == pytest.approx(asked.row_lower[kept].tolist())


def test_a_constant_is_the_cost_of_a_column_fixed_at_one(tmp_path: Path) -> None:
    asked = model([1.0], [[1.0]], [0.0], [1.0], offset=-2.5)
    write_mps(asked, tmp_path / "model.mps")
    got = _read(tmp_path / "model.mps")
    assert (got.col_cost_[1], got.col_lower_[1], got.col_upper_[1]) == (-2.5, 1, 1)


def test_an_open_bound_stays_open(tmp_path: Path) -> None:
    asked = model([1.0, 1.0], [[1.0, 1.0]], [0.0], [1.0], lower=[-INF, -3.0])
    write_mps(asked, tmp_path / "model.mps")
    got = _read(tmp_path / "model.mps")
    assert list(got.col_lower_) == [-INF, -3.0]
    assert list(got.col_upper_) == [1.0, 1.0]


def test_integers_may_stand_among_others(tmp_path: Path) -> None:
    kinds = [True, False, False, True, False, True]
    asked = model([1.0] * 6, [[1.0] * 6], [0.0], [1.0], integral=kinds)
    write_mps(asked, tmp_path / "model.mps")
    got = _read(tmp_path / "model.mps")
    whole = [kind == highspy.HighsVarType.kInteger for kind in got.integrality_]
    assert whole == kinds


def test_a_column_at_no_cost_and_in_no_row_keeps_its_place(tmp_path: Path) -> None:
    asked = model([1.0, 0.0, 1.0], [[1.0, 0.0, 1.0]], [0.0], [1.0], upper=[1, 7, 1])
    write_mps(asked, tmp_path / "model.mps")
    assert list(_read(tmp_path / "model.mps").col_upper_) == [1.0, 7.0, 1.0]


@pytest.mark.parametrize("integral", [True, False])
def test_a_column_may_have_no_upper_bound_or_one_value(
    tmp_path: Path, integral: bool
) -> None:
    bounds = {"lower": [2.0, -4.0, 0.0], "upper": [INF, -4.0, 0.0]}
    asked = model([1.0] * 3, [[1.0] * 3], [0.0], [9.0], integral=integral, **bounds)
    write_mps(asked, tmp_path / "model.mps")
    got = _read(tmp_path / "model.mps")
    assert list(got.col_lower_) == bounds["lower"]
    assert list(got.col_upper_) == bounds["upper"]
