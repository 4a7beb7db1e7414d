"""The compact model finds the best of all plans, or that there is none."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.engine.answer import Answer, objective_gbp, to_plan
from federate.engine.compact.model import Contiguity
from federate.engine.compact.solve import solve_compact
from federate.problem import Problem
from federate.verify import verify
from solvers.contract import Options, Status
from tests.engine.compact.variants import variant
from tests.oracle import brute_force
from tests.strategies import POOLED, RULES, problems, small_problem

EXACT = Options(rel_gap=0.0)


def _solve(problem: Problem, contiguity: Contiguity = "rounds") -> Answer:
    return solve_compact(problem, options=EXACT, contiguity=contiguity)


def _agrees(problem: Problem, answer: Answer) -> None:
    """Check an answer against the oracle and the verifier."""
    best = brute_force(problem)
    if best is None:
        assert answer.status is Status.INFEASIBLE
        assert answer.grouping is None
        assert answer.reasons
        return
    assert answer.status is Status.OPTIMAL
    assert answer.grouping is not None
    assert answer.objective_gbp == pytest.approx(best[0], rel=1e-9, abs=1e-6)
    assert answer.objective_gbp == objective_gbp(problem, answer.grouping)
    assert answer.bound_gbp == pytest.approx(best[0], rel=1e-7, abs=1e-5)
    assert verify(problem, to_plan(problem, answer.grouping)) == ()


@pytest.mark.parametrize("contiguity", ["rounds", "flow"])
@pytest.mark.parametrize("rule", RULES)
def test_each_rule_by_itself_gives_the_best_plan(
    rule: str, contiguity: Contiguity
) -> None:
    for seed in range(2 if rule in POOLED else 3):
        problem = small_problem(
            seed, rule, 5 + seed % 2 if rule in POOLED else 5 + seed
        )
        _agrees(problem, _solve(problem, contiguity))


@pytest.mark.parametrize("seed", range(60))
def test_rules_together_give_the_best_plan(seed: int) -> None:
    problem = variant(seed)
    _agrees(problem, _solve(problem, "flow" if seed % 3 == 0 else "rounds"))


@given(problem=problems(*(r for r in RULES if r not in POOLED), max_practices=7))
@settings(max_examples=40, deadline=None)
def test_any_small_problem_gives_the_best_plan(problem: Problem) -> None:
    _agrees(problem, _solve(problem))


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_renaming_the_practices_keeps_the_optimum(seed: int) -> None:
    problem = variant(seed)
    order = np.random.default_rng(seed).permutation(problem.n)
    first, second = _solve(problem), _solve(_reordered(problem, order))
    assert first.status is second.status
    if first.objective_gbp is not None:
        assert second.objective_gbp == pytest.approx(first.objective_gbp, rel=1e-9)


@given(seed=st.integers(0, 10_000), factor=st.sampled_from([2, 7, 100]))
@settings(max_examples=15, deadline=None)
def test_counting_patients_in_other_units_keeps_the_plan(
    seed: int, factor: int
) -> None:
    problem = small_problem(seed, "bounds", 6)
    lower, upper = problem.size_bounds or (0, 0)
    scaled = replace(
        problem,
        list_size=problem.list_size * factor,
        size_bounds=(lower * factor, upper * factor),
    )
    first, second = _solve(problem), _solve(scaled)
    assert first.status is second.status
    if first.objective_gbp is not None:
        assert second.objective_gbp == pytest.approx(first.objective_gbp, rel=1e-9)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_rules_that_do_not_bind_keep_the_optimum(seed: int) -> None:
    problem = small_problem(seed, "plain", 6)
    slack = replace(
        problem,
        size_bounds=(0.0, float(problem.list_size.sum())),
        practices_bounds=(1, problem.n),
        num_federations=(0, problem.n),
        zone=np.zeros(problem.n, dtype=np.int64),
        reachable=np.ones((problem.n, problem.n), dtype=bool),
        kappa=1e3,
    )
    first, second = _solve(problem), _solve(slack)
    assert second.objective_gbp == pytest.approx(first.objective_gbp, rel=1e-9)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_tighter_rule_never_makes_the_plan_cheaper(seed: int) -> None:
    problem = small_problem(seed, "anywhere", 6)
    costs = []
    for pieces in (None, 3, 2, 1):
        answer = _solve(replace(problem, max_pieces=pieces))
        costs.append(answer.objective_gbp or np.inf)
    assert all(a <= b * (1 + 1e-9) for a, b in pairwise(costs))


def _reordered(problem: Problem, order: npt.NDArray[np.int64]) -> Problem:
    """Return the problem with practice `order[k]` in place k."""
    where = np.argsort(order)
    cost = problem.cost
    grid = np.ix_(order, order)
    graph = problem.graph
    rows = [np.sort(where[graph.of(int(i))]) for i in order]
    pairs = np.sort(where[graph.pairs], axis=1)
    return replace(
        problem,
        graph=replace(
            graph,
            pairs=pairs.astype(np.int32),
            indptr=np.cumsum([0, *(len(r) for r in rows)]).astype(np.int32),
            indices=np.concatenate(rows).astype(np.int32),
            on_edge=graph.on_edge[order],
        ),
        cost=replace(
            cost, assign_gbp=cost.assign_gbp[grid], list_size=cost.list_size[order]
        ),
        list_size=problem.list_size[order],
        budget_gbp=problem.budget_gbp[order],
        variance_gbp2=problem.variance_gbp2[order],
        together=tuple(
            tuple(sorted(int(where[i]) for i in some)) for some in problem.together
        ),
        apart=tuple(
            (min(where[i], where[k]), max(where[i], where[k])) for i, k in problem.apart
        ),
        zone=None if problem.zone is None else problem.zone[order],
        reachable=None if problem.reachable is None else problem.reachable[grid],
        oversize=tuple(sorted(int(where[i]) for i in problem.oversize)),
        waived=tuple(sorted(int(where[i]) for i in problem.waived)),
        alone_gbp=None if problem.alone_gbp is None else problem.alone_gbp[order],
    )
