"""Out-of-hours bases against trying every set of bases."""

from dataclasses import replace

import numpy as np
import pytest

from federate.criteria.cover import contacts_per_year
from federate.engine.cover import open_bases
from federate.geography.travel import is_rural
from federate.plan import Plan
from federate.problem import Problem
from federate.verify import exceptions, verify
from solvers.contract import Options
from tests.strategies import small_problem

EXACT = Options(rel_gap=1e-9)


def covered(seed: int, contract_gbp: float = 0.0, reach_min: float = 25.0) -> Problem:
    problem = small_problem(seed, num_practices=7)
    scenario = problem.scenario.with_(
        cover__enabled=True,
        cover__contract_gbp=contract_gbp,
        cover__reach_urban_min=reach_min,
        cover__reach_rural_min=2 * reach_min,
        cover__travel_gbp_per_contact_min=4.0,
        cover__base_fixed_gbp=50_000.0,
    )
    return Problem.build(problem.instance, scenario)


def in_twos(problem: Problem) -> Plan:
    code = problem.instance.practices.code
    label = {c: f"F{i // 2}" for i, c in enumerate(code)}
    return Plan(label, {f"F{i // 2}": c for i, c in enumerate(code) if i % 2 == 0})


def cost(problem: Problem, plan: Plan) -> float:
    """Return what the plan's bases cost, £ a year, by the definition."""
    bases = problem.instance.bases
    assert bases is not None
    asked = problem.scenario.cover
    stated = np.nan_to_num(bases.fixed_cost_gbp, nan=asked.base_fixed_gbp)
    contacts = contacts_per_year(
        problem.list_size, contacts_per_1000=asked.contacts_per_1000
    )
    total = sum(stated[bases.code.index(b)] for b in plan.open_bases)
    for code, base in plan.bases.items():
        i, b = problem.instance.index[code], bases.code.index(base)
        minutes = problem.travel.base_minutes[i, b]
        total += contacts[i] * minutes * asked.travel_gbp_per_contact_min
    joined = {(plan.federation[c], b) for c, b in plan.bases.items()}
    return float(total + asked.contract_gbp * len(joined))


def best_by_trying(problem: Problem, plan: Plan) -> float | None:
    """Return the least cost over every way to give each practice a base in reach."""
    bases = problem.instance.bases
    assert bases is not None
    asked = problem.scenario.cover
    rural = is_rural(problem.instance, "rurality")
    reach = np.where(rural, asked.reach_rural_min, asked.reach_urban_min)
    near = problem.travel.base_minutes <= reach[:, None]
    code = problem.instance.practices.code
    options: list[dict[str, str]] = [{}]
    for i in np.flatnonzero(near.any(axis=1)):
        options = [
            {**one, code[i]: bases.code[b]}
            for one in options
            for b in np.flatnonzero(near[i])
        ]
    found = (
        cost(problem, replace(plan, bases=o, open_bases=tuple(set(o.values()))))
        for o in options
    )
    return min(found, default=None)


@pytest.mark.parametrize("contract_gbp", [0.0, 8_000.0])
def test_the_bases_chosen_are_the_cheapest(contract_gbp: float) -> None:
    for seed in range(8):
        problem = covered(seed, contract_gbp)
        plan = open_bases(problem, in_twos(problem), options=EXACT)
        assert cost(problem, plan) == pytest.approx(
            best_by_trying(problem, in_twos(problem))
        )


def test_the_verifier_finds_nothing_wrong_with_the_cover() -> None:
    for seed in range(8):
        problem = covered(seed, reach_min=8.0)
        plan = open_bases(problem, in_twos(problem), options=EXACT)
        assert [v for v in verify(problem, plan) if v.rule.startswith("cover")] == []
        left_out = set(problem.instance.practices.code) - set(plan.bases)
        named = [f for f in exceptions(problem, plan) if f.kind == "uncovered"]
        assert {code for f in named for code in f.practices} == left_out


def test_a_practice_that_no_base_reaches_is_left_out() -> None:
    problem = covered(3, reach_min=0.01)
    plan = open_bases(problem, in_twos(problem), options=EXACT)
    near = problem.travel.base_minutes.min(axis=1) <= 0.02
    code = problem.instance.practices.code
    assert set(plan.bases) <= {code[i] for i in np.flatnonzero(near)}


def test_only_bases_in_use_are_run() -> None:
    problem = covered(5)
    plan = open_bases(problem, in_twos(problem), options=EXACT)
    assert set(plan.open_bases) == set(plan.bases.values())


def test_an_instance_without_bases_keeps_its_plan() -> None:
    problem = covered(1)
    bare = replace(problem, instance=replace(problem.instance, bases=None))
    plan = in_twos(bare)
    assert open_bases(bare, plan, options=EXACT) is plan


def test_toy_is_covered_as_its_readme_says() -> None:
    import federate as fed

    scenario = fed.Scenario.load("toy")
    problem = Problem.build(fed.read("toy"), scenario)
    code = problem.instance.practices.code
    plan = Plan(dict.fromkeys(code, "F1"), {"F1": code[0]})
    chosen = open_bases(problem, plan, options=EXACT)
    assert cost(problem, chosen) == pytest.approx(109_400)
