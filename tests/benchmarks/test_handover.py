"""What is handed over is the same model, however it was stated."""

import pytest

from benchmarks.handover import (
    Places,
    assignment,
    assignment_in_pyomo,
    handover,
    pass_to,
)
from solvers.contract import Options
from solvers.pyomo import standard_form
from solvers.registry import backend, known_solvers, probe_all


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


@pytest.mark.parametrize("name", sorted(set(known_solvers()) - {"cpsat"}))
def test_a_solver_that_runs_takes_the_model(name: str) -> None:
    (probe,) = (probe for probe in probe_all() if probe.name == name)
    if not probe.runs:
        pytest.skip(f"{name}: {probe.why_not}")
    pass_to(name, assignment(Places(3)))


def test_one_that_is_measured_tells_its_seconds() -> None:
    found = handover("highs", 3)
    assert found.matrices_s is not None
    assert found.pyomo_s is not None
    assert found.why_not == ""
