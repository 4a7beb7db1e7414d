"""The bases chosen are the cheapest, and everybody in reach is covered."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from federate.criteria.cover import contacts_per_year, cover_gbp, within_reach
from federate.engine.cover import open_bases
from federate.engine.events import Event
from federate.errors import SolverError
from federate.geography.rurality import is_rural
from federate.plan import Plan
from federate.practices.instance import Bases
from federate.problem import Problem
from federate.scenario import Scenario
from federate.verify import verify
from solvers.contract import Options
from tests.square import grouped, rows, square
from tests.strategies import small_instance

EXACT = Options(rel_gap=0.0)


def _region(seed: int, contract_gbp: float) -> tuple[Problem, Plan]:
    """Return a small region with four random bases, and a plan of two groups."""
    rng = np.random.default_rng(seed)
    instance = small_instance(seed, 6)
    bases = Bases(
        code=("B0", "B1", "B2", "B3"),
        name=("", "", "", ""),
        easting_m=rng.uniform(400_000, 412_000, 4).round(),
        northing_m=rng.uniform(300_000, 312_000, 4).round(),
        status=("open", "candidate", "open", "candidate"),
        fixed_cost_gbp=np.array([np.nan, *rng.integers(1_000, 9_000, 3).astype(float)]),
    )
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "rules": {"num_federations": "free", "contiguity": "none"},
            "cover": {
                "base_fixed_gbp": 4_000.0,
                "contract_gbp": contract_gbp,
                "reach_urban_min": float(rng.uniform(5, 25)),
                "reach_rural_min": float(rng.uniform(5, 25)),
            },
        }
    )
    problem = Problem.build(replace(instance, bases=bases), scenario)
    label = dict(
        zip(instance.practices.code, rng.choice(["F1", "F2", ""], 6), strict=True)
    )
    members = {c: str(g) for c, g in label.items()}
    centre = {g: c for c, g in reversed(members.items()) if g}
    return problem, Plan(federation=members, centre=centre)


def _cost(problem: Problem, plan: Plan, served: dict[int, int]) -> float:
    """Return bases, journeys and contracts of who goes where, £ a year."""
    asked, bases = problem.scenario.cover, problem.instance.bases
    assert bases is not None
    codes = problem.instance.practices.code
    contacts = contacts_per_year(problem.list_size, contacts_per_1000=109.0)
    journeys = cover_gbp(contacts, problem.travel.base_minutes, gbp_per_contact_min=1.0)
    fixed = np.where(np.isnan(bases.fixed_cost_gbp), 4_000.0, bases.fixed_cost_gbp)
    clients = {(plan.federation[codes[i]] or codes[i], b) for i, b in served.items()}
    return float(
        sum(fixed[b] for b in set(served.values()))
        + sum(journeys[i, b] for i, b in served.items())
        + asked.contract_gbp * len(clients)
    )


def _cheapest(problem: Problem, plan: Plan) -> float:
    """Return the least cost by trying every base for every practice."""
    asked = problem.scenario.cover
    reach = within_reach(
        problem.travel.base_minutes,
        is_rural(problem.instance, "rurality"),
        reach_urban_min=asked.reach_urban_min,
        reach_rural_min=asked.reach_rural_min,
    )
    covered = np.flatnonzero(reach.any(axis=1))
    choices = [np.flatnonzero(reach[i]) for i in covered]
    return min(
        _cost(problem, plan, dict(zip(covered.tolist(), map(int, some), strict=True)))
        for some in product(*choices)
    )


@pytest.mark.parametrize("contract_gbp", [0.0, 1_500.0])
@pytest.mark.parametrize("seed", range(15))
def test_no_choice_of_bases_is_cheaper(seed: int, contract_gbp: float) -> None:
    problem, plan = _region(seed, contract_gbp)
    found = open_bases(problem, plan, options=EXACT)
    bases, index = problem.instance.bases, problem.instance.index
    assert bases is not None
    served = {index[c]: bases.code.index(b) for c, b in found.bases.items()}
    assert _cost(problem, plan, served) == pytest.approx(_cheapest(problem, plan))
    assert set(found.open_bases) == set(found.bases.values())


@pytest.mark.parametrize("seed", range(6))
def test_the_verifier_finds_nothing_wrong_with_the_cover(seed: int) -> None:
    problem, plan = _region(seed, 0.0)
    found = open_bases(problem, plan, options=EXACT)
    rules = {violation.rule for violation in verify(problem, found)}
    assert not any(rule.startswith("cover") for rule in rules)


def test_the_groups_stay_as_they_were() -> None:
    problem, plan = square(), rows()
    found = open_bases(problem, plan, options=EXACT)
    assert found.federation == plan.federation
    assert found.centre == plan.centre
    assert found.open_bases


def test_a_practice_that_no_base_reaches_is_left_out() -> None:
    asked = {"cover": {"reach_urban_min": 10.0, "reach_rural_min": 60.0}}
    found = open_bases(square(asked), rows(), options=EXACT)
    # Base X is at A1, base Y at C3, where it is rural; steps take ten minutes.
    assert set(found.bases) == {"A1", "A2", "B1", "B3", "C2", "C3"}


def test_an_open_base_not_worth_running_is_closed() -> None:
    asked = {"cover": {"base_fixed_gbp": 1.0, "reach_urban_min": 60.0}}
    found = open_bases(square(asked), rows(), options=EXACT)
    assert found.open_bases == ("Y",)


def test_a_contract_a_federation_and_base_is_paid_once() -> None:
    def bases_of_rows(contract_gbp: float) -> set[str]:
        asked = {
            "cover": {
                "contract_gbp": contract_gbp,
                "base_fixed_gbp": 0.0,
                "reach_urban_min": 60.0,
            }
        }
        problem = square(asked)
        held = problem.instance.bases
        assert held is not None
        free = replace(held, fixed_cost_gbp=np.zeros(2))
        problem = replace(problem, instance=replace(problem.instance, bases=free))
        found = open_bases(problem, grouped("B2 B1 B3"), options=EXACT)
        return {found.bases[c] for c in ("B1", "B2", "B3")}

    assert bases_of_rows(0.0) == {"X", "Y"}
    assert len(bases_of_rows(50_000.0)) == 1


def test_without_bases_the_plan_says_nothing_of_cover() -> None:
    problem = square()
    bare = replace(problem, instance=replace(problem.instance, bases=None))
    found = open_bases(bare, rows(), options=EXACT)
    assert not found.bases
    assert not found.open_bases


def test_cover_that_is_not_asked_for_is_not_planned() -> None:
    found = open_bases(square({"cover": {"enabled": False}}), rows(), options=EXACT)
    assert not found.open_bases


def test_nobody_in_reach_means_no_base() -> None:
    asked = {"cover": {"reach_urban_min": 1.0, "reach_rural_min": 1.0}}
    problem = square(asked)
    far = replace(problem.travel, base_minutes=problem.travel.base_minutes + 5)
    found = open_bases(replace(problem, travel=far), rows(), options=EXACT)
    assert not found.open_bases


def test_cost_bound_and_gap_are_told() -> None:
    told: list[Event] = []
    open_bases(square(), rows(), options=EXACT, listen=told.append)
    assert told[-1].detail["cover_gap"] == 0.0
    assert told[-1].detail["cover_gbp"] == told[-1].detail["cover_bound_gbp"]


def test_cancelling_at_once_keeps_the_plan() -> None:
    found = open_bases(square(), rows(), options=EXACT, cancel=lambda: True)
    assert found.federation == rows().federation


def test_an_unknown_solver_is_a_solver_error() -> None:
    with pytest.raises(SolverError, match="did you mean highs"):
        open_bases(square(), rows(), options=EXACT, solver="hihgs")
