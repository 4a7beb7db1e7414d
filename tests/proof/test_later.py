"""Prices found later prove of the federations left what they prove of all."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from federate.engine.columns import solve_columns
from federate.proof.certificate import Certificate
from federate.proof.check import check
from federate.proof.later import priced_again
from federate.proof.prices import Prices
from federate.proof.pricing import Federations
from solvers.contract import Options
from tests.proof.drawn import certificate_of, evidence_for
from tests.strategies import small_problem

EVERY = 2**50


@pytest.mark.parametrize("seed", range(8))
def test_federations_priced_again_cost_what_they_do_at_those_prices(seed: int) -> None:
    problem = small_problem(seed, "bounds")
    rng = np.random.default_rng(seed)
    drawn = [
        Prices.of(
            problem,
            evidence_for(
                problem,
                rng.uniform(0, 100_000, problem.n).tolist(),
                float(rng.normal(0, 5_000)),
                rng.uniform(0, 20_000, 3).tolist(),
            ),
        )
        for _ in range(2)
    ]
    found = [Federations(problem, p).below(EVERY, room=10_000) for p in drawn]
    assert found[0] is not None
    assert found[1] is not None
    bound, again = priced_again(problem, found[0], *drawn)
    key = {(led.members, led.centre): led.reduced for led in again}
    assert key == {(led.members, led.centre): led.reduced for led in found[1]}
    least = Federations(problem, drawn[1]).least()
    assert bound == drawn[1].fixed(problem) + least


@pytest.mark.parametrize("factor", [0.0, 0.5, 1.0, 3.0])
def test_later_prices_out_of_the_air_prove_no_more_than_is_true(factor: float) -> None:
    problem = small_problem(5, "bounds")
    answer = solve_columns(problem, options=Options(rel_gap=0.0))
    assert answer.evidence is not None
    assert answer.objective_gbp is not None
    first = replace(answer.evidence, later=None, bound_gbp=answer.objective_gbp + 9_000)
    later = evidence_for(problem, (first.practice_gbp * factor).tolist(), 0.0, [9e4])
    verdict = check(problem, None, certificate_of(problem, replace(first, later=later)))
    assert verdict.proven_gbp <= answer.objective_gbp + 1e-6


def test_later_prices_are_kept_in_the_file(tmp_path: Path) -> None:
    problem = small_problem(2, "bounds")
    first = evidence_for(problem, [1.0] * problem.n, 2.0, [3.0, 4.0])
    later = evidence_for(problem, [5.0] * problem.n, 6.0, [7.0])
    path = tmp_path / "certificate.json"
    path.write_text(certificate_of(problem, replace(first, later=later)).to_json())
    read = Certificate.read(path).evidence.later
    assert read is not None
    assert np.array_equal(read.practice_gbp, later.practice_gbp)
    assert read.count_gbp == 6.0
    assert np.array_equal(read.sets, later.sets)
    assert np.array_equal(read.cut_gbp, later.cut_gbp)
