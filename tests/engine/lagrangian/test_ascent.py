"""The ascent, against the linear programme whose value it tends to."""

import numpy as np
import pytest

from federate.engine.lagrangian.ascent import Ascent
from federate.engine.lagrangian.prices import Pricer
from federate.problem import Problem
from tests.strategies import small_problem


def programme_value(problem: Problem) -> float:
    """Return the linear programme of one row a practice and a size row a centre.

    min Σ assign_ij x_ij + F Σ y_j  s.t.  Σ_j x_ij = 1,  x_ij ≤ y_j = x_jj,
    L y_j ≤ Σ_i n_i x_ij ≤ U y_j,  fewest ≤ Σ_j y_j ≤ most.
    """
    from scipy.optimize import linprog

    n, cost = problem.n, problem.cost
    sizes = problem.list_size.astype(float)
    lower, upper = problem.size_bounds or (0.0, float(sizes.sum()))
    fewest, most = problem.num_federations
    fee = cost.gbp_per_head * sizes + cost.gbp_per_member
    gbp = cost.assign_gbp + fee[:, None] + np.diag(np.full(n, cost.fixed_gbp))
    rows, limits = [], []
    for j in range(n):
        held, opened = np.zeros((n, n)), np.zeros((n, n))
        held[:, j], opened[j, j] = sizes, 1.0
        rows += [held - upper * opened, lower * opened - held]
        limits += [0.0, 0.0]
        for i in range(n):
            joined = np.zeros((n, n))
            joined[i, j] += 1.0
            rows.append(joined - opened)
            limits.append(0.0)
    rows += [-np.eye(n), np.eye(n)]
    limits += [-float(fewest), float(n if most is None else most)]
    found = linprog(
        gbp.ravel(),
        A_ub=np.array([row.ravel() for row in rows]),
        b_ub=limits,
        A_eq=np.kron(np.eye(n), np.ones(n)),
        b_eq=np.ones(n),
        bounds=(0, None),
    )
    return float(found.fun or 0.0)


@pytest.mark.parametrize("rule", ["plain", "bounds", "tight bounds", "count"])
def test_prices_settle_at_the_linear_programme(rule: str) -> None:
    problem = small_problem(7, rule, num_practices=12)
    ascent = Ascent(Pricer(problem))
    for _ in range(40):
        ascent.advance()
    assert ascent.value_gbp == pytest.approx(programme_value(problem), rel=2e-3)


def test_the_shares_add_up_to_the_count() -> None:
    problem = small_problem(3, "count", num_practices=12)
    ascent = Ascent(Pricer(problem))
    for _ in range(10):
        ascent.advance()
    assert ascent.share.sum() == pytest.approx(3.0)


def test_what_is_told_as_proven_never_falls() -> None:
    problem = small_problem(4, "bounds", num_practices=30)
    ascent = Ascent(Pricer(problem))
    told = [w.value_gbp for w in (ascent.advance() for _ in range(10)) if w]
    assert told == sorted(told)
