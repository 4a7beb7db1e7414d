"""What the column engine says proves its bound, derived again by hand."""

import numpy as np
import pytest

from federate.engine.columns import solve_columns
from federate.engine.columns.facts import Cuts
from federate.engine.columns.pricing import Pricer
from federate.practices.source import read
from federate.problem import Problem
from federate.scenario import Scenario
from solvers.contract import Options


def test_the_prices_given_prove_the_bound_that_is_claimed() -> None:
    problem = Problem.build(read("toy"), Scenario.load("toy"))
    answer = solve_columns(problem, options=Options(rel_gap=0.0))
    evidence = answer.evidence
    assert evidence is not None
    assert evidence.codes == tuple(problem.instance.practices.code)
    assert evidence.bound_gbp == answer.bound_gbp
    cuts = Cuts(evidence.sets, evidence.cut_gbp)
    priced = Pricer(problem).price(evidence.practice_gbp, evidence.count_gbp, cuts)
    fewest, most = problem.num_federations
    count = fewest if evidence.count_gbp > 0 else most or 0
    bound = evidence.practice_gbp.sum() + evidence.count_gbp * count
    bound += np.minimum(priced.least, 0.0).sum() - evidence.cut_gbp @ cuts.most
    assert bound == pytest.approx(evidence.dual_bound_gbp)
    reach = evidence.reach_gbp or 0.0
    assert evidence.bound_gbp <= evidence.dual_bound_gbp + reach + 1e-6
