"""What engines claim is derived again; what was tampered with is caught."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.engine.answer import to_plan
from federate.engine.columns import solve_columns
from federate.errors import InputError
from federate.plan import Plan
from federate.practices.wide import read_wide
from federate.problem import Problem
from federate.proof.certificate import Certificate
from federate.proof.check import check
from federate.scenario import Scenario
from solvers.contract import Options, Status
from tests.oracle import plan_of
from tests.strategies import RULES, small_problem

CONTIGUOUS = [rule for rule in RULES if rule != "loose pieces"]
REGIONS = (
    "cumbria",
    "manchester",
    "outer_ne_london",
    "oxfordshire",
    "richmond_upon_thames",
    "sefton",
    "shropshire",
    "trafford",
)


def solved(problem: Problem) -> tuple[Plan, Certificate] | None:
    """Return the plan and the certificate of the column engine, if it found one."""
    answer = solve_columns(problem, options=Options(rel_gap=1e-9))
    if answer.grouping is None or answer.evidence is None:
        return None
    certificate = Certificate.of(
        problem,
        answer.evidence,
        status=answer.status.value,
        objective_gbp=answer.objective_gbp,
        made_with={"engine": "columns"},
    )
    assert answer.status is Status.OPTIMAL
    return to_plan(problem, answer.grouping), certificate


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**16), rule=st.sampled_from(CONTIGUOUS))
def test_what_columns_claim_is_proven(seed: int, rule: str) -> None:
    problem = small_problem(seed, rule)
    found = solved(problem)
    if found is not None:
        verdict = check(problem, found[0], found[1])
        assert verdict.is_proven
        assert verdict.is_best


@pytest.mark.parametrize("region", REGIONS)
def test_a_real_region_is_certified_as_claimed(shared_data: Path, region: str) -> None:
    instance = read_wide(shared_data / "regions" / f"{region}.csv")
    problem = Problem.build(instance, Scenario.load("pcn2019"))
    found = solved(problem)
    assert found is not None
    verdict = check(problem, found[0], found[1])
    assert verdict.is_proven
    claimed = found[1].evidence.dual_bound_gbp
    assert verdict.prices_gbp == pytest.approx(claimed, rel=1e-9)


def test_a_claim_too_high_is_not_proven() -> None:
    problem = small_problem(3, "bounds", 8)
    found = solved(problem)
    assert found is not None
    plan, certificate = found
    bound = certificate.evidence.bound_gbp
    boast = replace(certificate.evidence, bound_gbp=bound + 5_000.0)
    verdict = check(problem, plan, replace(certificate, evidence=boast))
    assert not verdict.is_proven
    assert verdict.proven_gbp <= bound + 0.01
    assert verdict.sentence.startswith("Less is proven than claimed: no plan")


def test_a_claim_beyond_all_costs_is_not_proven() -> None:
    problem = small_problem(3, "bounds", 8)
    found = solved(problem)
    assert found is not None
    boast = replace(found[1].evidence, bound_gbp=1e300)
    verdict = check(problem, found[0], replace(found[1], evidence=boast))
    assert not verdict.is_proven
    assert verdict.proven_gbp <= found[1].evidence.bound_gbp + 0.01


def test_prices_that_were_changed_prove_what_they_prove() -> None:
    problem = small_problem(3, "bounds", 8)
    found = solved(problem)
    assert found is not None
    plan, certificate = found
    honest = check(problem, plan, certificate)
    prices = certificate.evidence.practice_gbp + 3_000.0
    changed = replace(certificate.evidence, practice_gbp=prices)
    verdict = check(problem, plan, replace(certificate, evidence=changed))
    assert verdict.prices_gbp <= honest.prices_gbp + 0.01


def test_a_plan_cheaper_on_paper_is_told() -> None:
    problem = small_problem(3, "bounds", 8)
    found = solved(problem)
    assert found is not None
    plan, certificate = found
    cost = certificate.objective_gbp or 0.0
    verdict = check(problem, plan, replace(certificate, objective_gbp=cost - 500.0))
    assert not verdict.is_proven
    assert "as claimed" in verdict.sentence


def test_a_plan_that_breaks_rules_is_told() -> None:
    problem = small_problem(3, "bounds", 8)
    found = solved(problem)
    assert found is not None
    certificate = found[1]
    everybody = plan_of(problem, (tuple(range(problem.n)),), (0,))
    verdict = check(problem, everybody, certificate)
    assert verdict.num_violations > 0
    assert not verdict.is_proven
    assert "breaks" in verdict.sentence


def test_a_certificate_of_another_problem_is_refused() -> None:
    problem = small_problem(3, "bounds", 8)
    found = solved(problem)
    assert found is not None
    sizes = problem.list_size.copy()
    sizes[0] += 1
    with pytest.raises(InputError, match="is of another problem"):
        check(replace(problem, list_size=sizes), *found)


@pytest.mark.parametrize("price", [1e300, 2.0**50])
def test_prices_beyond_all_costs_are_refused(price: float) -> None:
    problem = small_problem(3, "bounds", 8)
    found = solved(problem)
    assert found is not None
    evidence = replace(found[1].evidence, practice_gbp=np.full(problem.n, price))
    with pytest.raises(InputError, match="add up to more than"):
        check(problem, found[0], replace(found[1], evidence=evidence))


def test_rules_that_the_proof_leaves_out_are_named() -> None:
    problem = small_problem(2, "loose pieces")
    found = solved(problem)
    assert found is not None
    verdict = check(problem, *found)
    assert "rules not used in the proof: contiguity" in verdict.sentence
