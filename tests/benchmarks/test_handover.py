"""What is handed over is the same model, however it was stated."""

import pytest

from benchmarks.handover import Places, assignment, assignment_in_pyomo, pass_to
from solvers.contract import BackendError, Options
from solvers.pyomo import standard_form
from solvers.registry import backend


def test_both_statements_have_the_same_optimum() -> None:
    places, options = Places(9), Options(rel_gap=0.0)
    by_matrices = backend("highs").solve(assignment(places), options)
    in_pyomo = standard_form(assignment_in_pyomo(places)).model
    by_pyomo = backend("highs").solve(in_pyomo, options)
    assert by_matrices.objective is not None
    assert by_matrices.objective == pytest.approx(by_pyomo.objective)


def test_both_statements_have_as_many_rows_and_entries() -> None:
    stated, in_pyomo = assignment(Places(9)), assignment_in_pyomo(Places(9))
    compiled = standard_form(in_pyomo).model
    assert stated.matrix.shape == compiled.matrix.shape
    assert stated.matrix.nnz == compiled.matrix.nnz


@pytest.mark.parametrize("name", ["highs", "scip", "gurobi", "cplex", "copt"])
def test_a_solver_takes_the_model_or_says_that_it_is_missing(name: str) -> None:
    try:
        pass_to(name, assignment(Places(3)))
    except BackendError as error:
        assert "not installed" in str(error)
