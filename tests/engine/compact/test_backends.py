"""Every solver that runs here finds the same best plan by the compact model."""

from dataclasses import replace

import pytest

from federate.api import read
from federate.engine.answer import Answer, Grouping, to_grouping, to_plan
from federate.engine.compact import solve_compact
from federate.engine.compact.model import Contiguity, Risk
from federate.errors import SolverError
from federate.problem import Problem
from federate.scenario.schema import Scenario
from federate.verify import verify
from solvers.contract import Capability, Options, Status, StopReason
from solvers.registry import backend, known_solvers, probe_all
from tests.engine.compact.variants import variant
from tests.oracle import brute_force
from tests.square import square
from tests.strategies import small_problem

TOY_GBP = 870_000.0
# CP-SAT cannot prove the last pennies of a model with continuous variables.
GAP = 1e-6


CONES = [n for n in known_solvers() if Capability.CONES in backend(n).capabilities]
LAZY = [n for n in known_solvers() if Capability.LAZY in backend(n).capabilities]
# Seeds of variants with a plan, and one without.
SEEDS = (1, 4, 5, 6, 11, 12, 13, 17, 18, 20, 2)


@pytest.fixture(params=known_solvers())
def solver(request: pytest.FixtureRequest) -> str:
    return _running(request.param)


@pytest.fixture(params=LAZY)
def lazy_solver(request: pytest.FixtureRequest) -> str:
    return _running(request.param)


@pytest.fixture(params=CONES)
def cone_solver(request: pytest.FixtureRequest) -> str:
    return _running(request.param)


def _running(name: str) -> str:
    (probe,) = (probe for probe in probe_all() if probe.name == name)
    if not probe.runs:
        pytest.skip(f"{probe.name}: {probe.why_not}")
    return name


def _solve(
    problem: Problem,
    solver: str,
    contiguity: Contiguity = "rounds",
    gap: float = GAP,
    risk: Risk = "rows",
) -> Answer:
    return solve_compact(
        problem,
        options=Options(rel_gap=gap),
        solver=solver,
        contiguity=contiguity,
        risk=risk,
    )


def _by_cones(problem: Problem, solver: str) -> Answer:
    """Solve with risk as cones, if the solver's licence admits as many columns."""
    answer = _solve(problem, solver, risk="cones")
    if answer.stop is StopReason.LICENCE_SIZE:
        pytest.skip(f"{solver}: too large for its licence here")
    return answer


def test_the_best_plan_of_the_toy_costs_the_same_by_every_solver(solver: str) -> None:
    problem = Problem.build(read("toy"), Scenario.load("toy"))
    answer = _solve(problem, solver)
    assert answer.status is Status.OPTIMAL
    assert answer.objective_gbp == pytest.approx(TOY_GBP)
    assert answer.grouping is not None
    assert verify(problem, to_plan(problem, answer.grouping)) == ()


@pytest.mark.parametrize("rule", ["bounds", "target", "risk", "voluntary"])
def test_all_solvers_agree_on_a_rule(solver: str, rule: str) -> None:
    problem = small_problem(1, rule, 6)
    answer, reference = _solve(problem, solver), _solve(problem, "highs")
    assert answer.status is reference.status is Status.OPTIMAL
    assert reference.objective_gbp is not None
    assert answer.objective_gbp == pytest.approx(reference.objective_gbp, rel=GAP)


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_within_a_solve_give_the_plan_of_rows_between(
    lazy_solver: str, seed: int
) -> None:
    problem = variant(seed)
    lazy = _solve(problem, lazy_solver, "lazy", gap=0.0)
    rounds = _solve(problem, lazy_solver, gap=0.0)
    assert lazy.status is rounds.status
    worth = lazy.objective_gbp, rounds.objective_gbp
    assert worth == (None, None) or worth[0] == pytest.approx(worth[1], rel=1e-7)


@pytest.mark.parametrize(
    "rule",
    [
        "risk",
        "risk in tail",
        "risk by region",
        "contract required",
        "contracts",
        "plain",
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_risk_as_cones_gives_the_plan_of_rows(
    cone_solver: str, rule: str, seed: int
) -> None:
    problem = small_problem(seed, rule, 5)
    cones = _by_cones(problem, cone_solver)
    rows = _solve(problem, "highs")
    assert cones.status is rows.status
    if rows.objective_gbp is not None:
        assert cones.objective_gbp == pytest.approx(rows.objective_gbp, rel=GAP)


@pytest.mark.parametrize("seed", SEEDS)
def test_risk_as_cones_goes_with_any_other_rule(cone_solver: str, seed: int) -> None:
    problem = variant(seed)
    cones, rows = _by_cones(problem, cone_solver), _solve(problem, "highs")
    assert cones.status is rows.status
    worth = cones.objective_gbp, rows.objective_gbp
    assert worth == (None, None) or worth[0] == pytest.approx(worth[1], rel=GAP)


def test_a_start_is_kept_with_risk_as_cones(cone_solver: str) -> None:
    problem = next(
        p for p in (small_problem(s, "risk", 6) for s in range(20)) if brute_force(p)
    )
    best = brute_force(problem)
    assert best is not None
    start = to_grouping(problem, best[1])
    answer = solve_compact(
        problem,
        options=Options(time_limit_s=0.0),
        solver=cone_solver,
        risk="cones",
        warm_start=start,
    )
    assert answer.objective_gbp == pytest.approx(best[0])


def test_cones_are_refused_where_the_backend_takes_none() -> None:
    with pytest.raises(SolverError, match="cones"):
        _solve(small_problem(0, "risk", 5), "highs", risk="cones")


def test_rows_within_a_solve_give_the_best_plan_of_the_toy(lazy_solver: str) -> None:
    problem = Problem.build(read("toy"), Scenario.load("toy"))
    answer = _solve(problem, lazy_solver, "lazy")
    assert answer.status is Status.OPTIMAL
    assert answer.objective_gbp == pytest.approx(TOY_GBP)


def test_no_plan_told_within_a_solve_breaks_a_rule(lazy_solver: str) -> None:
    problem = replace(small_problem(11, "bounds", 7), max_pieces=1)
    told: list[float] = []
    answer = solve_compact(
        problem,
        options=Options(rel_gap=0.0),
        solver=lazy_solver,
        contiguity="lazy",
        listen=lambda e: told.append(e.objective_gbp or float("inf")),
    )
    assert min(told) == answer.objective_gbp
    assert answer.bound_gbp is not None
    assert answer.bound_gbp <= min(told)


def test_cancelling_within_a_solve_keeps_the_start(lazy_solver: str) -> None:
    start = Grouping(((0, 1, 2), (3, 4, 5), (6, 7, 8)), (1, 4, 7))
    answer = solve_compact(
        square(max_pieces=1, no_donut=True, num_federations=(3, 3)),
        options=Options(rel_gap=0.0),
        solver=lazy_solver,
        contiguity="lazy",
        warm_start=start,
        cancel=lambda: True,
    )
    assert answer.grouping is not None
    assert answer.status in (Status.FEASIBLE, Status.OPTIMAL)


def test_no_time_within_a_solve_keeps_the_start(lazy_solver: str) -> None:
    start = Grouping(((0, 1, 2), (3, 4, 5), (6, 7, 8)), (1, 4, 7))
    answer = solve_compact(
        square(max_pieces=1),
        options=Options(time_limit_s=0.0),
        solver=lazy_solver,
        contiguity="lazy",
        warm_start=start,
    )
    assert answer.grouping == start
    assert answer.status is Status.FEASIBLE
    assert answer.stop is StopReason.TIME_LIMIT
