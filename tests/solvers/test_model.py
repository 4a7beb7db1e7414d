"""A malformed model is refused with every fault at once."""

import numpy as np
import pytest
from scipy import sparse

from solvers.contract import MixedIntegerModel, ModelError
from tests.solvers.models import INF, model


def test_every_fault_of_a_model_is_told_at_once() -> None:
    with pytest.raises(ModelError) as caught:
        MixedIntegerModel(
            cost=np.array([np.nan, INF, 1.0]),
            matrix=sparse.csc_matrix(np.array([[1.0, INF]])),
            row_lower=np.zeros(2),
            row_upper=np.zeros(1),
            lower=np.zeros(2),
            upper=np.zeros(2),
            integral=np.zeros(2, dtype=bool),
        )
    told = str(caught.value)
    assert "cost has 3 entries, not 2" in told
    assert "row_lower has 2 entries, not 1" in told
    assert "cost holds something that is not a number" in told
    assert "cost must be finite" in told
    assert "matrix and offset must be finite" in told


def test_further_rows_keep_the_names() -> None:
    asked = model([1], [[1]], [1], [INF], row_names=["once"])
    more = asked.with_rows(
        np.array([0.0]), np.array([1.0]), sparse.csr_matrix([[1.0]]), ["twice"]
    )
    assert list(more.row_names) == ["once", "twice"]
    assert more.num_rows == 2
    assert asked.num_rows == 1


def test_every_row_has_a_name_where_any_has_one() -> None:
    row = (np.array([0.0]), np.array([1.0]), sparse.csr_matrix([[1.0]]))
    named = model([1], [[1]], [1], [INF], row_names=["once"])
    assert list(named.with_rows(*row).row_names) == ["once", "row 1"]
    unnamed = model([1], [[1]], [1], [INF])
    assert list(unnamed.with_rows(*row, ["twice"]).row_names) == ["row 0", "twice"]
    assert list(unnamed.with_rows(*row).row_names) == []


def test_other_bounds_leave_the_model_as_it_was() -> None:
    asked = model([1], [[1]], [0], [1])
    other = asked.with_bounds(np.array([0], np.int32), np.ones(1), np.ones(1))
    assert other.lower.tolist() == [1.0]
    assert asked.lower.tolist() == [0.0]
